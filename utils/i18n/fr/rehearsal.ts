import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '11 mars 2015 : iTunes Store et App Store, une erreur DNS interne, 12 heures',
  'rehearsal.26-hours': 'Témoignage d’un auditeur : l’iTunes Store inaccessible pendant 26 heures',
  'rehearsal.sign-in': 'Personne ne peut s’identifier pendant 50 minutes ; le reste continue',
  'rehearsal.own-line': 'Pour comparer : cela a le même air, et c’est votre propre connexion',
  'rehearsal.speed': '{played} en une minute, {length} en tout',
  'rehearsal.started': 'C’est parti. Regardez l’icône et sa fenêtre, ou ouvrez une page du Store.',
  'rehearsal.playing': 'En cours : {title}',
  'rehearsal.stop': 'Arrêter',
  'rehearsal.failed': 'Cela n’a pas marché : {reason}',
};

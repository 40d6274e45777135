import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '11. März 2015: iTunes Store und App Store, ein interner DNS-Fehler, 12 Stunden',
  'rehearsal.26-hours': 'Bericht eines Hörers: iTunes Store 26 Stunden nicht erreichbar',
  'rehearsal.sign-in': '50 Minuten lang kann sich niemand anmelden; der Rest läuft weiter',
  'rehearsal.own-line': 'Zum Vergleich: Es sieht genauso aus, liegt aber an deiner Verbindung',
  'rehearsal.speed': '{played} pro Minute, {length} insgesamt',
  'rehearsal.started': 'Es läuft. Sieh dir das Symbol und sein Popup an oder öffne eine Seite des Stores.',
  'rehearsal.playing': 'Läuft gerade: {title}',
  'rehearsal.stop': 'Beenden',
  'rehearsal.failed': 'Das hat nicht geklappt: {reason}',
};

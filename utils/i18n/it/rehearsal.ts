import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '11 marzo 2015: iTunes Store e App Store, un errore DNS interno, 12 ore',
  'rehearsal.26-hours': 'Il racconto di un ascoltatore: iTunes Store irraggiungibile per 26 ore',
  'rehearsal.sign-in': 'Per 50 minuti nessuno riesce ad accedere; il resto continua a suonare',
  'rehearsal.own-line': 'Per confronto: sembra uguale, ed è la tua connessione',
  'rehearsal.speed': '{played} in un minuto, {length} in tutto',
  'rehearsal.started': 'È iniziata. Guarda l’icona e la sua finestra, o apri una pagina dello store.',
  'rehearsal.playing': 'In riproduzione: {title}',
  'rehearsal.stop': 'Ferma',
  'rehearsal.failed': 'Non è riuscito: {reason}',
};

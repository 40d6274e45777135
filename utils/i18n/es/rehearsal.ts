import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '11 de marzo de 2015: iTunes Store y App Store, un error interno de DNS, 12 horas',
  'rehearsal.26-hours': 'Relato de un oyente: 26 horas sin acceso a iTunes Store',
  'rehearsal.sign-in': 'Nadie puede iniciar sesión durante 50 minutos; lo demás sigue sonando',
  'rehearsal.own-line': 'Para comparar: parece lo mismo y es tu propia conexión',
  'rehearsal.speed': '{played} en un minuto, {length} en total',
  'rehearsal.started': 'Ha empezado. Mira el icono y su ventana, o abre una página de la tienda.',
  'rehearsal.playing': 'En curso: {title}',
  'rehearsal.stop': 'Detener',
  'rehearsal.failed': 'No ha funcionado: {reason}',
};

import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '11 de março de 2015: iTunes Store e App Store, erro interno de DNS, 12 horas',
  'rehearsal.26-hours': 'Relato de um ouvinte: 26 horas sem acesso à iTunes Store',
  'rehearsal.sign-in': 'Ninguém consegue fazer login por 50 minutos; o resto continua tocando',
  'rehearsal.own-line': 'Para comparar: parece igual, mas é a sua própria conexão',
  'rehearsal.speed': '{played} em um minuto, {length} no total',
  'rehearsal.started': 'Começou. Veja o ícone e a janela dele, ou abra uma página da loja.',
  'rehearsal.playing': 'Em reprodução: {title}',
  'rehearsal.stop': 'Parar',
  'rehearsal.failed': 'Não deu certo: {reason}',
};

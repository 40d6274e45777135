import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '2015年3月11日：iTunes Store と App Store、社内DNSの不具合、12時間',
  'rehearsal.26-hours': 'ある利用者の体験：iTunes Store に26時間つながらず',
  'rehearsal.sign-in': '50分間、誰もサインインできない（再生などは動く）',
  'rehearsal.own-line': '比較用：見た目は同じでも、原因は自分の回線',
  'rehearsal.speed': '{played}を1分に短縮、全体で{length}',
  'rehearsal.started': '始まりました。ツールバーのアイコンとポップアップ、またはストアのページをご覧ください。',
  'rehearsal.playing': '再生中：{title}',
  'rehearsal.stop': '終了',
  'rehearsal.failed': 'うまくいきませんでした：{reason}',
};

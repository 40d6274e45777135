import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '2015 年 3 月 11 日：iTunes Store 與 App Store，內部 DNS 錯誤，12 小時',
  'rehearsal.26-hours': '一位聽眾的親身經歷：iTunes Store 連不上長達 26 小時',
  'rehearsal.sign-in': '50 分鐘內沒有人能登入，其他功能照常',
  'rehearsal.own-line': '供對照：看起來一樣，其實是自己的網路',
  'rehearsal.speed': '1 分鐘播放 {played}，全程 {length}',
  'rehearsal.started': '已經開始。看看圖示和它的彈出視窗，或開啟一個商店頁面。',
  'rehearsal.playing': '正在重播：{title}',
  'rehearsal.stop': '結束',
  'rehearsal.failed': '沒有成功：{reason}',
};

import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '2015 年 3 月 11 日：iTunes Store 和 App Store，内部 DNS 错误，12 小时',
  'rehearsal.26-hours': '一位听众的亲身经历：iTunes Store 连不上长达 26 小时',
  'rehearsal.sign-in': '50 分钟内没有人能登录，其他功能照常',
  'rehearsal.own-line': '供对照：看起来一样，其实是自己的网络',
  'rehearsal.speed': '1 分钟播放 {played}，全程 {length}',
  'rehearsal.started': '已经开始。看看图标和它的弹出窗口，或打开一个商店页面。',
  'rehearsal.playing': '正在重放：{title}',
  'rehearsal.stop': '结束',
  'rehearsal.failed': '没有成功：{reason}',
};

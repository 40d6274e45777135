import type { Cause } from './causes.ts';

/**
 * Words by which a vendor's notice names the cause itself, English and Japanese; a notice may name several. Words that a music store
 * uses otherwise ("new release", "iCloud storage", "switch to") count only with what makes them technical.
 */
const WORDS: readonly (readonly [Cause, RegExp])[] = [
  ['dns', /\bDNS\b|name ?server|domain name system|名前解決|ネームサーバ/i],
  ['tls-certificate', /\bcertificates?\b[^.]{0,40}\bexpir|\bexpired\b[^.]{0,30}certificate|証明書[^。]{0,15}(期限|失効)/i],
  ['fire-cooling', /\bcooling\b|overheat|\bfire (?:in|at|broke|suppress)|\bflood(?:ing|ed)\b|空調|冷却|火災|火事/i],
  ['power', /\bpower (?:outage|loss|failure|event|issue|supply|cut|disruption)|loss of power|停電|電源/i],
  ['overload-ddos', /\bD?DoS\b|cyber ?-?attack|denial.of.service|(?:high|unusual|unprecedented|increased|heavy|huge|exceptional) (?:traffic|demand|load|volumes?)|overload|アクセス(?:が)?集中|サイバー攻撃|過負荷|輻輳/i],
  ['security-shutdown', /\bintru(?:der|sion|sive)|unauthori[sz]ed (?:access|person|third)|security (?:incident|breach)|compromised|ransomware|不正アクセス|不正侵入|ランサムウェア/i],
  ['network-routing', /\bBGP\b|\brout(?:e leak|ing)\b|network connectivity|\bfib(?:er|re)\b|backbone|経路|回線/i],
  ['network-device', /\b(?:core|network) switch|switch failure|\brouters?\b|\bfirewalls?\b|network (?:device|equipment|congestion|hardware)|(?:issues?|problems?|failure) (?:with|in|on|of) [^.]{0,20}\bnetwork\b|\bnetwork (?:issue|problem|failure|outage)|ネットワーク(?:機器|スイッチ|障害)|ルーター|通信機器/i],
  ['load-balancer', /load.?balanc|ロードバランサ|負荷分散/i],
  ['cdn-edge', /\bCDN\b|content delivery|edge (?:location|server|network)|配信ネットワーク/i],
  ['storage', /\bstorage (?:system|failure|issue|problem|outage|error|layer|array|cluster|node|server|device)|\bdisks? (?:fail|error|crash)|file ?system|data (?:loss|recovery)|ストレージ(?:障害|故障|装置|システム)|ディスク(?:障害|故障)/i],
  ['database', /\bdatabases?\b|データベース/i],
  ['payment-external', /payment (?:provider|processor|partner|network)|card network|\bVisa\b|Mastercard|決済(?:会社|事業者|代行)|カード会社/i],
  ['configuration', /(?:configuration|config) (?:change|error|issue|update)|misconfigur|設定(?:変更|ミス|誤り|不備)/i],
  ['application-release', /software (?:release|deploy(?:ment)?|update)|recent (?:deploy(?:ment)?|change)|\bdeployment\b|roll(?:ed|ing) back|アップデートの?不具合|ソフトウェアの?(?:更新|不具合)|切り戻し/i],
  ['planned-maintenance', /(?:scheduled|planned|routine) maintenance|定期メンテナンス|計画メンテナンス/i],
];

/** Causes that a notice can name. */
export const STATABLE: readonly Cause[] = WORDS.map(([cause]) => cause);

/**
 * What a notice of the vendor says the cause is, if it says so.
 * @param text the vendor's words, plain text, in English or Japanese
 * @returns causes named, in the order of the table; empty for the usual "Some users are affected"
 */
export function statedCauses(text: string): Cause[] {
  const causes: Cause[] = [];
  for (const [cause, words] of WORDS) if (words.test(text)) causes.push(cause);
  return causes;
}

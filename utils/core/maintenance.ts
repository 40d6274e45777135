/**
 * Recognises the page a service puts up while it is being worked on. Careful in one direction: a page is only called so when its
 * heading, or a body of a few lines, says it in so many words. The stock 503 page of the commonest web server says "due to
 * maintenance downtime or capacity problems" whatever the reason, and a song may be called "High Maintenance".
 */
const STOCK_PAGE = /maintenance downtime or capacity problems/i;

const PHRASES: readonly RegExp[] = [
  // English
  /^\s*(?:site |scheduled |planned )?maintenance\s*$/i,
  /\b(?:under(?:going)?|scheduled|planned|system|site|server|ongoing|emergency|for|performing|routine) maintenance\b/i,
  /\bmaintenance (?:mode|in progress|is in progress|work|window|page)\b/i,
  /\b(?:we(?:['’]|&#39;|&rsquo;)ll|we will) be (?:right )?back\b/i,
  /\bbe right back\b/i,
  // Japanese
  /メンテナンス(?:中|のため|作業|を(?:実施|行)|のお知らせ)/,
  /^\s*(?:定期|緊急|臨時|システム)?メンテナンス\s*$/,
  /(?:まもなく|間もなく)(?:再開|戻)/,
  // Chinese, both scripts
  /(?:系统|系統|网站|網站|服务器|伺服器|例行|正在|进行|進行|停机|停機)[^。]{0,6}(?:维护|維護)/,
  /(?:维护|維護)(?:中|期间|期間|作业|作業)/,
  // Korean
  /점검\s*(?:중|안내|으로|작업|시간)/,
  // German
  /\bWartungs(?:arbeiten|modus|pause|seite)\b|\bwird (?:gerade )?gewartet\b|\b(?:gleich|bald|in Kürze) wieder (?:da|zurück|für Sie)/i,
  // French
  /\b(?:en|pour|de) maintenance\b|\bmaintenance (?:en cours|planifiée|programmée)|\bde retour (?:très )?bientôt|\bbientôt de retour/i,
  // Spanish
  /\b(?:en|por|de) mantenimiento\b|\bvolve(?:re)?mos (?:pronto|en breve)/i,
  // Portuguese
  /(?:^|\s)(?:em|para|de) manutenção|\bvolta(?:re)?mos (?:em breve|logo)/i,
  // Italian
  /\b(?:in|per) manutenzione\b|\bmanutenzione (?:in corso|programmata)|\btorn(?:eremo|iamo) (?:presto|subito)/i,
];

/** A body of so many characters without its mark-up is a notice, not a page: all of it may be read as a heading. */
const NOTICE_LENGTH = 600;
const HEADING = /<(title|h1|h2)\b[^>]*>([\s\S]{0,400}?)<\/\1>/gi;

function plain(markup: string): string {
  return markup
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * @param text the beginning of a body, HTML, JSON or plain
 * @returns whether its headings, or the whole of a short notice, announce maintenance
 */
export function isMaintenancePage(text: string): boolean {
  if (STOCK_PAGE.test(text)) return false;
  const headings = Array.from(text.matchAll(HEADING), (match) => plain(match[2] ?? ''));
  const body = plain(text.slice(0, 20_000));
  const said = body.length <= NOTICE_LENGTH ? [...headings, body] : headings;
  return said.some((line) => PHRASES.some((phrase) => phrase.test(line)));
}

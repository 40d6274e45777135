import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';

export type Engine = 'chromium' | 'firefox';

export interface FoundBrowser {
  engine: Engine;
  /** `chromium`, `chrome`, `edge` or `firefox`. */
  name: string;
  path: string;
}

/** What a command may need of the machine, besides npm's packages. */
export type Need = 'chromium' | 'firefox' | 'ip' | 'nft' | 'certutil' | 'openssl' | 'cjk' | 'chromium-ja' | 'firefox-ja' | 'xvfb' | 'notification-daemon' | 'dbus-daemon' | 'dbus-monitor' | 'import';

/** The Debian package that brings it, and what it is for, in words that end a sentence. */
const PACKAGES: Record<Need, { debian: string; what: string; other: string }> = {
  chromium: { debian: 'chromium', what: 'a browser with the engine Chromium', other: 'install Chromium, Chrome or Edge' },
  firefox: { debian: 'firefox-esr', what: 'Firefox', other: 'install Firefox' },
  ip: { debian: 'iproute2', what: 'the command ip', other: 'the lab needs Linux' },
  nft: { debian: 'nftables', what: 'the command nft', other: 'the lab needs Linux' },
  certutil: { debian: 'libnss3-tools', what: 'the command certutil', other: 'install the NSS tools' },
  openssl: { debian: 'openssl', what: 'the command openssl', other: 'install OpenSSL' },
  cjk: { debian: 'fonts-noto-cjk', what: 'a font with Japanese letters', other: 'install Noto Sans CJK' },
  'chromium-ja': { debian: 'chromium-l10n', what: 'the languages of Chromium', other: 'install the Japanese language of Chromium' },
  'firefox-ja': { debian: 'firefox-esr-l10n-ja', what: 'the Japanese language pack of Firefox', other: 'install the Japanese language pack of Firefox' },
  xvfb: { debian: 'xvfb', what: 'a virtual display', other: 'install Xvfb' },
  'notification-daemon': { debian: 'notification-daemon', what: 'what shows notifications on a desktop', other: 'install notification-daemon' },
  'dbus-daemon': { debian: 'dbus-daemon', what: 'the message bus of a desktop', other: 'install D-Bus' },
  'dbus-monitor': { debian: 'dbus-bin', what: 'the command dbus-monitor', other: 'install the tools of D-Bus' },
  import: { debian: 'imagemagick', what: 'the command import, which photographs a display', other: 'install ImageMagick' },
};

const env = process.env;
const windowsRoots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter((root) => root !== undefined);
const macRoots = ['/Applications', join(homedir(), 'Applications')];

/** Where the browsers lie on the three systems, the most suitable first. Names without a slash are looked up in PATH. */
const PLACES: Record<Engine, { name: string; linux: string[]; mac: string; windows: string }[]> = {
  chromium: [
    { name: 'chromium', linux: ['chromium', 'chromium-browser', '/snap/bin/chromium'], mac: 'Chromium.app/Contents/MacOS/Chromium', windows: 'Chromium\\Application\\chrome.exe' },
    { name: 'edge', linux: ['microsoft-edge', 'microsoft-edge-stable'], mac: 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge', windows: 'Microsoft\\Edge\\Application\\msedge.exe' },
    { name: 'chrome', linux: ['google-chrome', 'google-chrome-stable'], mac: 'Google Chrome.app/Contents/MacOS/Google Chrome', windows: 'Google\\Chrome\\Application\\chrome.exe' },
  ],
  firefox: [
    { name: 'firefox', linux: ['firefox', 'firefox-esr', '/snap/bin/firefox'], mac: 'Firefox.app/Contents/MacOS/firefox', windows: 'Mozilla Firefox\\firefox.exe' },
  ],
};

/** @returns where a command lies in PATH (and the administrator's folders, which a user's PATH may lack), or null. */
export function findCommand(name: string): string | null {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'].filter((folder) => folder !== '' && !folder.includes('node_modules'));
  for (const folder of folders) if (existsSync(join(folder, name))) return join(folder, name);
  return null;
}

/**
 * Looks for a browser of that engine: first what the variables `TSUNAGARU_CHROMIUM` / `TSUNAGARU_FIREFOX` name, then the usual places of Linux,
 * macOS and Windows.
 * @returns the browser, or a flaw that says what to do
 */
export function findBrowser(engine: Engine, platform: NodeJS.Platform = process.platform): Outcome<FoundBrowser> {
  const variable = `TSUNAGARU_${engine.toUpperCase()}`;
  const named = env[variable];
  if (named !== undefined && named !== '') {
    return existsSync(named) ? success({ engine, name: engine, path: named }) : flaw(variable, `names ${named}, which does not exist`);
  }
  for (const place of PLACES[engine]) {
    const paths =
      platform === 'darwin' ? macRoots.map((root) => join(root, place.mac))
      : platform === 'win32' ? windowsRoots.map((root) => `${root}\\${place.windows}`)
      : place.linux.map((name) => (name.startsWith('/') ? name : (findCommand(name) ?? '')));
    const path = paths.find((one) => one !== '' && existsSync(one));
    if (path !== undefined) return success({ engine, name: place.name, path });
  }
  return flaw(engine, `no ${PACKAGES[engine].what.replace(/^a /, '')} found: ${howTo([engine])}, or set ${variable} to its path`);
}

function isThere(need: Need): boolean {
  switch (need) {
    case 'chromium':
    case 'firefox':
      return findBrowser(need).ok;
    case 'cjk': {
      if (process.platform !== 'linux') return true;
      const list = findCommand('fc-list');
      return list !== null && spawnSync(list, [':lang=ja', 'family'], { encoding: 'utf8' }).stdout.trim() !== '';
    }
    case 'chromium-ja':
      // Only Debian's package comes without languages.
      return !existsSync('/usr/lib/chromium/locales') || existsSync('/usr/lib/chromium/locales/ja.pak');
    case 'firefox-ja':
      return existsSync('/usr/lib/firefox-esr/browser/extensions/langpack-ja@firefox-esr.mozilla.org.xpi')
        || existsSync('/usr/share/firefox-esr/extensions/langpack-ja@firefox-esr.mozilla.org.xpi')
        || existsSync('/usr/share/doc/firefox-esr-l10n-ja');
    case 'xvfb':
      return findCommand('Xvfb') !== null;
    case 'notification-daemon':
      return existsSync(NOTIFICATION_DAEMON);
    default:
      return findCommand(need) !== null;
  }
}

/** No command: a desktop starts it by itself. */
export const NOTIFICATION_DAEMON = '/usr/lib/notification-daemon/notification-daemon';

const isDebian = (): boolean => process.platform === 'linux' && existsSync('/etc/debian_version') && findCommand('apt-get') !== null;

function howTo(needs: readonly Need[]): string {
  if (isDebian()) return `sudo apt-get install --no-install-recommends ${needs.map((need) => PACKAGES[need].debian).join(' ')}`;
  return needs.map((need) => PACKAGES[need].other).join(', ');
}

/**
 * Makes sure that the machine has what a command needs. On Debian as root what is missing is installed; everywhere else it is named.
 * @param say takes one line when something is being installed, because that can take minutes
 * @returns nothing, or a flaw whose reason is the one line that brings what is missing
 */
export function ensure(needs: readonly Need[], say: (line: string) => void = () => {}): Outcome<void> {
  const missing = needs.filter((need) => !isThere(need));
  if (missing.length === 0) return success(undefined);
  if (isDebian() && process.getuid?.() === 0) {
    const packages = missing.map((need) => PACKAGES[need].debian);
    say(`Installing ${packages.join(', ')} …`);
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'Dpkg::Use-Pty=0', ...args], { encoding: 'utf8', timeout: 600_000, env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } });
    apt('update');
    const done = apt('install', '--yes', '--no-install-recommends', ...packages);
    const still = missing.filter((need) => !isThere(need));
    if (still.length === 0) return success(undefined);
    const why = done.stderr.trim().split('\n').at(-1) ?? '';
    return flaw(still.join(', '), `${howTo(still)}${why === '' ? '' : ` (apt-get said: ${why})`}`);
  }
  return flaw(missing.join(', '), howTo(missing));
}

/** @returns whether a window can be shown here. */
export function hasDisplay(): boolean {
  return process.platform !== 'linux' || (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
}

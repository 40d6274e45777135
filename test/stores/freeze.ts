import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newMonitorState } from '../../utils/core/monitor-state.ts';
import { DEFAULT_SETTINGS } from '../../utils/core/settings.ts';
import { addReminder, REMINDERS_KEY } from '../../utils/store/reminders.ts';
import { BIRTH, failing, HEALTHY, HOUR, MINUTE, Universe } from '../fakes/universe.ts';

/**
 * `node test/stores/freeze.ts`: writes what the browser's store holds after a life with an outage that is over and one that goes on, under the
 * schema of today. Once for each schema: a file that is there is what users have, and is never written again.
 */
const file = join(import.meta.dirname, `schema-${newMonitorState(0).schema}.json`);
if (existsSync(file)) {
  console.error(`${file} is what users of this schema have: a store of another shape needs a schema of its own`);
  process.exitCode = 1;
} else {
  const world = new Universe();
  await world.live(HOUR, 'start');
  world.fate = failing('http.503');
  await world.live(30 * MINUTE);
  world.fate = HEALTHY;
  await world.live(HOUR);
  world.fate = failing('http.500', 'catalog', 'purchase');
  await world.live(20 * MINUTE);
  const song = { id: 'jp:song:1526443575', kind: 'song', title: 'Lemon', artist: '米津玄師', artwork: 'https://is1-ssl.mzstatic.com/image/thumb/a.jpg', url: 'https://music.apple.com/jp/album/stray-sheep/1526443567?i=1526443575', addedAt: BIRTH } as const;
  const stored = { ...Object.fromEntries(world.stored), [REMINDERS_KEY]: addReminder([], song), settings: { ...DEFAULT_SETTINGS, interval: 1 } };
  writeFileSync(file, `${JSON.stringify({ at: world.now, stored })}\n`);
}

/**
 * One picture of all pictures of the popup, of each the part that a browser shows (600 px): `node test/views/contact-sheet.ts [FOLDER]` after `photograph.ts`; needs ImageMagick's `montage`.
 * Writes contact-sheet.png into the folder.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../.cache/views'));
const pictures = readdirSync(folder).filter((name) => /^popup-.*-(en-light|ja-dark)-\d+\.png$/.test(name)).sort();
if (pictures.length === 0) {
  console.error(`no pictures in ${folder}: take them first with photograph.ts`);
  process.exit(1);
}
const made = spawnSync('montage', [...pictures.map((name) => `${name}[760x1200+0+0]`), '-tile', '10x', '-geometry', '380x600+10+10', '-gravity', 'north', '-background', '#cfd2dc', 'contact-sheet.png'], { cwd: folder, stdio: 'inherit' });
if (made.error) console.error(`montage: ${made.error.message}`);
process.exitCode = made.status ?? 1;

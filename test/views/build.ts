import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { SNAPSHOTS } from '../../utils/view/examples.ts';

/** The views, the states each is looked at in, and the widths. */
export const VIEWS: Record<string, { states: readonly string[]; widths: readonly number[] }> = {
  popup: { states: Object.keys(SNAPSHOTS), widths: [380] },
  options: { states: ['down', 'rehearsal'], widths: [360, 1100] },
  welcome: { states: ['unknown', 'up', 'down', 'offline', 'blind'], widths: [360, 1100] },
  incidents: { states: ['down', 'up-first'], widths: [360, 1100] },
};

export interface Asked {
  view: string;
  state: string;
  language: string;
  theme: string;
  open?: boolean;
}

/**
 * Builds the plain page that shows any view in any state without the extension.
 * @param folder where it is put
 * @returns the address for a view
 */
export async function buildPage(folder: string): Promise<(asked: Asked) => string> {
  const here = import.meta.dirname;
  await mkdir(folder, { recursive: true });
  await build({
    root: here,
    logLevel: 'error',
    configFile: false,
    build: { outDir: folder, emptyOutDir: false, cssCodeSplit: false, lib: { entry: join(here, 'page.tsx'), formats: ['iife'], name: 'page', fileName: () => 'page.js', cssFileName: 'page' } },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [script, style] = await Promise.all([readFile(join(folder, 'page.js'), 'utf8'), readFile(join(folder, 'page.css'), 'utf8')]);
  const html = join(folder, 'page.html');
  await writeFile(html, `<!doctype html><html><head><meta charset="utf-8"><title>view</title><style>${style}</style></head><body><div id="app"></div><script>${script.replaceAll('</script', '<\\/script')}</script></body></html>`);
  return ({ view, state, language, theme, open }) => `${pathToFileURL(html).href}?view=${view}&state=${state}&lang=${language}&theme=${theme}${open ? '&open' : ''}`;
}

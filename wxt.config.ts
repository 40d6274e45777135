import { defineConfig } from 'wxt';
export default defineConfig({ imports: false, manifestVersion: 3, targetBrowsers: ['chrome', 'edge', 'firefox', 'safari'] });

/** Imported before what asks the browser for its API: outside an extension that would refuse to load. Nothing is called on it. */
Object.assign(globalThis, { chrome: { runtime: { id: 'own-id' } }, browser: { runtime: { id: 'own-id' } } });

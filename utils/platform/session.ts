import browser from './browser.ts';

/** Where a browser has no session store: lost with the worker, which is no worse than having none. */
const memory = new Map<string, unknown>();

function area(): typeof browser.storage.session | null {
  return (browser.storage as Partial<typeof browser.storage>).session ?? null;
}

/** @returns what was kept since the browser started; undefined where there is nothing. */
export async function readSession(key: string): Promise<unknown> {
  try {
    const session = area();
    return session === null ? memory.get(key) : (await session.get(key))[key];
  } catch {
    return memory.get(key);
  }
}

/** Forgets all of it; never fails. */
export async function clearSession(): Promise<void> {
  memory.clear();
  await area()
    ?.clear()
    .catch(() => undefined);
}

/** Keeps values until the browser is closed; never fails, since nothing that must last is kept here. */
export async function writeSession(entries: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [key, value] of Object.entries(entries)) memory.set(key, value);
  await area()
    ?.set({ ...entries })
    .catch(() => undefined);
}

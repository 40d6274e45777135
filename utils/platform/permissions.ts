import browser from './browser.ts';

/** The vantage points elsewhere, asked only when the user switches them on. */
export const WORLD_ORIGIN = 'https://api.globalping.io/*';

function wanted(): string[] {
  return (browser.runtime.getManifest() as { host_permissions?: string[] }).host_permissions ?? [];
}

async function has(origins: string[]): Promise<boolean> {
  return browser.permissions.contains({ origins }).catch(() => true); // where it cannot be asked, the request itself will tell
}

/** Asks for the manifest's hosts. Only from a click: browsers refuse it otherwise. @returns whether they are granted now. */
export async function requestStore(): Promise<boolean> {
  return browser.permissions.request({ origins: wanted() }).catch(() => false);
}

/** Asks for the vantage points elsewhere; only from a click. */
export async function requestWorld(): Promise<boolean> {
  return browser.permissions.request({ origins: [WORLD_ORIGIN] }).catch(() => false);
}

/** Hands back what is no longer used. @returns whether it is gone. */
export async function dropWorld(): Promise<boolean> {
  return browser.permissions.remove({ origins: [WORLD_ORIGIN] }).catch(() => false);
}

/** Tells when the user granted something or took it back. Call it synchronously when the background starts. */
export function onPermissionsChanged(listener: () => void): void {
  browser.permissions.onAdded?.addListener(listener);
  browser.permissions.onRemoved?.addListener(listener);
}

/** @returns whether a host is granted now. @param origin match pattern */
export function hasOrigin(origin: string): Promise<boolean> {
  return has([origin]);
}

/**
 * Names whose parts are set apart by dots, in less space: a name begins with a dot for each part that is the same as in the one before.
 * `a.b.c a.b.d` → `a.b.c ..d`
 */
export function foldNames(names: readonly string[]): string {
  let before: string[] = [];
  const folded = names.map((name) => {
    const parts = name.split('.');
    const differs = parts.findIndex((part, index) => index === parts.length - 1 || part !== before[index]);
    before = parts;
    return '.'.repeat(differs) + parts.slice(differs).join('.');
  });
  return folded.join(' ');
}

/** @returns the names that `foldNames` was given. */
export function unfoldNames(folded: string): string[] {
  let before: string[] = [];
  return folded.split(' ').map((name) => {
    const rest = name.replace(/^\.+/, '');
    before = [...before.slice(0, name.length - rest.length), ...rest.split('.')];
    return before.join('.');
  });
}

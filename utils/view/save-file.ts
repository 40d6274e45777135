/** Hands a text to the user as a file: through the page's own download, so that no permission is needed. */
export function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has taken its copy when the next task runs.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

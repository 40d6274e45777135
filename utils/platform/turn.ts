let channel: MessageChannel | null = null;
const waiting: (() => void)[] = [];

/**
 * Waits for a turn of the event loop: all promises that could go on have gone on by then. By a message, since timers that follow each other
 * are held back to 4 ms each.
 */
export function turn(): Promise<void> {
  if (channel === null) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
}

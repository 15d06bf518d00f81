/** Gives the thread away while something long is computed on it. */

/** Longest time without it, ms: shorter than what a person notices. */
const PERIOD = 20;

/**
 * Awaiting what it returns lets messages that have come meanwhile be heard, if it is time for that. A message
 * of our own stands behind them in the queue; a timer would sleep for 4 ms each time.
 */
export function createBreath(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let resume = (): void => {};
  port1.onmessage = () => resume();
  return async () => {
    if (performance.now() - last < PERIOD) return;
    await new Promise<void>((resolve) => {
      resume = resolve;
      port2.postMessage(null);
    });
    last = performance.now();
  };
}

/** A wait that holds up the thread and uses no processor, for environments that pretend to be costly. */
import { MissingError } from '../../src/core/errors.ts';

/** @returns waits that many seconds @throws MissingError where the platform cannot, as in a page's main thread */
export function createSleep(): (seconds: number) => void {
  return (seconds) => {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e3 * seconds);
    } catch (error) {
      throw new MissingError('This thread cannot be held up: use stepDelay=0 here.', { cause: error });
    }
  };
}

/** Ctrl-C in commands that train. */
import { exitCode } from '../src/core/errors.ts';

/**
 * The first Ctrl-C asks for an end with everything saved; after the second nothing is waited for.
 * @param notice what is printed after the first one
 */
export function stopOnInterrupt(notice: string): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
    console.error(`\n${notice}`);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}

/** Of commands whose runs have processes of their own. */
export const stopRunsOnInterrupt = (): AbortSignal =>
  stopOnInterrupt('Stopping the runs and saving. Press Ctrl-C again to leave without waiting for them.');

/** Ctrl-C while runs train in processes of their own. */
import { exitCode } from '../../../src/core/errors.ts';

/** The first Ctrl-C ends the runs under way, each with a checkpoint; after the second nothing is waited for. */
export function stopRunsOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
    console.error('\nStopping the runs and saving. Press Ctrl-C again to leave without waiting for them.');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}

/** Writes a run's metrics and evaluations as TensorBoard scalars. */
import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import { TensorBoardWriter } from './tensorboard.ts';
import type { RunEvent } from './training.ts';

/** An operator, so that a write that fails ends the run as any other error does. */
export function logToTensorBoard(folder: string): MonoTypeOperatorFunction<RunEvent> {
  const writer = new TensorBoardWriter(folder);
  return tap((event) => {
    if (event.kind === 'metrics') writer.write(event.step, event.values);
    else if (event.kind === 'evaluation') {
      const { returnMean, successRate, episodeLengthMean, scores = {} } = event.evaluation;
      writer.write(event.step, {
        'eval/mean_reward': returnMean,
        'eval/mean_ep_length': episodeLengthMean,
        ...(successRate === null ? {} : { 'eval/success_rate': successRate }),
        ...Object.fromEntries(Object.entries(scores).map(([name, { mean }]) => [`eval/${name}`, mean])),
      });
    }
  });
}

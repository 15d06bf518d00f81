/** Writes a run's metrics and evaluations as TensorBoard scalars. */
import type { Observable } from 'rxjs';
import { TensorBoardWriter } from './tensorboard.ts';
import type { RunEvent } from './training.ts';

export function logToTensorBoard(events$: Observable<RunEvent>, folder: string): void {
  const writer = new TensorBoardWriter(folder);
  events$.subscribe({
    next: (event) => {
      if (event.kind === 'metrics') writer.write(event.step, event.values);
      else if (event.kind === 'evaluation') {
        const { returnMean, successRate, episodeLengthMean } = event.evaluation;
        writer.write(event.step, {
          'eval/mean_reward': returnMean,
          'eval/mean_ep_length': episodeLengthMean,
          ...(successRate === null ? {} : { 'eval/success_rate': successRate }),
        });
      }
    },
    error: () => {},
  });
}

/** What a person sees of a run: a progress bar on a terminal, else a line for each interval. */

import cliProgress from 'cli-progress';
import type { Observable } from 'rxjs';
import type { Evaluation } from '../rollout/evaluate.ts';
import type { RunEvent } from './training.ts';

/** Shows `events$` on `output` until it ends. */
export function showOnConsole(
  events$: Observable<RunEvent>,
  steps: number,
  output: NodeJS.WriteStream = process.stdout,
): void {
  if (output.isTTY) showBar(events$, steps, output);
  else showLines(events$, output);
}

function showBar(events$: Observable<RunEvent>, steps: number, output: NodeJS.WriteStream): void {
  const bar = new cliProgress.SingleBar(
    {
      format: '{bar} {percentage}% | step {value}/{total} | {fps} steps/s | {status} | ETA {eta_formatted}',
      hideCursor: true,
      stream: output,
      fps: 4,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(steps, 0, { fps: '-', status: 'starting' });
  events$.subscribe({
    next: (event) => {
      if (event.kind === 'step') bar.update(Math.min(event.step, steps));
      else if (event.kind === 'metrics')
        bar.update({ fps: event.values['time/fps'], status: metricsText(event.values) });
      else if (event.kind === 'evaluation') output.write(`\r\x1b[K${evaluationText(event)}\n`);
    },
    complete: () => bar.stop(),
    error: () => bar.stop(),
  });
}

function showLines(events$: Observable<RunEvent>, output: NodeJS.WriteStream): void {
  events$.subscribe({
    next: (event) => {
      if (event.kind === 'metrics') {
        output.write(
          `step ${event.step} | ${event.time.toFixed(0)} s | ${event.values['time/fps']} steps/s | ${metricsText(event.values)}\n`,
        );
      } else if (event.kind === 'evaluation') output.write(`${evaluationText(event)}\n`);
    },
    error: () => {},
  });
}

function metricsText(values: Readonly<Record<string, number>>): string {
  const parts: [label: string, tag: string, digits: number][] = [
    ['return', 'rollout/ep_rew_mean', 1],
    ['success', 'rollout/success_rate', 2],
    ['loss', 'train/loss', 4],
    ['critic loss', 'train/critic_loss', 3],
    ['temperature', 'train/ent_coef', 4],
  ];
  return parts
    .filter(([, tag]) => values[tag] !== undefined)
    .map(([label, tag, digits]) => `${label} ${values[tag]!.toFixed(digits)}`)
    .join(', ');
}

/** `bumps 11.10 ± 1.56, `, of each score. */
export const scoresText = ({ scores = {} }: Evaluation): string =>
  Object.entries(scores)
    .map(([name, { mean, std }]) => `${name} ${mean.toFixed(2)} ± ${std.toFixed(2)}, `)
    .join('');

function evaluationText({ step, time, evaluation, best }: Extract<RunEvent, { kind: 'evaluation' }>): string {
  const { returnMean, returnStd, successRate, episodes } = evaluation;
  const success = successRate === null ? '' : `, success ${(100 * successRate).toFixed(0)} %`;
  return `evaluation at step ${step} after ${time.toFixed(0)} s: ${scoresText(evaluation)}return ${returnMean.toFixed(1)} ± ${returnStd.toFixed(1)}${success} over ${episodes} episodes${best ? ' (best so far)' : ''}`;
}

/** A run that goes on while it is looked at: its curves grow, and its policy becomes better. */
import { join } from 'node:path';
import type { SteppedScenes } from '../../src/core/env.ts';
import type { RunFolder } from '../../src/run/run-folder.ts';
import type { Hub } from '../../src/viewer/hub.ts';
import type { ViewMetrics } from '../../src/viewer/protocol.ts';
import { followFile, followLines } from './follow.ts';
import { loadRunPolicy, type ReplaceablePolicy } from './run-policy.ts';
import type { RunValue } from './run-value.ts';

export interface FollowedRun {
  readonly run: RunFolder;
  readonly env: SteppedScenes;
  /** Who acts, where that is the run's policy. */
  readonly policy?: ReplaceablePolicy | undefined;
  readonly value?: RunValue | undefined;
}

/** Tells `hub` of all that is new in the folder. @returns what ends that */
export function followRun({ run, env, policy, value }: FollowedRun, hub: Hub): () => void {
  const report = (code: 'RELOADED' | 'E_ENV', message: string): void =>
    hub.report({ type: 'notice', level: code === 'RELOADED' ? 'info' : 'error', code, message });

  async function reloadPolicy(replaced: ReplaceablePolicy): Promise<void> {
    try {
      await replaced.replace(await loadRunPolicy(run, env));
      report('RELOADED', `The run has a better policy, which acts from now on: ${run.policy}.`);
    } catch (error) {
      report('E_ENV', `The policy that acted goes on acting. ${(error as Error).message}`);
    }
  }

  function reloadValue(reloaded: RunValue): void {
    try {
      reloaded.reload();
    } catch (error) {
      report('E_ENV', `The value is that of an earlier checkpoint. ${(error as Error).message}`);
    }
  }

  const followed = [
    ...['metrics.jsonl', 'evaluations.jsonl'].map((name) => followPoints(join(run.path, name), hub)),
    ...(policy ? [followFile(run.policy, () => void reloadPolicy(policy))] : []),
    ...(value ? [followFile(join(run.checkpoint, 'state.json'), () => reloadValue(value))] : []),
  ];
  return () => {
    for (const stop of followed) stop();
  };
}

/** Every line once: a run that is continued writes again what came after its checkpoint. */
function followPoints(file: string, hub: Hub): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return followLines(file, ({ step, time: _, ...values }) => {
    if (typeof step !== 'number' || step <= last) return;
    last = step;
    hub.report(pointOf(step, values));
  });
}

/** Numbers only: a rate of success is null where the task has none. */
export const pointOf = (step: number, values: Readonly<Record<string, unknown>>): ViewMetrics => ({
  type: 'metrics',
  step,
  values: Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  ),
});

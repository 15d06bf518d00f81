/** What the agent of a run expects, by the parameters of its last checkpoint. */
import { agents } from '../../agents/index.ts';
import type { SteppedScenes } from '../../src/core/env.ts';
import { lookUp } from '../../src/core/errors.ts';
import { spacesOfEnv } from '../../src/core/policy.ts';
import { createValue } from '../../src/learner/index.ts';
import { readParameters } from '../../src/run/checkpoint.ts';
import type { RunConfig } from '../../src/run/config.ts';
import { mathsOf } from '../../src/run/maths.ts';
import type { RunFolder } from '../../src/run/run-folder.ts';
import { unscaledValue, type ValueEstimate } from '../../src/viewer/source.ts';

export interface RunValue {
  readonly estimate: ValueEstimate;
  /** Reads the checkpoint again. */
  reload(): void;
}

/** @returns undefined where the run has no checkpoint yet, or its agent no estimate */
export async function loadRunValue(run: RunFolder, env: SteppedScenes): Promise<RunValue | undefined> {
  const { config } = run;
  const agent = lookUp('agent', agents, config.agent.name);
  const spaces = spacesOfEnv(env);
  const maths = mathsOf(config, agent, spaces);
  if (!run.hasCheckpoint) return undefined;
  let vectors = readParameters(run.checkpoint, maths);
  const value = await createValue(maths, spaces, () => vectors, env.spec.agents);
  if (!value) return undefined;
  return {
    estimate: unscaledValue(value, rewardScaleOf(config)),
    reload() {
      vectors = readParameters(run.checkpoint, maths);
    },
  };
}

/** Factor between the rewards of the environment and those that were learnt from. */
export const rewardScaleOf = ({ training }: RunConfig): number => Number(training.rewardScale ?? 1);

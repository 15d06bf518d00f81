/** Puts a run together from its configuration: learner, experience and loop, of the kind that its agent asks for. */
import { createOnPolicyLearner, type OnPolicyDefinition } from '../learner/index.ts';
import { trainOnPolicy } from '../rollout/on-policy.ts';
import type { TrainingRun } from '../rollout/rollout.ts';
import { TrajectoryBuffer } from '../rollout/trajectory-buffer.ts';
import { type AssembledRun, type AssembleOptions, shared } from './assembled-run.ts';
import type { OffPolicyTraining, OnPolicyTraining } from './config.ts';
import { assertConsistent } from './consistency.ts';
import { mathsOf } from './maths.ts';
import { assembleOffPolicy } from './off-policy.ts';

/** @throws ConfigurationError for settings that contradict each other */
export async function assembleRun(options: AssembleOptions): Promise<AssembledRun> {
  const { agent, training } = options;
  return agent.kind === 'off-policy'
    ? assembleOffPolicy(options, agent, training as OffPolicyTraining)
    : assembleOnPolicy(options, agent, training as OnPolicyTraining);
}

async function assembleOnPolicy(
  options: AssembleOptions,
  agent: OnPolicyDefinition,
  schedule: OnPolicyTraining,
): Promise<AssembledRun> {
  const { config, env, definition } = options;
  const { spaces, sizes, ...common } = shared(options);
  const maths = mathsOf(config, agent, spaces);
  assertConsistent(config, definition, agent, maths);
  const buffer = new TrajectoryBuffer({ ...sizes, steps: schedule.rolloutSteps, numEnvs: env.numEnvs });
  const learner = await createOnPolicyLearner({ ...common.learner, maths, rows: buffer.rows });
  const run = trainOnPolicy({ ...common.loop, env, learner, buffer, schedule });
  return {
    maths,
    learner,
    experience: { experience: buffer },
    run: run as TrainingRun<unknown>,
    dispose: learner.dispose,
  };
}

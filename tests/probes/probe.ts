/** Trains an agent on a toy task for a moment and hands out what it came to. */
import { agents } from '../../agents/index.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { type Metrics, spacesOfEnv } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { wholeTeams } from '../../src/core/teams.ts';
import { createLearner, type Learner, type OffPolicyDefinition } from '../../src/learner/index.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import { trainOffPolicy } from '../../src/rollout/off-policy.ts';
import { settingsOf, small } from '../support/agents.ts';

export interface ProbeOptions {
  readonly agent: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly seed?: number;
  /** Transitions kept; all of them unless told. */
  readonly capacity?: number;
  /** Where transitions go; an ordinary replay buffer unless told. */
  readonly Replay?: typeof ReplayBuffer;
}

/** The learner after training, and the metrics of every update. Dispose of the learner. */
export async function probe(
  env: VectorEnv,
  options: ProbeOptions,
): Promise<{ learner: Learner; history: Metrics[] }> {
  const { agent, settings = {}, steps, seed = 0, capacity = steps, Replay = ReplayBuffer } = options;
  const definition = agents[agent] as OffPolicyDefinition;
  const spaces = spacesOfEnv(env);
  const chosen = { ...small(definition, [32, 32]), ...settingsOf(definition, settings) };
  const maths = definition.build(spaces, definition.settings.parse(chosen));
  const batchSize = wholeTeams(64, spaces.agents);
  const rng = createRng(seed);
  const learner = await createLearner({
    maths,
    spaces,
    batchSize,
    rng: rng.split('learner'),
    threads: 1,
  });
  const replay = new Replay({
    capacity,
    observationSize: spaces.observation.size,
    actionSize: spaces.action.size,
    teamSize: maths.teamSize ?? 1,
  });
  const history: Metrics[] = [];
  const schedule = {
    batchSize,
    replayCapacity: capacity,
    randomSteps: 200,
    learningStarts: 200,
    updatesPerStep: 1,
  };
  const run = trainOffPolicy({
    env,
    learner,
    replay,
    schedule,
    rng,
    steps,
    onUpdate: (metrics) => history.push(metrics),
  });
  await new Promise<void>((resolve, reject) => run.run$.subscribe({ error: reject, complete: resolve }));
  return { learner, history };
}

/** The deterministic answers to these observations. */
export async function answers(learner: Learner, observations: readonly number[]): Promise<Float32Array> {
  const actions = new Float32Array(observations.length);
  await learner.act(Float32Array.from(observations), actions, 'exploit');
  return actions;
}

/** Mean of a metric over the last part of training. */
export function lately(history: readonly Metrics[], name: string): number {
  const last = history.slice(-Math.ceil(history.length / 20));
  return last.reduce((sum, metrics) => sum + metrics[name]!, 0) / last.length;
}

/** A learner of either kind with made-up experience to learn from, for what both kinds have in common. */
import type { Metrics, Spaces } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import {
  type AgentDefinition,
  createLearner,
  createOnPolicyLearner,
  type LearnerBase,
} from '../../src/learner/index.ts';
import { TrajectoryBuffer } from '../../src/rollout/trajectory-buffer.ts';

export interface Trainee {
  readonly learner: LearnerBase;
  /** The columns that it learns from. */
  readonly experience: Readonly<Record<string, unknown>>;
  /** Makes them up anew. */
  fill(seed: number): void;
  /** Learns once from all of them. */
  learn(): Promise<Metrics>;
}

// Multiples of teams of two and of three, in each of the 32 minibatches of PPO as well.
const BATCH = 18;
const STEPS = 32;
const SCENES = 6;

export async function createTrainee(
  agent: AgentDefinition,
  settings: Record<string, unknown>,
  spaces: Spaces,
  seed: number,
): Promise<Trainee> {
  const common = { spaces, rng: createRng(seed), threads: 1 };
  const trainee =
    agent.kind === 'off-policy'
      ? await offPolicy(
          await createLearner({ ...common, maths: agent.build(spaces, settings), batchSize: BATCH }),
        )
      : await onPolicy(
          await createOnPolicyLearner({
            ...common,
            maths: agent.build(spaces, settings),
            rows: STEPS * SCENES,
          }),
          spaces,
        );
  trainee.fill(seed);
  return trainee;
}

function makeUp(columns: Readonly<Record<string, unknown>>, seed: number): void {
  const rng = createRng(seed);
  for (const name of ['obs', 'nextObs', 'reward', 'noise', 'plan', 'returnToGo']) {
    const column = columns[name];
    if (column instanceof Float32Array) rng.fillNormal(column);
  }
  for (const [name, likely] of [
    ['action', 1],
    ['terminated', 0.1],
    ['truncated', 0.1],
  ] as const) {
    const column = columns[name];
    if (!(column instanceof Float32Array)) continue;
    for (let i = 0; i < column.length; i++) {
      column[i] = name === 'action' ? rng.uniform(-1, 1) : Number(rng.uniform(0, 1) < likely);
    }
  }
}

function offPolicy(learner: Awaited<ReturnType<typeof createLearner>>): Trainee {
  const experience = { ...learner.batch };
  return { learner, experience, fill: (seed) => makeUp(experience, seed), learn: () => learner.update(0) };
}

function onPolicy(learner: Awaited<ReturnType<typeof createOnPolicyLearner>>, spaces: Spaces): Trainee {
  const { trajectories } = new TrajectoryBuffer({
    steps: STEPS,
    numEnvs: SCENES,
    observationSize: spaces.observation.size,
    actionSize: spaces.action.size,
  });
  const experience = { ...trajectories };
  return {
    learner,
    experience,
    fill: (seed) => makeUp(experience, seed),
    learn: async () => (await learner.learn(trajectories, 0.25)).metrics,
  };
}

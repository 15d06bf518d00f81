/** What a run is put together from, and what it then is. */
import type { ExperienceStore } from '../core/columns.ts';
import type { EnvDefinition, SteppedEnv } from '../core/env.ts';
import { type Metrics, type Policy, spacesOfEnv } from '../core/policy.ts';
import { createRng } from '../core/rng.ts';
import type { AgentDefinition, LearnerBase, PolicyMaths } from '../learner/index.ts';
import type { ReplayBuffer } from '../replay/replay-buffer.ts';
import type { TrainingRun } from '../rollout/rollout.ts';
import type { Device } from '../tensor/index.ts';
import type { RunConfig, TrainingSettings } from './config.ts';

export interface AssembleOptions {
  readonly config: RunConfig;
  /** Files of the models that the run corrects, and that may take over, where there are such. */
  readonly base: string;
  readonly expert: string;
  /** Those that the run of a reference may be of; none unless told. */
  readonly agents?: Readonly<Record<string, AgentDefinition>> | undefined;
  readonly definition: EnvDefinition;
  readonly env: SteppedEnv;
  readonly agent: AgentDefinition;
  readonly training: TrainingSettings;
  readonly device: Device;
  /** Puts a person beside what acts, where the agent may learn from others. @param step control steps so far */
  readonly takeOver?: ((policy: Policy, env: SteppedEnv, step: () => number) => Policy) | undefined;
  /** Module that calls `serveThread`, for runs with actors. */
  readonly threads?: URL | undefined;
  readonly onUpdate: (metrics: Metrics, updates: number) => void;
  readonly afterStep: (step: number) => Promise<void>;
}

export interface AssembledRun {
  readonly maths: PolicyMaths;
  readonly learner: LearnerBase;
  /** By the name of its file in a checkpoint. */
  readonly experience: Readonly<Record<string, ExperienceStore>>;
  readonly demonstrations?: ReplayBuffer | undefined;
  readonly run: TrainingRun<unknown>;
  dispose(): Promise<void>;
}

/** What the options give to a loop and a learner of either kind. */
export function shared({ config, env, device, training, onUpdate, afterStep }: AssembleOptions) {
  const rng = createRng(config.seed);
  const spaces = spacesOfEnv(env);
  const sizes = { observationSize: spaces.observation.size, actionSize: spaces.action.size };
  return {
    rng,
    spaces,
    sizes,
    learner: { spaces, rng: rng.split('learner'), device, threads: training.threads },
    loop: { rng: rng.split('training'), steps: config.steps, onUpdate, afterStep },
  };
}

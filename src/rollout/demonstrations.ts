/** Transitions of an environment's scripted controller, to learn from beside experience. */
import type { EnvDefinition } from '../core/env.ts';
import { ProprioError } from '../core/errors.ts';
import type { Policy } from '../core/policy.ts';
import { createRng } from '../core/rng.ts';
import { agentsOf } from '../core/teams.ts';
import { ReplayBuffer } from '../replay/replay-buffer.ts';
import { rollout, runUntil } from './rollout.ts';

export interface DemonstrationOptions {
  readonly definition: EnvDefinition;
  /** Settings of the environment, already parsed. */
  readonly settings: Record<string, unknown>;
  /** Episodes wanted, each of a whole team; where the task knows success, only those count in which an agent had it. */
  readonly episodes: number;
  /** How the run stores and samples transitions. */
  readonly replay: {
    readonly rewardScale: number;
    readonly multiStep: { readonly steps: number; readonly discount: number };
    readonly teamSize?: number | undefined;
  };
  /** Deviation of normal noise on the controller's actions, so that it is seen to recover; 0 unless told. */
  readonly noise?: number;
  readonly seed: number;
}

/** Attempts for each episode wanted before the controller is given up. */
const ATTEMPTS = 10;

/**
 * One episode after another, so that a transition's successor is in the next rows.
 * @throws ProprioError where it hardly ever succeeds
 */
export async function collectDemonstrations({
  definition,
  settings,
  episodes,
  replay,
  noise = 0,
  seed,
}: DemonstrationOptions): Promise<ReplayBuffer> {
  if (!definition.scripted) throw new Error(`Environment "${definition.id}" has no scripted controller.`);
  const agents = agentsOf(definition, settings);
  const env = definition.create(agents, settings);
  const policy = shaken(definition.scripted(env, settings), noise, seed);
  const { spec, observationSpace, actionSpace } = env;
  const [observationSize, actionSize] = [observationSpace.size, actionSpace.size];
  const kept = new ReplayBuffer({
    observationSize,
    actionSize,
    capacity: agents * episodes * spec.maxEpisodeSteps,
    rewardScale: replay.rewardScale,
    multiStep: { ...replay.multiStep, numEnvs: agents },
    teamSize: replay.teamSize ?? 1,
  });
  const run = rollout(env, policy, {
    seed,
    steps: ATTEMPTS * agents * episodes * spec.maxEpisodeSteps,
    mode: 'exploit',
  });
  type Frame = Parameters<ReplayBuffer['push']>[0];
  let attempt: Frame[] = [];
  let succeeded = spec.success === undefined;
  let count = 0;
  run.frames$.subscribe((frame) => attempt.push(structuredClone(frame)));
  run.episodes$.subscribe(({ success, scene }) => {
    succeeded ||= success;
    if (scene < agents - 1) return; // The rows of a team end one after another in the same step.
    if (count < episodes && succeeded) {
      count++;
      for (const frame of attempt) kept.push(frame);
    }
    attempt = [];
    succeeded = spec.success === undefined;
  });
  await runUntil(run, () => count >= episodes);
  env.close();
  if (count < episodes) {
    throw new ProprioError(
      `The scripted controller of "${definition.id}" succeeded in only ${count} of ${ATTEMPTS * episodes} attempts, and ${episodes} demonstrations are wanted: make the task easier or ask for fewer.`,
    );
  }
  return kept;
}

function shaken(policy: Policy, deviation: number, seed: number): Policy {
  if (deviation === 0) return policy;
  const rng = createRng(seed).split('demonstration noise');
  return {
    async act(obs, actions, mode) {
      await policy.act(obs, actions, mode);
      for (let i = 0; i < actions.length; i++)
        actions[i] = Math.max(-1, Math.min(1, actions[i]! + deviation * rng.normal()));
    },
  };
}

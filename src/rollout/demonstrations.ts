/** Transitions to learn from beside experience: of an environment's scripted controller, or of recorded episodes. */
import type { ReturnToGo } from '../core/batch.ts';
import type { EnvDefinition } from '../core/env.ts';
import { ProprioError } from '../core/errors.ts';
import type { BasePolicy, Policy, Spaces } from '../core/policy.ts';
import { spacesOfEnv } from '../core/policy.ts';
import { createRng } from '../core/rng.ts';
import { agentsOf } from '../core/teams.ts';
import type { RewardSource } from '../replay/experience.ts';
import { pushEpisodes, type RecordedEpisode } from '../replay/recorded-episode.ts';
import { ReplayBuffer } from '../replay/replay-buffer.ts';
import { recordEpisodes } from './record.ts';

/** How a run stores and samples transitions. */
export interface DemonstrationReplay {
  readonly rewardScale: number;
  readonly rewards?: RewardSource | undefined;
  readonly multiStep: { readonly steps: number; readonly discount: number };
  readonly returnToGo?: ReturnToGo | undefined;
  readonly teamSize?: number | undefined;
}

export interface DemonstrationOptions {
  readonly definition: EnvDefinition;
  /** Settings of the environment, already parsed. */
  readonly settings: Record<string, unknown>;
  /** Episodes wanted, each of a whole team; where the task knows success, only those count in which an agent had it. */
  readonly episodes: number;
  /** Deviation of normal noise on the controller's actions, so that it is seen to recover; 0 unless told. */
  readonly noise?: number;
  readonly seed: number;
}

/** Attempts for each episode wanted before the controller is given up. */
const ATTEMPTS = 10;

/** @throws ProprioError where it hardly ever succeeds */
export async function collectDemonstrations({
  replay,
  ...options
}: DemonstrationOptions & { readonly replay: DemonstrationReplay }): Promise<ReplayBuffer> {
  const { episodes, spaces } = await collectEpisodes(options);
  return replayOf(episodes, spaces, replay);
}

/** @throws ProprioError where it hardly ever succeeds */
export async function collectEpisodes({
  definition,
  settings,
  episodes,
  noise = 0,
  seed,
}: DemonstrationOptions): Promise<{ readonly episodes: RecordedEpisode[]; readonly spaces: Spaces }> {
  if (!definition.scripted) throw new Error(`Environment "${definition.id}" has no scripted controller.`);
  const env = definition.create(agentsOf(definition, settings), settings);
  const policy = shaken(definition.scripted(env, settings), noise, seed);
  const recorded = await recordEpisodes({
    env,
    demonstrator: { ...policy, begin: () => ({}) },
    episodes,
    seed,
    keep: (team) => team.some(({ success = true }) => success),
    attempts: ATTEMPTS * episodes,
  });
  const spaces = spacesOfEnv(env);
  env.close();
  const count = recorded.length / spaces.agents;
  if (count < episodes) {
    throw new ProprioError(
      `The scripted controller of "${definition.id}" succeeded in only ${count} of ${ATTEMPTS * episodes} attempts, and ${episodes} demonstrations are wanted: make the task easier or ask for fewer.`,
    );
  }
  return { episodes: recorded, spaces };
}

/**
 * The same episodes as they are observed in an environment with a base: with what it would have done at each step, as it
 * decides while it watches. @param base for one scene
 */
export async function episodesWithBase(
  episodes: readonly RecordedEpisode[],
  base: BasePolicy,
  { observation, action }: Spaces,
): Promise<RecordedEpisode[]> {
  const [O, A] = [observation.size, action.size];
  const decided = new Float32Array(A);
  const relabelled: RecordedEpisode[] = [];
  for (const episode of episodes) {
    const observations = new Float32Array((episode.length + 1) * (O + A));
    for (let t = 0; t <= episode.length; t++) {
      const seen = episode.observations.subarray(t * O, (t + 1) * O);
      if (t === 0) base.begin?.(0, seen);
      if (t === episode.length && base.foresee) await base.foresee(seen, decided);
      else await base.act(seen, decided, 'exploit');
      observations.set(seen, t * (O + A));
      observations.set(
        decided.map((value) => Math.max(-1, Math.min(1, value))),
        t * (O + A) + O,
      );
    }
    relabelled.push({ ...episode, observations });
  }
  return relabelled;
}

/**
 * A replay buffer that holds these episodes and no more, one after another, so that a transition's successor is in the next rows.
 * @param episodes those of a team one after another
 */
export function replayOf(
  episodes: readonly RecordedEpisode[],
  { observation, action, agents = 1 }: Spaces,
  { rewardScale, rewards = 'task', multiStep, returnToGo, teamSize = 1 }: DemonstrationReplay,
): ReplayBuffer {
  const buffer = new ReplayBuffer({
    observationSize: observation.size,
    actionSize: action.size,
    capacity: episodes.reduce((sum, { length }) => sum + length, 0),
    rewardScale,
    rewards,
    multiStep: { ...multiStep, numEnvs: agents },
    returnToGo,
    teamSize,
  });
  pushEpisodes(buffer, episodes, agents);
  return buffer;
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

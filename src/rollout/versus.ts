/** Two policies against each other, in a match whose rows are two sides: each plays the first side in every other scene. */
import { scenesOf } from '../core/appearance.ts';
import type { VectorEnv } from '../core/env.ts';
import { UsageError } from '../core/errors.ts';
import type { Episode } from '../core/frame.ts';
import type { ActMode, Policy } from '../core/policy.ts';
import type { Games, Points } from './ratings.ts';
import { rollout, runUntil } from './rollout.ts';

export interface Contest extends Games {
  /** The first policy's points, game after game. */
  readonly points: readonly Points[];
}

/**
 * Plays `games` games; each scene contributes the same number of them, its first ones.
 * @param games a multiple of the number of scenes
 * @throws UsageError for an environment that is no match
 */
export async function contest(
  env: VectorEnv,
  first: Policy,
  second: Policy,
  games: number,
  seed: number,
): Promise<Contest> {
  const { spec } = env;
  if (spec.sides !== 2)
    throw new UsageError(`"${spec.id}" is no match of two sides: nobody can play against another there.`);
  const scenes = scenesOf(env);
  const perScene = games / scenes;
  if (!Number.isInteger(perScene))
    throw new RangeError(`${games} games cannot be shared equally among ${scenes} scenes.`);
  const points: Points[] = [];
  const counts = new Uint32Array(scenes);
  const won = new Uint8Array(env.numEnvs);
  const run = rollout(env, alternating(env, first, second), {
    seed,
    steps: games * spec.agents * spec.maxEpisodeSteps,
    mode: 'exploit',
  });
  const count = ({ scene: row, success }: Episode): void => {
    won[row] = success ? 1 : 0;
    const scene = Math.floor(row / spec.agents);
    // The rows of a match end together, the last one last.
    if (row % spec.agents !== spec.agents - 1 || counts[scene]!++ >= perScene) return;
    const near = won[scene * spec.agents]! - won[scene * spec.agents + spec.agents / 2]!;
    const mine = isFirstNear(scene) ? near : -near;
    points.push(mine > 0 ? 1 : mine < 0 ? 0 : 0.5);
  };
  const counting = run.episodes$.subscribe(count);
  await runUntil(run, () => points.length >= games);
  counting.unsubscribe();
  const times = (value: Points): number => points.filter((point) => point === value).length;
  return { wins: times(1), draws: times(0.5), losses: times(0), points };
}

const isFirstNear = (scene: number): boolean => scene % 2 === 0;

/** Both policies as one: each is asked for the actions of its rows, in a batch of them. */
function alternating(
  { numEnvs, spec, observationSpace, actionSpace }: VectorEnv,
  first: Policy,
  second: Policy,
): Policy {
  const rowsOf = (isFirst: boolean): number[] =>
    Array.from({ length: numEnvs }, (_, row) => row).filter((row) => {
      const isNear = row % spec.agents < spec.agents / 2;
      return (isNear === isFirstNear(Math.floor(row / spec.agents))) === isFirst;
    });
  const players = [first, second].map((policy, i) => {
    const rows = rowsOf(i === 0);
    return {
      policy,
      rows,
      obs: new Float32Array(rows.length * observationSpace.size),
      actions: new Float32Array(rows.length * actionSpace.size),
    };
  });
  const [o, a] = [observationSpace.size, actionSpace.size];
  return {
    async act(obs: Float32Array, actions: Float32Array, mode: ActMode) {
      for (const player of players) {
        player.rows.forEach((row, i) => {
          player.obs.set(obs.subarray(row * o, (row + 1) * o), i * o);
        });
        await player.policy.act(player.obs, player.actions, mode);
        player.rows.forEach((row, i) => {
          actions.set(player.actions.subarray(i * a, (i + 1) * a), row * a);
        });
      }
    },
  };
}

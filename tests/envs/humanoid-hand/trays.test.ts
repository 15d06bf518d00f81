/** `hand-ball-pick-place` between two trays: there, back, and on and on without anybody who puts the ball back. */
import { describe, expect, test } from 'vitest';
import { handBallPickPlace } from '../../../envs/humanoid-hand/ball-pick-place.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';
import { putBall } from '../../support/put-ball.ts';

const TRAYS = { containers: 'trays', reward: 'sparse' };
const create = (scenes: number, given: Record<string, unknown>) => {
  const settings = handBallPickPlace.settings.parse({ ...TRAYS, ...given });
  const env = handBallPickPlace.create(scenes, settings);
  return { env, player: handBallPickPlace.scripted!(env, settings) };
};
function rowOf(env: VectorEnv, obs: Float32Array, scene: number): (name: string) => number {
  const { components, size } = env.observationSpace;
  return (name) => obs[size * scene + components.findIndex((each) => each.name === name)]!;
}
const ballAt = (at: (name: string) => number): number[] => ['x', 'y', 'z'].map((axis) => at(`ball.${axis}`));

test.each([
  [{ containers: 'bin', direction: 'back' }, /direction=back: a hand does not get the ball out of the bin/],
  [{ containers: 'bin', resets: 'hand' }, /resets=hand: a ball that has arrived is to go back/],
  [{ direction: 'there', resets: 'hand' }, /use direction=both with containers=trays/],
])('%o is refused', (given, reason) => {
  expect(() => create(1, given)).toThrow(reason);
});

test('the ball begins in the tray that it is to leave, and both directions occur', () => {
  const { env } = create(24, { direction: 'both' });
  const obs = env.reset(1);
  const directions = Array.from({ length: 24 }, (_, scene) => {
    const at = rowOf(env, obs, scene);
    const direction = at('direction');
    expect([at('bin.x'), at('bin.y')]).toEqual([0, Math.fround(0.13 * direction)]);
    expect(Math.abs(at('ball.x'))).toBeLessThanOrEqual(0.06);
    expect(Math.abs(at('ball.y') + 0.13 * direction)).toBeLessThanOrEqual(0.0601);
    return direction;
  });
  expect(new Set(directions)).toEqual(new Set([1, -1]));
  env.close();
});

test.each(['there', 'back'])('the scripted player carries it %s', async (direction) => {
  const { env, player } = create(4, { direction });
  const { successRate, scores } = await evaluate(env, player, 4, 3);
  expect(successRate).toBe(1);
  expect(scores!.inReach!.mean).toBe(1);
  env.close();
});

describe('where only the hand begins anew', () => {
  const SCENES = 3;
  const given = { direction: 'both', resets: 'hand' };

  test('a ball that has arrived stays, and is to go back; the player goes on and on', async () => {
    const { env, player } = create(SCENES, given);
    let obs: Float32Array = env.reset(7);
    const actions = new Float32Array(SCENES * env.actionSpace.size);
    const successes = new Array<number>(SCENES).fill(0);
    for (let step = 0; step < 260; step++) {
      await player.act(obs, actions, 'exploit');
      const batch = env.step(actions);
      for (let scene = 0; scene < SCENES; scene++) {
        const [ended, next] = [rowOf(env, batch.finalObs, scene), rowOf(env, batch.obs, scene)];
        if (batch.info.success[scene] !== 1) continue;
        successes[scene]!++;
        expect(ballAt(next)).toEqual(ballAt(ended));
        expect(next('direction')).toBe(-ended('direction'));
        expect(next('bin.y')).toBe(-ended('bin.y'));
        // Over where both trays meet, within 3 cm of its height.
        expect(Math.abs(next('wrist.z') - 0.2)).toBeLessThan(0.031);
      }
      obs = batch.obs;
    }
    expect(Math.min(...successes)).toBeGreaterThanOrEqual(2);
    env.close();
  });

  test('a ball that has not arrived stays too, or falls from where the hand has left it, and is to go where it was', async () => {
    const { env, player } = create(1, given);
    let obs: Float32Array = env.reset(7);
    const actions = new Float32Array(env.actionSpace.size);
    const at = () => rowOf(env, obs, 0);
    for (let step = 0; step < 150 && at()('ball.z') < 0.14; step++) {
      await player.act(obs, actions, 'exploit');
      obs = env.step(actions).obs;
    }
    expect(at()('ball.z')).toBeGreaterThan(0.14);
    const direction = at()('direction');
    env.interrupt!(0);
    const { obs: next, finalObs, truncated } = env.step(actions);
    expect(truncated[0]).toBe(1);
    const [held, left] = [ballAt(rowOf(env, finalObs, 0)), ballAt(rowOf(env, next, 0))];
    expect(left).toEqual([held[0], held[1], Math.fround(0.08)]);
    expect(rowOf(env, next, 0)('direction')).toBe(direction);
    env.close();
  });

  test('a ball that gets out of reach is put back, and told of', () => {
    const { env } = create(1, given);
    const at = rowOf(env, env.reset(7), 0);
    const [x, y, z] = ballAt(at) as [number, number, number];
    putBall(env, 0, [x, y, z], [3, 0, 2]);
    const actions = new Float32Array(env.actionSpace.size);
    const inReach = env.spec.scores!.findIndex(({ name }) => name === 'inReach');
    for (let step = 0; step < 40; step++) {
      const { obs, terminated, info } = env.step(actions);
      if (terminated[0] === 0) continue;
      expect([info.success[0], info.scores![inReach]]).toEqual([0, 0]);
      const [nowX, nowY] = ballAt(rowOf(env, obs, 0)) as [number, number, number];
      expect(Math.max(Math.abs(nowX), Math.abs(Math.abs(nowY) - 0.13))).toBeLessThan(0.0601);
      env.close();
      return;
    }
    throw new Error('The ball never left.');
  });

  test('goes on from a snapshot as it would have gone on', async () => {
    const { env, player } = create(SCENES, given);
    let obs: Float32Array = env.reset(11);
    const actions = new Float32Array(SCENES * env.actionSpace.size);
    const play = async (steps: number): Promise<number[]> => {
      const seen: number[] = [];
      for (let step = 0; step < steps; step++) {
        await player.act(obs, actions, 'exploit');
        const batch = env.step(actions);
        obs = batch.obs;
        seen.push(...batch.obs, ...batch.reward);
      }
      return seen;
    };
    await play(30);
    const [snapshot, seen] = [env.snapshot!(), obs.slice()];
    const first = await play(40);
    env.restore!(snapshot);
    obs = seen;
    expect(await play(40)).toEqual(first);
    env.close();
  });
});

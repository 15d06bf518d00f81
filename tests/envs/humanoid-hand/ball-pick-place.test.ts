/** `hand-ball-pick-place`: the reward of each stage by hand calculation, what counts as placed, what is seen, the scripted player. */
import { describe, expect, test } from 'vitest';
import { handBallPickPlace } from '../../../envs/humanoid-hand/ball-pick-place.ts';
import { createFingertipKinematics, rightHand } from '../../../robots/humanoid-hand/index.ts';
import type { StepBatch, VectorEnv } from '../../../src/core/env.ts';
import { createRng } from '../../../src/core/rng.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';
import { putBall } from '../../support/put-ball.ts';

const create = (scenes: number, given: Record<string, unknown> = {}) => {
  const settings = handBallPickPlace.settings.parse(given);
  const env = handBallPickPlace.create(scenes, settings);
  return { env, player: handBallPickPlace.scripted!(env, settings) };
};
function rowOf(env: VectorEnv, obs: Float32Array, scene = 0): (name: string) => number {
  const { components, size } = env.observationSpace;
  return (name) => obs[size * scene + components.findIndex((each) => each.name === name)]!;
}
const termOf = (env: VectorEnv, { info }: StepBatch, name: string, scene = 0): number =>
  info.rewardTerms[env.spec.rewardTerms.length * scene + env.spec.rewardTerms.indexOf(name)]!;

type Row = (name: string) => number;
const axes = ['x', 'y', 'z'] as const;
const stages = ['grasp', 'lift', 'carry', 'release'] as const;
const kinematics = createFingertipKinematics(rightHand);
const clamp = (part: number): number => Math.max(0, Math.min(1, part));

/** From the ball to the nearest of palm (90 × 84 × 24 mm around (47, 1, 0)) and fingertips. */
function clearanceOf(at: Row): number {
  const ball = axes.map((axis) => at(`ball.from-wrist.${axis}`));
  const beyond = [ball[0]! - 0.047, ball[1]! - 0.001, ball[2]!].map((off, axis) =>
    Math.max(0, Math.abs(off) - [0.045, 0.042, 0.012][axis]!),
  );
  const angles = rightHand.digits.flatMap((digit) =>
    digit.joints.map(({ name }) => at(`${digit.name}.${name}.angle`)),
  );
  const tips = new Float64Array(15);
  kinematics(angles, tips);
  const toTips = rightHand.digits.map((_, tip) =>
    Math.hypot(...ball.map((value, axis) => value - tips[3 * tip + axis]!)),
  );
  return Math.min(Math.hypot(...beyond), ...toTips) - 0.035;
}

/** From between the walls, which are 6 mm thick and 160 mm apart from outside to outside. */
const besideOf = (at: Row): number =>
  Math.hypot(
    ...['x', 'y'].map((axis) => Math.max(0, Math.abs(at(`ball.${axis}`) - at(`bin.${axis}`)) - 0.074)),
  );

/** Two digits touch the ball, the thumb or the palm among them, where the hand grasps. */
function isHeld(at: Row): boolean {
  const feels = (digit: string): boolean => {
    const phalanges =
      digit === 'thumb' ? ['metacarpal', 'proximal', 'distal'] : ['proximal', 'middle', 'distal'];
    return phalanges.reduce((sum, phalanx) => sum + 20 * at(`${digit}.${phalanx}.touch`), 0) > 0.05;
  };
  const digits = rightHand.digits.map(({ name }) => name).filter(feels);
  const opposed = digits.includes('thumb') || 20 * at('palm.touch') > 0.05;
  return graspDistance(at) <= 0.06 && digits.length >= 2 && opposed;
}
const graspDistance = (at: Row): number => {
  const [x, y, z] = axes.map((axis) => at(`ball.from-wrist.${axis}`));
  return Math.hypot(x! - 0.073, y! + 0.015, z! - 0.041);
};

/** How much of each stage is done. */
function progressOf(at: Row): number[] {
  const beside = besideOf(at);
  if (beside === 0) return [1, 1, 1, clamp(clearanceOf(at) / 0.05)];
  const lift = clamp((at('ball.z') - 0.035) / 0.12);
  const grasp = isHeld(at) ? 1 : (1 - Math.tanh(10 * graspDistance(at))) / 2;
  return [grasp, lift, lift * clamp(1 - beside / 0.4), 0];
}

/** Whether the ball rests in the bin and the hand is away. */
const isPlaced = (at: Row): boolean =>
  besideOf(at) === 0 &&
  at('ball.z') < 0.08 &&
  Math.hypot(...axes.map((axis) => at(`ball.velocity.${axis}`))) < 0.05 &&
  clearanceOf(at) > 0.05;

/** Fingers stay open, and the wrist where it is. */
const still = (env: VectorEnv): Float32Array =>
  new Float32Array(12 * env.numEnvs).map((_, i) => (i % 12 < 6 ? -1 : 0));

describe('the reward', () => {
  test('is the change of what is done of each stage, which adds up to less than 1, and being placed', async () => {
    const { env, player } = create(1);
    let obs = env.reset(2);
    const [actions, last] = [new Float32Array(12), new Float32Array(12)];
    const start = progressOf(rowOf(env, obs));
    let before = start;
    const seen = new Set<string>();
    let [total, placed] = [0, 0];
    for (let step = 0; step < 200; step++) {
      await player.act(obs, actions, 'exploit');
      const batch = env.step(actions);
      const at = rowOf(env, batch.finalObs);
      const now = progressOf(at);
      stages.forEach((stage, i) => {
        const term = termOf(env, batch, stage);
        expect(term).toBeCloseTo(0.25 * (now[i]! - before[i]!), 3);
        if (now[i] === 1) seen.add(stage);
        total += term;
      });
      expect(termOf(env, batch, 'placed')).toBe(isPlaced(at) ? 1 : 0);
      const change = actions.reduce((sum, action, i) => sum + (action - last[i]!) ** 2, 0);
      expect(termOf(env, batch, 'change')).toBeCloseTo(-1e-5 * change, 7);
      placed += termOf(env, batch, 'placed');
      expect([batch.terminated[0], batch.truncated[0]]).toEqual([0, step === 199 ? 1 : 0]);
      if (step === 199) expect([batch.info.success[0], batch.info.scores![0]]).toEqual([1, 4]);
      before = now;
      last.set(actions);
      obs = batch.obs;
    }
    expect([...seen]).toEqual(expect.arrayContaining([...stages]));
    expect(placed).toBeGreaterThan(100);
    expect(total).toBeCloseTo(1 - start.reduce((sum, part) => sum + part / 4, 0), 3);
    env.close();
  });

  test('gives nothing for going to and fro: a ball that is lifted and lost again has earned what it is worth there', async () => {
    const { env, player } = create(1);
    let obs = env.reset(2);
    const actions = new Float32Array(12);
    const start = progressOf(rowOf(env, obs));
    let [total, most, at] = [0, 0, rowOf(env, obs)];
    const take = (given: Float32Array): void => {
      const batch = env.step(given);
      obs = batch.obs;
      at = rowOf(env, batch.finalObs);
      total += stages.reduce((sum, stage) => sum + termOf(env, batch, stage), 0);
      most = Math.max(most, total);
    };
    for (let round = 0; round < 2; round++) {
      for (let step = 0; step < 60 && at('ball.z') < 0.14; step++) {
        await player.act(obs, actions, 'exploit');
        take(actions);
      }
      expect(at('ball.z')).toBeGreaterThan(0.14);
      expect(besideOf(at)).toBeGreaterThan(0);
      for (let step = 0; step < 20; step++) take(still(env));
      expect(at('ball.z')).toBeLessThan(0.06);
      const worth = progressOf(at).reduce((sum, part, i) => sum + (part - start[i]!) / 4, 0);
      expect(total).toBeCloseTo(worth, 4);
      expect(total).toBeLessThan(0.1);
    }
    expect(most).toBeGreaterThan(0.5);
    env.close();
  });

  test('is weighted as told', () => {
    const [plain, weighted] = [create(1).env, create(1, { stageReward: 10 }).env];
    for (const env of [plain, weighted]) env.reset(1);
    const rng = createRng(3);
    let nearer = 0;
    for (let step = 0; step < 20; step++) {
      const actions = new Float32Array(12).map(() => rng.uniform(-1, 1));
      const [one, ten] = [plain, weighted].map((env) => termOf(env, env.step(actions), 'grasp'));
      expect(ten).toBeCloseTo(10 * one!, 6);
      if (Math.abs(one!) > 1e-5) nearer++;
    }
    expect(nearer).toBeGreaterThan(10);
    for (const env of [plain, weighted]) env.close();
  });
});

describe('placed', () => {
  /** What a step says of a ball that is put there, relative to the bin, where the hand is far away. */
  const judged = (place: readonly [number, number, number], velocity?: readonly number[]) => {
    const { env } = create(1, { reward: 'sparse' });
    const at = rowOf(env, env.reset(3));
    putBall(env, 0, [at('bin.x') + place[0], at('bin.y') + place[1], place[2]], velocity);
    const batch = env.step(still(env));
    const result = [batch.reward[0], batch.terminated[0], batch.info.success[0]];
    env.close();
    return result;
  };

  test('is a ball that rests in the bin', () => {
    expect(judged([0, 0, 0.041])).toEqual([1, 1, 1]);
    expect(judged([0.038, -0.038, 0.041])).toEqual([1, 1, 1]);
  });
  test('is no ball that moves there', () => {
    expect(judged([-0.03, 0, 0.041], [0.4, 0, 0])).toEqual([0, 0, 0]);
    expect(judged([0, 0, 0.07])).toEqual([0, 0, 0]);
  });
  test('is no ball beside the bin, or on its edge', () => {
    expect(judged([-0.12, 0, 0.035])).toEqual([0, 0, 0]);
    expect(judged([0.077, 0, 0.115])).toEqual([0, 0, 0]);
  });
  test('is no ball that is out of reach, which ends the episode', () => {
    expect(judged([-0.3, 0, 0.035])).toEqual([0, 1, 0]);
  });
  test('is no ball whose hand is near: it stops to be when the hand comes back, and is again when it has gone', async () => {
    const { env, player } = create(1);
    let obs = env.reset(5);
    const actions = still(env);
    const take = () => {
      const batch = env.step(actions);
      obs = batch.obs;
      return { placed: termOf(env, batch, 'placed'), at: rowOf(env, batch.finalObs) };
    };
    for (let step = 0; step < 100; step++) {
      await player.act(obs, actions, 'exploit');
      take();
    }
    actions.set(still(env));
    expect(take().placed).toBe(1);
    actions[8] = -1;
    let taken = take();
    for (let step = 0; step < 20 && clearanceOf(taken.at) > 0.045; step++) taken = take();
    expect(taken.placed).toBe(0);
    expect(besideOf(taken.at)).toBe(0);
    expect(taken.at('ball.z')).toBeLessThan(0.045);
    actions[8] = 1;
    for (let step = 0; step < 20; step++) taken = take();
    expect(taken.placed).toBe(1);
    env.close();
  });

  test('ends the episode, at 1, where that alone is rewarded', async () => {
    const { env, player } = create(1, { reward: 'sparse' });
    let obs = env.reset(6);
    const actions = new Float32Array(12);
    let [batch, total, steps]: [StepBatch | undefined, number, number] = [undefined, 0, 0];
    for (; steps < 200 && !batch?.terminated[0]; steps++) {
      if (batch) expect(isPlaced(rowOf(env, batch.finalObs))).toBe(false);
      await player.act(obs, actions, 'exploit');
      batch = env.step(actions);
      obs = batch.obs;
      total += batch.reward[0]!;
    }
    expect([batch!.terminated[0], batch!.info.success[0], total]).toEqual([1, 1, 1]);
    expect(batch!.info.scores![0]).toBe(4);
    expect(isPlaced(rowOf(env, batch!.finalObs))).toBe(true);
    expect(steps).toBeLessThan(100);
    env.close();
  });
});

describe('the scene', () => {
  test('begins with the ball in its square, the bin 30 cm away, and the hand over the square', () => {
    const { env } = create(16);
    const obs = env.reset(1);
    const [balls, bins] = [new Set<number>(), new Set<number>()];
    for (let scene = 0; scene < 16; scene++) {
      const at = rowOf(env, obs, scene);
      expect(Math.abs(at('ball.x'))).toBeLessThanOrEqual(0.1);
      expect(Math.abs(at('ball.y') + 0.15)).toBeLessThanOrEqual(0.1);
      expect(at('ball.z')).toBeCloseTo(0.035, 6);
      expect(Math.abs(at('bin.x'))).toBeLessThanOrEqual(0.05);
      expect(Math.abs(at('bin.y') - 0.15)).toBeLessThanOrEqual(0.05);
      // The palm looks down: x as in the scene, y and z the other way.
      const signs = [1, -1, -1];
      axes.forEach((axis, i) => {
        const off = signs[i]! * (at(`ball.${axis}`) - at(`wrist.${axis}`));
        expect(at(`ball.from-wrist.${axis}`)).toBeCloseTo(off, 6);
      });
      expect(Math.abs(at('wrist.x') + 0.073)).toBeLessThanOrEqual(0.03);
      expect(Math.abs(at('wrist.y') + 0.165)).toBeLessThanOrEqual(0.03);
      balls.add(at('ball.x'));
      bins.add(at('bin.y'));
    }
    expect([balls.size, bins.size]).toEqual([16, 16]);
    const span = (values: Set<number>): number => Math.max(...values) - Math.min(...values);
    expect(span(balls)).toBeGreaterThan(0.1);
    expect(span(bins)).toBeGreaterThan(0.05);
    env.close();
  });

  test.each([
    [0, 0],
    [0.5, 0.05],
  ])('begins within part %f of the square, where told to', (area, most) => {
    const { env } = create(16, { area });
    const obs = env.reset(1);
    const farthest = Array.from({ length: 16 }, (_, scene) => {
      const at = rowOf(env, obs, scene);
      return Math.max(Math.abs(at('ball.x')), Math.abs(at('ball.y') + 0.15));
    });
    expect(Math.max(...farthest)).toBeLessThanOrEqual(most + 1e-7);
    expect(Math.max(...farthest)).toBeGreaterThanOrEqual(0.8 * most);
    env.close();
  });

  test('holds balls that are thrown into the bin, which come to rest within a second', () => {
    const { env } = create(8);
    const obs = env.reset(4).slice();
    for (let scene = 0; scene < 8; scene++) {
      const at = rowOf(env, obs, scene);
      const angle = (scene * Math.PI) / 4;
      const velocity = [0.4 * Math.cos(angle), 0.4 * Math.sin(angle), -1];
      putBall(env, scene, [at('bin.x'), at('bin.y'), 0.14], velocity);
    }
    const actions = still(env);
    let batch = env.step(actions);
    for (let step = 1; step < 25; step++) batch = env.step(actions);
    for (let scene = 0; scene < 8; scene++) {
      expect(isPlaced(rowOf(env, batch.finalObs, scene))).toBe(true);
      expect(rowOf(env, batch.finalObs, scene)('ball.z')).toBeCloseTo(0.041, 3);
      expect(termOf(env, batch, 'placed', scene)).toBe(1);
    }
    env.close();
  });
});

describe('the scripted player', () => {
  test.each(['synergy', 'targets', 'increments'])('succeeds with fingers driven by %s', async (fingers) => {
    const { env, player } = create(4, { fingers, reward: 'sparse' });
    expect(env.actionSpace.size).toBe(fingers === 'synergy' ? 12 : 26);
    const { successRate, scores } = await evaluate(env, player, 4, 5);
    expect([successRate, scores!.stage!.mean, scores!.soundPhysics!.mean]).toEqual([1, 4, 1]);
    env.close();
  });

  test('takes the ball again where it has lost it on the way', async () => {
    const { env, player } = create(1, { reward: 'sparse' });
    let obs = env.reset(2);
    const actions = new Float32Array(12);
    let [batch, dropped]: [StepBatch | undefined, boolean] = [undefined, false];
    for (let step = 0; step < 200 && !batch?.terminated[0]; step++) {
      await player.act(obs, actions, 'exploit');
      batch = env.step(actions);
      obs = batch.obs;
      if (!dropped && rowOf(env, obs)('ball.z') > 0.14) {
        dropped = true;
        putBall(env, 0, [0.05, -0.2, 0.035]);
      }
    }
    expect([dropped, batch!.info.success[0]]).toEqual([true, 1]);
    env.close();
  });
});

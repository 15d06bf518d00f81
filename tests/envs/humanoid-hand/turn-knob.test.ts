/** `hand-turn-knob`: rewards by hand calculation, the scripted player, ends, and faults of the physics. */
import RAPIER from '@dimforge/rapier3d-compat';
import { describe, expect, test } from 'vitest';
import { handTurnKnob } from '../../../envs/humanoid-hand/turn-knob.ts';
import { packBytes, unpackBytes } from '../../../src/core/bytes.ts';
import type { StepBatch, VectorEnv } from '../../../src/core/env.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';

const create = (scenes: number, given: Record<string, unknown> = {}) => {
  const settings = handTurnKnob.settings.parse(given);
  const env = handTurnKnob.create(scenes, settings);
  return { env, player: handTurnKnob.scripted!(env, settings) };
};
function rowOf(env: VectorEnv, obs: Float32Array, scene = 0): (name: string) => number {
  const { components, size } = env.observationSpace;
  return (name) => obs[size * scene + components.findIndex((each) => each.name === name)]!;
}
const termOf = (env: VectorEnv, { info }: StepBatch, name: string, scene = 0): number =>
  info.rewardTerms[env.spec.rewardTerms.length * scene + env.spec.rewardTerms.indexOf(name)]!;

describe('hand-turn-knob', () => {
  test('rewards nearness, every part of the way, a quarter of a turn, and steadiness', async () => {
    const { env, player } = create(1);
    let obs = env.reset(2);
    const actions = new Float32Array(12);
    const before = new Float32Array(12);
    let most = 0;
    for (let step = 0; step < 150; step++) {
      await player.act(obs, actions, 'exploit');
      const batch = env.step(actions);
      const at = rowOf(env, batch.finalObs);
      const [x, y, z] = ['x', 'y', 'z'].map((axis) => at(`knob.from-wrist.${axis}`));
      const distance = Math.hypot(x! - 0.073, y! + 0.015, z! - 0.041);
      const angle = at('knob.angle');
      most = Math.max(most, angle);
      const change = actions.reduce((sum, action, i) => sum + (action - before[i]!) ** 2, 0);
      expect(termOf(env, batch, 'reach')).toBeCloseTo(1 - Math.tanh(10 * distance), 4);
      expect(termOf(env, batch, 'turn')).toBeCloseTo(5 * Math.max(0, Math.min(1, angle / (Math.PI / 2))), 4);
      expect(termOf(env, batch, 'turned')).toBe(angle >= Math.PI / 2 ? 1 : 0);
      expect(termOf(env, batch, 'change')).toBeCloseTo(-1e-3 * change, 5);
      expect([batch.terminated[0], batch.truncated[0]]).toEqual([0, step === 149 ? 1 : 0]);
      before.set(actions);
      obs = batch.obs;
    }
    expect(most).toBeGreaterThan(Math.PI / 2);
    env.close();
  });

  test.each([
    { radius: 0.025, fingers: 'targets' },
    { radius: 0.035, fingers: 'increments' },
  ])('is done by the scripted player with %o', async (given) => {
    const { env, player } = create(2, given);
    const { successRate, scores } = await evaluate(env, player, 2, 5);
    expect(successRate).toBe(1);
    expect(scores!.angle!.mean).toBeGreaterThan(Math.PI / 2);
    env.close();
  });

  test('ends with the quarter, at 1, where that alone is rewarded', async () => {
    const { env, player } = create(1, { reward: 'sparse' });
    let obs = env.reset(6);
    const actions = new Float32Array(12);
    let [batch, total]: [StepBatch | undefined, number] = [undefined, 0];
    for (let step = 0; step < 150 && !batch?.terminated[0]; step++) {
      await player.act(obs, actions, 'exploit');
      batch = env.step(actions);
      obs = batch.obs;
      total += batch.reward[0]!;
    }
    expect([batch!.terminated[0], batch!.info.success[0], total]).toEqual([1, 1, 1]);
    expect(rowOf(env, batch!.finalObs)('knob.angle')).toBeGreaterThanOrEqual(Math.PI / 2);
    env.close();
  });

  test('leaves a knob that nothing touches as it is, and begins with it elsewhere each time', () => {
    const { env } = create(4);
    const places = new Set([1, 2].flatMap((seed) => [...env.reset(seed).filter((_, i) => i % 99 === 92)]));
    expect(places.size).toBe(8);
    // Fingers stay open, and the wrist where it is.
    const actions = new Float32Array(48).map((_, i) => (i % 12 < 6 ? -1 : 0));
    for (let step = 0; step < 10; step++) env.step(actions);
    const { finalObs } = env.step(actions);
    for (let scene = 0; scene < 4; scene++) {
      const at = rowOf(env, finalObs, scene);
      for (const axis of ['x', 'y']) expect(Math.abs(at(`knob.${axis}`))).toBeLessThan(0.04);
      expect(Math.abs(at('knob.angle'))).toBeLessThan(1e-6);
      expect(Math.abs(at('knob.rate'))).toBeLessThan(1e-4);
    }
    env.close();
  });

  test('ends an episode where physics fails, rewards nothing for it, and goes on beside it', () => {
    const { env } = create(2);
    env.reset(1);
    // The table of scene 0 is put where its hand is.
    const parts = unpackBytes(env.snapshot!());
    const worlds = unpackBytes(parts.at(-1)!);
    const world = RAPIER.World.restoreSnapshot(worlds[0]!)!;
    world.forEachRigidBody((body) => {
      const { x, y, z } = body.translation();
      if (Math.abs(z + 0.02) < 1e-6) body.setTranslation({ x, y, z: 0.22 }, true);
    });
    worlds[0] = world.takeSnapshot();
    world.free();
    env.restore!(packBytes([...parts.slice(0, -1), packBytes(worlds)]));
    const batch = env.step(new Float32Array(24));
    expect([...batch.terminated]).toEqual([1, 0]);
    expect([batch.reward[0], batch.info.success[0], batch.info.scores![1]]).toEqual([0, 0, 0]);
    expect([...env.step(new Float32Array(24)).terminated]).toEqual([0, 0]);
    env.close();
  });
});

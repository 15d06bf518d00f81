/** `hand-reach` and `hand-grasp-lift`: rewards by hand calculation, success, ends, and what happens where physics fails. */
import { describe, expect, test } from 'vitest';
import { handGraspLift } from '../../../envs/humanoid-hand/grasp-lift.ts';
import { handReach } from '../../../envs/humanoid-hand/reach.ts';
import type { EnvDefinition, StepBatch, VectorEnv } from '../../../src/core/env.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';

const create = <S>({ create, settings }: EnvDefinition<S>, scenes: number, given = {}): VectorEnv =>
  create(scenes, settings.parse(given));

/** Values of row `scene` by the names of the components. */
function rowOf(env: VectorEnv, obs: Float32Array, scene = 0): (name: string) => number {
  const { components, size } = env.observationSpace;
  return (name) => obs[size * scene + components.findIndex((each) => each.name === name)]!;
}
const termOf = (env: VectorEnv, { info }: StepBatch, name: string, scene = 0): number =>
  info.rewardTerms[env.spec.rewardTerms.length * scene + env.spec.rewardTerms.indexOf(name)]!;

const digits = ['index', 'middle', 'ring', 'little', 'thumb'];
/** Mean distance of the fingertips from their goals, from what is observed. */
function meanError(env: VectorEnv, obs: Float32Array): number {
  const at = rowOf(env, obs);
  const errors = digits.map((digit) =>
    Math.hypot(...['x', 'y', 'z'].map((axis) => at(`${digit}.goal.${axis}`) - at(`${digit}.tip.${axis}`))),
  );
  return errors.reduce((sum, error) => sum + error, 0) / 5;
}

describe('hand-reach', () => {
  test('rewards nearness, being there, and steadiness', () => {
    const env = create(handReach, 1);
    env.reset(4);
    const actions = new Float32Array(20).fill(0.25);
    const batch = env.step(actions);
    const error = meanError(env, batch.finalObs);
    expect(termOf(env, batch, 'distance')).toBeCloseTo(1 - Math.tanh(20 * error), 5);
    expect(termOf(env, batch, 'reached')).toBe(error < 0.01 ? 1 : 0);
    // From an action of zeros: 20 changes of a quarter.
    expect(termOf(env, batch, 'change')).toBeCloseTo(-1e-3 * 20 * 0.0625, 6);
    expect(termOf(env, env.step(actions), 'change')).toBeCloseTo(0, 9);
    env.close();
  });

  test('tells after two seconds whether it was a success, and rewards nothing else where only the goal counts', () => {
    const env = create(handReach, 1, { reward: 'sparse', tolerance: 0.1 });
    env.reset(1);
    const actions = new Float32Array(20);
    let batch = env.step(actions);
    for (let step = 1; step < 50; step++) {
      expect(batch.truncated[0]).toBe(0);
      expect([0, 1]).toContain(batch.reward[0]);
      expect(batch.reward[0]).toBe(meanError(env, batch.finalObs) < 0.1 ? 1 : 0);
      batch = env.step(actions);
    }
    expect(batch.truncated[0]).toBe(1);
    expect(batch.info.success[0]).toBe(meanError(env, batch.finalObs) < 0.1 ? 1 : 0);
    expect(batch.info.scores![0]).toBeCloseTo(-meanError(env, batch.finalObs), 5);
    env.close();
  });

  test('begins and aims at postures that differ from episode to episode', () => {
    const env = create(handReach, 8);
    const obs = env.reset(2);
    const starts = new Set(
      Array.from({ length: 8 }, (_, scene) => rowOf(env, obs, scene)('index.pip.angle')),
    );
    const goals = new Set(Array.from({ length: 8 }, (_, scene) => rowOf(env, obs, scene)('thumb.goal.x')));
    expect([starts.size, goals.size]).toEqual([8, 8]);
    env.close();
  });
});

describe('hand-grasp-lift', () => {
  test('rewards nearness of the object to where it can be grasped', () => {
    const env = create(handGraspLift, 1);
    env.reset(3);
    const batch = env.step(new Float32Array(12));
    const at = rowOf(env, batch.finalObs);
    const [x, y, z] = ['x', 'y', 'z'].map((axis) => at(`object.from-wrist.${axis}`));
    const distance = Math.hypot(x! - 0.073, y! + 0.015, z! - 0.041);
    expect(termOf(env, batch, 'reach')).toBeCloseTo(1 - Math.tanh(10 * distance), 5);
    for (const term of ['touch', 'height', 'lifted']) expect(termOf(env, batch, term)).toBe(0);
    env.close();
  });

  test.each(['ball', 'cube', 'cylinder'])('the scripted player lifts a %s', async (object) => {
    const settings = handGraspLift.settings.parse({ object });
    const env = handGraspLift.create(8, settings);
    const { successRate, scores } = await evaluate(env, handGraspLift.scripted!(env, settings), 8, 5);
    expect(successRate).toBeGreaterThanOrEqual(7 / 8);
    expect(scores!.height!.mean).toBeGreaterThan(0.2);
    env.close();
  });

  test('ends with the goal where that alone is rewarded: 1, once the object was up for 0.2 s', async () => {
    const settings = handGraspLift.settings.parse({ reward: 'sparse' });
    const env = handGraspLift.create(1, settings);
    const player = handGraspLift.scripted!(env, settings);
    let obs = env.reset(6);
    const actions = new Float32Array(12);
    let [batch, high, total]: [StepBatch | undefined, number, number] = [undefined, 0, 0];
    for (let step = 0; step < 125 && !batch?.terminated[0]; step++) {
      await player.act(obs, actions, 'exploit');
      batch = env.step(actions);
      obs = batch.obs;
      total += batch.reward[0]!;
      high = rowOf(env, batch.finalObs)('object.z') - 0.03 > 0.12 ? high + 1 : 0;
    }
    expect([batch!.terminated[0], batch!.info.success[0], total, high]).toEqual([1, 1, 1, 5]);
    env.close();
  });

  test.each(['targets', 'increments'])(
    'the scripted player lifts with fingers driven by %s',
    async (fingers) => {
      const settings = handGraspLift.settings.parse({ fingers });
      const env = handGraspLift.create(4, settings);
      expect(env.actionSpace.size).toBe(26);
      const { successRate } = await evaluate(env, handGraspLift.scripted!(env, settings), 4, 5);
      expect(successRate).toBe(1);
      env.close();
    },
  );

  test('a person moves the wrist and closes the hand', () => {
    const settings = handGraspLift.settings.parse({});
    const env = handGraspLift.create(1, settings);
    const { act, controls } = handGraspLift.teleoperation!(env, settings);
    const action = new Float32Array(12);
    const command = (given: Record<string, number>) =>
      act(
        Float32Array.from(controls.map(({ name }) => given[name] ?? 0)),
        new Float32Array(env.observationSpace.size),
        action,
      );
    command({ forward: 1, height: -0.5, turn: 0.25, grip: -1 });
    const rounded = [...action].map((value) => Number(value.toFixed(4)));
    expect(rounded).toEqual([-1, 0.7, -1, -1, -1, -1, 1, 0, -0.5, 0, 0, 0.25]);
    command({ grip: 1 });
    expect(action[3]).toBe(1);
    env.close();
  });
});

describe('every task', () => {
  test('makes as many control steps a second as it is told, and refuses what 400 is no multiple of', () => {
    const env = create(handReach, 1, { rate: 50 });
    expect([env.spec.controlDt, env.spec.maxEpisodeSteps]).toEqual([0.02, 100]);
    env.close();
    expect(() => create(handReach, 1, { rate: 30 })).toThrow(/env.rate=30: the 400 physics steps/);
  });

  test('varies its hands and objects where told to', () => {
    const course = (variation: number): number => {
      const env = create(handGraspLift, 1, { variation });
      env.reset(8);
      const actions = new Float32Array(12).fill(1);
      for (let step = 0; step < 10; step++) env.step(actions);
      const angle = rowOf(env, env.step(actions).finalObs)('index.mcp.angle');
      env.close();
      return angle;
    };
    expect(course(0)).toBe(course(0));
    expect(course(1)).not.toBe(course(0));
  });

  test('adds noise to the angles that are seen where told to, and nowhere else', () => {
    const [plain, noisy] = [create(handReach, 1), create(handReach, 1, { sensorNoise: 0.01 })];
    const [a, b] = [plain.reset(5), noisy.reset(5)].map((obs) => obs.slice());
    const differs = [...a!].map((value, i) => value !== b![i]);
    expect(differs.slice(0, 20)).toEqual(new Array(20).fill(true));
    expect(differs.slice(20)).toEqual(new Array(a!.length - 20).fill(false));
    plain.close();
    noisy.close();
  });
});

/** Rewards and scores of fin rays, worked out by hand from loads that are given. */
import { describe, expect, test } from 'vitest';
import { rewardTerms } from '../../../envs/fin-ray/objective.ts';
import { frequencyOf } from '../../../envs/fin-ray/score-sheet.ts';
import type { StepBatch, VectorEnv } from '../../../src/core/env.ts';
import { puppetEnv, STILL } from './puppet-flow.ts';

/** In the span of 0.5, a c_T of 1 and a c_P of 2. */
const LOADS = { ...STILL, thrust: 0.25, power: 0.5 };
const REST = Float32Array.of(0, 0);

function stepTimes(env: VectorEnv, steps: number, action = REST): StepBatch {
  let batch = env.step(action);
  for (let step = 1; step < steps; step++) batch = env.step(action);
  return batch;
}

const termOf = ({ info }: StepBatch, name: (typeof rewardTerms)[number]): number =>
  info.rewardTerms[rewardTerms.indexOf(name)]!;

describe('the reward of a step', () => {
  test.each([
    ['thrust', 1],
    ['combined', 1 - 0.3 * 2],
    ['efficiency', 1 - 0.4 * 2],
  ] as const)('under %s is %f', (objective, expected) => {
    const prices = { combinedPowerPrice: 0.3, efficiencyPowerPrice: 0.4 };
    const env = puppetEnv(LOADS, { objective, ...prices });
    env.reset(1);
    expect(stepTimes(env, 60).reward[0]).toBeCloseTo(expected, 6);
  });

  test('is 0 for the first 2 L/U', () => {
    const env = puppetEnv(LOADS);
    env.reset(1);
    const rewards = Array.from(
      { length: 42 },
      (_, step) => env.step(Float32Array.of(step % 2, 1)).reward[0]!,
    );
    expect(rewards.slice(0, 40)).toEqual(Array(40).fill(0));
    expect(rewards[40]).toBeGreaterThan(0.9);
  });

  test('is less by the squared change of the action, of both components', () => {
    const env = puppetEnv(STILL, { changeReward: -0.5 });
    env.reset(1);
    stepTimes(env, 50, Float32Array.of(0.5, -1));
    const { reward } = env.step(Float32Array.of(-0.5, 0.5));
    expect(reward[0]).toBeCloseTo(-0.5 * (1 + 2.25), 6);
    expect(stepTimes(env, 1, Float32Array.of(-0.5, 0.5)).reward[0]).toBeCloseTo(0, 6);
  });

  test('under efficiency charges what the running mean of thrust lacks, which forgets within 2 L/U', () => {
    const [least, thrust] = [0.2, 0.05];
    const env = puppetEnv(
      { ...STILL, thrust: thrust / 4 },
      { objective: 'efficiency', leastThrust: least, shortfallReward: -2 },
    );
    env.reset(1);
    const steps = 80;
    const kept = Math.exp((-steps * 0.05) / 2);
    const mean = kept * least + (1 - kept) * thrust;
    expect(termOf(stepTimes(env, steps), 'shortfall')).toBeCloseTo(-2 * (least - mean), 6);
    const enough = puppetEnv(LOADS, { objective: 'efficiency', leastThrust: least });
    enough.reset(1);
    expect(termOf(stepTimes(enough, steps), 'shortfall')).toBeCloseTo(0, 12);
  });
});

describe('an episode', () => {
  test.each([
    ['a joint bent by more than 1.2 rad', { bend: -1.21 }],
    ['a tip beyond 1.5 L', { tip: () => 1.51 }],
    ['a power that is not a number', { power: Number.NaN }],
    ['a joint that is not a number', { bend: Number.NaN }],
  ])('ends with a penalty for %s, and a last observation that is finite', (_, failure) => {
    const puppet = { ...LOADS };
    const env = puppetEnv(puppet);
    env.reset(1);
    expect(stepTimes(env, 50).terminated[0]).toBe(0);
    Object.assign(puppet, failure);
    const batch = env.step(REST);
    expect(batch.terminated[0]).toBe(1);
    expect([...batch.info.rewardTerms]).toEqual([0, 0, 0, 0, -10]);
    expect(batch.finalObs.every(Number.isFinite)).toBe(true);
  });

  test('goes on with joints bent by just less, and ends by time after 12.5 L/U', () => {
    const env = puppetEnv({ ...LOADS, bend: 1.19, tip: () => -1.49 });
    env.reset(1);
    const before = stepTimes(env, 249);
    expect([before.terminated[0], before.truncated[0]]).toEqual([0, 0]);
    const { terminated, truncated } = env.step(REST);
    expect([terminated[0], truncated[0]]).toEqual([0, 1]);
  });
});

describe('the scores of an episode', () => {
  const scoresOf = (env: VectorEnv, steps = 250): Record<string, number> => {
    env.reset(1);
    const { scores } = stepTimes(env, steps).info;
    return Object.fromEntries(env.spec.scores!.map(({ name }, i) => [name, scores![i]!]));
  };

  test.each([
    ['thrust', 1],
    ['combined', 1 - 0.3 * 2],
    ['efficiency', 0.5],
  ] as const)('begin with the objective, under %s %f', (objective, expected) => {
    const scores = scoresOf(puppetEnv(LOADS, { objective, combinedPowerPrice: 0.3 }));
    expect(scores.objective).toBeCloseTo(expected, 6);
    expect(scores.thrust).toBeCloseTo(1, 6);
    expect(scores.power).toBeCloseTo(2, 6);
    expect(scores.efficiency).toBeCloseTo(0.5, 6);
  });

  test('charge an efficiency at too little thrust', () => {
    const scores = scoresOf(puppetEnv(LOADS, { objective: 'efficiency', leastThrust: 1.5 }));
    expect(scores.objective).toBeCloseTo(0.5 - 2 * 0.5, 6);
  });

  test('are of the last 8 L/U, and of power also without what comes back', () => {
    const puppet = { ...LOADS };
    const env = puppetEnv(puppet);
    env.reset(1);
    puppet.thrust = 100;
    stepTimes(env, 90);
    puppet.thrust = 0.25;
    stepTimes(env, 80);
    puppet.power = -0.25;
    const { scores } = stepTimes(env, 80).info;
    const [thrust, power, positive] = [1, 2, 3].map((i) => scores![i]!);
    expect(thrust).toBeCloseTo(1, 6);
    expect(power).toBeCloseTo((2 - 1) / 2, 6);
    expect(positive).toBeCloseTo(1, 6);
  });

  test('tell amplitude and Strouhal number of the tip', () => {
    const tip = (time: number): number => 0.1 + 0.3 * Math.sin(2 * Math.PI * 0.8 * time + 1);
    const scores = scoresOf(puppetEnv({ ...LOADS, tip }));
    expect(scores.tipAmplitude).toBeCloseTo(0.3, 2);
    expect(scores.strouhal).toBeCloseTo(2 * 0.8 * scores.tipAmplitude!, 3);
  });

  test('count what a failure has cut off as nothing', () => {
    const puppet = { ...LOADS };
    const env = puppetEnv(puppet);
    env.reset(1);
    stepTimes(env, 170);
    puppet.bend = 2;
    const { terminated, info } = env.step(REST);
    expect(terminated[0]).toBe(1);
    expect(info.scores![1]).toBeCloseTo(0.5, 6);
  });
});

test('a tip that goes one way has no frequency', () => {
  expect(frequencyOf(Float64Array.from({ length: 160 }, (_, i) => i))).toBe(0);
  expect(frequencyOf(new Float64Array(160))).toBe(0);
});

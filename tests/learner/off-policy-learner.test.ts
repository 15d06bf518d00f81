/** What a learner does beside its agent's maths: several updates a call, checks of the batch, statistics of observations. */
import { describe, expect, test } from 'vitest';
import { sac } from '../../agents/sac.ts';
import { td3 } from '../../agents/td3.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import {
  createLearner,
  describePolicy,
  exportPolicy,
  loadPolicy,
  type OffPolicyMaths,
  offPolicyProgram,
} from '../../src/learner/index.ts';
import { compile } from '../../src/tensor/index.ts';

const spaces = {
  observation: space(vector('place', 'm', 2), symmetric('speed', 'm/s', Number.POSITIVE_INFINITY)),
  action: space(symmetric('push', '1', 1)),
};
const [O, A, B] = [4, 1, 6];

/** Columns and noise of two updates, one after the other. */
function inputsOf(shapes: Readonly<Record<string, unknown>>, seed: number): Record<string, Float32Array> {
  const rng = createRng(seed);
  return Object.fromEntries(
    Object.entries(shapes)
      .filter(([name]) => !name.startsWith('state.'))
      .map(([name, shape]) => {
        const values = new Float32Array((shape as number[]).reduce((n, size) => n * size, 1));
        rng.split(name).fillNormal(values);
        if (name === 'discount') values.fill(0.9);
        if (name === 'progress') values.fill(0.5);
        return [name, name === 'terminated' ? values.map((x) => Number(x > 1)) : values];
      }),
  );
}

test.each([
  ['soft actor-critic', sac.build(spaces, sac.settings.parse({ hidden: [8], critics: 3, policyDelay: 2 }))],
  ['TD3', td3.build(spaces, td3.settings.parse({ hidden: [8], normalizeObservations: true }))],
] as [string, OffPolicyMaths][])('two updates of %s in one call are two calls', async (_, maths) => {
  const once = offPolicyProgram(maths, spaces, B);
  const twice = offPolicyProgram(maths, spaces, B, 2);
  const learner = await createLearner({ maths, spaces, batchSize: B, rng: createRng(1), threads: 1 });
  const initial = Object.fromEntries(
    Object.entries(learner.vectors()).map(([name, values]) => [`state.${name}`, values.slice()]),
  );
  await learner.dispose();
  const inputs = inputsOf(twice.shapes, 5);
  const half = (part: number) =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => {
        if (name === 'progress') return [name, values];
        const middle = values.length / 2;
        return [name, values.subarray(part * middle, (part + 1) * middle)];
      }),
    );
  const [single, double] = [
    await compile(once.fn, once.shapes, { threads: 1 }),
    await compile(twice.fn, twice.shapes, { threads: 1 }),
  ];
  const first = await single.run({ ...initial, ...half(0) });
  const between = Object.fromEntries(
    Object.keys(initial).map((name) => [name, first[name.replace('state.', 'next.')]!]),
  );
  const expected = await single.run({ ...between, ...half(1) });
  const actual = await double.run({ ...initial, ...inputs });
  for (const name of Object.keys(expected)) {
    const scale = Math.max(1e-6, ...[...expected[name]!].map(Math.abs));
    const worst = Math.max(...[...expected[name]!].map((x, i) => Math.abs(x - actual[name]![i]!)));
    // The same operations, which the runtime may fuse in another way.
    expect(worst / scale, name).toBeLessThan(1e-5);
  }
  await single.dispose();
  await double.dispose();
});

test('in the last part of training every step size falls, linearly, to a tenth', async () => {
  const settings = sac.settings.parse({ hidden: [8], learningRateDecay: 0.4 });
  const moveAt = async (progress: number): Promise<number[]> => {
    const maths = sac.build(spaces, settings);
    const learner = await createLearner({ maths, spaces, batchSize: B, rng: createRng(1), threads: 1 });
    createRng(2).fillNormal(learner.batch.obs);
    const before = structuredClone(learner.vectors());
    await learner.update(progress);
    const after = learner.vectors();
    await learner.dispose();
    // Adam's first step moves each parameter by the step size, whatever the gradient, unless it is zero.
    return ['actor', 'critics', 'logTemperature'].map((name) =>
      Math.max(...before[name]!.map((x, i) => Math.abs(after[name]![i]! - x))),
    );
  };
  for (const [progress, part] of [
    [0, 1],
    [0.6, 1],
    [0.8, 0.55],
    [1, 0.1],
  ] as const)
    for (const move of await moveAt(progress)) expect(move / (3e-4 * part)).toBeCloseTo(1, 2);
});

describe('a batch with a number that is none', () => {
  test.each([
    ['reward', 3, /Column "reward" of the minibatch is NaN in row 3/],
    ['nextObs', 2 * O + 3, /Column "nextObs" \("speed"\) of the minibatch is NaN in row 2/],
    ['action', 5, /Column "action" \("push"\) of the minibatch is NaN in row 5/],
  ] as const)('stops the update, naming %s', async (column, at, message) => {
    const maths = sac.build(spaces, sac.settings.parse({ hidden: [8] }));
    const learner = await createLearner({ maths, spaces, batchSize: B, rng: createRng(1), threads: 1 });
    const before = structuredClone(learner.vectors());
    learner.batch[column][at] = Number.NaN;
    await expect(learner.update(0)).rejects.toThrow(message);
    expect(learner.vectors()).toEqual(before);
    await learner.dispose();
  });
});

describe('statistics of observations', () => {
  const maths = td3.build(
    spaces,
    td3.settings.parse({ hidden: [8], normalizeObservations: true, policyDelay: 1 }),
  );

  test('are mean and variance of all rows that updates have seen, with bounded components scaled', async () => {
    const learner = await createLearner({ maths, spaces, batchSize: B, rng: createRng(1), threads: 1 });
    const rng = createRng(2);
    const rows: number[][] = [];
    for (let update = 0; update < 5; update++) {
      const { obs } = learner.batch;
      for (let i = 0; i < obs.length; i++) obs[i] = 3 + (1 + update) * rng.normal();
      for (let row = 0; row < B; row++) {
        rows.push([...obs.subarray(row * O, (row + 1) * O)].map((x, i) => (i < 3 ? x / 2 : x)));
      }
      await learner.update(0);
    }
    const [count, ...moments] = learner.vectors().observationStatistics!;
    expect(count).toBe(rows.length);
    for (let i = 0; i < O; i++) {
      const mean = rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length;
      const variance = rows.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0) / rows.length;
      expect(moments[i]).toBeCloseTo(mean, 4);
      expect(moments[O + i]! / variance).toBeCloseTo(1, 4);
    }
    await learner.dispose();
  });

  test('stand still while the policy acts, and are inside policy.onnx', async () => {
    const learner = await createLearner({ maths, spaces, batchSize: B, rng: createRng(1), threads: 1 });
    createRng(4).fillNormal(learner.batch.obs);
    for (let i = 0; i < learner.batch.obs.length; i++) learner.batch.obs[i] = 50 + 7 * learner.batch.obs[i]!;
    await learner.update(0);
    const before = structuredClone(learner.vectors());
    const obs = Float32Array.from({ length: O }, (_, i) => 45 + i);
    const [mine, exported] = [new Float32Array(A), new Float32Array(A)];
    await learner.act(obs, mine, 'exploit');
    expect(learner.vectors()).toEqual(before);

    const about = describePolicy(spaces, { env: 'toy', agent: 'td3', controlDt: 0.02, step: 1 });
    const policy = await loadPolicy(exportPolicy(maths, spaces, learner.vectors(), about));
    await policy.act(obs, exported, 'exploit');
    expect(exported[0]).toBeCloseTo(mine[0]!, 6);

    // With other statistics it would act otherwise: they are not decoration.
    const other = structuredClone(before) as Record<string, Float32Array>;
    other.observationStatistics!.fill(1, 1);
    learner.load(other);
    await learner.act(obs, exported, 'exploit');
    expect(Math.abs(exported[0]! - mine[0]!)).toBeGreaterThan(1e-3);
    await policy.dispose();
    await learner.dispose();
  });
});

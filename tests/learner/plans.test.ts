/** Plans of several control steps: which of their actions are made, and that an exported policy makes the same. */
import { describe, expect, it } from 'vitest';
import { bc } from '../../agents/bc.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import { createLearner, describePolicy, exportPolicy, loadPolicy } from '../../src/learner/index.ts';
import { carryOut, type Planner } from '../../src/learner/plans.ts';

/** Plans `100·observation + step` and counts how often it is asked. */
function counter(horizon: number) {
  const asked: number[][] = [];
  const planner: Planner = async (obs, plans) => {
    asked.push([...obs]);
    obs.forEach((seen, scene) => {
      for (let step = 0; step < horizon; step++) plans[scene * horizon + step] = 100 * seen + step;
    });
  };
  return { planner, asked };
}

describe('a plan', () => {
  it('is carried out step by step, and then made anew', async () => {
    const { planner, asked } = counter(4);
    const policy = carryOut(planner, { horizon: 4, carriedOut: 3 }, 1);
    const made: number[] = [];
    for (let step = 0; step < 7; step++) {
      const action = new Float32Array(1);
      await policy.act(Float32Array.of(step), action, 'exploit');
      made.push(action[0]!);
    }
    expect(made).toEqual([0, 1, 2, 300, 301, 302, 600]);
    expect(asked).toEqual([[0], [3], [6]]);
  });

  it('is given up where an episode begins, and in that scene alone', async () => {
    const { planner } = counter(4);
    const policy = carryOut(planner, { horizon: 4, carriedOut: 4 }, 1);
    const made: number[][] = [];
    for (let step = 0; step < 6; step++) {
      const actions = new Float32Array(2);
      if (step === 2) policy.begin(1, Float32Array.of(0));
      await policy.act(Float32Array.of(step, 10 + step), actions, 'exploit');
      made.push([...actions]);
    }
    expect(made.map(([first]) => first)).toEqual([0, 1, 2, 3, 400, 401]);
    expect(made.map(([, second]) => second)).toEqual([1000, 1001, 1200, 1201, 1202, 1203]);
  });

  it('is forgotten where the number of scenes changes', async () => {
    const { planner, asked } = counter(2);
    const policy = carryOut(planner, { horizon: 2, carriedOut: 2 }, 1);
    for (const rows of [1, 2, 2, 1])
      await policy.act(new Float32Array(rows), new Float32Array(rows), 'exploit');
    expect(asked.map(({ length }) => length)).toEqual([1, 2, 1]);
  });
});

describe('ensembled plans', () => {
  it('are averaged, the oldest with the greatest weight', async () => {
    const decay = 0.5;
    const { planner } = counter(3);
    const policy = carryOut(planner, { horizon: 3, carriedOut: 1, ensembling: decay }, 1);
    const made: number[] = [];
    for (let step = 0; step < 5; step++) {
      if (step === 4) policy.begin(0, Float32Array.of(0));
      const action = new Float32Array(1);
      await policy.act(Float32Array.of(step), action, 'exploit');
      made.push(action[0]!);
    }
    const [w0, w1, w2] = [1, Math.exp(-decay), Math.exp(-2 * decay)];
    const expected = [
      0,
      (w0 * 1 + w1 * 100) / (w0 + w1),
      (w0 * 2 + w1 * 101 + w2 * 200) / (w0 + w1 + w2),
      (w0 * 102 + w1 * 201 + w2 * 300) / (w0 + w1 + w2),
      400,
    ];
    made.forEach((action, step) => {
      expect(action).toBeCloseTo(expected[step]!, 4);
    });
  });
});

describe('a cloned policy that plans', () => {
  const spaces = {
    observation: space(vector('position', 'm', 3)),
    action: space(vector('push', '1', 1, ['x', 'y'])),
  };

  it.each([
    { horizon: 5, carriedOut: 2 },
    { horizon: 3 },
    { horizon: 4, ensembling: true, ensemblingDecay: 0.3 },
    { horizon: 3, network: 'transformer', width: 8, heads: 2, feedForward: 6, tokens: 3, decoderLayers: 2 },
  ])('acts when it is saved as it did: %j', async (given) => {
    const settings = bc.settings.parse({ hidden: [16], ...given });
    const maths = bc.build(spaces, settings);
    const learner = await createLearner({ maths, spaces, batchSize: 8, rng: createRng(2), threads: 1 });
    createRng(3).fillNormal(learner.batch.plan!);
    createRng(4).fillNormal(learner.batch.obs);
    await learner.update(0);
    const description = describePolicy(spaces, { env: 'toy', agent: 'bc', controlDt: 0.02, step: 1 });
    const policy = await loadPolicy(exportPolicy(maths, spaces, learner.vectors(), description));
    const rng = createRng(5);
    for (let step = 0; step < 9; step++) {
      const obs = rng.fillNormal(new Float32Array(6)) as Float32Array;
      if (step === 5) for (const actor of [learner, policy]) actor.begin!(1, obs.subarray(3));
      const [mine, saved] = [new Float32Array(4), new Float32Array(4)];
      await learner.act(obs, mine, 'exploit');
      await policy.act(obs, saved, 'exploit');
      mine.forEach((value, i) => {
        expect(saved[i]).toBeCloseTo(value, 6);
      });
    }
    await learner.dispose();
    await policy.dispose();
  });

  it('cannot share a width among heads that do not divide it', () => {
    const settings = bc.settings.parse({ network: 'transformer', width: 10, heads: 4 });
    expect(() => bc.build(spaces, settings)).toThrow(/heads=4 cannot share agent.width=10 equally/);
  });

  it('cannot carry out more than it plans', () => {
    expect(() => bc.build(spaces, bc.settings.parse({ horizon: 4, carriedOut: 5 }))).toThrow(
      ConfigurationError,
    );
    expect(() => bc.build(spaces, bc.settings.parse({ horizon: 4, carriedOut: 5 }))).toThrow(
      /carriedOut=5 is more than a plan has \(agent.horizon=4\)/,
    );
  });
});

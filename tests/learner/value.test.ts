/** Estimates of the value: compiled as they are learnt, and of the listed agents. */
import { describe, expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import { actionValueCritics } from '../../agents/parts/critics.ts';
import { sac } from '../../agents/sac.ts';
import type { Spaces } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import { createValue, type PolicyMaths, type Vectors } from '../../src/learner/index.ts';
import { tf } from '../../src/tensor/index.ts';
import { small, spacesFor } from '../support/agents.ts';
import { firstDifference } from '../support/tensors.ts';
import { createTrainee } from '../support/trainee.ts';

const ROWS = 5;
const spaces = {
  observation: space(vector('position', 'm', 3), symmetric('speed', 'm/s', Number.POSITIVE_INFINITY)),
  action: space(vector('push', '1', 1, ['x', 'y'])),
};
const observed = ({ observation: { size } }: Spaces): Float32Array =>
  createRng(3).fillNormal(new Float32Array(size * ROWS)) as Float32Array;
const obs = observed(spaces);

const estimateOf = async (
  maths: PolicyMaths,
  vectors: () => Vectors,
  own: Spaces = spaces,
): Promise<Float32Array> => {
  const value = (await createValue(maths, own, vectors, ROWS))!;
  const estimates = await value.estimate(observed(own));
  await value.dispose();
  return estimates;
};

const tensors = (vectors: Vectors): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(vectors).map(([name, values]) => [name, tf.tensor1d(values)]));

const valuing = Object.entries(agents).filter(
  ([, agent]) => agent.build(spacesFor(agent, spaces), agent.settings.parse(small(agent, [16, 16]))).value,
);

test('only agents that clone have no value', () => {
  const others = Object.keys(agents).filter((name) => !valuing.some(([listed]) => listed === name));
  expect(others).toEqual(['bc', 'dagger', 'hg-dagger']);
});

describe.each(valuing)('%s', (_, agent) => {
  const settings = agent.settings.parse(small(agent, [16, 16]));
  const own = spacesFor(agent, spaces);
  const obs = observed(own);
  const maths = agent.build(own, settings);

  test('has a finite estimate for each row, that of its own maths, and follows what is learnt', async () => {
    const { learner, learn } = await createTrainee(agent, settings, own, 5);
    const value = (await createValue(maths, own, learner.vectors, ROWS))!;
    const before = await value.estimate(obs);
    for (let i = 0; i < 3; i++) await learn();
    const after = await value.estimate(obs);
    expect(after).toHaveLength(ROWS);
    expect([...before, ...after].every(Number.isFinite)).toBe(true);
    expect(firstDifference(after, before, 1e-4)).toBeDefined();

    const state = tensors(learner.vectors());
    const rows = tf.tensor2d(obs, [ROWS, own.observation.size]);
    const action = tf.clipByValue(maths.policy(state, rows, null), -1, 1);
    expect(firstDifference(after, maths.value!(state, rows, action).dataSync(), 1e-5)).toBeUndefined();
    await value.dispose();
    await learner.dispose();
  });

  test('needs no state of optimisers', async () => {
    const { learner } = await createTrainee(agent, settings, own, 5);
    const parameters = Object.fromEntries(
      Object.entries(learner.vectors()).filter(([name]) => !name.includes('.adam.')),
    );
    expect(await estimateOf(maths, () => parameters, own)).toEqual(
      await estimateOf(maths, learner.vectors, own),
    );
    await learner.dispose();
  });
});

test('that of SAC is the least of its critics at the mean action', async () => {
  const settings = sac.settings.parse({ hidden: [16, 16] });
  const { learner } = await createTrainee(sac as never, settings, spaces, 6);
  const maths = sac.build(spaces, settings);
  const { critics: parameters } = learner.vectors();
  const critics = actionValueCritics({ inputs: 4, actions: 2, hidden: [16, 16], critics: 2 });
  const action = new Float32Array(2 * ROWS);
  await learner.act(obs, action, 'exploit');
  // Observations are divided by their bounds, those without bounds are taken as they are.
  const x = tf.tensor2d(
    obs.map((value, i) => (i % 4 === 3 ? value : value / 3)),
    [ROWS, 4],
  );
  const q = critics
    .value(tf.tensor1d(parameters!), x, tf.tensor2d(action, [ROWS, 2]))
    .arraySync() as number[][];
  const least = q[0]!.map((first, row) => Math.min(first, q[1]![row]!));
  expect(firstDifference(await estimateOf(maths, learner.vectors), least, 1e-5)).toBeUndefined();
  await learner.dispose();
});

test('an agent without one has none', async () => {
  const { value: _, ...maths } = sac.build(spaces, sac.settings.parse({ hidden: [4] }));
  expect(await createValue(maths, spaces, () => ({}))).toBeUndefined();
});

/** Learners of agents that value whole teams: rows of a team come together, and in order. */
import { describe, expect, test } from 'vitest';
import { maddpg } from '../../agents/maddpg.ts';
import { mappo } from '../../agents/mappo.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, symmetric } from '../../src/core/space.ts';
import {
  createLearner,
  createOnPolicyLearner,
  createValue,
  type OnPolicyMaths,
} from '../../src/learner/index.ts';
import { tf } from '../../src/tensor/index.ts';

const spaces = {
  observation: space(symmetric('team', '1', 100), symmetric('agent', '1', 100)),
  action: space(symmetric('push', '1', 1)),
};
const [STEPS, ROWS] = [4, 6];

/** A rollout in which each row says its team (of all steps) and its agent. */
function rollout(teamSize: number) {
  const rows = STEPS * ROWS;
  const obs = Float32Array.from({ length: 2 * rows }, (_, i) => {
    const row = Math.floor(i / 2);
    return i % 2 === 0 ? Math.floor(row / teamSize) : row % teamSize;
  });
  const zeros = (): Float32Array => new Float32Array(rows);
  return {
    ...{ steps: STEPS, numEnvs: ROWS, obs, nextObs: obs.slice(), noise: zeros(), reward: zeros() },
    ...{ terminated: zeros(), truncated: zeros() },
  };
}

/** Learns nothing, and measures in each minibatch how far its teams are from being whole. */
const measuring = (teamSize: number | undefined): OnPolicyMaths => ({
  state: { actor: [{ name: 'x', shape: [1], initialize: (values) => values.fill(0) }] },
  policyState: ['actor'],
  discount: 0.9,
  ...(teamSize ? { teamSize } : {}),
  traceDecay: 0.9,
  policy: (_, obs) => tf.slice(tf.mul(obs, 0), [0, 0], [-1, 1]),
  describe: (_, { obs }) => ({ value: tf.sum(obs!, 1), nextValue: tf.sum(obs!, 1) }),
  phases: [
    {
      epochs: 1,
      minibatches: 2,
      update(state, { obs }) {
        const size = teamSize ?? 1;
        const [team, agent] = tf.split(tf.reshape(obs!, [obs!.shape[0]! / size, size, 2]), 2, 2);
        const order = tf.tensor3d(
          Array.from({ length: size }, (_, i) => i),
          [1, size, 1],
        );
        return {
          state,
          metrics: {
            mixed: tf.sum(tf.squaredDifference(team!, tf.mean(team!, 1, true))),
            disordered: tf.sum(tf.squaredDifference(agent!, order)),
            squares: tf.sum(tf.square(team!)),
            // Another sum for each order of the rows.
            order: tf.sum(
              tf.mul(tf.squeeze(tf.mean(team!, 1), [1]), tf.sqrt(tf.range(0, obs!.shape[0]! / size))),
            ),
          },
        };
      },
    },
  ],
});

describe('an on-policy learner', () => {
  const learn = async (teamSize: number | undefined) => {
    const maths = measuring(teamSize);
    const learner = await createOnPolicyLearner({
      ...({ maths, spaces, rows: STEPS * ROWS, rng: createRng(5), device: 'reference', threads: 1 } as const),
    });
    const given = rollout(teamSize ?? 1);
    const history = [await learner.learn(given, 0), await learner.learn(given, 0)];
    await learner.dispose();
    return history.map(({ metrics }) => metrics);
  };

  test.each([2, 3])(
    'shuffles whole teams of %i, their agents in order, and leaves none out',
    async (teamSize) => {
      const [first, second] = await learn(teamSize);
      for (const { mixed, disordered, squares } of [first!, second!]) {
        expect([mixed, disordered]).toEqual([0, 0]);
        const teams = (STEPS * ROWS) / teamSize;
        // 0² + 1² + … of all teams, in two minibatches.
        expect(squares! * 2).toBe((teamSize * (teams - 1) * teams * (2 * teams - 1)) / 6);
      }
      expect(first!.order).not.toBe(second!.order);
    },
  );

  test('shuffles rows apart in the same way whether it is told teams of one or nothing', async () => {
    expect(await learn(1)).toEqual(await learn(undefined));
  });

  test('refuses minibatches that are no whole teams', async () => {
    const options = { maths: measuring(3), spaces, rows: 8, rng: createRng(1), threads: 1 };
    await expect(createOnPolicyLearner(options)).rejects.toThrow(ConfigurationError);
    await expect(createOnPolicyLearner(options)).rejects.toThrow(/minibatch of 4 rows .* multiple of 3 is 3/);
  });
});

test('an off-policy learner refuses minibatches that are no whole teams', async () => {
  const maths = maddpg.build({ ...spaces, agents: 3 }, maddpg.settings.parse({ hidden: [4] }));
  const options = { maths, spaces, batchSize: 64, rng: createRng(1), threads: 1 };
  await expect(createLearner(options)).rejects.toThrow(/minibatch of 64 rows .* multiple of 3 is 63/);
});

describe('the value of a team', () => {
  const maths = mappo.build({ ...spaces, agents: 2 }, mappo.settings.parse({ hidden: [8] }));

  test('is estimated of whole teams, and not of a row alone', async () => {
    const learner = await createOnPolicyLearner({ maths, spaces, rows: 4, rng: createRng(1), threads: 1 });
    expect(await createValue(maths, spaces, learner.vectors)).toBeUndefined();
    const value = (await createValue(maths, spaces, learner.vectors, 4))!;
    const obs = Float32Array.of(1, 2, 30, 40, 5, 6, 70, 80);
    const [first, second, ...others] = await value.estimate(obs);
    // Each of a team sees the same, from another place.
    expect(first).not.toBe(second);
    const changed = obs.slice();
    changed[3] = -40;
    const [firstChanged, , ...othersChanged] = await value.estimate(changed);
    expect(firstChanged).not.toBe(first);
    expect(othersChanged).toEqual(others);
    await value.dispose();
    await learner.dispose();
  });
});

/** What every listed agent promises, whatever its maths and however it learns. */
import { describe, expect, test } from 'vitest';

import { agents } from '../../agents/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { describeSettings } from '../../src/core/settings.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import { type AgentDefinition, describePolicy, exportPolicy, loadPolicy } from '../../src/learner/index.ts';
import { layoutSize } from '../../src/nn/index.ts';
import { tf } from '../../src/tensor/index.ts';
import { small, spacesFor } from '../support/agents.ts';
import { createTrainee, type Trainee } from '../support/trainee.ts';

const spaces = {
  observation: space(vector('position', 'm', 3), symmetric('speed', 'm/s', Number.POSITIVE_INFINITY)),
  action: space(vector('push', '1', 1, ['x', 'y'])),
};

/** What makes an update large to compile, and the most of it that is tested: ensembles, and minibatches of one call. */
const most: Readonly<Record<string, number>> = { critics: 4, policyDelay: 4 };
function fewer(agent: AgentDefinition): Record<string, unknown> {
  const usual = agent.settings.parse({}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(most).filter(([name, limit]) => Number(usual[name]) > limit));
}

/** Each agent alone, and those that value teams in teams as well. */
const cases = Object.entries(agents).flatMap(([name, agent]) => {
  const settings = agent.settings.parse({ ...small(agent, [16, 16]), ...fewer(agent) });
  const own = spacesFor(agent, spaces);
  const sizes = [2, 3].filter((size) => agent.build({ ...own, agents: size }, settings).teamSize === size);
  return [1, ...sizes].map((size) => ({
    title: size === 1 ? name : `${name} in teams of ${size}`,
    name,
    agent,
    settings,
    team: { ...own, agents: size },
  }));
});

test('agents with centralised values are tried in teams', () => {
  const tried = cases.filter(({ team }) => team.agents > 1).map(({ title }) => title);
  expect(tried).toEqual(['maddpg', 'mappo'].flatMap((name) => [2, 3].map((n) => `${name} in teams of ${n}`)));
});

describe.each(cases)('$title', ({ name, agent, settings, team: spaces }) => {
  const maths = agent.build(spaces, settings);
  const { size } = spaces.observation;
  const create = (seed = 0): Promise<Trainee> => createTrainee(agent, settings, spaces, seed);

  test('is listed under its own name, with a description and settings that say what they mean', () => {
    expect(agent.name).toBe(name);
    expect(agent.description.length).toBeGreaterThan(10);
    for (const setting of describeSettings(agent.settings)) {
      expect(setting.meaning.length, setting.name).toBeGreaterThan(5);
    }
  });

  test('acts within [-1, 1], even far outside the observations it expects', async () => {
    const { learner } = await create();
    const obs = Float32Array.from({ length: size * 32 }, (_, i) => 1e3 * Math.sin(i));
    const actions = new Float32Array(2 * 32).fill(Number.NaN);
    for (const mode of ['explore', 'exploit'] as const) {
      await learner.act(obs, actions, mode);
      expect(Math.max(...actions)).toBeLessThanOrEqual(1);
      expect(Math.min(...actions)).toBeGreaterThanOrEqual(-1);
    }
    await learner.dispose();
  });

  test('explores differently each time and exploits the same way', async () => {
    const { learner } = await create();
    const obs = Float32Array.from({ length: size }, (_, i) => (i + 1) / 10);
    const act = async (mode: 'explore' | 'exploit') => {
      const action = new Float32Array(2);
      await learner.act(obs, action, mode);
      return [...action];
    };
    expect(await act('explore')).not.toEqual(await act('explore'));
    expect(await act('exploit')).toEqual(await act('exploit'));
    await learner.dispose();
  });

  test('a row is treated alike, alone or among others', async () => {
    const { learner } = await create();
    const obs = createRng(1).fillNormal(new Float32Array(size * 8));
    const together = new Float32Array(2 * 8);
    await learner.act(obs, together, 'exploit');
    const alone = new Float32Array(2);
    await learner.act(obs.subarray(3 * size, 4 * size), alone, 'exploit');
    expect(alone[0]).toBeCloseTo(together[6]!, 6);
    expect(alone[1]).toBeCloseTo(together[7]!, 6);
    await learner.dispose();
  });

  test('the same seed gives the same updates, and updates change the parameters', async () => {
    const run = async () => {
      const { learner, learn } = await create(7);
      const before = structuredClone(learner.vectors());
      const history = [await learn(), await learn(), await learn()];
      const after = structuredClone(learner.vectors());
      await learner.dispose();
      return { before, history, after };
    };
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    for (const [vectorName, values] of Object.entries(first.before)) {
      // Only the old policy of MDPO stands still for a thousand updates.
      if (vectorName !== 'oldActor') expect(first.after[vectorName], vectorName).not.toEqual(values);
    }
    for (const metrics of first.history) expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
  });

  test('reads what it learns from and leaves it as it is', async () => {
    const { learner, learn, experience } = await create();
    const copy = structuredClone(experience);
    await learn();
    expect(experience).toEqual(copy);
    await learner.dispose();
  });

  test('keeps no tensors alive', async () => {
    const { learner, learn } = await create();
    await learn();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) await learn();
    await learner.act(new Float32Array(2 * size), new Float32Array(4), 'explore');
    expect(tf.memory().numTensors).toBe(before);
    await learner.dispose();
  });

  test('continues exactly from its vectors and generators', async () => {
    const straight = await create(1);
    for (let i = 0; i < 3; i++) await straight.learn();
    const saved = structuredClone(straight.learner.vectors());
    const generators = structuredClone(straight.learner.rngStates());
    const expected = [await straight.learn(), await straight.learn()];

    const resumed = await create(99);
    resumed.learner.load(saved);
    resumed.learner.restoreRng(generators);
    resumed.fill(1);
    expect([await resumed.learn(), await resumed.learn()]).toEqual(expected);
    expect(resumed.learner.vectors()).toEqual(straight.learner.vectors());
    await straight.learner.dispose();
    await resumed.learner.dispose();
  });

  test('refuses vectors of another size, naming the vector', async () => {
    const { learner } = await create();
    const wrong = { ...structuredClone(learner.vectors()), [maths.policyState[0]!]: new Float32Array(3) };
    expect(() => learner.load(wrong)).toThrow(`Vector "${maths.policyState[0]}" has 3 values`);
    await learner.dispose();
  });

  test('every state vector has the size of its layout', async () => {
    const { learner } = await create();
    for (const [vectorName, layout] of Object.entries(maths.state)) {
      expect(learner.vectors()[vectorName]!.length).toBe(layoutSize(layout));
    }
    await learner.dispose();
  });

  test('the exported policy acts as the learner exploits, to 1e-6', async () => {
    const { learner, learn } = await create();
    for (let i = 0; i < 3; i++) await learn();
    const description = describePolicy(spaces, { env: 'toy', agent: name, controlDt: 0.02, step: 5 });
    const policy = await loadPolicy(exportPolicy(maths, spaces, learner.vectors(), description));
    for (const rows of [1, 7]) {
      const obs = createRng(rows).fillNormal(new Float32Array(size * rows));
      const [mine, exported] = [new Float32Array(2 * rows), new Float32Array(2 * rows)];
      await learner.act(obs, mine, 'exploit');
      await policy.act(obs, exported, 'exploit');
      const worst = Math.max(...mine.map((value, i) => Math.abs(value - exported[i]!)));
      expect(worst).toBeLessThan(1e-6);
    }
    await learner.dispose();
    await policy.dispose();
  });
});

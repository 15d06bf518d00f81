/** The choice among candidates by their value, and the flow that makes them. */
import { describe, expect, test } from 'vitest';
import { expo } from '../../agents/expo.ts';
import { flowLoss, flowPolicy } from '../../agents/parts/flow-policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import type { Tensors } from '../../src/learner/index.ts';
import { adam, adamState, initialVector, layoutSize } from '../../src/nn/index.ts';
import { compile, tf, valueAndGradient } from '../../src/tensor/index.ts';

const spaces = {
  observation: space(vector('obs', '1', 2)),
  action: space(vector('act', '1', 1, ['x', 'y'])),
};

describe('the action', () => {
  const ROWS = 40;
  const rng = createRng(4);
  const obs = tf.tensor2d(rng.fillNormal(new Float32Array(3 * ROWS)), [ROWS, 3]);
  const noise = rng.fillNormal(new Float32Array(ROWS * 2 * 8 * 2));
  /** What the critics think of it, `[ROWS]`, with networks that do not depend on these settings. */
  function worthOf(settings: { candidates: number; editScale: number }, explores = false): Float32Array {
    const observation = space(vector('obs', '1', 1));
    const given = { ...settings, hidden: [8], baseHidden: [8], critics: 3, flowSteps: 3 };
    const maths = expo.build({ ...spaces, observation }, expo.settings.parse(given));
    const state = Object.fromEntries(
      ['base', 'edit', 'critics'].map((name) => {
        const layout = maths.state[name]!;
        return [name, tf.mul(tf.tensor1d(initialVector(layout, createRng(9).split(name))), 3)];
      }),
    );
    const all: Tensors = { ...state, targetCritics: state.critics! };
    const width = maths.noiseWidth! * ROWS;
    const shape: [number, number] = [ROWS, maths.noiseWidth!];
    const drawn = explores ? tf.tensor2d(noise.slice(0, width), shape) : null;
    return maths.value!(all, obs, maths.policy(all, obs, drawn)).dataSync() as Float32Array;
  }
  const noWorse = (better: Float32Array, than: Float32Array): void => {
    expect(Math.min(...better.map((worth, row) => worth - than[row]!))).toBeGreaterThan(-1e-5);
    expect(Math.max(...better.map((worth, row) => worth - than[row]!))).toBeGreaterThan(1e-3);
  };

  // The latents of few candidates are the first ones of many.
  test('is worth more the more candidates there are', () => {
    const [one, three, eight] = [1, 3, 8].map((candidates) => worthOf({ candidates, editScale: 0 }));
    noWorse(three!, one!);
    noWorse(eight!, three!);
  });

  test('is the base’s own where its edits would make it worse', () => {
    const base = worthOf({ candidates: 1, editScale: 0 });
    const chosen = worthOf({ candidates: 1, editScale: 0.5 });
    noWorse(chosen, base);
    expect(chosen.filter((worth, row) => Math.abs(worth - base[row]!) < 1e-6).length).toBeGreaterThan(0);
  });

  test('differs where it explores', () => {
    const settings = { candidates: 8, editScale: 0.5 };
    expect(worthOf(settings, true)).not.toEqual(worthOf(settings));
  });
});

test('a flow has both modes of what it imitates, and hardly anything between', async () => {
  const flow = flowPolicy({ inputs: 1, actions: 1, hidden: [32, 32], steps: 10 });
  const [rows, rng] = [256, createRng(2)];
  const size = layoutSize(flow.layout);
  const program = await compile(
    ({ x, action, latent, time, ...state }) => {
      const { gradient } = valueAndGradient(
        (vector) => ({ loss: flowLoss(flow, vector, x!, action!, latent!, time!) }),
        state.flow!,
      );
      return Object.fromEntries(
        Object.entries(adam(state, 'flow', gradient, 3e-3)).map(([name, value]) => [`next.${name}`, value]),
      );
    },
    {
      ...{ x: [rows, 1], action: [rows, 1], latent: [rows, 1], time: [rows, 1], flow: [size] },
      ...Object.fromEntries(
        Object.entries(adamState('flow', flow.layout)).map(([name, layout]) => [name, [layoutSize(layout)]]),
      ),
    },
    { threads: 1 },
  );
  let state: Record<string, Float32Array> = {
    flow: initialVector(flow.layout, rng),
    ...Object.fromEntries(
      Object.entries(adamState('flow', flow.layout)).map(([name, layout]) => [
        name,
        new Float32Array(layoutSize(layout)),
      ]),
    ),
  };
  const column = (value: () => number): Float32Array => Float32Array.from({ length: rows }, value);
  for (let update = 0; update < 1_500; update++) {
    const next = await program.run({
      ...state,
      x: new Float32Array(rows),
      action: column(() => (rng.uniform(0, 1) < 0.25 ? -0.7 : 0.7)),
      latent: column(() => rng.normal()),
      time: column(() => rng.uniform(-1, 1)),
    });
    state = Object.fromEntries(
      Object.entries(next).map(([name, values]) => [name.replace('next.', ''), values as Float32Array]),
    );
  }
  await program.dispose();
  const latent = tf.tensor2d(rng.fillNormal(new Float32Array(2_000)), [2_000, 1]);
  const drawn = flow.act(tf.tensor1d(state.flow!), tf.zeros([2_000, 1]), latent).dataSync();
  const share = (test: (action: number) => boolean): number => drawn.filter(test).length / drawn.length;
  expect(share((action) => action < -0.5)).toBeGreaterThan(0.18);
  expect(share((action) => action < -0.5)).toBeLessThan(0.32);
  expect(share((action) => action > 0.5)).toBeGreaterThan(0.6);
  expect(share((action) => Math.abs(action) <= 0.5)).toBeLessThan(0.1);
});

/** One update of soft actor-critic with all its inputs, and the comparison of its results between devices. */
import { sac, sacSettings } from '../../agents/sac.ts';
import { createRng } from '../../src/core/rng.ts';
import { type Space, space, symmetric } from '../../src/core/space.ts';
import { offPolicyProgram } from '../../src/learner/index.ts';
import { initialVector, layoutSize } from '../../src/nn/index.ts';
import { compile, type Device, type InputSpec, type TensorFunction } from '../../src/tensor/index.ts';
import type { TypedArray } from '../../src/tensor/program.ts';
import { relativeError } from './tensors.ts';

export interface SacShape {
  readonly observations: number;
  readonly actions: number;
  readonly batch: number;
  readonly settings?: Record<string, unknown>;
}

interface Update {
  readonly fn: TensorFunction;
  readonly specs: Record<string, InputSpec>;
  /** Values of every input. */
  readonly arrays: Record<string, Float32Array>;
}

const bounded = (name: string, size: number): Space =>
  space(Array.from({ length: size }, (_, i) => symmetric(`${name}.${i}`, '1', i + 1)));

/**
 * The first step of Adam moves every parameter by the learning rate in the direction of its gradient's sign, however
 * small the gradient, and so do the next few: there rounding decides. So the moments here are those of a training that
 * is under way, where the move is a smooth function of the gradient.
 */
export function sacUpdate({ observations, actions, batch, settings = {} }: SacShape): Update {
  const spaces = { observation: bounded('obs', observations), action: bounded('action', actions) };
  const maths = sac.build(spaces, sacSettings.parse(settings));
  const { fn, shapes } = offPolicyProgram(maths, spaces, batch);
  const rng = createRng(7);
  const arrays: Record<string, Float32Array> = {};
  const normal = (name: string, size: number): Float32Array =>
    rng.split(name).fillNormal(new Float32Array(size));
  for (const [name, layout] of Object.entries(maths.state)) {
    const size = layoutSize(layout);
    arrays[`state.${name}`] = name.endsWith('.adam.step')
      ? Float32Array.of(500)
      : name.endsWith('.adam.first')
        ? normal(name, size).map((x) => 0.01 * x)
        : name.endsWith('.adam.second')
          ? normal(name, size).map((x) => 1e-3 * (0.1 + x * x))
          : initialVector(layout, rng.split(name));
  }
  for (const [name, spec] of Object.entries(shapes)) {
    if (name in arrays) continue;
    arrays[name] = normal(
      name,
      (spec as readonly number[]).reduce((n, size) => n * size, 1),
    );
  }
  arrays.discount!.fill(0.99);
  arrays.progress!.fill(0.5);
  arrays.terminated = arrays.terminated!.map((x) => (x > 1 ? 1 : 0));
  return { fn, specs: shapes, arrays };
}

/** Outputs of the last of `updates` consecutive updates, each from the state that the one before left. */
export async function runUpdates(
  { fn, specs, arrays }: Update,
  device: Device,
  updates: number,
): Promise<Record<string, TypedArray>> {
  const program = await compile(fn, specs, { device, threads: 1 });
  const inputs: Record<string, TypedArray> = { ...arrays };
  let outputs: Record<string, TypedArray> = {};
  for (let i = 0; i < updates; i++) {
    outputs = await program.run(inputs);
    for (const [name, values] of Object.entries(outputs)) {
      if (name.startsWith('next.')) inputs[name.replace('next.', 'state.')] = values;
    }
  }
  await program.dispose();
  return outputs;
}

/** Relative error of each output of `actual`, by name. */
export const errorsOf = (
  actual: Readonly<Record<string, TypedArray>>,
  expected: Readonly<Record<string, TypedArray>>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(expected).map(([name, values]) => [name, relativeError(actual[name] ?? [], values)]),
  );

/** The shapes that devices are compared on. */
export const sacShapes = {
  small: { observations: 5, actions: 2, batch: 8, settings: { hidden: [16, 16] } },
  normalised: {
    observations: 5,
    actions: 2,
    batch: 8,
    settings: { hidden: [16, 16], critics: 5, targetSubset: 5, criticLayerNorm: true },
  },
  default: { observations: 5, actions: 2, batch: 32 },
} as const satisfies Record<string, SacShape>;

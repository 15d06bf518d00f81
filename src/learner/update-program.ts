/**
 * An update as a program: vectors of the agent's state in and out, whatever else it reads beside them, metrics out.
 * Vectors that it leaves alone pass through.
 */
import { layoutSize } from '../nn/index.ts';
import {
  type CompileOptions,
  compile,
  type InputSpec,
  type Program,
  type TensorFunction,
} from '../tensor/index.ts';
import type {
  BatchTensors,
  OffPolicyMaths,
  PolicyMaths,
  Tensors,
  UpdateResult,
  Vectors,
} from './definition.ts';
import type { NoiseSpec } from './noise.ts';
import { inParts } from './parts.ts';
import { mapValues, prefixed, unprefixed } from './records.ts';
import type { AgentState } from './state.ts';

// Prefixes keep apart what shares a name among a program's inputs and outputs.
const STATE = 'state.';
const NEXT = 'next.';
const NOISE = 'noise.';
const METRIC = 'metric.';

export interface UpdateProgram {
  readonly fn: TensorFunction;
  readonly shapes: Record<string, InputSpec>;
}

/** @param inputs shapes of what the update reads beside the state */
export function updateProgram(
  maths: Pick<PolicyMaths, 'state'>,
  inputs: Readonly<Record<string, InputSpec>>,
  update: (state: Tensors, inputs: Tensors) => UpdateResult,
): UpdateProgram {
  return {
    shapes: {
      ...prefixed(
        STATE,
        mapValues(maths.state, (layout): InputSpec => [layoutSize(layout)]),
      ),
      ...inputs,
    },
    fn: (given) => {
      const state = unprefixed(STATE, given);
      const result = update(state, given);
      return { ...prefixed(NEXT, { ...state, ...result.state }), ...prefixed(METRIC, result.metrics) };
    },
  };
}

/**
 * Updates of an off-policy agent, `repeats` of them in one program, so that parameters cross to the device and back once.
 * Columns of the batch and `noise.…` are its further inputs, all of them `repeats` times as long, and `progress`.
 */
export function offPolicyProgram(
  maths: OffPolicyMaths,
  spaces: { readonly observation: { size: number }; readonly action: { size: number } },
  batchSize: number,
  repeats = 1,
): UpdateProgram {
  const rows = batchSize * (maths.minibatches ?? 1) * repeats;
  const [observation, action] = [spaces.observation.size, spaces.action.size];
  const noise = mapValues(noiseOf(maths, batchSize, repeats), ({ shape }): InputSpec => shape);
  const columns: Readonly<Record<string, InputSpec>> = {
    obs: [rows, observation],
    action: [rows, action],
    reward: [rows],
    nextObs: [rows, observation],
    terminated: [rows],
    discount: [rows],
    ...(maths.plans ? { plan: [rows, maths.plans.horizon * action] } : {}),
    ...(maths.returnToGo ? { returnToGo: [rows] } : {}),
  };
  const divided = { ...prefixed(NOISE, noise), ...columns };
  return updateProgram(maths, { ...divided, progress: [1] }, (state, given) => {
    let result: UpdateResult = { state, metrics: {} };
    for (const part of inParts(pick(given, Object.keys(divided)), repeats)) {
      const before = { ...state, ...result.state };
      const batch = pick(part, Object.keys(columns)) as unknown as BatchTensors;
      const made = maths.update(before, batch, unprefixed(NOISE, part), given.progress!);
      result = { state: { ...result.state, ...made.state }, metrics: made.metrics };
    }
    return result;
  });
}

/** The random numbers of `repeats` updates: each array that many times as long. */
export const noiseOf = (
  maths: OffPolicyMaths,
  batchSize: number,
  repeats: number,
): Record<string, NoiseSpec> =>
  mapValues(maths.noise(batchSize), (spec) => ({
    ...spec,
    shape: [spec.shape[0]! * repeats, ...spec.shape.slice(1)],
  }));

const pick = (tensors: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(names.map((name) => [name, tensors[name]!]));

/** Arrays as the inputs `noise.…` of an off-policy program. */
export const asNoise = (noise: Vectors): Record<string, Float32Array> => prefixed(NOISE, noise);

export interface CompiledUpdate {
  readonly device: string;
  /** Runs it on the present state, of which the other copy then is the present one. @returns its metrics */
  run(): Promise<Record<string, number>>;
  dispose(): Promise<void>;
}

/** Compiles an update and ties it to the state and to `arrays`, which it reads anew each time. */
export async function compileUpdate(
  { fn, shapes }: UpdateProgram,
  state: AgentState,
  arrays: Readonly<Record<string, Float32Array>>,
  options: CompileOptions,
): Promise<CompiledUpdate> {
  const program: Program = await compile(fn, shapes, options);
  const metrics = Object.fromEntries(
    program.outputs
      .filter(({ name }) => name.startsWith(METRIC))
      .map(({ name }) => [name, new Float32Array(1)]),
  );
  const bind = (from: Vectors, to: Vectors): (() => Promise<void>) =>
    program.bind({ ...prefixed(STATE, from), ...arrays }, { ...prefixed(NEXT, to), ...metrics });
  const [first, second] = state.sides;
  const runs = [bind(first, second), bind(second, first)] as const;
  return {
    device: program.device,
    async run() {
      await runs[state.side()]();
      state.turn();
      return mapValues(unprefixed(METRIC, metrics), (value) => value[0]!);
    },
    dispose: () => program.dispose(),
  };
}

/**
 * Golden numbers of whole updates, written by the scripts in `tests/golden/agents` with PyTorch in float64, and the same
 * updates of our agents from the same inputs.
 */
import { readFileSync } from 'node:fs';
import { agents } from '../../agents/index.ts';
import type { Trajectories } from '../../src/core/batch.ts';
import type { Metrics, Spaces } from '../../src/core/policy.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import {
  createOnPolicyLearner,
  type OffPolicyMaths,
  type OnPolicyMaths,
  offPolicyProgram,
  type PolicyMaths,
} from '../../src/learner/index.ts';
import { layoutSize } from '../../src/nn/index.ts';
import { compile, type Device, type InputSpec } from '../../src/tensor/index.ts';
import { spacesFor } from './agents.ts';
import { relativeError } from './tensors.ts';

/** Where an array comes from: offset + scale·sin(1.3·i + phase), a dropout mask by such a sine, or its values. */
type Source =
  | { readonly wave: readonly [phase: number, scale: number, offset: number] }
  | { readonly mask: readonly [phase: number, limit: number, kept: number] }
  | { readonly values: readonly number[] };

type Sources = Readonly<Record<string, Source>>;
type Vectors = Readonly<Record<string, Float32Array>>;
type Lists = Readonly<Record<string, ArrayLike<number>>>;

export interface GoldenUpdate {
  readonly inputs: Sources;
  /** Means over the gradient steps of the update. */
  readonly metrics: Metrics;
}

/** An update from one rollout. */
export interface GoldenRollout extends GoldenUpdate {
  readonly steps: number;
  readonly progress: number;
  /** By the agent before it learns from them, `[T·N]` each. */
  readonly columns: Readonly<Record<'value' | 'nextValue' | 'advantage' | 'return', readonly number[]>>;
}

export interface GoldenCase<Update extends GoldenUpdate = GoldenUpdate> {
  readonly agent: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Rows that make a team; 1 unless told. */
  readonly agents?: number;
  /** Rows of a minibatch from replay; 5 unless told. */
  readonly rows?: number;
  /** Of every vector of the agent's state. */
  readonly start: Sources;
  readonly updates: readonly Update[];
  /** Every vector after the last update. */
  readonly end: Lists;
}

/** The cases of a file, under titles for tests. */
export const goldenCases = <Update extends GoldenUpdate = GoldenUpdate>(
  file: string,
): (readonly [title: string, golden: GoldenCase<Update>])[] => {
  const text = readFileSync(new URL(`../golden/agents/${file}.json`, import.meta.url), 'utf8');
  const { cases } = JSON.parse(text) as { cases: readonly GoldenCase<Update>[] };
  return cases.map((golden) => [`${golden.agent} ${golden.name}`, golden] as const);
};

/** Bounds of all kinds: symmetric, shifted, none. */
const spaces: Spaces = {
  observation: space(
    symmetric('obs.x', '1', 2),
    { name: 'obs.y', unit: '1', low: -1, high: 3 },
    { name: 'obs.z', unit: '1', low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
  ),
  action: space(vector('act', '1', 1, ['x', 'y'])),
};

function arrayOf(source: Source, size: number): Float32Array {
  if ('values' in source) return Float32Array.from(source.values);
  const sine = (i: number, phase: number): number => Math.sin(1.3 * i + phase);
  if ('wave' in source) {
    const [phase, scale, offset] = source.wave;
    return Float32Array.from({ length: size }, (_, i) => offset + scale * sine(i, phase));
  }
  const [phase, limit, kept] = source.mask;
  return Float32Array.from({ length: size }, (_, i) => (sine(i, phase) > limit ? 0 : kept));
}

const spacesOf = ({ agent, settings }: GoldenCase): Spaces => spacesFor(agents[agent]!, spaces, settings);

/** Maths of the case's agent, and its vectors at the start. */
function prepare<Maths extends PolicyMaths>(golden: GoldenCase): { maths: Maths; start: Vectors } {
  const { build, settings } = agents[golden.agent]!;
  const team = { ...spacesOf(golden), agents: golden.agents ?? 1 };
  const maths = build(team, settings.parse(golden.settings)) as PolicyMaths as Maths;
  const start = Object.entries(maths.state).map(
    ([name, layout]) => [name, arrayOf(golden.start[name]!, layoutSize(layout))] as const,
  );
  return { maths, start: Object.fromEntries(start) };
}

/** Relative errors by name: `0.q` is the metric `q` of the first update, `actor` the vector after the last one. */
export type Errors = Record<string, number>;

/** Infinite where one side has nothing of the name. */
function compare<T>(
  errors: Errors,
  prefix: string,
  actual: Readonly<Record<string, T>>,
  expected: Readonly<Record<string, T>>,
  errorOf: (actual: T, expected: T) => number,
): void {
  for (const name of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const [a, b] = [actual[name], expected[name]];
    const error = a === undefined || b === undefined ? Number.NaN : errorOf(a, b);
    errors[prefix + name] = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }
}

/**
 * Metrics are means and differences of numbers of magnitude one, which float32 rounds at 6e-8; where they cancel, the
 * roundings are left. So none counts as less than 0.1: a tolerance of 1e-5 is then sixteen such roundings.
 */
const metricError = (actual: number, expected: number): number =>
  Math.abs(actual - expected) / Math.max(0.1, Math.abs(expected));

/** Makes the updates of the case, each from the state that the one before left. */
export async function offPolicyErrors(golden: GoldenCase, device: Device): Promise<Errors> {
  const { maths, start } = prepare<OffPolicyMaths>(golden);
  const { fn, shapes } = offPolicyProgram(maths, spacesOf(golden), golden.rows ?? 5);
  const program = await compile(fn, shapes, { device, threads: 1 });
  const errors: Errors = {};
  let state: Lists = start;
  for (const [update, { inputs, metrics }] of golden.updates.entries()) {
    const given: Record<string, Float32Array> = { progress: new Float32Array(1) };
    for (const [name, source] of Object.entries(inputs)) given[name] = arrayOf(source, sizeOf(shapes[name]!));
    for (const [name, values] of Object.entries(state)) given[`state.${name}`] = values as Float32Array;
    const outputs = await program.run(given);
    const reported = Object.entries(named(outputs, 'metric.')).map(([name, values]) => [name, values[0]!]);
    compare(errors, `${update}.`, Object.fromEntries(reported) as Metrics, metrics, metricError);
    state = named(outputs, 'next.');
  }
  await program.dispose();
  compare(errors, '', state, golden.end, relativeError);
  return errors;
}

const sizeOf = (shape: InputSpec): number =>
  (shape as readonly number[]).reduce((product, size) => product * size, 1);

const named = (outputs: Lists, prefix: string): Lists =>
  Object.fromEntries(
    Object.entries(outputs)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, values]) => [name.slice(prefix.length), values]),
  );

/** The transitions of a rollout. */
export function trajectoriesOf({ inputs, steps, columns }: GoldenRollout): Trajectories {
  const rows = columns.value.length;
  const column = (name: string, width = 1): Float32Array => arrayOf(inputs[name]!, rows * width);
  return {
    steps,
    numEnvs: rows / steps,
    obs: column('obs', spaces.observation.size),
    nextObs: column('nextObs', spaces.observation.size),
    noise: column('noise', spaces.action.size),
    reward: column('reward'),
    terminated: column('terminated'),
    truncated: column('truncated'),
  };
}

/** Learns from the rollouts of the case, minibatches in the order of the rows. */
export async function onPolicyErrors(golden: GoldenCase<GoldenRollout>, device: Device): Promise<Errors> {
  const { maths, start } = prepare<OnPolicyMaths>(golden);
  const rows = golden.updates[0]!.columns.value.length;
  const learner = await createOnPolicyLearner({
    maths,
    spaces,
    rows,
    device,
    threads: 1,
    rng: inOrder(createRng(0)),
  });
  learner.load(start);
  const errors: Errors = {};
  for (const [update, rollout] of golden.updates.entries()) {
    const { metrics } = await learner.learn(trajectoriesOf(rollout), rollout.progress);
    compare(errors, `${update}.`, metrics, rollout.metrics, metricError);
  }
  compare<ArrayLike<number>>(errors, '', learner.vectors(), golden.end, relativeError);
  await learner.dispose();
  return errors;
}

/** Fisher and Yates leave everything in its place where each element is exchanged with itself. */
const inOrder = (rng: Rng): Rng => ({
  ...rng,
  integer: (below) => below - 1,
  split: (purpose) => inOrder(rng.split(purpose)),
});

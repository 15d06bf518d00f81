/** Runs any agent definition: compiles its maths, keeps its state, acts, updates and saves. */
import { createBatch } from '../core/batch.ts';
import { ProprioError } from '../core/errors.ts';
import type { ActMode, Metrics, OffPolicyLearner, Spaces } from '../core/policy.ts';
import type { Rng, RngState } from '../core/rng.ts';
import { initialVector, type Layout, layoutSize } from '../nn/index.ts';
import { type CompileOptions, compile, type InputSpec, type TensorFunction } from '../tensor/index.ts';
import { createActor } from './actor.ts';
import type { AgentMaths, BatchTensors, Tensors, Vectors } from './definition.ts';

export interface LearnerOptions extends CompileOptions {
  readonly maths: AgentMaths;
  readonly spaces: Spaces;
  /** Rows of a minibatch, B. */
  readonly batchSize: number;
  /** Source of initial parameters, update noise and exploration noise, each a stream of its own. */
  readonly rng: Rng;
}

export interface Learner extends OffPolicyLearner {
  readonly device: string;
  readonly layouts: Readonly<Record<string, Layout>>;
  /** Present values of every vector: views, valid until the next update. */
  vectors(): Vectors;
  /** @throws ProprioError when a vector is missing or has another size */
  load(vectors: Vectors): void;
  /** States of the generators, by purpose. */
  rngStates(): Readonly<Record<string, RngState>>;
  restoreRng(states: Readonly<Record<string, RngState>>): void;
  dispose(): Promise<void>;
}

export async function createLearner(options: LearnerOptions): Promise<Learner> {
  const { maths, spaces, batchSize, rng, ...compileOptions } = options;
  const layouts = maths.state;
  const batch = createBatch(batchSize, spaces.observation.size, spaces.action.size);
  const noise = mapValues(maths.noise, (columns) => new Float32Array(batchSize * columns));

  // Two copies of the state: an update reads one and writes the other.
  const sides = [initialVectors(maths, rng.split('parameters')), mapValues(layouts, allocateVector)] as const;
  let side: 0 | 1 = 0;

  const { fn, shapes } = updateProgramOf(maths, spaces, batchSize);
  const program = await compile(fn, shapes, compileOptions);
  const metrics = Object.fromEntries(
    program.outputs
      .filter(({ name }) => name.startsWith(METRIC))
      .map(({ name }) => [name, new Float32Array(1)]),
  );
  const { size: _, ...columns } = batch;
  const bind = (from: Vectors, to: Vectors): (() => Promise<void>) =>
    program.bind(
      { ...prefixed(STATE, from), ...prefixed(NOISE, noise), ...columns },
      { ...prefixed(NEXT, to), ...metrics },
    );
  const runs = [bind(sides[0], sides[1]), bind(sides[1], sides[0])] as const;

  const streams: Record<string, Rng> = { update: rng.split('update'), explore: rng.split('explore') };
  const actor = await createActor(maths, spaces, () => sides[side], streams.explore!);

  return {
    device: program.device,
    layouts,
    batch,
    act: (obs: Float32Array, actions: Float32Array, mode: ActMode) => actor.act(obs, actions, mode),
    async update(): Promise<Metrics> {
      for (const values of Object.values(noise)) streams.update!.fillNormal(values);
      await runs[side]();
      side = side === 0 ? 1 : 0;
      return Object.fromEntries(
        Object.entries(metrics).map(([name, value]) => [name.slice(METRIC.length), value[0]!]),
      );
    },
    vectors: () => sides[side],
    load(vectors) {
      for (const [name, layout] of Object.entries(layouts)) {
        const size = layoutSize(layout);
        const given = vectors[name];
        if (given?.length !== size) {
          throw new ProprioError(
            `Vector "${name}" has ${given?.length ?? 'no'} values, but this agent needs ${size}: it was saved by an agent with other settings or for another environment.`,
          );
        }
        sides[side][name]!.set(given);
      }
    },
    rngStates: () => mapValues(streams, (stream) => stream.state()),
    restoreRng(states) {
      for (const [name, stream] of Object.entries(streams)) stream.restore(states[name]!);
    },
    async dispose() {
      await program.dispose();
      await actor.dispose();
    },
  };
}

// Prefixes keep apart what shares a name among a program's inputs and outputs.
const STATE = 'state.';
const NEXT = 'next.';
const NOISE = 'noise.';
const METRIC = 'metric.';

const allocateVector = (layout: Layout): Float32Array => new Float32Array(layoutSize(layout));

function initialVectors(maths: AgentMaths, rng: Rng): Vectors {
  const vectors = Object.fromEntries(
    Object.entries(maths.state).map(([name, layout]) => [name, initialVector(layout, rng.split(name))]),
  );
  for (const [copy, source] of Object.entries(maths.copies ?? {})) vectors[copy]!.set(vectors[source]!);
  return vectors;
}

/** The update as a function of named tensors, and their shapes. Vectors that it leaves alone pass through. */
export function updateProgramOf(
  maths: AgentMaths,
  spaces: Spaces,
  batchSize: number,
): { fn: TensorFunction; shapes: Record<string, InputSpec> } {
  const [observation, action] = [spaces.observation.size, spaces.action.size];
  return {
    shapes: {
      ...prefixed(
        STATE,
        mapValues(maths.state, (layout) => [layoutSize(layout)]),
      ),
      ...prefixed(
        NOISE,
        mapValues(maths.noise, (columns) => [batchSize, columns]),
      ),
      obs: [batchSize, observation],
      action: [batchSize, action],
      reward: [batchSize],
      nextObs: [batchSize, observation],
      terminated: [batchSize],
    },
    fn: (inputs) => {
      const state = unprefixed(STATE, inputs);
      const result = maths.update(state, inputs as unknown as BatchTensors, unprefixed(NOISE, inputs));
      return { ...prefixed(NEXT, { ...state, ...result.state }), ...prefixed(METRIC, result.metrics) };
    },
  };
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

const prefixed = <T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));

const unprefixed = (prefix: string, inputs: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );

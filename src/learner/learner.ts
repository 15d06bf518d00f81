/** Runs any agent definition: compiles its maths, keeps its state, acts, updates and saves. */
import { createBatch } from '../core/batch.ts';
import type { ActMode, Metrics, OffPolicyLearner, OnPolicyLearner, Policy, Spaces } from '../core/policy.ts';
import type { Rng, RngState } from '../core/rng.ts';
import { assertWholeTeams } from '../core/teams.ts';
import type { Layout } from '../nn/index.ts';
import type { CompileOptions } from '../tensor/index.ts';
import { createActor } from './actor.ts';
import { assertFiniteBatch } from './batch-check.ts';
import type { OffPolicyMaths, PolicyMaths, Vectors } from './definition.ts';
import { noiseSize } from './noise.ts';
import { mapValues } from './records.ts';
import { type AgentState, createState } from './state.ts';
import { asNoise, compileUpdate, noiseOf, offPolicyProgram } from './update-program.ts';

export interface LearnerOptions<Maths extends PolicyMaths> extends CompileOptions {
  readonly maths: Maths;
  readonly spaces: Spaces;
  /** Source of initial parameters, update noise and exploration noise, each a stream of its own. */
  readonly rng: Rng;
}

/** What learners of both kinds have. */
export interface LearnerBase extends Policy {
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

export type Learner = LearnerBase & OffPolicyLearner;
export type RolloutLearner = LearnerBase & OnPolicyLearner;

export interface OffPolicyLearnerOptions extends LearnerOptions<OffPolicyMaths> {
  /** Rows of a minibatch, B. */
  readonly batchSize: number;
  /** Updates in one compiled call; 1 unless told. More of them keep a GPU's parameters where they are. */
  readonly updatesPerCall?: number;
}

/** @throws ConfigurationError for minibatches that are no whole teams, where the maths values teams */
export async function createLearner(options: OffPolicyLearnerOptions): Promise<Learner> {
  const { maths, spaces, batchSize, updatesPerCall = 1, rng, ...compileOptions } = options;
  assertWholeTeams(`A minibatch of ${batchSize} rows`, batchSize, maths.teamSize ?? 1);
  const minibatches = (maths.minibatches ?? 1) * updatesPerCall;
  const batch = createBatch(batchSize * minibatches, spaces.observation.size, spaces.action.size, {
    horizon: maths.plans?.horizon,
    returns: maths.returnToGo !== undefined,
  });
  batch.discount.fill(maths.discount);
  const specs = noiseOf(maths, batchSize, updatesPerCall);
  const noise = mapValues(specs, (spec) => new Float32Array(noiseSize(spec)));
  const progress = new Float32Array(1);

  const state = createState(maths, rng.split('parameters'));
  const { size: _, ...columns } = batch;
  const update = await compileUpdate(
    offPolicyProgram(maths, spaces, batchSize, updatesPerCall),
    state,
    { ...columns, ...asNoise(noise), progress },
    compileOptions,
  );
  const streams = { update: rng.split('update'), explore: rng.split('explore') };
  const base = await createBase(maths, spaces, state, streams, update.device);

  return {
    ...base,
    batch,
    minibatches,
    discount: maths.discount,
    async update(done): Promise<Metrics> {
      assertFiniteBatch(batch, spaces);
      progress[0] = done;
      for (const [name, { fill }] of Object.entries(specs)) fill(noise[name]!, streams.update);
      return update.run();
    },
    async dispose() {
      await update.dispose();
      await base.dispose();
    },
  };
}

/** The half that does not depend on how an agent learns. */
export async function createBase(
  maths: PolicyMaths,
  spaces: Spaces,
  state: AgentState,
  streams: Readonly<Record<string, Rng>> & { readonly explore: Rng },
  device: string,
): Promise<LearnerBase & { explorationNoise(): Float32Array }> {
  const actor = await createActor(maths, spaces, state.vectors, streams.explore);
  return {
    device,
    layouts: state.layouts,
    act: (obs: Float32Array, actions: Float32Array, mode: ActMode) => actor.act(obs, actions, mode),
    ...(actor.begin ? { begin: actor.begin } : {}),
    explorationNoise: actor.explorationNoise,
    vectors: state.vectors,
    load: state.load,
    rngStates: () => mapValues(streams, (stream) => stream.state()),
    restoreRng(states) {
      for (const [name, stream] of Object.entries(streams)) stream.restore(states[name]!);
    },
    dispose: actor.dispose,
  };
}

/**
 * Runs any on-policy definition: describes a rollout by the policy that made it, estimates advantages, goes through the
 * phases in shuffled minibatches, of whole teams where it values those.
 */
import type { Trajectories } from '../core/batch.ts';
import type { Metrics } from '../core/policy.ts';
import type { Rng } from '../core/rng.ts';
import { assertWholeTeams } from '../core/teams.ts';
import { type Layout, layoutSize } from '../nn/index.ts';
import { type CompileOptions, compile, type InputSpec } from '../tensor/index.ts';
import { estimateAdvantages } from './advantage.ts';
import type { OnPolicyMaths, Phase, Tensors } from './definition.ts';
import { createBase, type LearnerOptions, type RolloutLearner } from './learner.ts';
import { mapValues, prefixed, unprefixed } from './records.ts';
import { type AgentState, createState } from './state.ts';
import { type CompiledUpdate, compileUpdate, updateProgram } from './update-program.ts';

/**
 * @param options `rows`: transitions of a rollout, R, which every phase has to divide into its minibatches
 * @throws ConfigurationError for minibatches that are no whole teams, where the maths values teams
 */
export async function createOnPolicyLearner(
  options: LearnerOptions<OnPolicyMaths> & { readonly rows: number },
): Promise<RolloutLearner> {
  const { maths, spaces, rows, rng, ...compileOptions } = options;
  const state = createState(maths, rng.split('parameters'));
  const streams = { shuffle: rng.split('shuffle'), explore: rng.split('explore') };
  const [observation, action] = [spaces.observation.size, spaces.action.size];

  const describe = await compile(
    (inputs) => maths.describe(unprefixed(STATE, inputs), inputs),
    {
      ...stateSpecs(maths.state),
      obs: [rows, observation],
      nextObs: [rows, observation],
      noise: [rows, action],
    },
    compileOptions,
  );
  const columns = [
    { name: 'obs', shape: [rows, observation] },
    ...describe.outputs,
    { name: 'advantage', shape: [rows] },
    { name: 'return', shape: [rows] },
  ];
  const progress = new Float32Array(1);
  const phases = await Promise.all(
    maths.phases.map((phase) => compilePhase(phase, maths, state, columns, rows, progress, compileOptions)),
  );
  const finish = maths.finish && (await compileFinish(maths, state, [rows, observation], compileOptions));
  const base = await createBase(maths, spaces, state, streams, describe.device);

  async function learn(trajectories: Trajectories, done: number) {
    progress[0] = done;
    const { obs, nextObs, noise } = trajectories;
    const described = await describe.run({ ...prefixed(STATE, state.vectors()), obs, nextObs, noise });
    const { value, nextValue } = described;
    const estimates = estimateAdvantages(trajectories, value!, nextValue!, maths.discount, maths.traceDecay);
    const all = { ...described, obs, ...estimates } as Readonly<Record<string, Float32Array>>;
    const totals: Record<string, { sum: number; count: number }> = {};
    let updates = 0;
    for (const phase of phases) updates += await phase.run(all, streams.shuffle, totals);
    if (finish) await finish.run(obs);
    const means: Metrics = mapValues(totals, ({ sum, count }) => sum / count);
    return {
      metrics: { ...means, explained_variance: explainedVariance(value!, estimates.return) },
      updates,
    };
  }

  return {
    ...base,
    discount: maths.discount,
    learn,
    async dispose() {
      await describe.dispose();
      for (const phase of phases) await phase.dispose();
      await finish?.dispose();
      await base.dispose();
    },
  };
}

const STATE = 'state.';

const stateSpecs = (layouts: Readonly<Record<string, Layout>>): Record<string, InputSpec> =>
  prefixed(
    STATE,
    mapValues(layouts, (layout): InputSpec => [layoutSize(layout)]),
  );

interface Column {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

interface CompiledPhase {
  /** @returns number of gradient updates */
  run(
    columns: Readonly<Record<string, Float32Array>>,
    rng: Rng,
    totals: Record<string, { sum: number; count: number }>,
  ): Promise<number>;
  dispose(): Promise<void>;
}

async function compilePhase(
  phase: Phase,
  maths: OnPolicyMaths,
  state: AgentState,
  columns: readonly Column[],
  rows: number,
  progress: Float32Array,
  options: CompileOptions,
): Promise<CompiledPhase> {
  const size = rows / phase.minibatches;
  const { teamSize = 1 } = maths;
  assertWholeTeams(`A minibatch of ${size} rows`, size, teamSize);
  const specs = Object.fromEntries(
    columns.map(({ name, shape }): [string, InputSpec] => [name, [size, ...shape.slice(1)]]),
  );
  const batch = Object.fromEntries(
    columns.map(({ name, shape }) => [name, new Float32Array(size * widthOf(shape))]),
  );
  const program = updateProgram(maths, { ...specs, progress: [1] }, (vectors, inputs) =>
    phase.update(vectors, inputs, inputs.progress!),
  );
  const update: CompiledUpdate = await compileUpdate(program, state, { ...batch, progress }, options);
  return {
    async run(all, rng, totals) {
      const order = Uint32Array.from({ length: rows / teamSize }, (_, team) => team);
      for (let epoch = 0; epoch < phase.epochs; epoch++) {
        if (phase.minibatches > 1) shuffle(order, rng);
        for (let part = 0; part < phase.minibatches; part++) {
          const chosen = order.subarray((part * size) / teamSize, ((part + 1) * size) / teamSize);
          for (const { name, shape } of columns)
            gather(batch[name]!, all[name]!, chosen, teamSize * widthOf(shape));
          for (const [name, value] of Object.entries(await update.run())) {
            totals[name] ??= { sum: 0, count: 0 };
            const total = totals[name];
            total.sum += value;
            total.count++;
          }
        }
      }
      return phase.epochs * phase.minibatches;
    },
    dispose: update.dispose,
  };
}

async function compileFinish(
  maths: OnPolicyMaths,
  state: AgentState,
  shape: readonly number[],
  options: CompileOptions,
): Promise<{ run(obs: Float32Array): Promise<void>; dispose(): Promise<void> }> {
  const seen = new Float32Array(shape.reduce((n, size) => n * size, 1));
  const program = updateProgram(maths, { obs: shape }, (vectors, { obs }) => ({
    state: maths.finish!(vectors as Tensors, obs!),
    metrics: {},
  }));
  const update = await compileUpdate(program, state, { obs: seen }, options);
  return {
    async run(obs) {
      seen.set(obs);
      await update.run();
    },
    dispose: update.dispose,
  };
}

const widthOf = (shape: readonly (number | string)[]): number =>
  shape.slice(1).reduce<number>((n, size) => n * Number(size), 1);

/** @param width values of a team */
function gather(to: Float32Array, from: Float32Array, teams: Uint32Array, width: number): void {
  for (let i = 0; i < teams.length; i++) {
    const [t, f] = [i * width, teams[i]! * width];
    for (let k = 0; k < width; k++) to[t + k] = from[f + k]!;
  }
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, rng: Rng): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
}

/** 1 − variance of the values' errors over variance of the returns: 1 is perfect, 0 no better than their mean. */
function explainedVariance(value: ArrayLike<number>, returns: Float32Array): number {
  const variance = (values: ArrayLike<number>): number => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      sum += values[i]!;
      squares += values[i]! ** 2;
    }
    return squares / values.length - (sum / values.length) ** 2;
  };
  const total = variance(returns);
  return total > 0 ? 1 - variance(returns.map((target, i) => target - value[i]!)) / total : 0;
}

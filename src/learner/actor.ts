/** The acting half of a learner: its policy, compiled for any number of rows, reading the present parameters. */
import type { ActMode, Policy, Spaces } from '../core/policy.ts';
import type { Rng } from '../core/rng.ts';
import { layoutSize } from '../nn/index.ts';
import { compile, type InputSpec, tf } from '../tensor/index.ts';
import type { PolicyMaths, Vectors } from './definition.ts';
import { carryOut } from './plans.ts';

export interface Actor extends Policy {
  /** Standard normal numbers of the last call that explored, `[N, W]`; a view until the next one. */
  explorationNoise(): Float32Array;
  dispose(): Promise<void>;
}

/** Numbers that a policy gives for each row: an action, or a plan of several. */
export const policyWidth = ({ plans }: PolicyMaths, { action }: Spaces): number =>
  (plans?.horizon ?? 1) * action.size;

/** The policy with its actions in [-1, 1] to the last bit: a runtime's tanh may be off by one. */
export const boundedPolicy: (maths: PolicyMaths) => PolicyMaths['policy'] = (maths) => (state, obs, noise) =>
  tf.clipByValue(maths.policy(state, obs, noise), -1, 1);

/** @param vectors gives the parameters to act with, one of two sets that take turns */
export async function createActor(
  maths: PolicyMaths,
  spaces: Spaces,
  vectors: () => Vectors,
  rng: Rng,
): Promise<Actor> {
  const policy = boundedPolicy(maths);
  const { noiseWidth = spaces.action.size } = maths;
  const shapes: Record<string, InputSpec> = {
    obs: ['N', spaces.observation.size],
    noise: ['N', noiseWidth],
  };
  for (const name of maths.policyState) shapes[name] = [layoutSize(maths.state[name]!)];
  // On the CPU whatever the updates run on: the parameters lie in its memory, and a policy is too small to be worth a trip
  // to another device, or another thread.
  const options = { device: 'cpu', threads: 1 } as const;
  const stochastic = await compile(
    (inputs) => ({ action: policy(inputs, inputs.obs!, inputs.noise!) }),
    shapes,
    options,
  );
  const deterministic = await compile(
    ({ obs, noise: _, ...state }) => ({ action: policy(state, obs!, null) }),
    Object.fromEntries(Object.entries(shapes).filter(([name]) => name !== 'noise')),
    options,
  );

  /** Buffers for one number of rows, and the bound calls that use them, by parameter set and mode. */
  interface Station {
    readonly obs: Float32Array;
    readonly noise: Float32Array;
    readonly action: Float32Array;
    readonly runs: Map<Vectors, Readonly<Record<ActMode, () => Promise<void>>>>;
  }
  const stations = new Map<number, Station>();

  function station(rows: number): Station {
    let known = stations.get(rows);
    if (!known) {
      known = {
        obs: new Float32Array(rows * spaces.observation.size),
        noise: new Float32Array(rows * noiseWidth),
        action: new Float32Array(rows * policyWidth(maths, spaces)),
        runs: new Map(),
      };
      stations.set(rows, known);
    }
    return known;
  }

  function runsOf({ obs, noise, action, runs }: Station, state: Vectors) {
    let known = runs.get(state);
    if (!known) {
      const parameters = Object.fromEntries(maths.policyState.map((name) => [name, state[name]!]));
      known = {
        explore: stochastic.bind({ ...parameters, obs, noise }, { action }),
        exploit: deterministic.bind({ ...parameters, obs }, { action }),
      };
      runs.set(state, known);
    }
    return known;
  }

  let lastNoise = new Float32Array(0);
  async function decide(obs: Float32Array, decided: Float32Array, mode: ActMode): Promise<void> {
    const place = station(obs.length / spaces.observation.size);
    place.obs.set(obs);
    if (mode === 'explore') lastNoise = rng.fillNormal(place.noise) as Float32Array<ArrayBuffer>;
    await runsOf(place, vectors())[mode]();
    decided.set(place.action);
  }

  return {
    explorationNoise: () => lastNoise,
    ...(maths.plans ? carryOut(decide, maths.plans, spaces.action.size) : { act: decide }),
    async dispose() {
      await stochastic.dispose();
      await deterministic.dispose();
    },
  };
}

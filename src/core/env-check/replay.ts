/** Telling a recorded trajectory again, and where it then comes to something else. */
import type { StepBatch, VectorEnv } from '../env.ts';
import { componentName, type Driver, type Recording } from './driver.ts';

export interface ReplayOptions {
  /** Goes on from this step of the recording; from `reset(seed)` unless told. */
  readonly from?: number;
  /** Step to stop before. */
  readonly until?: number;
  /** Called before each step. */
  readonly before?: (step: number) => void;
  /** Hands all actions over in one array, and writes something else into it after each step. */
  readonly reuseActions?: boolean;
  /** Writes something else into every returned array once it has been compared. */
  readonly spoilReturned?: boolean;
}

/** Gives the recorded actions again. @returns where it first came to something else, bit for bit; undefined for nowhere */
export function replay(
  driver: Driver,
  recording: Recording,
  options: ReplayOptions = {},
): string | undefined {
  const { from, until = recording.actions.length, before, reuseActions, spoilReturned } = options;
  const { env } = driver;
  const buffer = new Float32Array(recording.actions[0]!.length);
  if (from === undefined) {
    const obs = driver.reset(recording.seed);
    const difference = compareArrays(env, 'obs', recording.start, obs);
    if (difference) return `${difference} right after the reset`;
    if (spoilReturned) spoil(obs);
  }
  for (let step = from ?? 0; step < until; step++) {
    before?.(step);
    const actions = reuseActions ? buffer : buffer.slice();
    actions.set(recording.actions[step]!);
    const batch = driver.step(actions);
    if (reuseActions) actions.fill(0.75);
    const difference = compareBatches(env, recording.batches[step]!, batch);
    if (difference) return `${difference} at step ${step + 1}`;
    if (spoilReturned) for (const [, array] of arraysOf(batch)) spoil(array);
  }
  return undefined;
}

function spoil(array: Float32Array | Uint8Array): void {
  array.fill(7);
}

type NamedArray = readonly [name: string, array: Float32Array | Uint8Array];

export const arraysOf = (batch: StepBatch): readonly NamedArray[] => [
  ['obs', batch.obs],
  ['finalObs', batch.finalObs],
  ['reward', batch.reward],
  ['terminated', batch.terminated],
  ['truncated', batch.truncated],
  ['appliedActions', batch.appliedActions],
  ['info.rewardTerms', batch.info.rewardTerms],
  ['info.success', batch.info.success],
];

export function compareBatches(env: VectorEnv, expected: StepBatch, found: StepBatch): string | undefined {
  const others = arraysOf(found);
  for (const [i, [name, array]] of arraysOf(expected).entries()) {
    const difference = compareArrays(env, name, array, others[i]![1]);
    if (difference) return difference;
  }
  return undefined;
}

function compareArrays(
  env: VectorEnv,
  name: string,
  expected: Float32Array | Uint8Array,
  found: Float32Array | Uint8Array,
): string | undefined {
  const at = expected.findIndex((value, i) => value !== found[i] && !Object.is(value, found[i]));
  if (at < 0) return undefined;
  const width = expected.length / env.numEnvs;
  return tellDifference(env, name, Math.floor(at / width), at % width, expected[at]!, found[at]!);
}

/** `observation "x" [m] of scene 2 was 0.25, and then 0.5` */
export function tellDifference(
  env: VectorEnv,
  name: string,
  scene: number,
  column: number,
  expected: number,
  found: number | undefined,
): string {
  const isObs = name === 'obs' || name === 'finalObs';
  const what = isObs ? `observation ${componentName(env.observationSpace, column)}` : name;
  return `${what} of scene ${scene} was ${expected}, and then ${found},`;
}

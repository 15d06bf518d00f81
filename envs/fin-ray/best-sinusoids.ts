/**
 * The best sinusoid of each task and objective, under the tasks' default settings: of fin-offset as `proprio bench sinusoid`
 * found them, by a grid over amplitudes and phases and a climb from its best points; of the others by that climb from
 * one start each, until its grid over all frequencies, amplitudes and phases is done.
 */
import type { Objective } from './objective.ts';
import type { Sinusoid } from './wave.ts';

export interface BestSinusoid {
  readonly wave: Sinusoid;
  /** The objective, mean over the 20 episodes of the benchmark. */
  readonly value: number;
}

type BestOfTask = Readonly<Record<Objective, BestSinusoid>>;

const wave = (
  frequency: number,
  heave: number,
  pitch: number,
  pitchPhase: number,
  offset = 0,
  offsetPhase = 0,
): Sinusoid => ({ frequency, heave, pitch, pitchPhase, offset, offsetPhase });

/** Of tasks in the lattice-Boltzmann flow, where a search takes hours, the objectives that were searched for. */
type BestSinusoids = Readonly<Record<'fin-offset' | 'fin-base' | 'fin-full', BestOfTask>> &
  Readonly<Record<'fin-offset-fsi' | 'fin-base-fsi', Partial<BestOfTask>>>;

export const bestSinusoids: BestSinusoids = {
  'fin-offset': {
    thrust: { wave: wave(0.7, 0.15, 10, 270, 0.5, 340.15), value: 1.0356 },
    combined: { wave: wave(0.7, 0.15, 10, 270, 0.2823, 335.62), value: 0.172 },
    efficiency: { wave: wave(0.7, 0.15, 10, 270, 0.0461, 208.13), value: 0.3148 },
  },
  'fin-base': {
    thrust: { wave: wave(1.1854, 0.20134, 29.978, 9.62), value: 4.2245 },
    combined: { wave: wave(1.2004, 0.19783, 28.552, 337.86), value: 0.79 },
    efficiency: { wave: wave(0.6347, 0.24997, 14.976, 249.4), value: 0.3417 },
  },
  'fin-full': {
    thrust: { wave: wave(1.179, 0.20151, 29.837, 16.46, 0.4939, 14.14), value: 5.6764 },
    combined: { wave: wave(1.3624, 0.1625, 22.819, 331.36, 0.2425, 60.03), value: 0.7573 },
    efficiency: { wave: wave(0.6818, 0.24201, 26.078, 277.57, 0.4082, 139.26), value: 0.3709 },
  },
  'fin-offset-fsi': {},
  'fin-base-fsi': {},
};

/** Where none was searched for, that of the slender flow, whose value holds there. */
export function bestSinusoidOf(task: keyof BestSinusoids, objective: Objective): BestSinusoid {
  const slender = task.replace('-fsi', '') as 'fin-offset' | 'fin-base';
  return bestSinusoids[task][objective] ?? bestSinusoids[slender][objective];
}

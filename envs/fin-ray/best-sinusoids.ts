/**
 * The best sinusoid of each task and objective, under the tasks' default settings, as `proprio bench sinusoid` found them: by a
 * grid over frequencies, amplitudes and phases, and a climb from its best points.
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
    combined: { wave: wave(1.2021, 0.19857, 29.975, 334.72, 0.0015, 1.37), value: 0.7976 },
    efficiency: { wave: wave(0.6818, 0.24201, 26.078, 277.57, 0.4082, 139.26), value: 0.3709 },
  },
  'fin-offset-fsi': {},
  'fin-base-fsi': { thrust: { wave: wave(0.9692, 0.24504, 29.567, 37.15), value: 4.4159 } },
};

/** Where none was searched for, that of the slender flow, whose value holds there. */
export function bestSinusoidOf(task: keyof BestSinusoids, objective: Objective): BestSinusoid {
  const slender = task.replace('-fsi', '') as 'fin-offset' | 'fin-base';
  return bestSinusoids[task][objective] ?? bestSinusoids[slender][objective];
}

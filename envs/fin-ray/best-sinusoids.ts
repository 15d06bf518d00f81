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
    combined: { wave: wave(1.1003, 0.21538, 28.618, 334.02), value: 0.7697 },
    efficiency: { wave: wave(0.6355, 0.24586, 16.181, 255.02), value: 0.3397 },
  },
  'fin-full': {
    thrust: { wave: wave(1.2068, 0.1932, 29.77, 345.35, 0.4379, 332.52), value: 5.0408 },
    combined: { wave: wave(1.1003, 0.21538, 28.618, 334.02, 0, 0), value: 0.7697 },
    efficiency: { wave: wave(0.6448, 0.22467, 16.022, 278.1, 0.1636, 165.23), value: 0.3491 },
  },
  'fin-offset-fsi': {},
  'fin-base-fsi': {},
};

/** Where none was searched for, that of the slender flow, whose value holds there. */
export function bestSinusoidOf(task: keyof BestSinusoids, objective: Objective): BestSinusoid {
  const slender = task.replace('-fsi', '') as 'fin-offset' | 'fin-base';
  return bestSinusoids[task][objective] ?? bestSinusoids[slender][objective];
}

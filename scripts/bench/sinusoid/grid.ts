/** Where the search for the best sinusoid begins: all combinations of a few values, and what is varied from there. */
import { type FlowTaskName, flowTasks } from '../../../envs/fin-ray/flow-tasks.ts';
import { type FinTaskName, finTasks, prescribedBase } from '../../../envs/fin-ray/tasks.ts';
import { isWithin, type Sinusoid } from '../../../envs/fin-ray/wave.ts';
import { finRay } from '../../../robots/fin-ray/index.ts';

export type SearchedTask = FinTaskName | FlowTaskName;
export type Parameter = keyof Sinusoid;

const EIGHT_PHASES = [0, 45, 90, 135, 180, 225, 270, 315];
const TWELVE_PHASES = Array.from({ length: 12 }, (_, i) => 30 * i);
const BASE_GRID = {
  frequency: [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6],
  heave: [0, 0.05, 0.1, 0.15, 0.2, 0.25],
  pitch: [0, 5, 10, 15, 20, 25],
  pitchPhase: EIGHT_PHASES,
};
const OFFSET_GRID = { offset: [0.1, 0.2, 0.3, 0.4, 0.5], offsetPhase: TWELVE_PHASES };

/** For a flow in which other waves may be the best ones than in the slender one. */
const COARSE_GRID = {
  frequency: [0.6, 1, 1.4],
  heave: [0.05, 0.125, 0.2],
  pitch: [5, 15, 25],
  pitchPhase: [0, 90, 180, 270],
};

const still: Sinusoid = { frequency: 1, heave: 0, pitch: 0, pitchPhase: 0, offset: 0, offsetPhase: 0 };

/** First steps of the search, about half of the grid's. */
const STEPS: Sinusoid = {
  frequency: 0.1,
  heave: 0.025,
  pitch: 3,
  pitchPhase: 20,
  offset: 0.05,
  offsetPhase: 15,
};

/** Decimals that parameters are rounded to, so that what is stored is what was tried. */
const DECIMALS: Sinusoid = {
  frequency: 4,
  heave: 5,
  pitch: 3,
  pitchPhase: 2,
  offset: 4,
  offsetPhase: 2,
};

/** The task in the slender flow that is otherwise the same. */
const slenderOf = (task: SearchedTask): FinTaskName =>
  task in flowTasks ? flowTasks[task as FlowTaskName] : (task as FinTaskName);

/** What may be varied in a task. */
export function parametersOf(task: SearchedTask): readonly Parameter[] {
  const driven = finTasks[slenderOf(task)].driven as readonly string[];
  return [
    ...(driven.includes('heave') ? (['frequency', 'heave', 'pitch', 'pitchPhase'] as const) : []),
    ...(driven.includes('offset') ? (['offset', 'offsetPhase'] as const) : []),
  ];
}

/** Of those parameters, as numbers. */
export const toVector = (wave: Sinusoid, parameters: readonly Parameter[]): number[] =>
  parameters.map((name) => wave[name]);

/** @param like what the other parameters are */
export const fromVector = (
  vector: readonly number[],
  parameters: readonly Parameter[],
  like: Sinusoid,
): Sinusoid => ({
  ...like,
  ...Object.fromEntries(parameters.map((name, i) => [name, Number(vector[i]!.toFixed(DECIMALS[name]))])),
});

export const firstSteps = (parameters: readonly Parameter[]): number[] => toVector(STEPS, parameters);

/** Of a base alone: 1680 waves, less those that no actuator can follow. */
export const baseGrid = (): Sinusoid[] => combinations(still, BASE_GRID).filter(isAllowed);

/** Offsets beside what the base does. */
export const offsetGrid = (base: Sinusoid): Sinusoid[] => combinations(base, OFFSET_GRID).filter(isAllowed);

/** Whose grid a search begins with: in the slender flow, and where base and offset are both driven, of the base alone. */
export const gridTaskOf = (task: SearchedTask): FinTaskName =>
  task === 'fin-full' ? 'fin-base' : slenderOf(task);

export const gridOf = (task: FinTaskName): Sinusoid[] =>
  task === 'fin-offset' ? offsetGrid(prescribedBase) : baseGrid();

/** Best waves of another task's grid that are tried before a task is searched. */
const BEST_OF_ANOTHER = 20;
const BASES_FOR_OFFSETS = 5;

/** Where a task is searched from whose grid is another's. @param best waves of that grid, the best first */
export function candidatesOf(task: SearchedTask, best: readonly Sinusoid[]): Sinusoid[] {
  if (task === 'fin-full') {
    const bases = best.slice(0, BASES_FOR_OFFSETS);
    return [...bases, ...bases.flatMap(offsetGrid)];
  }
  const coarse = task === 'fin-base-fsi' ? combinations(still, COARSE_GRID).filter(isAllowed) : [];
  return [...best.slice(0, BEST_OF_ANOTHER), ...coarse];
}

export const isAllowed = (wave: Sinusoid): boolean => isWithin(finRay.limits, wave);

/** Without repetitions: a phase of no amplitude is none, and of a pitch alone it changes nothing. */
function combinations(
  like: Sinusoid,
  values: Readonly<Partial<Record<Parameter, readonly number[]>>>,
): Sinusoid[] {
  let waves = [like];
  for (const [name, choices] of Object.entries(values))
    waves = waves.flatMap((wave) => choices.map((value) => ({ ...wave, [name]: value })));
  const distinct = new Map<string, Sinusoid>();
  for (const wave of waves) {
    if (wave.heave === 0 && wave.pitch === 0) continue;
    const plain = wave.heave === 0 || wave.pitch === 0 ? { ...wave, pitchPhase: 0 } : wave;
    distinct.set(JSON.stringify(plain), plain);
  }
  return [...distinct.values()];
}

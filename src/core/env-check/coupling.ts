/**
 * The rule that scenes are independent: of the actions in other scenes, and of how many there are. The rows of a team, D
 * one after another, belong together.
 */
import type { StepBatch, VectorEnv } from '../env.ts';
import { createRng } from '../rng.ts';
import { hasTimeLimit } from './description.ts';
import { type Check, copyBatch, type Driver, type Recording } from './driver.ts';
import { tellDifference } from './replay.ts';

/**
 * Scenes that share one physics world round differently in different company. So values may differ by this part of the
 * range that they were seen in …
 */
const TOLERANCE = 0.01;
/** … and by more where changing the scene's own actions by this much …  */
const NUDGE = 1e-5;
/** … makes them differ by this part of the tolerance: an impact multiplies what was rounding. */
const SENSITIVE = 0.1;

/** Steps to compare of the episode after the longest. */
const NEXT_STEPS = 50;

const REMEDY =
  'Read and write only the own row of every array, and give each scene random numbers of its own: the rng that start and observe are handed.';

interface Course {
  /** `[N, O]` */
  readonly start: Float32Array;
  readonly batches: readonly StepBatch[];
}

interface Difference {
  /** Steps after the reset. */
  readonly step: number;
  readonly text: string;
}

/** Changes the actions of one scene or team, and looks at the others. */
export function checkNeighbours({ driver, findings }: Check, recording: Recording, agents: number): void {
  const { env } = driver;
  const tolerances = tolerancesOf(env, recording);
  for (const changed of new Set([0, env.numEnvs - agents])) {
    const rng = createRng(recording.seed).split('changed actions');
    const actions = withActions(env, recording, changed, () => rng.uniform(-1, 1));
    const course = run(driver, recording.seed, actions);
    for (let scene = 0; scene < env.numEnvs; scene++) {
      if (scene - (scene % agents) === changed) continue;
      const difference = compareScene(env, recording, course, scene, tolerances);
      if (!difference || isSensitive(driver, recording, scene, tolerances, difference.step)) continue;
      findings.add(
        'scenes-coupled',
        () =>
          `Scene ${scene} went another way when only the actions of ${rowsName(changed, agents)} were changed: ${difference.text}. ${REMEDY}`,
      );
      return;
    }
  }
}

/** `scene 4`, or `scenes 4 to 5, which are a team,` */
const rowsName = (first: number, agents: number): string =>
  agents === 1 ? `scene ${first}` : `scenes ${first} to ${first + agents - 1}, which are a team,`;

/** @param alone an instance of one scene or team */
export function checkAlone({ driver, findings }: Check, recording: Recording, alone: Driver): void {
  const { env } = driver;
  const tolerances = tolerancesOf(env, recording);
  const rows = alone.env.numEnvs;
  const actions = courseActions(env, recording).map((all) => all.slice(0, rows * env.actionSpace.size));
  const course = run(alone, recording.seed, actions);
  for (let scene = 0; scene < rows; scene++) {
    const difference = compareScene(env, recording, course, scene, tolerances);
    if (!difference || isSensitive(driver, recording, scene, tolerances, difference.step)) continue;
    const company = rows === 1 ? 'alone' : 'with its team alone';
    findings.add(
      'scenes-coupled',
      () =>
        `Scene ${scene} went another way ${company} than beside ${env.numEnvs - rows} others, with the same seed and actions: ${difference.text}. ${REMEDY}`,
      { group: 'alone' },
    );
    return;
  }
}

/** Whether next to nothing changes the course of `scene` as well, up to step `until`. */
function isSensitive(
  driver: Driver,
  recording: Recording,
  scene: number,
  tolerances: Tolerances,
  until: number,
): boolean {
  const { env } = driver;
  const nudge = (value: number): number => (value > 0 ? value - NUDGE : value + NUDGE);
  const { agents } = env.spec;
  const actions = withActions(env, recording, scene - (scene % agents), nudge).slice(0, until);
  const course = run(driver, recording.seed, actions);
  return compareScene(env, recording, course, scene, tolerances, SENSITIVE) !== undefined;
}

/** For the longest episode and the beginning of the next. */
function courseActions(env: VectorEnv, { actions }: Recording): readonly Float32Array[] {
  return actions.slice(0, (hasTimeLimit(env.spec) ? env.spec.maxEpisodeSteps : 0) + NEXT_STEPS);
}

/** The recorded actions, with those of one scene changed, or of the team that begins with it. */
function withActions(
  env: VectorEnv,
  recording: Recording,
  scene: number,
  change: (value: number) => number,
): Float32Array[] {
  const [first, count] = [scene * env.actionSpace.size, env.spec.agents * env.actionSpace.size];
  return courseActions(env, recording).map((original) => {
    const copy = original.slice();
    copy.set(original.subarray(first, first + count).map(change), first);
    return copy;
  });
}

function run(driver: Driver, seed: number, actions: readonly Float32Array[]): Course {
  const start = driver.reset(seed).slice();
  return { start, batches: actions.map((row) => copyBatch(driver.step(row))) };
}

/** @returns where `scene` left its recorded course by more than `part` of the tolerance; undefined where it did not */
function compareScene(
  env: VectorEnv,
  expected: Course,
  found: Course,
  scene: number,
  tolerances: Tolerances,
  part = 1,
): Difference | undefined {
  const compare = (name: 'obs' | 'finalObs' | 'reward', a: Float32Array, b: Float32Array) => {
    const most = name === 'reward' ? tolerances.reward : tolerances.obs;
    for (let column = 0; column < most.length; column++) {
      const i = scene * most.length + column;
      const [was, is] = [a[i]!, b[i]!];
      if (Object.is(was, is) || Math.abs(was - is) <= part * most[column]!) continue;
      return tellDifference(env, name, scene, column, was, is);
    }
    return undefined;
  };

  const first = compare('obs', expected.start, found.start);
  if (first) return { step: 0, text: `${first} right after the reset` };
  for (const [i, is] of found.batches.entries()) {
    const was = expected.batches[i]!;
    const flag = (['terminated', 'truncated'] as const).find((name) => was[name][scene] !== is[name][scene]);
    const ended = was.terminated[scene] || was.truncated[scene];
    // What ends an episode may be an impact, so of such a step only the new beginning is compared.
    const difference = flag
      ? tellDifference(env, flag, scene, 0, was[flag][scene]!, is[flag][scene]!)
      : ((ended
          ? undefined
          : (compare('reward', was.reward, is.reward) ?? compare('finalObs', was.finalObs, is.finalObs))) ??
        compare('obs', was.obs, is.obs));
    if (difference) return { step: i + 1, text: `${difference} at step ${i + 1}` };
  }
  return undefined;
}

interface Tolerances {
  /** `[O]` */
  readonly obs: readonly number[];
  /** `[1]` */
  readonly reward: readonly number[];
}

const tolerancesOf = ({ observationSpace }: VectorEnv, { start, batches }: Recording): Tolerances => ({
  obs: fromRange(observationSpace.size, [start, ...batches.map(({ finalObs }) => finalObs)]),
  reward: fromRange(
    1,
    batches.map(({ reward }) => reward),
  ),
});

/** Of each column, from the range of its values in `rows` `[N, columns]`. */
function fromRange(columns: number, rows: readonly Float32Array[]): number[] {
  const least = new Array<number>(columns).fill(Number.POSITIVE_INFINITY);
  const greatest = new Array<number>(columns).fill(Number.NEGATIVE_INFINITY);
  for (const values of rows) {
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) continue;
      least[i % columns] = Math.min(least[i % columns]!, values[i]!);
      greatest[i % columns] = Math.max(greatest[i % columns]!, values[i]!);
    }
  }
  return least.map((low, i) => Math.max(1e-6, TOLERANCE * (greatest[i]! - low)));
}

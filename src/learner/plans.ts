/**
 * Policies that decide on several control steps at once: what is planned is carried out step by step, in each scene by a
 * clock of its own. Shapes: N scenes, H control steps of a plan, A action size.
 */
import type { BinaryArray } from '../core/bytes.ts';
import type { ActMode, BasePolicy } from '../core/policy.ts';

export interface PlanExecution {
  /** Control steps of a plan, H. */
  readonly horizon: number;
  /** Control steps after which the next plan is made, 1 to H; it has no meaning under ensembling. */
  readonly carriedOut: number;
  /**
   * Temporal ensembling (ACT, arXiv:2304.13705, algorithm 2): every step makes a plan, and its action is the mean of what all
   * plans have for it, weighted by exp(−m·i) with i = 0 for the oldest; m. Without it plans are carried out as they are.
   */
  readonly ensembling?: number;
}

/** Makes plans. @param obs `[N, O]` @param plans `[N, H·A]`, written, a step after another */
export type Planner = (obs: Float32Array, plans: Float32Array, mode: ActMode) => Promise<void>;

/** A policy that acts as `planner` plans. Scenes begin anew where their number changes. */
export function carryOut(
  planner: Planner,
  execution: PlanExecution,
  actionSize: number,
): Required<Pick<BasePolicy, 'act' | 'begin' | 'foresee' | 'state'>> {
  let schedule: Schedule | undefined;
  const scheduleFor = (scenes: number): Schedule => {
    if (schedule?.scenes !== scenes) schedule = scheduleOf(scenes, actionSize, execution);
    return schedule;
  };
  return {
    begin: (scene) => schedule?.begin(scene),
    async act(obs, actions, mode) {
      const present = scheduleFor(actions.length / actionSize);
      if (present.asks()) {
        await planner(obs, present.fresh, mode);
        present.take();
      }
      present.advance(actions);
    },
    async foresee(obs, actions) {
      const present = scheduleFor(actions.length / actionSize);
      if (present.asks()) await planner(obs, present.fresh, 'exploit');
      present.foresee(actions);
    },
    state: (numEnvs) => scheduleFor(numEnvs).state,
  };
}

/** What is planned for a number of scenes. */
interface Schedule {
  readonly scenes: number;
  /** What the planner writes, `[N, H·A]`. */
  readonly fresh: Float32Array;
  /** Nothing is planned in `scene` any more. */
  begin(scene: number): void;
  /** Whether a plan is needed somewhere. */
  asks(): boolean;
  /** Takes the fresh plans, where they are needed. */
  take(): void;
  /** Writes the actions of now, `[N, A]`. */
  advance(actions: Float32Array): void;
  /** Writes what the actions would be with the fresh plans, which are not taken. */
  foresee(actions: Float32Array): void;
  readonly state: readonly BinaryArray[];
}

const scheduleOf = (scenes: number, actionSize: number, execution: PlanExecution): Schedule =>
  execution.ensembling === undefined
    ? oneByOne(scenes, actionSize, execution)
    : ensembled(scenes, actionSize, execution.horizon, execution.ensembling);

/** Each plan until so many of its steps are made. */
function oneByOne(scenes: number, actionSize: number, { horizon, carriedOut }: PlanExecution): Schedule {
  const width = horizon * actionSize;
  const fresh = new Float32Array(scenes * width);
  const plans = new Float32Array(scenes * width);
  /** Steps made of each plan. */
  const made = new Uint32Array(scenes).fill(carriedOut);
  return {
    scenes,
    fresh,
    begin: (scene) => void made.fill(carriedOut, scene, scene + 1),
    asks: () => made.includes(carriedOut),
    take() {
      for (let scene = 0; scene < scenes; scene++) {
        if (made[scene] !== carriedOut) continue;
        plans.set(fresh.subarray(scene * width, (scene + 1) * width), scene * width);
        made[scene] = 0;
      }
    },
    advance(actions) {
      for (let scene = 0; scene < scenes; scene++) {
        const from = scene * width + made[scene]!++ * actionSize;
        actions.set(plans.subarray(from, from + actionSize), scene * actionSize);
      }
    },
    foresee(actions) {
      for (let scene = 0; scene < scenes; scene++) {
        const isFresh = made[scene] === carriedOut;
        const from = scene * width + (isFresh ? 0 : made[scene]! * actionSize);
        const source = isFresh ? fresh : plans;
        actions.set(source.subarray(from, from + actionSize), scene * actionSize);
      }
    },
    state: [plans, made],
  };
}

/** The mean of the last H plans. @param decay m */
function ensembled(scenes: number, actionSize: number, horizon: number, decay: number): Schedule {
  const width = horizon * actionSize;
  const fresh = new Float32Array(scenes * width);
  /** Those of the last H steps, in turn. */
  const plans = Array.from({ length: horizon }, () => new Float32Array(scenes * width));
  /** Steps that plans have been made for since the episode began, and where the newest ones are. */
  const known = new Uint32Array(scenes);
  const newest = new Uint32Array(1).fill(horizon - 1);

  /** @param latest plans of now @param older how many of those before there are */
  function average(scene: number, latest: Float32Array, older: number, actions: Float32Array): void {
    const own = actions.subarray(scene * actionSize, (scene + 1) * actionSize).fill(0);
    let total = 0;
    for (let age = 0; age <= older; age++) {
      const weight = Math.exp(-decay * (older - age));
      total += weight;
      const plan = age === 0 ? latest : earlier(age, latest === fresh ? 1 : 0);
      const from = scene * width + age * actionSize;
      for (let i = 0; i < actionSize; i++) own[i]! += weight * plan[from + i]!;
    }
    for (let i = 0; i < actionSize; i++) own[i]! /= total;
  }

  /** Plans that are `age` steps old. @param ahead of the newest ones, steps */
  const earlier = (age: number, ahead: number): Float32Array =>
    plans[(newest[0]! - age + ahead + horizon) % horizon]!;

  return {
    scenes,
    fresh,
    begin: (scene) => void known.fill(0, scene, scene + 1),
    asks: () => true,
    take() {
      newest[0] = (newest[0]! + 1) % horizon;
      plans[newest[0]!]!.set(fresh);
      for (let scene = 0; scene < scenes; scene++) known[scene] = Math.min(horizon, known[scene]! + 1);
    },
    advance(actions) {
      for (let scene = 0; scene < scenes; scene++)
        average(scene, plans[newest[0]!]!, known[scene]! - 1, actions);
    },
    foresee(actions) {
      for (let scene = 0; scene < scenes; scene++)
        average(scene, fresh, Math.min(horizon - 1, known[scene]!), actions);
    },
    state: [...plans, known, newest],
  };
}

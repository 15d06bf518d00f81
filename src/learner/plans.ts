/**
 * Policies that decide on several control steps at once: what is planned is carried out step by step, in each scene by a
 * clock of its own. Shapes: N scenes, H control steps of a plan, A action size.
 */
import type { ActMode, Policy } from '../core/policy.ts';

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
): Required<Pick<Policy, 'act' | 'begin'>> {
  let schedule: Schedule | undefined;
  return {
    begin: (scene) => schedule?.begin(scene),
    async act(obs, actions, mode) {
      const scenes = actions.length / actionSize;
      if (schedule?.scenes !== scenes) schedule = scheduleOf(scenes, actionSize, execution);
      if (schedule.asks()) {
        await planner(obs, schedule.fresh, mode);
        schedule.take();
      }
      schedule.advance(actions);
    },
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
  };
}

/** The mean of the last H plans. @param decay m */
function ensembled(scenes: number, actionSize: number, horizon: number, decay: number): Schedule {
  const width = horizon * actionSize;
  const fresh = new Float32Array(scenes * width);
  /** Those of the last H steps, in turn. */
  const plans = Array.from({ length: horizon }, () => new Float32Array(scenes * width));
  /** Steps that plans have been made for since the episode began. */
  const known = new Uint32Array(scenes);
  let step = -1;
  return {
    scenes,
    fresh,
    begin: (scene) => void known.fill(0, scene, scene + 1),
    asks: () => true,
    take() {
      step++;
      plans[step % horizon]!.set(fresh);
      for (let scene = 0; scene < scenes; scene++) known[scene] = Math.min(horizon, known[scene]! + 1);
    },
    advance(actions) {
      actions.fill(0);
      for (let scene = 0; scene < scenes; scene++) {
        const count = known[scene]!;
        let total = 0;
        for (let age = 0; age < count; age++) total += Math.exp(-decay * age);
        for (let age = 0; age < count; age++) {
          const weight = Math.exp(-decay * (count - 1 - age)) / total;
          const plan = plans[(step - age) % horizon]!;
          const from = scene * width + age * actionSize;
          for (let i = 0; i < actionSize; i++) actions[scene * actionSize + i]! += weight * plan[from + i]!;
        }
      }
    },
  };
}

/** Transitions as columns: row i of every column is one transition. Shapes: B rows, O observation, A action size. */

export interface Batch {
  readonly size: number;
  /** `[B, O]` */
  readonly obs: Float32Array;
  /** As applied after limits, `[B, A]`. */
  readonly action: Float32Array;
  /** Of the step or, where the transition spans several, their discounted sum. `[B]` */
  readonly reward: Float32Array;
  /** The observation the action led to; at a time limit the true last one. `[B, O]` */
  readonly nextObs: Float32Array;
  /** 1 where the task ended, 0 elsewhere, at a time limit too. `[B]` */
  readonly terminated: Float32Array;
  /** Weight of the next state's value: γ to the number of steps that the transition spans. `[B]` */
  readonly discount: Float32Array;
  /**
   * Actions of this and the next control steps of the episode, H of them one after another, the last one again where the
   * episode ends before, `[B, H·A]`. Absent where nobody plans.
   */
  readonly plan?: Float32Array;
  /** Discounted rewards from here to the end of the episode, or a lower bound of them, `[B]`. Absent where nobody asks. */
  readonly returnToGo?: Float32Array;
}

/** What lower bounds of returns to go are reckoned with. */
export interface ReturnToGo {
  /** γ per control step. */
  readonly discount: number;
  /** Least that a control step gives, 0 or less, in the environment's rewards: what is assumed where an end is not known. */
  readonly leastReward: number;
}

export interface BatchColumns {
  /** Control steps of `plan`, H; 0 for a batch without, as where it is left out. */
  readonly horizon?: number | undefined;
  /** Whether there is `returnToGo`. */
  readonly returns?: boolean;
}

export function createBatch(
  size: number,
  observationSize: number,
  actionSize: number,
  { horizon = 0, returns = false }: BatchColumns = {},
): Batch {
  return {
    size,
    obs: new Float32Array(size * observationSize),
    action: new Float32Array(size * actionSize),
    reward: new Float32Array(size),
    nextObs: new Float32Array(size * observationSize),
    terminated: new Float32Array(size),
    discount: new Float32Array(size),
    ...(horizon > 0 ? { plan: new Float32Array(size * horizon * actionSize) } : {}),
    ...(returns ? { returnToGo: new Float32Array(size) } : {}),
  };
}

/**
 * What a policy has just done: T control steps of N scenes, step after step, so that row t·N + n is scene n at step t.
 */
export interface Trajectories {
  /** T */
  readonly steps: number;
  /** N */
  readonly numEnvs: number;
  /** `[T·N, O]` */
  readonly obs: Float32Array;
  /** The observation the action led to, also where the episode ended with it. `[T·N, O]` */
  readonly nextObs: Float32Array;
  /** Standard normal numbers that the actions were drawn with, `[T·N, A]`. */
  readonly noise: Float32Array;
  /** `[T·N]` */
  readonly reward: Float32Array;
  /** 1 where the task ended, `[T·N]`. */
  readonly terminated: Float32Array;
  /** 1 where the time limit cut the episode, `[T·N]`. */
  readonly truncated: Float32Array;
}

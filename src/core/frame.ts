/** What a running loop tells the world after each control step, and at the end of each episode. */

/**
 * One control step of N scenes. Simulator and robot emit the same frames. The arrays are views that are valid only
 * inside the synchronous `next` call that delivers the frame: whoever keeps them copies them.
 */
export interface Frame {
  /** Control steps so far, summed over scenes, this one included. */
  readonly step: number;
  /** Monotonic time of the frame, s. */
  readonly time: number;
  readonly numEnvs: number;
  /** The observation that was acted on, `[N, O]`. */
  readonly obs: Float32Array;
  /** The action as applied after limits, `[N, A]`. */
  readonly action: Float32Array;
  /** `[N]` */
  readonly reward: Float32Array;
  /** `[N, T]`, in the order of the environment's `rewardTerms`. */
  readonly rewardTerms: Float32Array;
  /** The observation that the action led to, `[N, O]`. */
  readonly nextObs: Float32Array;
  /** `[N]` */
  readonly terminated: Uint8Array;
  /** `[N]` */
  readonly truncated: Uint8Array;
  /** 1 where somebody else acted instead of the policy, a person or an expert, `[N]`. */
  readonly intervened: Uint8Array;
}

/** One finished episode. Owns its data. */
export interface Episode {
  /** Control steps of the run when it ended. */
  readonly step: number;
  readonly scene: number;
  /** Sum of rewards, undiscounted. */
  readonly return: number;
  /** Control steps of the episode. */
  readonly length: number;
  readonly terminated: boolean;
  readonly success: boolean;
  /** The return's parts, in the order of the environment's `rewardTerms`. */
  readonly rewardTerms: readonly number[];
  /** In the order of the environment's `scores`; none where it has none. */
  readonly scores: readonly number[];
}

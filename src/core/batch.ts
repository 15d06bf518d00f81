/** Transitions as columns: row i of every column is one transition. Shapes: B rows, O observation, A action size. */

export interface Batch {
  readonly size: number;
  /** `[B, O]` */
  readonly obs: Float32Array;
  /** As applied after limits, `[B, A]`. */
  readonly action: Float32Array;
  /** `[B]` */
  readonly reward: Float32Array;
  /** The observation the action led to; at a time limit the true last one. `[B, O]` */
  readonly nextObs: Float32Array;
  /** 1 where the task ended, 0 elsewhere, at a time limit too. `[B]` */
  readonly terminated: Float32Array;
}

export function createBatch(size: number, observationSize: number, actionSize: number): Batch {
  return {
    size,
    obs: new Float32Array(size * observationSize),
    action: new Float32Array(size * actionSize),
    reward: new Float32Array(size),
    nextObs: new Float32Array(size * observationSize),
    terminated: new Float32Array(size),
  };
}

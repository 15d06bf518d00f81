/** What may be said to `checkEnv`. */
export interface CheckEnvOptions {
  /** Scenes to create, where there is something to create them with; 4 unless told, or as many more as make whole teams. */
  readonly numEnvs?: number;
  /** Settings of a definition that differ from its defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** 1 unless told. */
  readonly seed?: number;
  /** Most control steps of a trajectory; 10,000 unless told. Two or three of the longest episodes are made, if they fit. */
  readonly steps?: number;
  /**
   * Something that keeps episodes going until time runs out, where random actions do not; so the time limit is seen.
   * @param obs `[N, O]`
   * @param actions `[N, A]`, written
   */
  readonly controller?: (obs: Float32Array, actions: Float32Array) => void;
}

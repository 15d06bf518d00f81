/**
 * The contract between an environment and everything else: batch first, Gymnasium's meaning of `terminated` and
 * `truncated`, no allocation per step. Shapes: N scenes, O observation size, A action size, T reward terms, S scores.
 */
import type { Observable } from 'rxjs';
import type { EnvView, Teleoperation } from './appearance.ts';
import type { DemonstratorDefinition } from './demonstrator.ts';
import type { EnvEvent } from './events.ts';
import type { Policy } from './policy.ts';
import type { SettingsSchema } from './settings.ts';
import type { Space, Unit } from './space.ts';

export interface EnvSpec {
  /** Name in `proprio list envs`. */
  readonly id: string;
  readonly description: string;
  /**
   * Agents per episode, D: 1, or the size of a team. An episode takes D rows that begin and end together, row =
   * episode·D + agent, so a number of rows N is a multiple of D.
   */
  readonly agents: number;
  /** 2 where the first half of an episode's rows plays against the second; success is then to win. */
  readonly sides?: 2;
  /** Time between two actions, s. */
  readonly controlDt: number;
  /** Control steps after which an episode is truncated. */
  readonly maxEpisodeSteps: number;
  /** Names of the T parts that the reward is the sum of. */
  readonly rewardTerms: readonly string[];
  /** When an episode counts as a success, in words; absent where the task has no such notion. */
  readonly success?: string;
  /** The S numbers that an episode is told by, beside its return. Policies are compared by the first of them, where there is no success. */
  readonly scores?: readonly Score[];
}

/** What is counted or measured over an episode, the more the better: bumps, metres. */
export interface Score {
  /** Such as `bumps`. */
  readonly name: string;
  readonly unit: Unit;
  /** What it counts, in words. */
  readonly description: string;
}

/** What one control step did in every scene. The arrays are views that stay valid until the next call. */
export interface StepBatch {
  /** The observation to act on next, `[N, O]`: of a fresh episode where one has just ended. */
  readonly obs: Float32Array;
  /** `[N]` */
  readonly reward: Float32Array;
  /** 1 where the task itself ended (crash, goal); the value of the next state is then zero. `[N]` */
  readonly terminated: Uint8Array;
  /** 1 where the time limit cut the episode; the next state still has a value. `[N]` */
  readonly truncated: Uint8Array;
  /** The observation that this step led to, always filled, never of a fresh episode. `[N, O]` */
  readonly finalObs: Float32Array;
  /** The actions as applied after limits, `[N, A]`; these are the ones to learn from. */
  readonly appliedActions: Float32Array;
  readonly info: StepInfo;
}

export interface StepInfo {
  /** `[N, T]`; each row sums to the reward. */
  readonly rewardTerms: Float32Array;
  /** 1 where an episode that ended in this step was a success, `[N]`. */
  readonly success: Uint8Array;
  /** Scores of the episodes that ended in this step, `[N, S]`; absent where the task has none. */
  readonly scores?: Float32Array;
}

/** What N scenes that step together are like, whether their steps are waited for or not. */
export interface SteppedScenes {
  readonly spec: EnvSpec;
  readonly numEnvs: number;
  readonly observationSpace: Space;
  /** Every component in [-1, 1]; the body scales. */
  readonly actionSpace: Space;
  /** How it looks; absent where there is nothing to be seen. */
  readonly view?: EnvView;
  /** Hot: what happens, told within the `step` that it happens in; absent where the task tells nothing. */
  readonly events$?: Observable<EnvEvent>;
  /** Ends the episode `scene`, all its rows, with the next step, as a time limit does: what a person asks for. */
  interrupt?(scene: number): void;
  /**
   * Nobody looks at the present episode of `scene`: what is left of it costs nothing and says nothing, and the next one is as
   * any other. Absent where it costs as much as it did.
   */
  leave?(scene: number): void;
  /** Everything that `restore` needs to continue bit for bit; absent where that cannot be had (a real machine). */
  snapshot?(): Uint8Array;
  restore?(snapshot: Uint8Array): void;
  /** Gives back what the environment holds; nothing else may be called afterwards, but `close` may again. */
  close(): void;
}

/** N scenes that step together. A finished episode restarts within the step that ended it. */
export interface VectorEnv extends SteppedScenes {
  /** Starts every scene anew. Equal seeds give equal trajectories. @returns `[N, O]` */
  reset(seed: number): Float32Array;
  /**
   * @param actions `[N, A]`, clipped to [-1, 1]; never written to
   * @throws RangeError when an action is not finite, naming the component and the scene
   */
  step(actions: Float32Array): StepBatch;
}

/** The same where a step takes its time: a machine makes it, or a policy is asked before it is over. */
export interface AsyncVectorEnv extends SteppedScenes {
  reset(seed: number): Promise<Float32Array>;
  step(actions: Float32Array): Promise<StepBatch>;
}

/** What a loop can act in. */
export type SteppedEnv = VectorEnv | AsyncVectorEnv;

/** A listed environment: how to make one. `Settings` are its own, such as randomisation and reward weights. */
export interface EnvDefinition<Settings = Record<string, unknown>> {
  readonly id: string;
  readonly description: string;
  readonly settings: SettingsSchema<Settings>;
  create(numEnvs: number, settings: Settings): VectorEnv;
  /** `spec.agents` under these settings: `numEnvs` has to be a multiple of it. Absent where it is always 1. */
  agents?(settings: Settings): number;
  /** A controller written by hand that solves the task from what is observed; absent where there is none. */
  scripted?(env: VectorEnv, settings: Settings): Policy;
  /** Who shows it, with dials and grades of the task; without it, the scripted controller does. */
  readonly demonstrator?: DemonstratorDefinition<Settings>;
  /** Where two sides play against each other; absent for other tasks. */
  readonly match?: MatchDefinition<Settings>;
  /** How a person steers it; without it, each component of the action has a control of its own. */
  teleoperation?(env: SteppedScenes, settings: Settings): Teleoperation;
}

export interface MatchDefinition<Settings> {
  /** Settings under which all players of both sides are rows, so that policies can play them. */
  readonly settings: Partial<Settings>;
  /** A player written by hand. @param level its strength, from 0 to 1 */
  opponent(env: VectorEnv, settings: Settings, level: number): Policy;
}

/** Defaults for an environment with an agent, where other values than the general ones have been found better. */
export interface TunedDefaults {
  readonly steps?: number;
  readonly numEnvs?: number;
  readonly agent?: Readonly<Record<string, unknown>>;
  readonly training?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

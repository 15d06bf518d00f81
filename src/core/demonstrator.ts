/**
 * Who shows a task to others: a scripted player with dials that make it err as people and cheap sensors do, so that data of
 * any quality can be made. Grades name settings of the dials by how often they succeed.
 */
import type { BinaryArray } from './bytes.ts';
import type { EnvDefinition, VectorEnv } from './env.ts';
import { UsageError } from './errors.ts';
import type { Policy } from './policy.ts';
import type { Rng } from './rng.ts';
import { type Saveable, saveable } from './saved-state.ts';
import { integer, number, type SettingsSchema, settings } from './settings.ts';

/** From the best to the worst; as successes of 100: at least 95, about 80, 50 to 60, about 35. */
export const gradeNames = ['expert', 'good', 'mixed', 'poor'] as const;
export type Grade = (typeof gradeNames)[number];

/** Dials by name; one that is not told has no effect. */
export type DialValues = Readonly<Record<string, unknown>>;

/** How the task of an environment is shown. */
export interface DemonstratorDefinition<Settings = Record<string, unknown>> {
  /** What the robot is called in data sets, such as `h20-right`. */
  readonly robot?: string;
  /** Without effect by default. */
  readonly dials: SettingsSchema<Record<string, unknown>>;
  /** What has been found for the task under these settings. */
  grades(settings: Settings): Readonly<Partial<Record<Grade, DialValues>>>;
  /** @param dials checked and complete @param rng source of its errors */
  create(
    env: VectorEnv,
    settings: Settings,
    dials: Readonly<Record<string, unknown>>,
    rng: Rng,
  ): Demonstrator;
}

/** Its actions may lie beyond [-1, 1]; the environment clips them. What it keeps from step to step can be saved. */
export interface Demonstrator extends Policy, Partial<Saveable> {
  /**
   * An episode begins in `scene`; called before the first action of each.
   * @param obs its first observation, `[O]`
   * @returns what was drawn for the episode, by name; undefined where the dials leave out episodes that begin so
   */
  begin(scene: number, obs: Float32Array): Readonly<Record<string, number>> | undefined;
}

/** What was seen some control steps ago. Shapes: N scenes, O observation size. */
export class Delay {
  readonly #size: number;
  readonly #seen: readonly Float32Array[];
  readonly #at = new Uint32Array(1);

  /** @param steps control steps; 0 for what is seen now */
  constructor({ numEnvs, observationSpace: { size } }: VectorEnv, steps: number) {
    this.#size = size;
    this.#seen = Array.from({ length: steps + 1 }, () => new Float32Array(numEnvs * size));
  }

  /** Nothing else has been seen in `scene` before `obs`, `[O]`. */
  begin(scene: number, obs: Float32Array): void {
    for (const seen of this.#seen) seen.set(obs, this.#size * scene);
  }

  /** @param obs `[N, O]` @returns `[N, O]`, to be written to until the next call */
  see(obs: Float32Array): Float32Array {
    this.#seen[this.#at[0]!]!.set(obs);
    this.#at[0] = (this.#at[0]! + 1) % this.#seen.length;
    return this.#seen[this.#at[0]]!;
  }

  /** All that it keeps. */
  get state(): readonly BinaryArray[] {
    return [...this.#seen, this.#at];
  }
}

const commonDials = settings({
  jitter: number(0, 0, 1, 'deviation of normal noise on all actions'),
  lagSteps: integer(0, 0, 100, 'control steps by which what is seen is late'),
});

/** The demonstrator of an environment; of one that has a scripted controller alone, that with the dials that suit all. */
export function demonstratorOf(definition: EnvDefinition): DemonstratorDefinition {
  if (definition.demonstrator) return definition.demonstrator;
  const { scripted, id } = definition;
  if (!scripted)
    throw new UsageError(`"${id}" has no scripted controller, so there is nobody to show how it is done.`);
  return {
    dials: commonDials,
    grades: () => ({ expert: {} }),
    create(env, s, dials, rng) {
      const { jitter, lagSteps } = commonDials.parse(dials);
      const player = scripted(env, s);
      const delay = new Delay(env, lagSteps);
      return {
        ...saveable(() => delay.state, rng),
        begin(scene, obs) {
          delay.begin(scene, obs);
          return {};
        },
        async act(obs, actions, mode) {
          await player.act(delay.see(obs), actions, mode);
          if (jitter > 0) for (let i = 0; i < actions.length; i++) actions[i]! += jitter * rng.normal();
        },
      };
    },
  };
}

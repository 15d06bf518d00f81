/**
 * What happens within an episode, in words and numbers: a hit, a fault, a goal. It is for who watches or reads along, and no
 * part of the state: nobody acts or learns by it, and nothing is made of it while nobody listens.
 */

export interface EnvEvent {
  /** The episode's index among those that run side by side. */
  readonly scene: number;
  /** Control steps of the episode, the one included that it happened in. */
  readonly age: number;
  /** What happened, in a word or two, the same for all of its kind: `hit`. */
  readonly kind: string;
  /** Who, where and how, in words: `drone 0, ball at 2.1 m/s`. */
  readonly text: string;
  /** The numbers behind the words, by name, SI units. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Tells one thing that happened in the last control step; see `EnvEvent`. */
export type Tell = (kind: string, text: string, values?: EnvEvent['values']) => void;

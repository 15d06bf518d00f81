/** Mistakes of a hand's demonstrator: when an episode has one, and what the fingers do then. */
import type { Rng } from '../../../src/core/rng.ts';

/** early: it closes before it is there. release: it opens what it has grasped. Its player then goes on with what it sees. */
export const MISTAKES = ['none', 'early', 'release'] as const;
export type Mistake = (typeof MISTAKES)[number];

/** When a hand closes too early, s after the episode's start; when it opens, s after it has closed. */
const WHEN = [0.1, 0.6] as const;
/** How long it closes, and how long it then opens, s. */
const CLOSING = 0.3;
const OPENING = 0.4;
/** Curl from which on a hand has closed. */
const CLOSED = 0.6;

/** Of the mistake in a scene: which, and control steps that are left of its parts. */
const [WHICH, WAIT, CLOSE, OPEN, SIZE] = [0, 1, 2, 3, 4] as const;

export class Mistakes {
  /** Of each scene, `[N, 4]`; all that is kept. */
  readonly state: Uint32Array;
  readonly #rate: number;

  /** @param rate control steps a second */
  constructor(numEnvs: number, rate: number) {
    this.#rate = rate;
    this.state = new Uint32Array(SIZE * numEnvs);
  }

  /** Draws, always as many numbers, whether the episode that begins has a mistake, and which. @param rate part that have one */
  begin(scene: number, rate: number, rng: Rng): Mistake {
    const [happens, which, when] = [rng.uniform(0, 1) < rate, rng.uniform(0, 1), rng.uniform(...WHEN)];
    const mistake = happens ? (which < 0.5 ? 'early' : 'release') : 'none';
    const steps = (seconds: number): number => Math.max(1, Math.round(seconds * this.#rate));
    const course = this.#course(scene);
    course[WHICH] = MISTAKES.indexOf(mistake);
    course[WAIT] = steps(when);
    course[CLOSE] = mistake === 'early' ? steps(CLOSING) : 0;
    course[OPEN] = steps(OPENING);
    return mistake;
  }

  /** One control step. @param curl of the hand now @returns what the fingers do against the player's will, if anything */
  next(scene: number, curl: number): 'close' | 'open' | undefined {
    const course = this.#course(scene);
    const mistake = MISTAKES[course[WHICH]!];
    if (mistake === 'none') return undefined;
    if (course[WAIT]! > 0) {
      if (mistake === 'early' || curl > CLOSED) course[WAIT]!--;
      return undefined;
    }
    if (course[CLOSE]! > 0) {
      course[CLOSE]!--;
      return 'close';
    }
    if (course[OPEN] === 0) return undefined;
    course[OPEN]!--;
    return 'open';
  }

  #course(scene: number): Uint32Array {
    return this.state.subarray(SIZE * scene, SIZE * (scene + 1));
  }
}

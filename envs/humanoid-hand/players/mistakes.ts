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

/** Of the mistake under way in one scene, control steps that are left. */
interface Course {
  readonly mistake: Mistake;
  wait: number;
  close: number;
  open: number;
}

export class Mistakes {
  readonly #rate: number;
  readonly #courses: Course[];

  /** @param rate control steps a second */
  constructor(numEnvs: number, rate: number) {
    this.#rate = rate;
    this.#courses = Array.from({ length: numEnvs }, () => ({ mistake: 'none', wait: 0, close: 0, open: 0 }));
  }

  /** Draws, always as many numbers, whether the episode that begins has a mistake, and which. @param rate part that have one */
  begin(scene: number, rate: number, rng: Rng): Mistake {
    const [happens, which, when] = [rng.uniform(0, 1) < rate, rng.uniform(0, 1), rng.uniform(...WHEN)];
    const mistake = happens ? (which < 0.5 ? 'early' : 'release') : 'none';
    const steps = (seconds: number): number => Math.max(1, Math.round(seconds * this.#rate));
    this.#courses[scene] = {
      mistake,
      wait: steps(when),
      close: mistake === 'early' ? steps(CLOSING) : 0,
      open: steps(OPENING),
    };
    return mistake;
  }

  /** One control step. @param curl of the hand now @returns what the fingers do against the player's will, if anything */
  next(scene: number, curl: number): 'close' | 'open' | undefined {
    const course = this.#courses[scene]!;
    if (course.mistake === 'none') return undefined;
    if (course.wait > 0) {
      if (course.mistake === 'early' || curl > CLOSED) course.wait--;
      return undefined;
    }
    if (course.close > 0) {
      course.close--;
      return 'close';
    }
    if (course.open === 0) return undefined;
    course.open--;
    return 'open';
  }
}

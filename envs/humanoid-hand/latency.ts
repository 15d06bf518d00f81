/** Actions that come late, by another number of control steps in each episode. Shapes: N scenes, A components of the action. */
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { Rng } from '../../src/core/rng.ts';

export class Latency {
  /** Of what is carried out in each scene, `[N]` control steps. */
  readonly delay: Uint32Array;
  readonly #most: number;
  readonly #size: number;
  /** The newest actions, one after the other, `[N, most + 1, A]`. */
  readonly #actions: Float32Array;
  /** How many actions have been given in the episode, `[N]`. */
  readonly #given: Uint32Array;

  /** @param most control steps that an action may come late @param size of an action */
  constructor(scenes: number, most: number, size: number) {
    this.#most = most;
    this.#size = size;
    this.delay = new Uint32Array(scenes);
    this.#actions = new Float32Array(scenes * (most + 1) * size);
    this.#given = new Uint32Array(scenes);
  }

  get state(): BinaryArray[] {
    return [this.delay, this.#actions, this.#given];
  }

  /** An episode begins in `scene`. */
  start(scene: number, rng: Rng): void {
    this.#given[scene] = 0;
    this.delay[scene] = this.#most > 0 ? rng.integer(this.#most + 1) : 0;
  }

  /**
   * Takes the action of a control step.
   * @param actions `[A]` from `at` on
   * @returns the one to be carried out, `[A]`; undefined until the first one has come through
   */
  pass(scene: number, actions: Float32Array, at: number): Float32Array | undefined {
    const slots = this.#most + 1;
    const size = this.#size;
    const slotOf = (step: number): number => size * (slots * scene + (step % slots));
    const step = this.#given[scene]!++;
    this.#actions.set(actions.subarray(at, at + size), slotOf(step));
    const due = step - this.delay[scene]!;
    return due < 0 ? undefined : this.#actions.subarray(slotOf(due), slotOf(due) + size);
  }
}

/** What something keeps from step to step, as bytes, so that a checkpoint can hold it. */
import { type BinaryArray, packBytes, restoreArray, unpackBytes } from './bytes.ts';
import type { Rng, RngState } from './rng.ts';

export interface Saveable {
  /** Between two steps. */
  snapshot(): Uint8Array;
  /** Goes on from there. @throws RangeError for a snapshot of something else */
  restore(snapshot: Uint8Array): void;
}

/** @param arrays always the same ones, which are written to @param rngs in a fixed order, as the arrays are */
export const saveable = (arrays: () => readonly BinaryArray[], ...rngs: readonly Rng[]): Saveable => ({
  snapshot: () => packBytes([...arrays(), ...rngs.map((rng) => new Uint32Array(rng.state()))]),
  restore(snapshot) {
    const parts = unpackBytes(snapshot);
    const words = rngs.map(() => new Uint32Array(4));
    [...arrays(), ...words].forEach((array, i) => {
      restoreArray(array, parts[i] ?? new Uint8Array(0));
    });
    rngs.forEach((rng, i) => {
      rng.restore([...words[i]!] as unknown as RngState);
    });
  },
});

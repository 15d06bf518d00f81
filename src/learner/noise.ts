/** Random inputs of an update: made on the host by the seeded generator, so that every device computes the same. */
import type { Rng } from '../core/rng.ts';

export interface NoiseSpec {
  readonly shape: readonly number[];
  /** Fills the values of that shape. */
  readonly fill: (values: Float32Array, rng: Rng) => void;
}

/** Standard normal numbers. */
export const normalNoise = (...shape: number[]): NoiseSpec => ({
  shape,
  fill: (values, rng) => void rng.fillNormal(values),
});

/** Numbers between -1 and 1, all equally likely. */
export const uniformNoise = (...shape: number[]): NoiseSpec => ({
  shape,
  fill(values, rng) {
    for (let i = 0; i < values.length; i++) values[i] = rng.uniform(-1, 1);
  },
});

/** 0 with probability `rate`, else 1/(1 − rate): what dropout multiplies with. */
export const dropoutMask = (rate: number, ...shape: number[]): NoiseSpec => ({
  shape,
  // By the gaps between zeros, which are geometrically distributed: few draws where the rate is low.
  fill(values, rng) {
    values.fill(1 / (1 - rate));
    if (rate === 0) return;
    const logKeep = Math.log(1 - rate);
    const gap = (): number => Math.floor(Math.log(1 - rng.uniform(0, 1)) / logKeep);
    for (let i = gap(); i < values.length; i += 1 + gap()) values[i] = 0;
  },
});

export const noiseSize = ({ shape }: NoiseSpec): number => shape.reduce((n, size) => n * size, 1);

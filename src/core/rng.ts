/**
 * Seeded random numbers. `Math.random` is used nowhere, so a run is repeatable, and the state is four integers, so a
 * checkpoint can hold it. Generator: xoshiro128** 1.1, seeded by splitmix32 (Blackman and Vigna 2018, arXiv:1805.01407).
 */

/** The four 32-bit words of a generator. */
export type RngState = readonly [number, number, number, number];

export interface Rng {
  /** An independent generator whose sequence depends on this one's seed and `purpose` only, not on a restored state. */
  split(purpose: string): Rng;
  /** The next 32 random bits, as an unsigned integer. */
  bits(): number;
  /** Uniform in [low, high); 32 random bits. */
  uniform(low: number, high: number): number;
  /** Uniform integer in [0, below), free of modulo bias. @throws RangeError unless 1 <= below <= 2^32 */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** Fills `out` with standard normals. @returns out */
  fillNormal(out: Float32Array): Float32Array;
  state(): RngState;
  restore(state: RngState): void;
}

const TWO_PI = 2 * Math.PI;
const INVERSE_2_32 = 2 ** -32;

/** @param seed any integer; its low 32 bits count */
export function createRng(seed: number): Rng {
  let [a, b, c, d] = expand(seed >>> 0);

  function bits(): number {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return scrambled >>> 0;
  }

  function integer(below: number): number {
    if (!(Number.isInteger(below) && below >= 1 && below <= 2 ** 32)) {
      throw new RangeError(`integer(below) takes a whole number from 1 to 2^32, not ${below}.`);
    }
    const limit = 2 ** 32 - (2 ** 32 % below);
    let draw = bits();
    while (draw >= limit) draw = bits();
    return draw % below;
  }

  // Box–Muller, both values used. 1 - u keeps the logarithm's argument above zero.
  function fillNormal(out: Float32Array): Float32Array {
    for (let i = 0; i < out.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - bits() * INVERSE_2_32));
      const angle = TWO_PI * INVERSE_2_32 * bits();
      out[i] = radius * Math.cos(angle);
      if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
    }
    return out;
  }

  const one = new Float32Array(1);
  return {
    split: (purpose) => createRng(hash(purpose, seed)),
    bits,
    uniform: (low, high) => low + (high - low) * bits() * INVERSE_2_32,
    integer,
    normal: () => fillNormal(one)[0]!,
    fillNormal,
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
    restore: (state) => {
      [a, b, c, d] = state;
    },
  };
}

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** Four state words from a seed, by splitmix32. */
function expand(seed: number): [number, number, number, number] {
  let state = seed;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  return [next(), next(), next(), next()];
}

/** FNV-1a over the UTF-16 units of `text`, started from the seed spread over all bits, so that neighbours do not meet. */
function hash(text: string, seed: number): number {
  let h = 0x811c9dc5 ^ expand(seed >>> 0)[0];
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

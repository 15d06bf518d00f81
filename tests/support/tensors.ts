/** Comparison of arrays of numbers, and runs of one function on two devices. */
import { compile, type Device, type InputSpec, type TensorFunction } from '../../src/tensor/index.ts';
import type { Arrays, TypedArray } from '../../src/tensor/program.ts';

/** The first element where |a − b| > tolerance·(1 + max(|a|, |b|)); equal infinities agree, and so do two NaNs. */
export function firstDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} elements instead of ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (Math.abs(a - b) <= tolerance * (1 + Math.max(Math.abs(a), Math.abs(b)))) continue;
    return `element ${i} is ${a} instead of ${b}`;
  }
  return undefined;
}

/** Greatest |a − b| over the greatest |b|, which counts as no less than 1e-6. Infinite where a NaN has no partner. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [error, scale] = [0, 1e-6];
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    error = Math.max(error, difference);
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return error / scale;
}

/** Compiles, runs once, disposes. One thread, so that tests do not compete for the machine's cores. */
export async function runOn(
  device: Device,
  fn: TensorFunction,
  specs: Readonly<Record<string, InputSpec>>,
  arrays: Arrays,
): Promise<Record<string, TypedArray>> {
  const program = await compile(fn, specs, { device, threads: 1 });
  try {
    return await program.run(arrays);
  } finally {
    await program.dispose();
  }
}

/** What a periodic signal is like: mean over whole periods, amplitude and frequency. */
export interface Oscillation {
  readonly mean: number;
  /** Highest and lowest value of the whole periods. */
  readonly high: number;
  readonly low: number;
  /** Periods a sample. */
  readonly frequency: number;
}

/**
 * Over the whole periods of `signal`, which are told by where `clock` rises through its mean: the drag of a shedding
 * cylinder has two periods to one of the lift, so both are measured by the lift.
 * @throws RangeError where there are fewer than three periods
 */
export function oscillation(signal: ArrayLike<number>, clock: ArrayLike<number> = signal): Oscillation {
  const middle = mean(clock, 0, clock.length);
  const rises: number[] = [];
  for (let i = 1; i < clock.length; i++) {
    const [before, after] = [clock[i - 1]! - middle, clock[i]! - middle];
    if (before < 0 && after >= 0) rises.push(i - after / (after - before));
  }
  const periods = rises.length - 1;
  if (periods < 3) throw new RangeError(`The signal has ${Math.max(0, periods)} periods; three are needed.`);
  const [first, last] = [rises[0]!, rises.at(-1)!];
  let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = Math.ceil(first); i < last; i++) {
    high = Math.max(high, signal[i]!);
    low = Math.min(low, signal[i]!);
  }
  return {
    mean: mean(signal, Math.ceil(first), Math.ceil(last)),
    high,
    low,
    frequency: periods / (last - first),
  };
}

function mean(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
}

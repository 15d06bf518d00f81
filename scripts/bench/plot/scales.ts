/** From numbers to places on a picture, and the round numbers to write beside an axis. */

export interface Scale {
  /** The place of a value, in pixels. */
  readonly at: (value: number) => number;
  /** Round values within the domain, ascending. */
  readonly ticks: readonly number[];
}

export type Interval = readonly [from: number, to: number];

/** @param count ticks wanted, about */
export function linearScale(domain: Interval, range: Interval, count: number): Scale {
  return { at: (value) => between(range, part(domain, value)), ticks: roundNumbers(domain, count) };
}

/** @param domain above 0 */
export function logarithmicScale(domain: Interval, range: Interval): Scale {
  const [from, to] = [Math.log(domain[0]), Math.log(domain[1])];
  const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
  return {
    at: (value) => between(range, part([from, to], Math.log(value))),
    ticks: powers
      .flatMap((power) => [power, 2 * power, 5 * power])
      .filter((value) => value >= domain[0] && value <= domain[1]),
  };
}

/** The interval widened to round ends; of a single value, to both sides of it. */
export function roundInterval([from, to]: Interval, count: number): Interval {
  if (from === to) return roundInterval([from - 1, to + 1], count);
  const step = roundStep(to - from, count);
  return [Math.floor(from / step) * step, Math.ceil(to / step) * step];
}

/** Multiples of 1, 2 or 5 times a power of ten. */
function roundNumbers([from, to]: Interval, count: number): number[] {
  const step = roundStep(to - from, count);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
}

function roundStep(extent: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(extent / count));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= extent / count)!;
}

const part = ([from, to]: Interval, value: number): number => (value - from) / (to - from);

const between = ([from, to]: Interval, part: number): number => from + part * (to - from);

/**
 * Moves places apart until neighbours are `gap` from each other, none out of `range` as far as there is room, and each near
 * where it was.
 * @returns the new places, in the order of the old ones
 */
export function spread(places: readonly number[], gap: number, range: Interval): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const moved = [...places];
  let least = range[0];
  for (const i of order) {
    moved[i] = Math.max(moved[i]!, least);
    least = moved[i]! + gap;
  }
  let most = range[1];
  for (const i of order.reverse()) {
    moved[i] = Math.min(moved[i]!, most);
    most = moved[i]! - gap;
  }
  return moved;
}

/**
 * The points of training curves so far, for pages that come late: evenly thinned, so that no run is too long
 * to keep.
 */
import type { ViewMetrics } from './protocol.ts';

/** Most points that are kept of those with the same names. */
const MOST_POINTS = 500;

interface Curve {
  points: ViewMetrics[];
  /** Of so many points one is kept. */
  stride: number;
  count: number;
}

export class Curves {
  readonly #curves = new Map<string, Curve>();

  add(point: ViewMetrics): void {
    const names = Object.keys(point.values).join();
    const curve = this.#curves.get(names) ?? { points: [], stride: 1, count: 0 };
    this.#curves.set(names, curve);
    if (curve.count++ % curve.stride === 0) curve.points.push(point);
    if (curve.points.length <= MOST_POINTS) return;
    curve.points = curve.points.filter((_, i) => i % 2 === 0);
    curve.stride *= 2;
  }

  /** All of them, by their steps. */
  get points(): ViewMetrics[] {
    return [...this.#curves.values()].flatMap(({ points }) => points).sort((a, b) => a.step - b.step);
  }
}

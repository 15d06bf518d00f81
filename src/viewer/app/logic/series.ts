/** The last points of curves over one axis, in the form in which they are plotted. */

const CAPACITY = 5_000;
/** Points beyond the capacity that are kept until they are dropped together. */
const SLACK = 500;

export class Series {
  readonly x: number[] = [];
  /** One list a curve; null where it has no value. */
  readonly curves: readonly (number | null)[][];
  /** How often it has changed: what drew it then need not draw it again. */
  changes = 0;

  constructor(curves: number) {
    this.curves = Array.from({ length: curves }, () => []);
  }

  /** Points at `x` and beyond are replaced: a run that goes back tells its story anew. */
  add(x: number, values: ArrayLike<number>): void {
    this.changes++;
    this.#keepBelow(x);
    this.x.push(x);
    this.curves.forEach((curve, i) => {
      curve.push(Number.isFinite(values[i]) ? values[i]! : null);
    });
    if (this.x.length >= CAPACITY + SLACK) for (const list of [this.x, ...this.curves]) list.splice(0, SLACK);
  }

  clear(): void {
    this.changes++;
    for (const list of [this.x, ...this.curves]) list.length = 0;
  }

  /** Index of the last point at or before `x`; −1 where there is none. */
  indexAt(x: number): number {
    let [low, high] = [0, this.x.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.x[middle]! <= x) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #keepBelow(x: number): void {
    if ((this.x.at(-1) ?? Number.NEGATIVE_INFINITY) < x) return;
    let length = this.indexAt(x) + 1;
    while (length > 0 && this.x[length - 1]! >= x) length--;
    for (const list of [this.x, ...this.curves]) list.length = length;
  }
}

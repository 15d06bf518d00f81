/** What LeRobot tells of a feature: extremes, mean, deviation and quantiles of each component. */

/** Entries for each component; `count` has one. */
export interface Statistics {
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
  /** Of all values, not of a sample: divided by their number. */
  readonly std: readonly number[];
  readonly count: readonly [number];
  readonly q01: readonly number[];
  readonly q10: readonly number[];
  readonly q50: readonly number[];
  readonly q90: readonly number[];
  readonly q99: readonly number[];
}

/** @param values `[rows, width]`, at least one row */
export function statisticsOf(values: ArrayLike<number>, width: number): Statistics {
  const rows = values.length / width;
  const columns = Array.from({ length: width }, (_, i) => {
    const column = new Float64Array(rows);
    for (let row = 0; row < rows; row++) column[row] = values[row * width + i]!;
    return column.sort();
  });
  const of = (statistic: (sorted: Float64Array) => number): number[] => columns.map(statistic);
  const at = (part: number): number[] => of((sorted) => quantile(sorted, part));
  return {
    min: of((sorted) => sorted[0]!),
    max: of((sorted) => sorted[rows - 1]!),
    mean: of(mean),
    std: of(deviation),
    count: [rows],
    q01: at(0.01),
    q10: at(0.1),
    q50: at(0.5),
    q90: at(0.9),
    q99: at(0.99),
  };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: Float64Array): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** With linear interpolation between neighbours. */
function quantile(sorted: Float64Array, part: number): number {
  const position = part * (sorted.length - 1);
  const below = Math.floor(position);
  const [low, high] = [sorted[below]!, sorted[Math.ceil(position)]!];
  return low + (position - below) * (high - low);
}

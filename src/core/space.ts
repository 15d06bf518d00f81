/**
 * What the numbers of an observation or action mean. Units and bounds are data, so tables, exported policies, safety
 * limits and network input scaling all come from this one description.
 */

/** SI units and the few non-dimensional ones; `1` is a pure number. */
export type Unit = '1' | 'm' | 'm/s' | 'rad' | 'rad/s' | 'N' | 'N·m' | 's' | 'kg';

export interface Component {
  /** Dotted name, such as `velocity.x`. */
  readonly name: string;
  readonly unit: Unit;
  /** Least value, in `unit`; `-Infinity` where there is none. */
  readonly low: number;
  readonly high: number;
}

export interface Space {
  /** Number of components: `O` for observations, `A` for actions. */
  readonly size: number;
  readonly components: readonly Component[];
}

/** @throws RangeError for an empty space, a repeated name or bounds that are not `low < high`. */
export function space(...parts: readonly (Component | readonly Component[])[]): Space {
  const components = parts.flat();
  if (components.length === 0) throw new RangeError('A space needs at least one component.');
  const names = new Set<string>();
  for (const { name, low, high } of components) {
    if (names.has(name)) throw new RangeError(`Component "${name}" stands twice in the space.`);
    if (!(low < high))
      throw new RangeError(`Component "${name}" has bounds ${low} and ${high}; low < high is needed.`);
    names.add(name);
  }
  return { size: components.length, components };
}

/** One component with symmetric bounds ±`limit`. */
export const symmetric = (name: string, unit: Unit, limit: number): Component => ({
  name,
  unit,
  low: -limit,
  high: limit,
});

/** Components `name.axis` for each axis (x, y, z unless told), with symmetric bounds ±`limit`. */
export function vector(
  name: string,
  unit: Unit,
  limit: number,
  axes: readonly string[] = ['x', 'y', 'z'],
): Component[] {
  return axes.map((axis) => symmetric(`${name}.${axis}`, unit, limit));
}

/** Clips row `row` of `values` `[N, size]` to the bounds, in place. */
export function clipRow(values: Float32Array, row: number, bounds: Space): void {
  const offset = row * bounds.size;
  for (let i = 0; i < bounds.size; i++) {
    const { low, high } = bounds.components[i]!;
    const value = values[offset + i]!;
    if (value < low) values[offset + i] = low;
    else if (value > high) values[offset + i] = high;
  }
}

/**
 * Throws when a value of `values` `[N, size]` is NaN or infinite.
 * @param firstScene scene that the first row belongs to
 * @throws RangeError that names the component and the scene
 */
export function assertFinite(kind: string, values: Float32Array, bounds: Space, firstScene = 0): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const { name, unit } = bounds.components[i % bounds.size]!;
    const scene = firstScene + Math.floor(i / bounds.size);
    throw new RangeError(
      `${kind} "${name}" [${unit}] of scene ${scene} is ${values[i]}; it must be a finite number.`,
    );
  }
}

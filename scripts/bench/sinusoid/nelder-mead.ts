/**
 * Nelder and Mead's simplex search (1965, The Computer Journal 7:308) for a maximum, with the usual coefficients. It asks for
 * values instead of calling for them, so that whoever has them may take them from wherever they are.
 */

interface Vertex {
  readonly at: readonly number[];
  readonly value: number;
}

/**
 * Yields points and is given their values; −Infinity where a point is not allowed.
 * @param steps from `start` to the other corners of the first simplex
 * @param budget points to ask for, at most
 * @returns the best point
 */
export function* nelderMead(
  start: readonly number[],
  steps: readonly number[],
  budget: number,
): Generator<readonly number[], Vertex, number> {
  let asked = 0;
  let best: Vertex = { at: start, value: Number.NEGATIVE_INFINITY };
  function* ask(at: readonly number[]): Generator<readonly number[], Vertex, number> {
    asked++;
    const vertex = { at, value: yield at };
    if (vertex.value > best.value) best = vertex;
    return vertex;
  }

  const simplex = [yield* ask(start)];
  for (const [i, step] of steps.entries()) {
    if (asked >= budget) return best;
    simplex.push(yield* ask(start.map((x, k) => (k === i ? x + step : x))));
  }
  while (asked < budget) {
    simplex.sort((a, b) => b.value - a.value);
    const worst = simplex.at(-1)!;
    const others = simplex.slice(0, -1);
    const centre = start.map((_, i) => others.reduce((sum, { at }) => sum + at[i]!, 0) / others.length);
    const along = (factor: number): number[] => centre.map((x, i) => x + factor * (worst.at[i]! - x));

    let next = yield* ask(along(-1));
    if (next.value > others[0]!.value && asked < budget) {
      const farther = yield* ask(along(-2));
      if (farther.value > next.value) next = farther;
    } else if (next.value <= others.at(-1)!.value && asked < budget) {
      const nearer = yield* ask(along(next.value > worst.value ? -0.5 : 0.5));
      if (nearer.value > next.value) next = nearer;
    }
    if (next.value > worst.value) simplex[simplex.length - 1] = next;
    else {
      const [top] = simplex;
      for (let i = 1; i < simplex.length && asked < budget; i++)
        simplex[i] = yield* ask(simplex[i]!.at.map((x, k) => (x + top!.at[k]!) / 2));
    }
  }
  return best;
}

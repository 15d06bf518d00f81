/** The vectors that an agent keeps, in two copies: an update reads one and writes the other. */
import { ProprioError } from '../core/errors.ts';
import type { Rng } from '../core/rng.ts';
import { initialVector, type Layout, layoutSize } from '../nn/index.ts';
import type { PolicyMaths, Vectors } from './definition.ts';
import { mapValues } from './records.ts';

export interface AgentState {
  readonly layouts: Readonly<Record<string, Layout>>;
  /** Both copies; the first one is present at the start. */
  readonly sides: readonly [Vectors, Vectors];
  /** The copy that holds the present values: 0 or 1. */
  side(): 0 | 1;
  /** Makes the other copy the present one. */
  turn(): void;
  /** Present values. */
  vectors(): Vectors;
  /** @throws ProprioError when a vector is missing or has another size */
  load(vectors: Vectors): void;
}

/** What keeps vectors between updates. */
type Keeper = Pick<PolicyMaths, 'state' | 'copies'>;

export function createState(maths: Keeper, rng: Rng): AgentState {
  const layouts = maths.state;
  const sides = [
    initialVectors(maths, rng),
    mapValues(layouts, (layout) => new Float32Array(layoutSize(layout))),
  ] as const;
  let side: 0 | 1 = 0;
  return {
    layouts,
    sides,
    side: () => side,
    turn() {
      side = side === 0 ? 1 : 0;
    },
    vectors: () => sides[side],
    load(vectors) {
      for (const [name, layout] of Object.entries(layouts)) {
        const size = layoutSize(layout);
        const given = vectors[name];
        if (given?.length !== size) {
          throw new ProprioError(
            `Vector "${name}" has ${given?.length ?? 'no'} values, but this agent needs ${size}: it was saved by an agent with other settings or for another environment.`,
          );
        }
        sides[side][name]!.set(given);
      }
    },
  };
}

function initialVectors(maths: Keeper, rng: Rng): Vectors {
  const vectors = Object.fromEntries(
    Object.entries(maths.state).map(([name, layout]) => [name, initialVector(layout, rng.split(name))]),
  );
  for (const [copy, source] of Object.entries(maths.copies ?? {})) vectors[copy]!.set(vectors[source]!);
  return vectors;
}

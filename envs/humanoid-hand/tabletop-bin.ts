/** Open boxes of five plates that stand on the table, as data: what is put down in them, and how they look. */
import type { BodyAppearance, Vector3 } from '../../src/core/appearance.ts';
import type { SceneBodyOptions } from '../../src/physics/scene-bodies.ts';
import type { Solid } from '../../src/physics/solids.ts';

/** Walls are not much thinner than a ball falls in a physics step, m. */
const THICKNESS = 0.006;
const FRICTION = 0.8;
/** Where walls are low, a ball's middle is above them, m: one that lies in it is no higher than this. */
const LYING = 0.055;

export interface Container {
  readonly body: SceneBodyOptions;
  readonly appearance: BodyAppearance;
  /** A ball whose middle is lower than this over the table, between the walls, lies in it, m. */
  readonly depth: number;
  /** How far a point that is `x`, `y` away from the middle is outside the walls, level: 0 between them, m. */
  beside(x: number, y: number): number;
}

/**
 * In a frame whose origin is on the table, in the middle.
 * @param edges outer ones, along x and y, m @param rim height of the upper edge, m
 */
function container(name: string, edges: readonly [x: number, y: number], rim: number): Container {
  const [x, y] = edges;
  const plate = (size: Vector3, position: Vector3): Solid => ({
    geometry: { type: 'box', size },
    position,
    friction: FRICTION,
  });
  const plates: readonly Solid[] = [
    plate([x, y, THICKNESS], [0, 0, THICKNESS / 2]),
    ...[-1, 1].flatMap((side) => [
      plate([THICKNESS, y, rim], [(side * (x - THICKNESS)) / 2, 0, rim / 2]),
      plate([x - 2 * THICKNESS, THICKNESS, rim], [0, (side * (y - THICKNESS)) / 2, rim / 2]),
    ]),
  ];
  const beyond = (offset: number, edge: number): number =>
    Math.max(0, Math.abs(offset) - (edge / 2 - THICKNESS));
  return {
    body: { solids: plates },
    appearance: {
      name,
      shapes: plates.map(({ geometry, position }) => ({
        geometry,
        position: position!,
        material: { color: '#5b7f95', roughness: 0.8, opacity: 0.9 },
      })),
      colliders: plates.map(({ geometry, position }) => ({ geometry, position: position! })),
    },
    depth: Math.max(rim, LYING),
    beside: (x, y) => Math.hypot(beyond(x, edges[0]), beyond(y, edges[1])),
  };
}

/** A hand puts things in, and does not get them out again. */
export const bin = container('bin', [0.16, 0.16], 0.08);
/** A hand gets things out of it, too. */
export const tray = container('tray', [0.3, 0.26], 0.025);

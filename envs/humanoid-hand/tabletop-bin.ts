/** An open box of five plates that stands on the table, as data: what is put down in it, and how it looks. */
import type { BodyAppearance, Vector3 } from '../../src/core/appearance.ts';
import type { SceneBodyOptions } from '../../src/physics/scene-bodies.ts';
import type { Solid } from '../../src/physics/solids.ts';

/** Outer edges, of walls that are not much thinner than a ball falls in a physics step, m. */
const EDGE = 0.16;
const THICKNESS = 0.006;
/** Of the upper edge over the table, m. */
export const RIM = 0.08;
const FRICTION = 0.8;

const plate = (size: Vector3, position: Vector3): Solid => ({
  geometry: { type: 'box', size },
  position,
  friction: FRICTION,
});

/** In a frame whose origin is on the table, in the middle. */
const plates: readonly Solid[] = [
  plate([EDGE, EDGE, THICKNESS], [0, 0, THICKNESS / 2]),
  ...[-1, 1].flatMap((side) => {
    const offset = (side * (EDGE - THICKNESS)) / 2;
    return [
      plate([THICKNESS, EDGE, RIM], [offset, 0, RIM / 2]),
      plate([EDGE - 2 * THICKNESS, THICKNESS, RIM], [0, offset, RIM / 2]),
    ];
  }),
];

export const bin: SceneBodyOptions = { solids: plates };

export const binAppearance: BodyAppearance = {
  name: 'bin',
  shapes: plates.map(({ geometry, position }) => ({
    geometry,
    position: position!,
    material: { color: '#5b7f95', roughness: 0.8, opacity: 0.9 },
  })),
  colliders: plates.map(({ geometry, position }) => ({ geometry, position: position! })),
};

/** How far a point that is `x`, `y` away from the middle is outside the walls, level: 0 between them, m. */
export function beside(x: number, y: number): number {
  const half = EDGE / 2 - THICKNESS;
  return Math.hypot(Math.max(0, Math.abs(x) - half), Math.max(0, Math.abs(y) - half));
}

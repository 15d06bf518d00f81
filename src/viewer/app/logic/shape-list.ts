/** All shapes that are drawn of a task, with those that are shown on demand: colliders and joint axes. */
import type { Appearance, Color, Quaternion, Shape, Vector3 } from '../../../core/appearance.ts';

/** What can be shown and hidden. */
export const layers = ['colliders', 'contacts', 'joints', 'trails', 'arrows', 'grid'] as const;
export type Layer = (typeof layers)[number];

export interface ListedShape {
  readonly shape: Shape;
  /** Index of the body whose frame it stands in; −1 for the scene's. */
  readonly body: number;
  /** `solid` as it is; `wireframe` as the net of its triangles; `overlay` in plain colour over everything. */
  readonly look: 'solid' | 'wireframe' | 'overlay';
  /** Always shown without one. */
  readonly layer?: Layer;
}

/** Seen on light and on dark ground. */
const COLLIDER: Color = '#d98200';
const JOINT: Color = '#c2409a';
const MARK: Color = '#7d8287';

/** By the edge of a scene. */
const MARK_SHARE = 1 / 100;
const AXIS_SHARE = 1 / 20;

export function listShapes({ bodies, fixed, joints = [], extent }: Appearance): ListedShape[] {
  // A body without shapes still is somewhere.
  const mark: Shape = {
    geometry: { type: 'sphere', radius: extent * MARK_SHARE },
    material: { color: MARK },
  };
  return [
    ...fixed.map((shape) => ({ shape, body: -1, look: 'solid' as const })),
    ...bodies.flatMap(({ shapes }, body) =>
      (shapes.length > 0 ? shapes : [mark]).map((shape) => ({ shape, body, look: 'solid' as const })),
    ),
    ...bodies.flatMap(({ colliders = [] }, body) =>
      colliders.map((collider) => ({
        shape: { ...collider, material: { color: COLLIDER } },
        body,
        look: 'wireframe' as const,
        layer: 'colliders' as const,
      })),
    ),
    ...joints.map(({ body, position, axis }) => ({
      shape: {
        geometry: {
          type: 'cylinder' as const,
          radius: extent / 1000,
          halfHeight: extent * AXIS_SHARE,
        },
        material: { color: JOINT },
        position,
        rotation: rotationOfZ(axis),
      },
      body: bodies.findIndex(({ name }) => name === body),
      look: 'overlay' as const,
      layer: 'joints' as const,
    })),
  ];
}

/** The shortest rotation that takes the z axis to a direction. */
export function rotationOfZ([x, y, z]: Vector3): Quaternion {
  const length = Math.hypot(x, y, z) || 1;
  const cosine = z / length;
  if (cosine < -1 + 1e-9) return [1, 0, 0, 0];
  // Half of the angle: the sum of both directions lies on it.
  const norm = Math.sqrt(2 * (1 + cosine));
  return [-y / length / norm, x / length / norm, 0, norm / 2];
}

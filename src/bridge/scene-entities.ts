/**
 * How a scene looks, in Foxglove's primitives. What stands still in its own frame is told apart from what a frame can
 * change, arrows and shapes that glow, so that the large part is sent once.
 */
import {
  type Appearance,
  ARROW_SIZE,
  type ArrowAppearance,
  type Quaternion,
  type Shape,
  type Vector3,
  viewLayout,
} from '../core/appearance.ts';
import { type Color, lineType, type Pose, type SceneEntity } from './schemas.ts';

/** The timestamp is that of the message it is sent in. */
export type Entity = Omit<SceneEntity, 'timestamp'>;

/** Frame that a scene's bodies stand in. */
export const SCENE_FRAME = 'scene';

const IDENTITY: Quaternion = [0, 0, 0, 1];
/** Of a line that has none of its own, in pixels. */
const LINE_THICKNESS = 2;
const RING_POINTS = 48;

export interface SceneEntities {
  /** Shapes that look the same at all times. */
  readonly constant: readonly Entity[];
  /** Whether there is anything else. */
  readonly changes: boolean;
  /** Everything else, as it looks now. @param row as `viewLayout` orders it */
  changing(row: Float32Array): Entity[];
}

/** @throws RangeError when a shape glows with a signal that there is not */
export function sceneEntities(appearance: Appearance): SceneEntities {
  const { bodies, fixed, arrows = [], signals = [] } = appearance;
  const layout = viewLayout(appearance);
  const groups = [
    { frame: SCENE_FRAME, id: 'fixed', shapes: fixed },
    ...bodies.map(({ name, shapes }) => ({ frame: name, id: `body/${name}`, shapes })),
  ];
  const groupsOf = (wanted: (shape: Shape) => boolean) =>
    groups
      .map((group) => ({ ...group, shapes: group.shapes.filter(wanted) }))
      .filter(({ shapes }) => shapes.length > 0);
  const glowing = groupsOf(({ glow }) => glow !== undefined);
  const signalAt = new Map(signals.map((name, i) => [name, layout.signals + i]));
  for (const { glow } of glowing.flatMap(({ shapes }) => shapes)) {
    if (!signalAt.has(glow!.signal)) {
      throw new RangeError(
        `A shape glows with "${glow!.signal}", which is none of the appearance's signals.`,
      );
    }
  }

  return {
    constant: groupsOf(({ glow }) => glow === undefined).map(({ frame, id, shapes }) =>
      shapesEntity(frame, id, shapes, () => 0),
    ),
    changes: glowing.length + arrows.length > 0,
    changing: (row) => [
      ...glowing.map(({ frame, id, shapes }) =>
        shapesEntity(frame, id, shapes, (signal) => row[signalAt.get(signal)!] ?? 0),
      ),
      ...arrows.map((arrow, i) => {
        const at = layout.arrows + ARROW_SIZE * i;
        return arrowEntity(arrow, row.subarray(at, at + ARROW_SIZE));
      }),
    ],
  };
}

const emptyEntity = (frame: string, id: string): Entity => ({
  frame_id: frame,
  id,
  lifetime: { sec: 0, nsec: 0 },
  frame_locked: true,
  metadata: [],
  arrows: [],
  cubes: [],
  spheres: [],
  cylinders: [],
  lines: [],
  triangles: [],
  texts: [],
  models: [],
});

function shapesEntity(
  frame: string,
  id: string,
  shapes: readonly Shape[],
  signalValue: (signal: string) => number,
): Entity {
  const entity = emptyEntity(frame, id);
  for (const shape of shapes) {
    const { color, opacity = 1 } = shape.material;
    const own = colorOf(color, opacity);
    const { glow } = shape;
    addShape(entity, shape, glow ? mix(own, colorOf(glow.color, opacity), signalValue(glow.signal)) : own);
  }
  return entity;
}

function addShape(entity: Entity, shape: Shape, color: Color): void {
  const { geometry, position = [0, 0, 0], rotation = IDENTITY } = shape;
  const pose = poseOf(position, rotation);
  switch (geometry.type) {
    case 'box':
      entity.cubes.push({ pose, size: xyz(geometry.size), color });
      break;
    case 'sphere':
      entity.spheres.push({ pose, size: cubeOf(2 * geometry.radius), color });
      break;
    case 'cylinder':
    case 'capsule': {
      const { radius, halfHeight } = geometry;
      const size = { x: 2 * radius, y: 2 * radius, z: 2 * halfHeight };
      entity.cylinders.push({ pose, size, bottom_scale: 1, top_scale: 1, color });
      if (geometry.type === 'cylinder') break;
      const [x, y, z] = position;
      const [i, j, k] = zAxis(rotation);
      for (const side of [-halfHeight, halfHeight]) {
        const end = poseOf([x + side * i, y + side * j, z + side * k], rotation);
        entity.spheres.push({ pose: end, size: cubeOf(2 * radius), color });
      }
      break;
    }
    case 'ring':
      entity.lines.push({
        ...lineOf(circle(geometry.radius), true, color),
        pose,
        thickness: geometry.thickness,
        scale_invariant: false,
      });
      break;
    case 'line':
      entity.lines.push({ ...lineOf(geometry.points, geometry.closed ?? false, color), pose });
      break;
    case 'mesh': {
      const { vertices, triangles } = geometry;
      const points = Array.from({ length: vertices.length / 3 }, (_, i) => xyz(vertices, 3 * i));
      entity.triangles.push({ pose, points, color, colors: [], indices: [...triangles] });
    }
  }
}

/** @param row where it begins, then its components */
function arrowEntity({ name, color, scale }: ArrowAppearance, row: Float32Array): Entity {
  const entity = emptyEntity(SCENE_FRAME, `arrow/${name}`);
  const [x, y, z, ...components] = row;
  const magnitude = Math.hypot(...components);
  if (magnitude === 0 || !row.every(Number.isFinite)) return entity;
  const length = scale * magnitude;
  const [i, j, k] = components.map((component) => component / magnitude);
  entity.arrows.push({
    pose: poseOf([x!, y!, z!], turnFromX([i!, j!, k!])),
    shaft_length: 0.75 * length,
    shaft_diameter: 0.05 * length,
    head_length: 0.25 * length,
    head_diameter: 0.1 * length,
    color: colorOf(color, 1),
  });
  return entity;
}

function lineOf(points: readonly Vector3[], closed: boolean, color: Color) {
  return {
    type: closed ? lineType.loop : lineType.strip,
    thickness: LINE_THICKNESS,
    scale_invariant: true,
    points: points.map((point) => xyz(point)),
    color,
    colors: [],
    indices: [],
  };
}

const circle = (radius: number): Vector3[] =>
  Array.from({ length: RING_POINTS }, (_, i) => {
    const angle = (2 * Math.PI * i) / RING_POINTS;
    return [radius * Math.cos(angle), radius * Math.sin(angle), 0];
  });

/** The numbers at `at` and after by their names. */
export const xyz = (values: ArrayLike<number>, at = 0) => ({
  x: values[at]!,
  y: values[at + 1]!,
  z: values[at + 2]!,
});

export const xyzw = (values: ArrayLike<number>, at = 0) => ({ ...xyz(values, at), w: values[at + 3]! });

const poseOf = (position: Vector3, rotation: Quaternion): Pose => ({
  position: xyz(position),
  orientation: xyzw(rotation),
});

const cubeOf = (edge: number) => ({ x: edge, y: edge, z: edge });

/** Where a rotation takes the z axis. */
const zAxis = ([x, y, z, w]: Quaternion): Vector3 => [
  2 * (x * z + w * y),
  2 * (y * z - w * x),
  1 - 2 * (x * x + y * y),
];

/** The shortest rotation of the x axis onto a unit vector. */
function turnFromX([x, y, z]: Vector3): Quaternion {
  const norm = Math.hypot(y, z, 1 + x);
  // Opposite to the x axis every half turn is as short; this one is about z.
  return norm < 1e-6 ? [0, 0, 1, 0] : [0, -z / norm, y / norm, (1 + x) / norm];
}

/** @param color `#rrggbb` */
function colorOf(color: string, opacity: number): Color {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  return { r: r!, g: g!, b: b!, a: opacity };
}

/** @param part 0 gives `from`, 1 gives `to` */
function mix(from: Color, to: Color, part: number): Color {
  const share = Math.min(1, Math.max(0, part || 0));
  const between = (a: number, b: number): number => a + share * (b - a);
  return { r: between(from.r, to.r), g: between(from.g, to.g), b: between(from.b, to.b), a: from.a };
}

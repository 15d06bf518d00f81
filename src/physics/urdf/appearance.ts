/** How a robot of a URDF file looks: what is to be seen of its links, what they collide with, and its joints. */
import type { Appearance, BodyAppearance, CameraView, Shape, Vector3 } from '../../core/appearance.ts';
import { toOuter } from './pose.ts';
import { poseRobot, type Robot, type RobotLink, type RobotShape, restOf } from './robot.ts';

/** What is drawn of a link that has only solids. */
const SOLID = { color: '#8f9aa6' } as const;

/** Edge of the picture, by the size of the robot: its joints move. */
const ROOM = 1.5;

/** Bodies are the links, in order. */
export function robotAppearance(robot: Robot): Appearance {
  const { centre, size } = boundsOf(robot);
  const extent = ROOM * size;
  const camera = (name: string, x: number, y: number, z: number): CameraView => ({
    name,
    position: [centre[0] + x * extent, centre[1] + y * extent, centre[2] + z * extent],
    target: centre,
  });
  return {
    bodies: robot.links.map(bodyOf),
    fixed: [],
    joints: robot.joints.map(({ name, axis }, i) => ({
      name,
      body: robot.links[i + 1]!.name,
      position: [0, 0, 0],
      axis,
    })),
    extent,
    ground: false,
    cameras: [camera('oblique', 1, -1.1, 0.8), camera('front', 1.6, 0, 0), camera('side', 0, -1.6, 0)],
  };
}

function bodyOf({ name, visuals, collisions }: RobotLink): BodyAppearance {
  const solids: Shape[] = collisions.map((shape) => ({ ...shape, material: SOLID }));
  return { name, shapes: visuals.length > 0 ? visuals : solids, colliders: collisions };
}

/** Of a box around it at rest; where nothing is to be seen, its joints are. */
function boundsOf(robot: Robot): { readonly centre: Vector3; readonly size: number } {
  const poses = poseRobot(robot, robot.joints.map(restOf));
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const include = (point: Vector3, radius: number): void =>
    point.forEach((value, axis) => {
      low[axis] = Math.min(low[axis]!, value - radius);
      high[axis] = Math.max(high[axis]!, value + radius);
    });
  robot.links.forEach(({ visuals, collisions }, i) => {
    include(poses[i]!.position, 0);
    for (const shape of [...visuals, ...collisions])
      include(toOuter(poses[i]!, shape.position), radiusOf(shape));
  });
  const size = Math.max(...high.map((value, axis) => value - low[axis]!));
  const centre = low.map((value, axis) => (value + high[axis]!) / 2) as unknown as Vector3;
  return { centre, size: size > 0 ? size : 1 };
}

/** Of a ball around a shape's origin that holds it. */
function radiusOf({ geometry }: RobotShape): number {
  switch (geometry.type) {
    case 'box':
      return Math.hypot(...geometry.size) / 2;
    case 'sphere':
      return geometry.radius;
    case 'cylinder':
      return Math.hypot(geometry.radius, geometry.halfHeight);
    case 'capsule':
      return geometry.radius + geometry.halfHeight;
    case 'mesh': {
      let square = 0;
      for (let i = 0; i < geometry.vertices.length; i += 3) {
        const [x, y, z] = geometry.vertices.slice(i, i + 3);
        square = Math.max(square, x! * x! + y! * y! + z! * z!);
      }
      return Math.sqrt(square);
    }
  }
}

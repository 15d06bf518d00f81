/** What the volleyball tasks show: court and net, aircraft with rackets, the ball and its path, and how play stands. */
import { quadrotorAppearance, racketIris, rotorSignals } from '../../robots/quadrotor/index.ts';
import {
  type Appearance,
  type BodyAppearance,
  type Color,
  type EnvView,
  POSE_SIZE,
  type ReadoutAppearance,
  type Shape,
  type Vector3,
  viewLayout,
} from '../../src/core/appearance.ts';
import { ball } from './ball.ts';
import { type Court, NET_HEIGHT } from './court.ts';
import type { VolleyScenes } from './scenes.ts';

/** A number that a person reads on the screen, of a scene. */
export interface Readout extends Omit<ReadoutAppearance, 'signal'> {
  read(scene: number): number;
}

export interface Surroundings {
  readonly court: Court;
  /** Beside court and net. */
  readonly fixed?: readonly Shape[];
  readonly readouts: readonly Readout[];
  /** Further bodies that cannot be pushed. */
  readonly markers?: readonly {
    readonly body: BodyAppearance;
    /** @param row `[7]` from `offset` on: position, quaternion */
    writePose(scene: number, row: Float32Array, offset: number): void;
  }[];
}

const color = { line: '#e8edf4', net: '#c9d1dc', post: '#565d68', ball: '#ffd166' } as const;
/** Of each team's trails; the near side first. */
const teamColors: readonly Color[] = ['#f26b3a', '#4aa8ff'];
/** The mesh hangs from the upper edge down to this height, m: what is below counts as net all the same. */
const MESH_FROM = 1.43;
const POST_RADIUS = 0.03;
/** How far beyond its lines a court is looked at, m. */
const MARGIN = 3;

export function volleyView(scenes: VolleyScenes, surroundings: Surroundings): EnvView {
  const { fleet, game, world } = scenes;
  const { perScene } = fleet.bodies;
  const { markers = [], readouts } = surroundings;
  const appearance = describe(surroundings, perScene, game !== undefined);
  const layout = viewLayout(appearance);
  const ballAt = layout.bodies + POSE_SIZE * perScene;
  const markersAt = game ? ballAt + POSE_SIZE : ballAt;
  const readoutsAt = layout.signals + 4 * perScene;
  return {
    appearance,
    draw(scene, row) {
      for (let number = 0; number < perScene; number++) {
        const i = scene * perScene + number;
        fleet.bodies.writePose(i, row, layout.bodies + POSE_SIZE * number);
        for (let rotor = 0; rotor < 4; rotor++)
          row[layout.signals + 4 * number + rotor] = fleet.throttle[4 * i + rotor]!;
      }
      game?.ball.writePose(scene, row, ballAt);
      for (let i = 0; i < markers.length; i++) markers[i]!.writePose(scene, row, markersAt + POSE_SIZE * i);
      for (let i = 0; i < readouts.length; i++) row[readoutsAt + i] = readouts[i]!.read(scene);
    },
    push(scene, body, force, point) {
      if (body < perScene) fleet.bodies.hold(scene * perScene + body, force, point);
      else game!.ball.hold(scene, force, point);
    },
    contacts: (scene) => world.contacts(scene),
  };
}

function describe(
  { court, fixed = [], readouts, markers = [] }: Surroundings,
  aircraft: number,
  withBall: boolean,
): Appearance {
  const names = Array.from({ length: aircraft }, (_, i) => (aircraft === 1 ? 'drone' : `drone ${i}`));
  const prefixes = names.map((name) => (aircraft === 1 ? '' : `${name}.`));
  const drones = names.map((name, i) => quadrotorAppearance(racketIris, name, prefixes[i]));
  const { length, width } = court;
  return {
    bodies: [
      ...drones.map(({ body }, i) => ({
        ...body,
        trail: { seconds: 1, color: teamColors[i < Math.ceil(aircraft / 2) ? 0 : 1]! },
      })),
      ...(withBall ? [ballAppearance] : []),
      ...markers.map(({ body }) => body),
    ],
    fixed: [...courtShapes(court), ...fixed],
    signals: [...prefixes.flatMap((prefix) => rotorSignals(prefix)), ...readouts.map(({ name }) => name)],
    readouts: readouts.map(({ read: _, ...readout }) => ({ ...readout, signal: readout.name })),
    joints: drones.flatMap(({ joints }) => joints),
    extent: length + 2 * MARGIN,
    ground: true,
    cameras: [
      { name: 'stand', position: [length / 4, -1.3 * width - 2, 3.5], target: [length / 4, 0, 2] },
      { name: 'whole court', position: [0.75 * length, -1.6 * width - 3, 8], target: [0, 0, 1.5] },
      { name: 'chase', position: [1.6, -1.2, 0.5], target: [0, 0, 0.3], follow: names[0]! },
      { name: 'from above', position: [0.01, 0, 1.3 * length], target: [0, 0, 0] },
    ],
  };
}

const ballAppearance: BodyAppearance = {
  name: 'ball',
  shapes: [
    { geometry: { type: 'sphere', radius: ball.radius }, material: { color: color.ball, roughness: 0.5 } },
  ],
  colliders: [{ geometry: { type: 'sphere', radius: ball.radius } }],
  trail: { seconds: 2, color: color.ball },
  mass: ball.mass,
};

/** Lines, the attack lines a third of a half behind the net, posts and mesh. */
function courtShapes({ length, width }: Court): Shape[] {
  const [x, y] = [length / 2, width / 2];
  /** Above the floor, so that it is not hidden by it, m. */
  const z = 0.01;
  const line = (points: readonly Vector3[], closed = false): Shape => ({
    geometry: { type: 'line', points, closed },
    material: { color: color.line },
  });
  const across = (at: number): Shape =>
    line([
      [at, -y, z],
      [at, y, z],
    ]);
  const post = (at: number): Shape => ({
    geometry: { type: 'cylinder', radius: POST_RADIUS, halfHeight: NET_HEIGHT / 2 },
    material: { color: color.post },
    position: [0, at, NET_HEIGHT / 2],
  });
  const mesh: Shape = {
    geometry: { type: 'box', size: [0.02, width, NET_HEIGHT - MESH_FROM] },
    material: { color: color.net, opacity: 0.25 },
    position: [0, 0, (NET_HEIGHT + MESH_FROM) / 2],
  };
  const edge: Shape = {
    geometry: { type: 'box', size: [0.03, width, 0.05] },
    material: { color: color.line },
    position: [0, 0, NET_HEIGHT - 0.025],
  };
  return [
    line(
      [
        [-x, -y, z],
        [x, -y, z],
        [x, y, z],
        [-x, y, z],
      ],
      true,
    ),
    ...[0, x / 3, -x / 3].map(across),
    ...[-y, y].map(post),
    mesh,
    edge,
  ];
}

/** What the drone tasks show of themselves: aircraft, wind, and what each task adds of its own. */
import { iris, quadrotorAppearance, rotorSignals } from '../../robots/quadrotor/index.ts';
import {
  type Appearance,
  type BodyAppearance,
  type EnvView,
  POSE_SIZE,
  type Shape,
  type Vector3,
  viewLayout,
} from '../../src/core/appearance.ts';
import type { DroneScenes } from './scenes.ts';

/** What a task shows beside its aircraft. */
export interface Surroundings {
  /** Point that the cameras look at, m. */
  readonly centre: Vector3;
  /** Farthest that an aircraft may be from the scene's origin along x or y, m. */
  readonly reach: number;
  readonly fixed: readonly Shape[];
  /** Moves, cannot be pushed. */
  readonly marker?: {
    readonly body: BodyAppearance;
    /** Writes where it is, m. @param row `[3]` from `offset` on */
    writePosition(scene: number, row: Float32Array, offset: number): void;
  };
}

const GOAL = '#2fbf71';
/** Length of the wind's arrow for each m/s, m. */
const WIND_SCALE = 0.2;

/** A sphere that the aircraft has to be within, so clear that it is seen inside. */
export const goalSphere = (radius: number): Shape => ({
  geometry: { type: 'sphere', radius },
  material: { color: GOAL, opacity: 0.35 },
});

/** A faint line that the aircraft has to follow, or that shows where something is above the floor. */
export const goalLine = (points: readonly Vector3[], closed = false): Shape => ({
  geometry: { type: 'line', points, closed },
  material: { color: GOAL, opacity: 0.6 },
});

export function droneView({ fleet, world }: DroneScenes, surroundings: Surroundings): EnvView {
  const { marker } = surroundings;
  const appearance = describe(surroundings);
  const layout = viewLayout(appearance);
  const markerAt = layout.bodies + POSE_SIZE;
  return {
    appearance,
    draw(scene, row) {
      fleet.bodies.writePose(scene, row, layout.bodies);
      if (marker) {
        marker.writePosition(scene, row, markerAt);
        row.fill(0, markerAt + 3, markerAt + 6);
        row[markerAt + 6] = 1;
      }
      for (let axis = 0; axis < 3; axis++) row[layout.arrows + axis] = row[layout.bodies + axis]!;
      fleet.writeWind(scene, row, layout.arrows + 3);
      for (let rotor = 0; rotor < 4; rotor++)
        row[layout.signals + rotor] = fleet.throttle[4 * scene + rotor]!;
    },
    push(scene, _body, force, point) {
      fleet.bodies.hold(scene, force, point);
    },
    contacts: (scene) => world.contacts(scene),
  };
}

function describe({ centre: [x, y, z], reach, fixed, marker }: Surroundings): Appearance {
  const { body, joints } = quadrotorAppearance(iris, 'drone');
  return {
    bodies: [{ ...body, trail: { seconds: 2, color: '#f26b3a' } }, ...(marker ? [marker.body] : [])],
    fixed,
    arrows: [{ name: 'wind', unit: 'm/s', color: '#4aa8ff', scale: WIND_SCALE }],
    signals: rotorSignals(),
    joints,
    extent: 2 * reach,
    ground: true,
    cameras: [
      { name: 'overview', position: [x - 5, y - 3, z + 1.5], target: [x, y, z - 0.5] },
      { name: 'chase', position: [-1.6, 0, 0.7], target: [0.5, 0, 0], follow: 'drone' },
    ],
  };
}

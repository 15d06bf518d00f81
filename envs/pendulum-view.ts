/**
 * How the pendulum looks, and a hand on its rod. It turns in the scene's x–z plane about a pivot above the
 * origin, as in Gymnasium's picture: seen along y, a positive angle leans to the left, and torque is positive
 * counter-clockwise.
 */
import {
  type Appearance,
  type EnvView,
  type Shape,
  type Vector3,
  viewLayout,
} from '../src/core/appearance.ts';

export interface Pendulum {
  /** kg, and m */
  readonly mass: number;
  readonly length: number;
  /** From upright, `[N]` rad. */
  readonly angle: Float64Array;
  /** Of the motor in the last step, `[N]` N·m. */
  readonly torque: Float64Array;
}

export interface PendulumView {
  readonly view: EnvView;
  /** Torque of the force that is held on the rod of `scene`, N·m. */
  heldTorque(scene: number): number;
  letGo(scene: number): void;
}

/** Height of the pivot over the lowest point of the rod's end, m. */
const CLEARANCE = 0.3;
const ROD_RADIUS = 0.05;
const BOB_RADIUS = 0.1;

/** A force on a point of the rod. */
interface HeldForce {
  /** N, along x and z. */
  readonly x: number;
  readonly z: number;
  /** Where it acts, m: from the pivot along the rod, and across it, the way that the angle grows. */
  readonly along: number;
  readonly across: number;
}

export function pendulumView({ mass, length, angle, torque }: Pendulum): PendulumView {
  const pivot = length + CLEARANCE;
  const appearance = describe(mass, length, pivot);
  const layout = viewLayout(appearance);
  const held = new Map<number, HeldForce>();
  return {
    view: {
      appearance,
      draw(scene, row) {
        const sine = Math.sin(angle[scene]!);
        const cosine = Math.cos(angle[scene]!);
        row.fill(0);
        row[layout.bodies] = (-length / 2) * sine;
        row[layout.bodies + 2] = pivot + (length / 2) * cosine;
        row[layout.bodies + 4] = -Math.sin(angle[scene]! / 2);
        row[layout.bodies + 6] = Math.cos(angle[scene]! / 2);
        row[layout.arrows] = -length * sine;
        row[layout.arrows + 2] = pivot + length * cosine;
        row[layout.arrows + 3] = -torque[scene]! * cosine;
        row[layout.arrows + 5] = -torque[scene]! * sine;
      },
      push(scene, _body, force, point) {
        held.delete(scene);
        const [x, , z] = force;
        if (x === 0 && z === 0) return;
        const [sine, cosine] = [Math.sin(angle[scene]!), Math.cos(angle[scene]!)];
        const [dx, dz] = [point[0], point[2] - pivot];
        held.set(scene, { x, z, along: -dx * sine + dz * cosine, across: -dx * cosine - dz * sine });
      },
    },
    heldTorque(scene) {
      const force = held.get(scene);
      if (!force) return 0;
      const [sine, cosine] = [Math.sin(angle[scene]!), Math.cos(angle[scene]!)];
      // F·∂p/∂θ of the point p = along·(−sin θ, cos θ) + across·(−cos θ, −sin θ).
      const [towards, sideways] = [-force.x * sine + force.z * cosine, -force.x * cosine - force.z * sine];
      return force.along * sideways - force.across * towards;
    },
    letGo: (scene) => void held.delete(scene),
  };
}

function describe(mass: number, length: number, pivot: number): Appearance {
  const centre: Vector3 = [0, 0, pivot];
  const rod: Shape = {
    geometry: { type: 'capsule', radius: ROD_RADIUS, halfHeight: length / 2 },
    material: { color: '#cc4d4d' },
  };
  const bob: Shape = {
    geometry: { type: 'sphere', radius: BOB_RADIUS },
    material: { color: '#cc4d4d' },
    position: [0, 0, length / 2],
  };
  const post: Shape = {
    geometry: { type: 'box', size: [0.08, 0.06, pivot + 0.04] },
    material: { color: '#565d68' },
    position: [0, 0.15, (pivot + 0.04) / 2],
  };
  const axle: Shape = {
    geometry: { type: 'cylinder', radius: 0.03, halfHeight: 0.1 },
    material: { color: '#30353d', metalness: 0.3 },
    position: [0, 0.05, pivot],
    rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2],
  };
  return {
    // The rod's frame is at its middle, its centre of mass.
    bodies: [{ name: 'rod', shapes: [rod, bob], mass }],
    fixed: [post, axle],
    // Across the rod's end, the way that it turns the rod: along the axle it would be seen end-on.
    arrows: [{ name: 'torque', unit: 'N·m', color: '#f2b134', scale: 0.25 }],
    joints: [{ name: 'pivot', body: 'rod', position: [0, 0, -length / 2], axis: [0, -1, 0] }],
    extent: 2 * (length + CLEARANCE),
    ground: true,
    cameras: [
      { name: 'front', position: [0, -3.4, pivot], target: centre },
      { name: 'oblique', position: [1.8, -2.9, pivot + 0.7], target: centre },
    ],
  };
}

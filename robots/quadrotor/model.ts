/** What describes a quadrotor, and what follows from its geometry. SI units; body frame x forward, y left, z up. */
import type { SolidShape } from '../../src/physics/body-fleet.ts';
import type { Vector3 } from '../../src/physics/math.ts';

export interface Rotor {
  /** Distance from the centre of mass, m. */
  readonly armLength: number;
  /** Direction of the arm, counter-clockwise from x, rad. */
  readonly armAngle: number;
  /** +1 or −1; the reaction torque on the body is −spin·Q about z. */
  readonly spin: 1 | -1;
}

export interface QuadrotorModel {
  readonly name: string;
  /** kg */
  readonly mass: number;
  /** Principal moments along x, y, z, kg·m². */
  readonly inertia: Vector3;
  readonly rotors: readonly [Rotor, Rotor, Rotor, Rotor];
  /** Thrust per squared rotor speed, N·s²/rad². */
  readonly thrustConstant: number;
  /** Reaction torque per squared rotor speed, N·m·s²/rad². */
  readonly torqueConstant: number;
  /** rad/s */
  readonly maxRotorSpeed: number;
  /** First-order lag of rotor speed behind its command, s. */
  readonly motorTimeConstant: number;
  /** Drag force per mass and air speed, 1/s. */
  readonly linearDrag: number;
  /** Drag torque per inertia and body rate, 1/s. */
  readonly angularDrag: number;
  /** Body rate that an action of ±1 asks for, rad/s. */
  readonly maxBodyRate: number;
  /** Torque per body rate error, N·m·s/rad. */
  readonly rateGains: Vector3;
  /** Airframe as an upright cylinder, m. */
  readonly body: { readonly radius: number; readonly halfHeight: number };
  /** A disc that lies on the airframe, to hit balls with, m; its mass is part of the whole. */
  readonly racket?: {
    readonly radius: number;
    readonly halfHeight: number;
    /** Of racket and airframe: part of the approach speed that an impact gives back. */
    readonly restitution: number;
  };
}

/** What it touches others with: the airframe, and the racket on it. */
export function solidsOf({ body, racket }: QuadrotorModel): readonly SolidShape[] {
  if (!racket) return [body];
  const { restitution, radius, halfHeight } = racket;
  const smooth = { restitution, friction: 0 };
  return [
    { ...body, ...smooth },
    { radius, halfHeight, height: body.halfHeight + halfHeight, ...smooth },
  ];
}

/** Thrust of one rotor at full speed, N. */
export const maxRotorThrust = (model: QuadrotorModel): number =>
  model.thrustConstant * model.maxRotorSpeed ** 2;

/** Collective action in [-1, 1] at which level flight neither climbs nor sinks. */
export const hoverAction = (model: QuadrotorModel, gravity: number): number =>
  (2 * model.mass * gravity) / (4 * maxRotorThrust(model)) - 1;

/**
 * Rows: collective thrust, and torque about x, y and z, made by a thrust of 1 N at each rotor. `[4, 4]`, row-major.
 * τ = Σ r × f ez gives (y, −x), and the reaction torque is −spin·(torque constant / thrust constant).
 */
export function wrenchOfThrusts(model: QuadrotorModel): Float64Array {
  const reaction = model.torqueConstant / model.thrustConstant;
  const rows = new Float64Array(16);
  model.rotors.forEach(({ armLength, armAngle, spin }, rotor) => {
    rows[rotor] = 1;
    rows[4 + rotor] = armLength * Math.sin(armAngle);
    rows[8 + rotor] = -armLength * Math.cos(armAngle);
    rows[12 + rotor] = -spin * reaction;
  });
  return rows;
}

/** The mixer: rotor thrusts that make a collective thrust and torques, the inverse of `wrenchOfThrusts`. `[4, 4]` */
export const thrustsOfWrench = (model: QuadrotorModel): Float64Array => invert4(wrenchOfThrusts(model));

/** Gauss–Jordan elimination with row pivoting. @throws RangeError when the geometry cannot make some torque */
function invert4(matrix: Float64Array): Float64Array {
  const a = matrix.slice();
  const inverse = new Float64Array(16);
  for (let i = 0; i < 4; i++) inverse[5 * i] = 1;
  for (let column = 0; column < 4; column++) {
    let pivot = column;
    for (let row = column + 1; row < 4; row++) {
      if (Math.abs(a[4 * row + column]!) > Math.abs(a[4 * pivot + column]!)) pivot = row;
    }
    const scale = a[4 * pivot + column]!;
    if (Math.abs(scale) < 1e-12)
      throw new RangeError('These rotors cannot produce every torque: the mixer is singular.');
    for (let k = 0; k < 4; k++) {
      for (const m of [a, inverse]) {
        const top = m[4 * pivot + k]! / scale;
        m[4 * pivot + k] = m[4 * column + k]!;
        m[4 * column + k] = top;
      }
    }
    for (let row = 0; row < 4; row++) {
      const factor = a[4 * row + column]!;
      if (row === column || factor === 0) continue;
      for (let k = 0; k < 4; k++) {
        a[4 * row + k]! -= factor * a[4 * column + k]!;
        inverse[4 * row + k]! -= factor * inverse[4 * column + k]!;
      }
    }
  }
  return inverse;
}

/**
 * A quadrotor, or several, in every scene of a packed world: rotor lag, thrust, reaction torque, drag, and the body-rate controller.
 *
 * Per physics step, throttle t in [0, 1] of each rotor:
 *   t ← t + (1 − exp(−Δt/T))·(t_command − t),   f = f_max·t²
 *   F = R·(Σ f)·ez − m·k·(v − wind),   τ = Σ r × f ez − spin·κ·f ez − k_ω·I·ω
 *
 * Shapes: N aircraft.
 */

import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { rotate, unrotate, type Vector3 } from '../../src/physics/math.ts';
import type { PackedWorld } from '../../src/physics/packed-world.ts';
import { maxRotorThrust, type QuadrotorModel, solidsOf, thrustsOfWrench, wrenchOfThrusts } from './model.ts';

/**
 * What the four action components mean, each in [-1, 1]:
 * `rates`: body rates about x, y, z as fractions of the model's largest, and collective thrust from none to full;
 * `rotors`: thrust of each rotor, from none to full.
 */
export const actionModes = ['rates', 'rotors'] as const;
export type ActionMode = (typeof actionModes)[number];

/** Names of the action components, in order. */
export const actionNames: Readonly<Record<ActionMode, readonly string[]>> = {
  rates: ['rate.x', 'rate.y', 'rate.z', 'thrust'],
  rotors: ['rotor.0', 'rotor.1', 'rotor.2', 'rotor.3'],
};

/** How one aircraft differs from the model; factors of 1 are the model itself. */
export interface Variation {
  readonly mass: number;
  readonly inertia: number;
  readonly motorTimeConstant: number;
  readonly thrust: number;
  /** m/s, world frame */
  readonly wind: Vector3;
}

export const noVariation: Variation = {
  mass: 1,
  inertia: 1,
  motorTimeConstant: 1,
  thrust: 1,
  wind: [0, 0, 0],
};

/** Numbers kept for each aircraft: mass, the three moments of inertia, rotor gain per step, thrust factor, wind. */
const PARAMETERS = 9;

/** What else happens in a physics step. */
export interface FlightHooks {
  /** When the forces of this step stand in `bodies`, which may be changed. */
  readonly before?: () => void;
  /** When the engine has made the step, and all aircraft have been read. */
  readonly after?: () => void;
}

export class QuadrotorFleet {
  readonly model: QuadrotorModel;
  /** Aircraft in all scenes, N. */
  readonly count: number;
  readonly bodies: BodyFleet;
  /** Rotor speed over its maximum, `[N, 4]`. */
  readonly throttle: Float32Array;
  /** Sum of the rotors' thrusts in the last physics step, along the body's z axis, `[N]` N. */
  readonly thrust: Float32Array;
  /** Body rates, body frame, `[N, 3]` rad/s. Refreshed by `pull`. */
  readonly bodyRates: Float32Array;

  readonly #world: PackedWorld;
  readonly #mode: ActionMode;
  readonly #parameters: Float32Array;
  readonly #maxThrust: number;
  readonly #mixer: Float64Array;
  readonly #wrench: Float64Array;
  readonly #thrusts = new Float64Array(4);
  readonly #bodyForce = new Float64Array(3);
  readonly #bodyTorque = new Float64Array(3);

  /** @param perScene aircraft in each scene */
  constructor(world: PackedWorld, model: QuadrotorModel, mode: ActionMode, perScene = 1) {
    this.#world = world;
    this.#mode = mode;
    this.model = model;
    this.count = perScene * world.scenes;
    this.bodies = world.addBodies(model, { solids: solidsOf(model), perScene });
    this.throttle = new Float32Array(4 * this.count);
    this.thrust = new Float32Array(this.count);
    this.bodyRates = new Float32Array(3 * this.count);
    this.#parameters = new Float32Array(PARAMETERS * this.count);
    this.#maxThrust = maxRotorThrust(model);
    this.#mixer = thrustsOfWrench(model);
    this.#wrench = wrenchOfThrusts(model);
    for (let i = 0; i < this.count; i++) this.vary(i, noVariation);
  }

  /** All that this fleet keeps between steps, beside the engine's own state. */
  get state(): Float32Array[] {
    return [this.throttle, this.bodyRates, this.#parameters, ...this.bodies.state];
  }

  /** Gives aircraft `i` its own mass, inertia, motors and wind. */
  vary(i: number, { mass, inertia, motorTimeConstant, thrust, wind }: Variation): void {
    const { model } = this;
    const moments = model.inertia.map((moment) => moment * inertia) as unknown as Vector3;
    const gain = 1 - Math.exp(-this.#world.timestep / (model.motorTimeConstant * motorTimeConstant));
    this.#parameters.set([model.mass * mass, ...moments, gain, thrust, ...wind], PARAMETERS * i);
    this.bodies.setMass(i, { mass: model.mass * mass, inertia: moments });
  }

  /** Writes the wind at aircraft `i`, m/s, world frame. @param row `[3]` from `offset` on */
  writeWind(i: number, row: Float32Array, offset: number): void {
    for (let axis = 0; axis < 3; axis++) row[offset + axis] = this.#parameters[PARAMETERS * i + 6 + axis]!;
  }

  /** Puts aircraft `i` where its arrays say, with rotors at a thrust of `thrustFraction` of the fullest. */
  place(i: number, thrustFraction: number): void {
    this.throttle.fill(Math.sqrt(thrustFraction), 4 * i, 4 * i + 4);
    this.bodies.place(i);
    this.#refreshRates(i);
  }

  /** Carries out `actions` `[N, 4]` for `substeps` physics steps. */
  fly(actions: Float32Array, substeps: number, { before, after }: FlightHooks = {}): void {
    for (let substep = 0; substep < substeps; substep++) {
      for (let i = 0; i < this.count; i++) this.#applyWrench(i, actions);
      before?.();
      this.bodies.push();
      this.#world.step();
      this.pull();
      after?.();
    }
  }

  /** Reads poses, velocities and body rates from the engine. */
  pull(): void {
    this.bodies.pull();
    for (let i = 0; i < this.count; i++) this.#refreshRates(i);
  }

  #refreshRates(i: number): void {
    const { rotation, angularVelocity } = this.bodies;
    unrotate(this.bodyRates, 3 * i, rotation, 4 * i, angularVelocity, 3 * i);
  }

  #applyWrench(aircraft: number, actions: Float32Array): void {
    this.#commandThrusts(aircraft, actions);
    const p = PARAMETERS * aircraft;
    const [mass, gain, thrustFactor] = [
      this.#parameters[p]!,
      this.#parameters[p + 4]!,
      this.#parameters[p + 5]!,
    ];
    const full = this.#maxThrust * thrustFactor;
    const [force, torque] = [this.#bodyForce, this.#bodyTorque];
    force.fill(0);
    torque.fill(0);
    for (let rotor = 0; rotor < 4; rotor++) {
      const i = 4 * aircraft + rotor;
      const command = Math.sqrt(Math.max(0, Math.min(1, this.#thrusts[rotor]! / this.#maxThrust)));
      const throttle = this.throttle[i]! + gain * (command - this.throttle[i]!);
      this.throttle[i] = throttle;
      const thrust = full * throttle * throttle;
      force[2]! += thrust;
      for (let axis = 0; axis < 3; axis++) torque[axis]! += this.#wrench[4 * (axis + 1) + rotor]! * thrust;
    }
    this.thrust[aircraft] = force[2]!;
    const { linearDrag, angularDrag } = this.model;
    for (let axis = 0; axis < 3; axis++) {
      torque[axis]! -= angularDrag * this.#parameters[p + 1 + axis]! * this.bodyRates[3 * aircraft + axis]!;
    }
    const { bodies } = this;
    rotate(bodies.force, 3 * aircraft, bodies.rotation, 4 * aircraft, force, 0);
    rotate(bodies.torque, 3 * aircraft, bodies.rotation, 4 * aircraft, torque, 0);
    for (let axis = 0; axis < 3; axis++) {
      const airSpeed = bodies.linearVelocity[3 * aircraft + axis]! - this.#parameters[p + 6 + axis]!;
      bodies.force[3 * aircraft + axis]! -= mass * linearDrag * airSpeed;
    }
  }

  /** Writes the thrust that the action asks of each rotor, N, not yet limited. */
  #commandThrusts(aircraft: number, actions: Float32Array): void {
    const a = 4 * aircraft;
    const thrusts = this.#thrusts;
    if (this.#mode === 'rotors') {
      for (let rotor = 0; rotor < 4; rotor++)
        thrusts[rotor] = ((actions[a + rotor]! + 1) / 2) * this.#maxThrust;
      return;
    }
    // Proportional law on body rates, as OmniDrones's rate controller; it runs at the physics rate, as on an autopilot.
    const { maxBodyRate, rateGains } = this.model;
    const collective = ((actions[a + 3]! + 1) / 2) * 4 * this.#maxThrust;
    for (let rotor = 0; rotor < 4; rotor++) {
      let thrust = this.#mixer[4 * rotor]! * collective;
      for (let axis = 0; axis < 3; axis++) {
        const error = actions[a + axis]! * maxBodyRate - this.bodyRates[3 * aircraft + axis]!;
        thrust += this.#mixer[4 * rotor + 1 + axis]! * rateGains[axis]! * error;
      }
      thrusts[rotor] = thrust;
    }
  }
}

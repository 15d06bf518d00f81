/** Quadrotors in the open air, for tests: no floor, level and at rest, rotors still, until told otherwise. */
import {
  type ActionMode,
  iris,
  maxRotorThrust,
  QuadrotorFleet,
  thrustsOfWrench,
} from '../../robots/quadrotor/index.ts';
import { GRAVITY, PackedWorld } from '../../src/physics/packed-world.ts';

export const PHYSICS_DT = 0.005;
export const FULL_THRUST = maxRotorThrust(iris);
export const WEIGHT = iris.mass * GRAVITY;

export interface Flight {
  readonly world: PackedWorld;
  readonly fleet: QuadrotorFleet;
  /** Flies `seconds` with the same four action values in every scene; `each` sees every physics step. */
  fly(action: readonly number[], seconds: number, each?: (time: number) => void): void;
}

export function createFlight(mode: ActionMode, scenes = 1): Flight {
  const world = new PackedWorld({ scenes, spacing: 14, timestep: PHYSICS_DT });
  const fleet = new QuadrotorFleet(world, iris, mode);
  for (let scene = 0; scene < scenes; scene++) {
    fleet.bodies.rotation[4 * scene + 3] = 1;
    fleet.place(scene, 0);
  }
  return {
    world,
    fleet,
    fly(action, seconds, each) {
      const actions = Float32Array.from({ length: 4 * scenes }, (_, i) => action[i % 4]!);
      for (let step = 1; step <= Math.round(seconds / PHYSICS_DT); step++) {
        fleet.fly(actions, 1);
        each?.(step * PHYSICS_DT);
      }
    },
  };
}

/** Thrusts of the rotors, N, that lift `force` N without any torque. */
export function balancedThrusts(force: number): number[] {
  const mixer = thrustsOfWrench(iris);
  return [0, 1, 2, 3].map((rotor) => mixer[4 * rotor]! * force);
}

/** Sets the rotors of `scene` to `thrusts` N at once, without the motors' lag. */
export function setThrusts(fleet: QuadrotorFleet, scene: number, thrusts: readonly number[]): void {
  fleet.throttle.set(
    thrusts.map((thrust) => Math.sqrt(thrust / FULL_THRUST)),
    4 * scene,
  );
}

/** The action in `rotors` mode that asks for `thrusts` N. */
export const actionOf = (thrusts: readonly number[]): number[] =>
  thrusts.map((thrust) => (2 * thrust) / FULL_THRUST - 1);

/** Thrust of every rotor now, N. */
export const thrustsOf = (fleet: QuadrotorFleet): number[] =>
  Array.from(fleet.throttle, (throttle) => FULL_THRUST * throttle ** 2);

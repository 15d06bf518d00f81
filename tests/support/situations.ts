/** Puts the aircraft of a running drone environment into a state of one's choice. */
import { DroneScenes, type DroneSettings } from '../../envs/drone/scenes.ts';
import { envs } from '../../envs/index.ts';
import { hoverAction, iris } from '../../robots/quadrotor/index.ts';
import { packBytes, unpackBytes } from '../../src/core/bytes.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { GRAVITY } from '../../src/physics/packed-world.ts';
import { balancedThrusts, setThrusts, WEIGHT } from './flight.ts';

/** Keeps a level aircraft where it is. */
export const HOVER = [0, 0, 0, hoverAction(iris, GRAVITY)] as const;

export interface Situation {
  /** m */
  readonly position: readonly [number, number, number];
  /** m/s; at rest unless told */
  readonly velocity?: readonly number[];
  /** Quaternion; level unless told. */
  readonly rotation?: readonly number[];
  /** World frame, rad/s; none unless told. */
  readonly spin?: readonly number[];
}

/**
 * Moves the one aircraft of `env` (default settings) into `situation`, rotors at balanced hover thrust. The episode goes
 * on: its age and the task's own memory stay. They stand before the aircraft's state in a snapshot.
 */
export function situate(env: VectorEnv, { position, velocity, rotation, spin }: Situation): void {
  const scenes = new DroneScenes(1, envs[env.spec.id]!.settings.parse({}) as DroneSettings);
  const { fleet } = scenes;
  fleet.bodies.position.set(position);
  fleet.bodies.linearVelocity.set(velocity ?? [0, 0, 0]);
  fleet.bodies.rotation.set(rotation ?? [0, 0, 0, 1]);
  fleet.bodies.angularVelocity.set(spin ?? [0, 0, 0]);
  fleet.place(0, 0);
  setThrusts(fleet, 0, balancedThrusts(WEIGHT));
  const own = [...scenes.state, scenes.world.snapshot()];
  env.restore!(packBytes([...unpackBytes(env.snapshot!()).slice(0, -own.length), ...own]));
  scenes.close();
}

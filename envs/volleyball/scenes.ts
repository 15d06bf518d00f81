/**
 * What the volleyball tasks share: D quadrotors with rackets and a ball in every scene of a packed world, and how an episode
 * starts. Frame of a scene: the court's centre at the origin, x along its length, the net at x = 0, z up.
 *
 * Shapes: M scenes, D aircraft in each, aircraft i = scene·D + number.
 */
import {
  type ActionMode,
  actionModes,
  actionNames,
  addDownwash,
  drawVariation,
  hoverAction,
  QuadrotorFleet,
  racketHeight,
  racketIris,
  type VariationSettings,
  variationSettings,
} from '../../robots/quadrotor/index.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { Rng } from '../../src/core/rng.ts';
import { choice } from '../../src/core/settings.ts';
import { type Space, space, symmetric } from '../../src/core/space.ts';
import { rollPitchYaw, type Vector3 } from '../../src/physics/math.ts';
import { GRAVITY, PackedWorld } from '../../src/physics/packed-world.ts';
import { ball } from './ball.ts';
import { Game } from './game.ts';
import type { MatchRules } from './rules/by-task.ts';
import { Sight } from './sight.ts';

/** 50 Hz control. */
export const CONTROL_DT = 0.02;
const PHYSICS_DT = 0.005;
const SUBSTEPS = Math.round(CONTROL_DT / PHYSICS_DT);
/** Edge of a scene's square, m. */
const SPACING = 24;

/** Settings of every volleyball task. */
export const volleySettings = {
  actionMode: choice(
    'rotors',
    actionModes,
    'rotors: thrust of each rotor; rates: body rates and collective thrust',
  ),
  ...variationSettings,
};

export interface VolleySettings extends VariationSettings {
  readonly actionMode: ActionMode;
}

/** Limits of the uniform distribution that an aircraft starts from; it is at rest. */
export interface StartRange {
  /** About its place, each axis, m. */
  readonly position: Vector3;
  /** Of roll and pitch, rad. */
  readonly tilt: number;
  /** Of the yaw, rad. */
  readonly yaw: readonly [low: number, high: number];
}

/** ±18° of roll and pitch, any heading. */
export const anyHeading = { tilt: 0.1 * Math.PI, yaw: [0, 2 * Math.PI] } as const;

export interface SceneOptions {
  readonly scenes: number;
  /** Aircraft in each, D. */
  readonly aircraft: number;
  readonly settings: VolleySettings;
  /** What is played, with a ball; without rules there is none. */
  readonly rules?: MatchRules;
  /** Whether a board defends the far half; it is then the last player. */
  readonly board?: boolean;
}

export class VolleyScenes {
  readonly world: PackedWorld;
  readonly fleet: QuadrotorFleet;
  readonly game: Game | undefined;
  readonly sight: Sight;
  readonly actionSpace: Space;

  readonly #settings: VolleySettings;

  constructor({ scenes, aircraft, settings, rules, board = false }: SceneOptions) {
    this.#settings = settings;
    this.world = new PackedWorld({ scenes, spacing: SPACING, timestep: PHYSICS_DT, ground: true });
    this.fleet = new QuadrotorFleet(this.world, racketIris, settings.actionMode, aircraft);
    this.sight = new Sight(this.fleet);
    this.game = rules && new Game(this.world, this.fleet, rules, board);
    this.actionSpace = space(actionNames[settings.actionMode].map((name) => symmetric(name, '1', 1)));
  }

  get state(): BinaryArray[] {
    return [...this.fleet.state, ...(this.game?.state ?? [])];
  }

  /** Starts aircraft `i` at rest near `place` (m), rotors at hover thrust. */
  start(i: number, rng: Rng, place: Vector3, { position, tilt, yaw }: StartRange): void {
    const { bodies } = this.fleet;
    const around = (limit: number): number => rng.uniform(-limit, limit);
    for (let axis = 0; axis < 3; axis++) {
      bodies.position[3 * i + axis] = place[axis]! + around(position[axis]!);
      bodies.linearVelocity[3 * i + axis] = 0;
      bodies.angularVelocity[3 * i + axis] = 0;
    }
    const [roll, pitch] = [around(tilt), around(tilt)];
    bodies.rotation.set(rollPitchYaw(roll, pitch, rng.uniform(...yaw)), 4 * i);
    this.fleet.vary(i, drawVariation(rng, this.#settings));
    this.fleet.place(i, (hoverAction(this.fleet.model, GRAVITY) + 1) / 2);
  }

  /** One control step. @param actions `[M·D, 4]` */
  fly(actions: Float32Array): void {
    const { game, fleet } = this;
    const crowded = fleet.bodies.perScene > 1;
    game?.beginStep();
    fleet.fly(actions, SUBSTEPS, {
      before: () => {
        if (crowded) addDownwash(fleet);
        game?.before();
      },
      after: () => game?.after(),
    });
  }

  /** Distance of aircraft `i` to `point`, m. */
  distanceTo(i: number, point: ArrayLike<number>, at = 0): number {
    const { position: p } = this.fleet.bodies;
    return Math.hypot(p[3 * i]! - point[at]!, p[3 * i + 1]! - point[at + 1]!, p[3 * i + 2]! - point[at + 2]!);
  }

  close(): void {
    this.world.free();
  }
}

/** Height of the ball's centre above the aircraft's when it lies on a level racket, m. */
export const CONTACT_HEIGHT = racketHeight(racketIris) + ball.radius;

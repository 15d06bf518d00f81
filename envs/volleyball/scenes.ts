/**
 * What the volleyball tasks share: D quadrotors with rackets and a ball in every scene of a packed world, how an episode
 * starts, what an aircraft observes of itself, and what the referee is told. Frame of a scene: the court's centre at
 * the origin, x along its length, the net at x = 0, z up.
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
import { type Component, type Space, space, symmetric, vector } from '../../src/core/space.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { rollPitchYaw, rotate, type Vector3 } from '../../src/physics/math.ts';
import { GRAVITY, PackedWorld } from '../../src/physics/packed-world.ts';
import { addBalls, ball } from './ball.ts';
import { addBoards, placeBoard, steerBoard } from './board.ts';
import { atRacket } from './court.ts';
import type { MatchRules } from './rules/by-task.ts';
import { Referee } from './rules/referee.ts';

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

/** Largest values that are observed; beyond them observations are clipped. */
const LIMIT = { length: 12, width: 8, height: 16, speed: 20, rate: 20 } as const;

/** A vector of positions or of differences of positions on a court, m. */
export const placeVector = (name: string): Component[] => [
  symmetric(`${name}.x`, 'm', LIMIT.length),
  symmetric(`${name}.y`, 'm', LIMIT.width),
  symmetric(`${name}.z`, 'm', LIMIT.height),
];
export const velocityVector = (name: string): Component[] => vector(name, 'm/s', LIMIT.speed);

/** A change of the ball's velocity beyond gravity's that no rounding makes, m/s. */
const TOUCH_SPEED = 0.01;
/** Farther from the board's centre than this it was not the board, m. */
const BOARD_DISTANCE = 0.7;
/** Farther from every aircraft than this it was the floor that the ball touched, m. */
const TOUCH_DISTANCE = 0.6;

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

/** A ball in every scene, and who watches over it. */
export interface Game {
  readonly ball: BodyFleet;
  readonly referee: Referee;
  readonly boards: BodyFleet | undefined;
  /** 1 where the board tried to return the last spike, `[M]`. */
  readonly answered: Uint8Array;
}

export class VolleyScenes {
  readonly world: PackedWorld;
  readonly fleet: QuadrotorFleet;
  readonly game: Game | undefined;
  readonly actionSpace: Space;
  /** Components that `observeSelf` writes: 23 of them. */
  readonly selfComponents: readonly Component[];

  readonly #settings: VolleySettings;
  /** The ball's velocity before the physics step, `[M, 3]` m/s. */
  readonly #before: Float32Array;
  readonly #up = new Float64Array(3);

  constructor({ scenes, aircraft, settings, rules, board }: SceneOptions) {
    this.#settings = settings;
    this.world = new PackedWorld({ scenes, spacing: SPACING, timestep: PHYSICS_DT, ground: true });
    this.fleet = new QuadrotorFleet(this.world, racketIris, settings.actionMode, aircraft);
    this.game = rules && {
      ball: addBalls(this.world),
      referee: new Referee(rules, scenes),
      boards: board ? addBoards(this.world) : undefined,
      answered: new Uint8Array(scenes),
    };
    this.#before = new Float32Array(3 * scenes);
    this.actionSpace = space(actionNames[settings.actionMode].map((name) => symmetric(name, '1', 1)));
    this.selfComponents = [
      ...placeVector('position'),
      ...vector('rotation', '1', 1, ['x', 'y', 'z', 'w']),
      ...velocityVector('velocity'),
      ...vector('rate', 'rad/s', LIMIT.rate),
      ...vector('heading', '1', 1),
      ...vector('up', '1', 1),
      ...vector('throttle', '1', 1, ['0', '1', '2', '3']),
    ];
  }

  get state(): BinaryArray[] {
    const { fleet, game } = this;
    if (!game) return fleet.state;
    const { ball, boards, referee, answered } = game;
    return [...fleet.state, ...ball.state, ...(boards?.state ?? []), ...referee.state, answered];
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

  /** Puts the ball of `scene` at rest above aircraft `number` of it, who serves. @param height m, centre above centre */
  serve(scene: number, number: number, height: number): void {
    const { ball, boards, referee, answered } = this.game!;
    const { position, rotation, linearVelocity, angularVelocity } = ball;
    const server = 3 * (scene * this.fleet.bodies.perScene + number);
    for (let axis = 0; axis < 3; axis++) {
      position[3 * scene + axis] = this.fleet.bodies.position[server + axis]!;
      linearVelocity[3 * scene + axis] = 0;
      angularVelocity[3 * scene + axis] = 0;
    }
    position[3 * scene + 2]! += height;
    rotation.set([0, 0, 0, 1], 4 * scene);
    ball.place(scene);
    if (boards) placeBoard(boards, scene);
    answered[scene] = 0;
    referee.start(scene, number, position, 3 * scene);
  }

  /** One control step. @param actions `[M·D, 4]` */
  fly(actions: Float32Array): void {
    const { game, fleet } = this;
    const crowded = fleet.bodies.perScene > 1;
    game?.referee.beginStep();
    if (game?.boards) this.#steerBoards(game, game.boards);
    fleet.fly(actions, SUBSTEPS, {
      before: () => {
        if (crowded) addDownwash(fleet);
        if (!game) return;
        this.#before.set(game.ball.linearVelocity);
        game.ball.push();
      },
      after: () => {
        if (!game) return;
        game.ball.pull();
        game.boards?.pull();
        for (let scene = 0; scene < this.world.scenes; scene++) this.#report(game, scene);
      },
    });
  }

  #steerBoards({ ball, referee, answered }: Game, boards: BodyFleet): void {
    const player = this.fleet.bodies.perScene;
    for (let scene = 0; scene < this.world.scenes; scene++) {
      const mayHit = (referee.sheet.free[scene]! & (1 << player)) !== 0;
      if (steerBoard(boards, ball, scene, mayHit)) answered[scene] = 1;
    }
  }

  /** Tells the referee what the physics step has brought. */
  #report({ ball, referee, boards }: Game, scene: number): void {
    if (this.#struck(ball, scene)) {
      if (boards && isNear(boards, ball, scene)) referee.touch(scene, this.fleet.bodies.perScene, true);
      const player = this.#nearest(scene);
      const i = scene * this.fleet.bodies.perScene + player;
      if (this.distanceToBall(i) < TOUCH_DISTANCE)
        referee.touch(scene, player, this.#isAtRacket(ball, scene, i));
    }
    referee.ball(scene, ball.position, 3 * scene, ball.linearVelocity[3 * scene + 2]!);
    referee.drones(scene, this.fleet.bodies.position, 3 * scene * this.fleet.bodies.perScene);
  }

  /** Whether the ball changed its velocity by more than gravity does. */
  #struck({ linearVelocity }: BodyFleet, scene: number): boolean {
    const i = 3 * scene;
    const x = linearVelocity[i]! - this.#before[i]!;
    const y = linearVelocity[i + 1]! - this.#before[i + 1]!;
    const z = linearVelocity[i + 2]! - this.#before[i + 2]! + GRAVITY * PHYSICS_DT;
    return x * x + y * y + z * z > TOUCH_SPEED ** 2;
  }

  #nearest(scene: number): number {
    const { perScene } = this.fleet.bodies;
    const first = scene * perScene;
    let nearest = 0;
    for (let number = 1; number < perScene; number++)
      if (this.distanceToBall(first + number) < this.distanceToBall(first + nearest)) nearest = number;
    return nearest;
  }

  #isAtRacket(ball: BodyFleet, scene: number, i: number): boolean {
    const { position, rotation } = this.fleet.bodies;
    rotate(this.#up, 0, rotation, 4 * i, UP, 0);
    return atRacket(ball.position, 3 * scene, position, 3 * i, this.#up, 0);
  }

  /**
   * Writes the 23 numbers of aircraft `i` from `offset` on, in the scene's frame, or turned by half a turn about z.
   * @param facing 1 as the near side sees it, −1 as the far side does
   */
  observeSelf(i: number, obs: Float32Array, offset: number, facing: 1 | -1 = 1): void {
    const { position, rotation, linearVelocity, angularVelocity } = this.fleet.bodies;
    this.observeVector(position, 3 * i, obs, offset, facing);
    observeRotation(rotation, 4 * i, obs, offset + 3, facing);
    this.observeVector(linearVelocity, 3 * i, obs, offset + 7, facing);
    this.observeVector(angularVelocity, 3 * i, obs, offset + 10, facing);
    rotate(obs, offset + 13, obs, offset + 3, AHEAD, 0);
    rotate(obs, offset + 16, obs, offset + 3, UP, 0);
    for (let rotor = 0; rotor < 4; rotor++)
      obs[offset + 19 + rotor] = 2 * this.fleet.throttle[4 * i + rotor]! - 1;
  }

  /** Writes a vector of the scene's frame. @param obs `[3]` from `offset` on */
  observeVector(
    vector: ArrayLike<number>,
    at: number,
    obs: Float32Array,
    offset: number,
    facing: 1 | -1 = 1,
  ): void {
    obs[offset] = facing * vector[at]!;
    obs[offset + 1] = facing * vector[at + 1]!;
    obs[offset + 2] = vector[at + 2]!;
  }

  /** Writes the position of aircraft `i` minus `point`, m. @param obs `[3]` from `offset` on */
  observeFrom(
    point: ArrayLike<number>,
    at: number,
    i: number,
    obs: Float32Array,
    offset: number,
    facing: 1 | -1 = 1,
  ): void {
    const p = this.fleet.bodies.position;
    obs[offset] = facing * (p[3 * i]! - point[at]!);
    obs[offset + 1] = facing * (p[3 * i + 1]! - point[at + 1]!);
    obs[offset + 2] = p[3 * i + 2]! - point[at + 2]!;
  }

  /** Distance of aircraft `i` to `point`, m. */
  distanceTo(i: number, point: ArrayLike<number>, at = 0): number {
    const { position: p } = this.fleet.bodies;
    return Math.hypot(p[3 * i]! - point[at]!, p[3 * i + 1]! - point[at + 1]!, p[3 * i + 2]! - point[at + 2]!);
  }

  /** From centre to centre, m. */
  distanceToBall(i: number): number {
    return this.distanceTo(i, this.game!.ball.position, 3 * Math.floor(i / this.fleet.bodies.perScene));
  }

  close(): void {
    this.world.free();
  }
}

/** Of the two quaternions of an attitude, the one with w ≥ 0; half a turn about z makes (−y, x, w, −z) of it. */
function observeRotation(
  q: Float32Array,
  at: number,
  obs: Float32Array,
  offset: number,
  facing: 1 | -1,
): void {
  const [x, y, z, w] = [q[at]!, q[at + 1]!, q[at + 2]!, q[at + 3]!];
  if (facing === 1) setRotation(obs, offset, x, y, z, w);
  else setRotation(obs, offset, -y, x, w, -z);
}

function setRotation(obs: Float32Array, offset: number, x: number, y: number, z: number, w: number): void {
  const sign = w < 0 ? -1 : 1;
  obs[offset] = sign * x;
  obs[offset + 1] = sign * y;
  obs[offset + 2] = sign * z;
  obs[offset + 3] = sign * w;
}

/** Whether the ball can have met the board. */
function isNear(boards: BodyFleet, balls: BodyFleet, scene: number): boolean {
  const [a, b, i] = [boards.position, balls.position, 3 * scene];
  return Math.hypot(a[i]! - b[i]!, a[i + 1]! - b[i + 1]!, a[i + 2]! - b[i + 2]!) < BOARD_DISTANCE;
}

const AHEAD = Float64Array.of(1, 0, 0);
const UP = Float64Array.of(0, 0, 1);

/** Height of the ball's centre above the aircraft's when it lies on a level racket, m. */
export const CONTACT_HEIGHT = racketHeight(racketIris) + ball.radius;

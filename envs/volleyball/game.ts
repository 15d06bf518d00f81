/** The ball of every scene, who watches over it, and, where there is one, the board that plays. Tells the referee what happens. */
import type { QuadrotorFleet } from '../../robots/quadrotor/index.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { rotate } from '../../src/physics/math.ts';
import { GRAVITY, type PackedWorld } from '../../src/physics/packed-world.ts';
import { addBalls } from './ball.ts';
import { addBoards, placeBoard, steerBoard } from './board.ts';
import { atRacket } from './court.ts';
import type { MatchRules } from './rules/by-task.ts';
import { Referee } from './rules/referee.ts';

/** A change of the ball's velocity beyond gravity's that no rounding makes, m/s. */
const TOUCH_SPEED = 0.01;
/** Farther from the board's centre than this it was not the board, m. */
const BOARD_DISTANCE = 0.7;
/** Farther from every aircraft than this it was the floor that the ball touched, m. */
const TOUCH_DISTANCE = 0.6;

/** Shapes: M scenes. */
export class Game {
  readonly ball: BodyFleet;
  readonly referee: Referee;
  readonly boards: BodyFleet | undefined;
  /** 1 where the board tried to return the last spike, `[M]`. */
  readonly answered: Uint8Array;

  readonly #world: PackedWorld;
  readonly #fleet: QuadrotorFleet;
  /** The ball's velocity before the physics step, `[M, 3]` m/s. */
  readonly #before: Float32Array;
  readonly #up = new Float64Array(3);

  /** @param board whether a board defends the far half; it is then the last player */
  constructor(world: PackedWorld, fleet: QuadrotorFleet, rules: MatchRules, board: boolean) {
    this.#world = world;
    this.#fleet = fleet;
    this.ball = addBalls(world);
    this.boards = board ? addBoards(world) : undefined;
    this.referee = new Referee(rules, world.scenes);
    this.answered = new Uint8Array(world.scenes);
    this.#before = new Float32Array(3 * world.scenes);
  }

  get state(): BinaryArray[] {
    const { ball, boards, referee, answered } = this;
    return [...ball.state, ...(boards?.state ?? []), ...referee.state, answered];
  }

  /** Puts the ball of `scene` at rest above aircraft `number` of it, who serves. @param height m, centre above centre */
  serve(scene: number, number: number, height: number): void {
    const { ball, boards, referee, answered } = this;
    const { position, rotation, linearVelocity, angularVelocity } = ball;
    const server = 3 * (scene * this.#fleet.bodies.perScene + number);
    for (let axis = 0; axis < 3; axis++) {
      position[3 * scene + axis] = this.#fleet.bodies.position[server + axis]!;
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

  /** Begins a control step. */
  beginStep(): void {
    this.referee.beginStep();
    if (this.boards) this.#steer(this.boards);
  }

  /** To be called before each physics step of it … */
  before(): void {
    this.#before.set(this.ball.linearVelocity);
    this.ball.push();
  }

  /** … and after. */
  after(): void {
    this.ball.pull();
    this.boards?.pull();
    for (let scene = 0; scene < this.#world.scenes; scene++) this.#report(scene);
  }

  #steer(boards: BodyFleet): void {
    const { ball, referee, answered } = this;
    const player = this.#fleet.bodies.perScene;
    for (let scene = 0; scene < this.#world.scenes; scene++) {
      const mayHit = (referee.sheet.free[scene]! & (1 << player)) !== 0;
      if (steerBoard(boards, ball, scene, mayHit)) answered[scene] = 1;
    }
  }

  /** Tells the referee what the physics step has brought. */
  #report(scene: number): void {
    const { ball, referee, boards } = this;
    if (this.#struck(scene)) {
      if (boards && isNear(boards, ball, scene)) referee.touch(scene, this.#fleet.bodies.perScene, true);
      const player = this.#nearest(scene);
      const i = scene * this.#fleet.bodies.perScene + player;
      if (this.#distance(i) < TOUCH_DISTANCE) referee.touch(scene, player, this.#isAtRacket(scene, i));
    }
    referee.ball(scene, ball.position, 3 * scene, ball.linearVelocity[3 * scene + 2]!);
    referee.drones(scene, this.#fleet.bodies.position, 3 * scene * this.#fleet.bodies.perScene);
  }

  /** Whether the ball changed its velocity by more than gravity does. */
  #struck(scene: number): boolean {
    const { linearVelocity } = this.ball;
    const i = 3 * scene;
    const x = linearVelocity[i]! - this.#before[i]!;
    const y = linearVelocity[i + 1]! - this.#before[i + 1]!;
    const z = linearVelocity[i + 2]! - this.#before[i + 2]! + GRAVITY * this.#world.timestep;
    return x * x + y * y + z * z > TOUCH_SPEED ** 2;
  }

  #nearest(scene: number): number {
    const { perScene } = this.#fleet.bodies;
    const first = scene * perScene;
    let nearest = 0;
    for (let number = 1; number < perScene; number++)
      if (this.#distance(first + number) < this.#distance(first + nearest)) nearest = number;
    return nearest;
  }

  #isAtRacket(scene: number, i: number): boolean {
    const { position, rotation } = this.#fleet.bodies;
    rotate(this.#up, 0, rotation, 4 * i, UP, 0);
    return atRacket(this.ball.position, 3 * scene, position, 3 * i, this.#up, 0);
  }

  /** From the ball to aircraft `i`, centre to centre, m. */
  #distance(i: number): number {
    const [p, b] = [this.#fleet.bodies.position, this.ball.position];
    const [at, ball] = [3 * i, 3 * Math.floor(i / this.#fleet.bodies.perScene)];
    return Math.hypot(p[at]! - b[ball]!, p[at + 1]! - b[ball + 1]!, p[at + 2]! - b[ball + 2]!);
  }
}

/** Whether the ball can have met the board. */
function isNear(boards: BodyFleet, balls: BodyFleet, scene: number): boolean {
  const [a, b, i] = [boards.position, balls.position, 3 * scene];
  return Math.hypot(a[i]! - b[i]!, a[i + 1]! - b[i + 1]!, a[i + 2]! - b[i + 2]!) < BOARD_DISTANCE;
}

const UP = Float64Array.of(0, 0, 1);

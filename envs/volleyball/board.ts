/**
 * The defender of `volley-set-and-spike-hard`: a disc that nothing stops, which goes to where a spike comes down and strikes it
 * back over the net. After `utils/racket.py` of github.com/thu-uav/VolleyBots; there the disc's place and its speed are written
 * apart from each other, here it moves with the speed that it strikes with.
 */
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import type { Vector3 } from '../../src/physics/math.ts';
import { GRAVITY, type PackedWorld } from '../../src/physics/packed-world.ts';
import { ball } from './ball.ts';
import { courts, insideCourt } from './court.ts';

export const board = {
  /** m */
  radius: 0.5,
  halfHeight: 0.15,
  restitution: 0.8,
} as const;

const HOME: Vector3 = [-4, 0, 0.5];
/** Where it sends the ball, m, and the time that the ball takes, s. */
const AIM: Vector3 = [3, 1, 1.3];
const RETURN_TIME = 1.5;
/** Height of the ball's centre when it is struck, m. */
const STRIKE_HEIGHT = 1.1;
/** It answers balls that fly towards it faster than this, m/s. */
const ANSWERED_SPEED = 2;
/** m/s and rad/s */
const MOST = { speed: 8, turn: 4 } as const;
/** It goes on striking until the ball is this far below, m. */
const FOLLOW_THROUGH = 0.3;
/** It strikes from this long before the hit, s. */
const SWING = 0.1;
/** Least time that a way is planned for, s: a control step. */
const LEAST_TIME = 0.02;

/** A spike that it answers: when and where the ball comes down, how fast, and how fast it is to leave. */
interface Spike {
  readonly time: number;
  readonly point: Vector3;
  readonly incoming: Vector3;
}

export const addBoards = (world: PackedWorld): BodyFleet =>
  world.addBodies(
    { mass: 0.8, inertia: [0.06, 0.06, 0.1] },
    { solids: [{ ...board, friction: 0 }], unstoppable: true },
  );

/** Puts the board of `scene` home, at rest. */
export function placeBoard(boards: BodyFleet, scene: number): void {
  boards.position.set(HOME, 3 * scene);
  boards.rotation.set([0, 0, 0, 1], 4 * scene);
  boards.linearVelocity.fill(0, 3 * scene, 3 * scene + 3);
  boards.angularVelocity.fill(0, 3 * scene, 3 * scene + 3);
  boards.place(scene);
}

/**
 * Sets the velocity of the board of `scene` for the next control step.
 * @param mayHit whether it is its turn
 * @returns whether it tries to return the ball
 */
export function steerBoard(boards: BodyFleet, balls: BodyFleet, scene: number, mayHit: boolean): boolean {
  const spike = mayHit ? spikeOf(balls, scene) : undefined;
  if (!spike) {
    head(boards, scene, HOME, [0, 0, 1], LEAST_TIME);
    return false;
  }
  const { time, point, incoming } = spike;
  const outgoing: Vector3 = [
    (AIM[0] - point[0]) / RETURN_TIME,
    (AIM[1] - point[1]) / RETURN_TIME,
    (AIM[2] - point[2]) / RETURN_TIME + 0.5 * GRAVITY * RETURN_TIME,
  ];
  const change = outgoing.map((speed, k) => speed - incoming[k]!);
  const length = Math.hypot(...change);
  const normal = change.map((part) => part / length) as unknown as Vector3;
  // v⁺ = −e·v⁻ + (1 + e)·u
  const strike = outgoing.map(
    (speed, k) => (speed + board.restitution * incoming[k]!) / (1 + board.restitution),
  );
  const reach = ball.radius + board.halfHeight;
  const place = point.map((at, k) => at - reach * normal[k]! - SWING * strike[k]!) as unknown as Vector3;
  if (time > SWING) head(boards, scene, place, normal, Math.max(LEAST_TIME, time - SWING));
  else swing(boards, scene, strike);
  return true;
}

function spikeOf({ position, linearVelocity }: BodyFleet, scene: number): Spike | undefined {
  const [x, y, z] = position.subarray(3 * scene, 3 * scene + 3) as unknown as [number, number, number];
  const [vx, vy, vz] = linearVelocity.subarray(3 * scene, 3 * scene + 3) as unknown as [
    number,
    number,
    number,
  ];
  if (vx > -ANSWERED_SPEED || vz > 0 || z < STRIKE_HEIGHT - FOLLOW_THROUGH) return undefined;
  const fall = Math.sqrt(vz * vz + 2 * GRAVITY * (z - STRIKE_HEIGHT));
  const time = (vz + fall) / GRAVITY;
  const point: Vector3 = [x + vx * time, y + vy * time, STRIKE_HEIGHT];
  if (point[0] > 0 || !insideCourt(courts.regulation, point[0], point[1])) return undefined;
  return { time, point, incoming: [vx, vy, -fall] };
}

/** To a place and a direction of its axis, evenly over `time` s, as far as its limits let it. */
function head(boards: BodyFleet, scene: number, place: Vector3, normal: Vector3, time: number): void {
  const { position, linearVelocity, angularVelocity } = boards;
  const way = place.map((at, k) => at - position[3 * scene + k]!);
  const distance = Math.hypot(...way);
  const speed = Math.min(MOST.speed, distance / time);
  const axis = axisOf(boards, scene);
  const turn = [
    axis[1] * normal[2] - axis[2] * normal[1],
    axis[2] * normal[0] - axis[0] * normal[2],
    axis[0] * normal[1] - axis[1] * normal[0],
  ];
  const sine = Math.hypot(...turn);
  const angle = Math.atan2(sine, axis[0] * normal[0] + axis[1] * normal[1] + axis[2] * normal[2]);
  const rate = Math.min(MOST.turn, angle / time);
  for (let k = 0; k < 3; k++) {
    linearVelocity[3 * scene + k] = distance === 0 ? 0 : (way[k]! / distance) * speed;
    angularVelocity[3 * scene + k] = sine === 0 ? 0 : (turn[k]! / sine) * rate;
  }
  boards.place(scene);
}

function swing(boards: BodyFleet, scene: number, strike: readonly number[]): void {
  boards.linearVelocity.set(strike, 3 * scene);
  boards.angularVelocity.fill(0, 3 * scene, 3 * scene + 3);
  boards.place(scene);
}

/** Its z axis in the scene's frame. */
function axisOf({ rotation }: BodyFleet, scene: number): Vector3 {
  const [x, y, z, w] = rotation.subarray(4 * scene, 4 * scene + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  return [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)];
}

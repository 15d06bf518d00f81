/**
 * The court, and what can be told of a ball or a drone from where it is. The net has no collider: it stands here, as a
 * test. Frame: Z up, the floor at z = 0, the net in the plane x = 0, y across the court. Figures after VolleyBots
 * (arXiv 2502.01932, github.com/thu-uav/VolleyBots).
 */

import { racketIris } from '../../robots/quadrotor/index.ts';

/** Half of the court, and the team that plays there: near is x > 0, far is x < 0. */
export type Side = 0 | 1;
export const NEAR = 0 as const;
export const FAR = 1 as const;

export interface Court {
  /** Along x, both halves, m. */
  readonly length: number;
  /** Along y, m. */
  readonly width: number;
}

/** The regulation court, and the smaller ones for one and three drones a side. */
export const courts = {
  regulation: { length: 18, width: 9 },
  threes: { length: 12, width: 6 },
  singles: { length: 6, width: 3 },
} as const satisfies Record<string, Court>;

/** Height of the net's upper edge on every court, m. */
export const NET_HEIGHT = 2.43;

/** The ball is at the racket while its centre is at most this far from the drone's z axis, m … */
export const RACKET_RADIUS = racketIris.racket!.radius;
/** … and at most this far above the drone's centre along it, m. */
export const RACKET_REACH = 0.2;

/** 1 for the near side and −1 for the far one: by it, both see themselves at x > 0. */
export const facing = (side: Side): 1 | -1 => (side === NEAR ? 1 : -1);

/** The side that x lies on; in the plane of the net exactly, the side that it was on `before`. */
export function sideOf(x: number, before: Side): Side {
  if (x === 0) return before;
  return x > 0 ? NEAR : FAR;
}

/** Whether a point is above the court. The lines belong to it. */
export const insideCourt = (court: Court, x: number, y: number): boolean =>
  Math.abs(x) <= court.length / 2 && Math.abs(y) <= court.width / 2;

/** Whether a point is closer than `reach` (m) to the plane of the net, between its ends and below its upper edge. */
export const inNet = (court: Court, x: number, y: number, z: number, reach: number): boolean =>
  Math.abs(x) < reach && betweenPosts(court, y, z);

/**
 * Whether the straight way between two points leads through the plane of the net, between its ends and below its upper
 * edge: what `inNet` misses of a ball that flies farther than its reach between two looks.
 * @param from `[3]` at `fromOffset`, m
 * @param to `[3]` at `toOffset`, m
 */
export function crossesNet(
  court: Court,
  from: ArrayLike<number>,
  fromOffset: number,
  to: ArrayLike<number>,
  toOffset: number,
): boolean {
  const [start, end] = [from[fromOffset]!, to[toOffset]!];
  if (start === end) return false;
  const part = start / (start - end);
  if (part < 0 || part > 1) return false;
  const y = from[fromOffset + 1]! + part * (to[toOffset + 1]! - from[fromOffset + 1]!);
  const z = from[fromOffset + 2]! + part * (to[toOffset + 2]! - from[fromOffset + 2]!);
  return betweenPosts(court, y, z);
}

const betweenPosts = (court: Court, y: number, z: number): boolean =>
  Math.abs(y) < court.width / 2 && z < NET_HEIGHT;

/** How far a player of `side` is from the plane of the net, m; negative once it is on the other side. */
export const distanceToNet = (side: Side, x: number): number => facing(side) * x;

/**
 * Whether a ball is where a drone's racket can have hit it: above its centre, within reach, both ends included.
 * @param ball centre, `[3]` at `ballOffset`, m
 * @param drone centre, `[3]` at `droneOffset`, m
 * @param up the drone's z axis in the world frame, a unit vector, `[3]` at `upOffset`
 */
export function atRacket(
  ball: ArrayLike<number>,
  ballOffset: number,
  drone: ArrayLike<number>,
  droneOffset: number,
  up: ArrayLike<number>,
  upOffset: number,
): boolean {
  const x = ball[ballOffset]! - drone[droneOffset]!;
  const y = ball[ballOffset + 1]! - drone[droneOffset + 1]!;
  const z = ball[ballOffset + 2]! - drone[droneOffset + 2]!;
  const along = x * up[upOffset]! + y * up[upOffset + 1]! + z * up[upOffset + 2]!;
  const across = x * x + y * y + z * z - along * along;
  return along >= 0 && along <= RACKET_REACH && across <= RACKET_RADIUS * RACKET_RADIUS;
}

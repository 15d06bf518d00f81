/**
 * The lattice of nine velocities and the memory of one fluid. Numbers are in lattice units: node spacing, time step and
 * rest density are one. A population is stored as its distance from its weight, which keeps small differences exact.
 *
 * Populations come in opposite pairs: 0 rest, 1 east, 2 west, 3 north, 4 south, 5 north-east, 6 south-west, 7 south-east,
 * 8 north-west. Each has one array that streams by moving its origin: what lies at node k after a collision is at node
 * k + velocity for the next one, at the same address. Thus one array is enough, and every value is written where it was read.
 */
import { add } from './vector';

export const POPULATIONS: i32 = 9;
export const REST_WEIGHT: f32 = 4.0 / 9.0;
export const AXIS_WEIGHT: f32 = 1.0 / 9.0;
export const DIAGONAL_WEIGHT: f32 = 1.0 / 36.0;

const velocitiesX = memory.data<i32>([0, 1, -1, 0, 0, 1, -1, 1, -1]);
const velocitiesY = memory.data<i32>([0, 0, 0, 1, -1, 1, -1, -1, 1]);

/** Nodes between the boundaries; the frame of ghost nodes around them is not counted. */
export let columns: i32 = 0;
export let rows: i32 = 0;
/** Nodes of a row, ghosts included: node (x, y) has number y · width + x, and ghosts have x or y 0 or one beyond. */
export let width: i32 = 0;

/** Addresses of the populations that have come to node 0. */
export const origins = memory.data(4 * POPULATIONS, 4);
/** Where the origins began. */
const starts = memory.data(4 * POPULATIONS, 4);
/** How many nodes further each population is after a step. */
const strides = memory.data(4 * POPULATIONS, 4);
/** Steps until an origin would leave its array, and those left. */
const STEPS_PER_REWIND: i32 = 64;
let stepsLeft: i32 = STEPS_PER_REWIND;

/** Forces on the nodes in this step. */
export let forcesX: usize = 0;
export let forcesY: usize = 0;
/** Relaxation rates of each column: of the even part of a pair (viscosity) and of the odd part. */
export let evenRates: usize = 0;
export let oddRates: usize = 0;

/** A program instance holds one fluid: this is to be called once, first. */
export function allocate(columnCount: i32, rowCount: i32): void {
  columns = columnCount;
  rows = rowCount;
  width = columnCount + 2;
  const nodes: usize = <usize>(width * (rowCount + 2));
  for (let i = 0; i < POPULATIONS; i++) {
    store<i32>(strides + ((<usize>i) << 2), velocityY(i) * width + velocityX(i));
    const drift = abs(stride(i)) * STEPS_PER_REWIND;
    // A ghost's neighbour may lie a row before the first node, or a row after the last one.
    const start = heap.alloc((nodes + <usize>(drift + 2 * width + 2)) << 2) + ((<usize>(width + 1)) << 2);
    store<usize>(starts + ((<usize>i) << 2), stride(i) > 0 ? start + ((<usize>drift) << 2) : start);
    setOrigin(i, load<usize>(starts + ((<usize>i) << 2)));
  }
  forcesX = heap.alloc(nodes << 2);
  forcesY = heap.alloc(nodes << 2);
  memory.fill(forcesX, 0, nodes << 2);
  memory.fill(forcesY, 0, nodes << 2);
  evenRates = heap.alloc((<usize>width) << 2);
  oddRates = heap.alloc((<usize>width) << 2);
}

export function velocityX(i: i32): i32 {
  return load<i32>(velocitiesX + ((<usize>i) << 2));
}

export function velocityY(i: i32): i32 {
  return load<i32>(velocitiesY + ((<usize>i) << 2));
}

/** How many nodes further population `i` is after a step. */
export function stride(i: i32): i32 {
  return load<i32>(strides + ((<usize>i) << 2));
}

export function weight(i: i32): f32 {
  return i === 0 ? REST_WEIGHT : i < 5 ? AXIS_WEIGHT : DIAGONAL_WEIGHT;
}

export function opposite(i: i32): i32 {
  return i === 0 ? 0 : ((i - 1) ^ 1) + 1;
}

/** Address of population `i` that has come to node 0. */
export function origin(i: i32): usize {
  return load<usize>(origins + ((<usize>i) << 2));
}

function setOrigin(i: i32, address: usize): void {
  store<usize>(origins + ((<usize>i) << 2), address);
}

/** Population `i` that has left a node in the last step, less its weight. */
export function departed(i: i32, node: i32): f32 {
  return load<f32>(origin(i) + ((<usize>(node + stride(i))) << 2));
}

/** Lets a ghost node send population `i` into the fluid. */
export function send(i: i32, ghost: i32, value: f32): void {
  store<f32>(origin(i) + ((<usize>(ghost + stride(i))) << 2), value);
}

/** Population `i` in equilibrium, less its weight. @param excess density less one */
export function equilibrium(i: i32, excess: f32, speedX: f32, speedY: f32): f32 {
  const along = <f32>velocityX(i) * speedX + <f32>velocityY(i) * speedY;
  const motion: f32 = 3 * along + 4.5 * along * along - 1.5 * (speedX * speedX + speedY * speedY);
  return weight(i) * (excess + (1 + excess) * motion);
}

/** Sets a node to equilibrium. */
export function settle(node: i32, excess: f32, speedX: f32, speedY: f32): void {
  for (let i = 0; i < POPULATIONS; i++) {
    store<f32>(origin(i) + ((<usize>node) << 2), equilibrium(i, excess, speedX, speedY));
  }
}

/** By how much density is off one where it is most. NaN where it is that anywhere. */
export function loudest(): f32 {
  let most = f32x4.splat(0);
  for (let y = 1; y <= rows; y++) {
    const first = (<usize>(y * width + 1)) << 2;
    const end = first + ((<usize>columns) << 2);
    for (let at = first; at < end; at += 16) {
      let excess = v128.load(origin(0) + at);
      for (let i = 1; i < POPULATIONS; i++) excess = add(excess, v128.load(origin(i) + at));
      most = f32x4.max(most, f32x4.abs(excess));
    }
  }
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/** Moves every population on to the next node. Ghosts then hold nothing of use until they are filled. */
export function stream(): void {
  if (stepsLeft === 0) rewind();
  stepsLeft--;
  for (let i = 1; i < POPULATIONS; i++) setOrigin(i, origin(i) - (stride(i) << 2));
}

/** Copies the populations back to where they began, so that the next steps have room again. */
function rewind(): void {
  const bytes = (<usize>(width * (rows + 2))) << 2;
  for (let i = 1; i < POPULATIONS; i++) {
    const start = load<usize>(starts + ((<usize>i) << 2));
    memory.copy(start, origin(i), bytes);
    setOrigin(i, start);
  }
  stepsLeft = STEPS_PER_REWIND;
}

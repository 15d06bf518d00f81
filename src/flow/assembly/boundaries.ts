/**
 * What enters the fluid from its four sides. A frame of ghost nodes lies around the fluid, and after each streaming every
 * ghost sends in the three populations that point inward; this is all that is ever read of it.
 */
import {
  columns,
  departed,
  equilibrium,
  opposite,
  POPULATIONS,
  rows,
  send,
  stride,
  velocityX,
  velocityY,
  width,
} from './lattice';

export const LEFT: i32 = 0;
export const RIGHT: i32 = 1;
export const BOTTOM: i32 = 2;
export const TOP: i32 = 3;

/** No slip, half-way between the last node and the ghost: what leaves comes back. */
export const WALL: i32 = 0;
/** What leaves enters at the other side. */
export const PERIODIC: i32 = 1;
/** A stream of given speed that lets sound out: the speed answers to pressure as a plane wave's does. */
export const MATCHED: i32 = 2;
/** The same about the mean pressure of late, so that a channel's inlet keeps its speed in the mean (left side only). */
export const VELOCITY: i32 = 3;
/** The wake leaves at the speed of the stream (right side only). */
export const CONVECTIVE: i32 = 4;
/** Density one, at the speed that the flow has (right side only). */
export const PRESSURE: i32 = 5;

const SOUND_SPEED: f32 = 0.57735026;

/** The populations that point inward from each side. */
const inwards = memory.data<i32>([1, 5, 7, 2, 6, 8, 3, 5, 8, 4, 6, 7]);
const kinds = memory.data(16, 4);
/** Speed along x outside of matched and convective sides; for the left side in each row, ghosts included. */
export let streamSpeed: f32 = 0;
export let inflow: usize = 0;
/** What the convective side sent last: for each row, ghosts included, the three populations that point inward. */
export let outflow: usize = 0;
/** Mean density less one at the velocity side: of the last step's ghosts, and of late. */
let inletExcess: f32 = 0;
export let lateInletExcess: f32 = 0;
/** Steps for each column in which the mean of late follows: some times what sound needs for the way to and fro. */
const PATIENCE: f32 = 4;

/** After `allocate`; `inflow` is to be filled before the first step. */
export function setBoundaries(left: i32, right: i32, bottom: i32, top: i32, speed: f32): void {
  store<i32>(kinds, left, 4 * LEFT);
  store<i32>(kinds, right, 4 * RIGHT);
  store<i32>(kinds, bottom, 4 * BOTTOM);
  store<i32>(kinds, top, 4 * TOP);
  streamSpeed = speed;
  inflow = heap.alloc((<usize>(rows + 2)) << 2);
  outflow = heap.alloc((<usize>(3 * (rows + 2))) << 2);
  for (let y = 0; y < rows + 2; y++) {
    for (let n = 0; n < 3; n++) {
      store<f32>(outflow + ((<usize>(3 * y + n)) << 2), equilibrium(inward(RIGHT, n), 0, speed, 0));
    }
  }
}

/** The ghosts send in their populations. Columns come first: the corners are theirs where the rows are open. */
export function enter(): void {
  inletExcess = 0;
  for (let side = LEFT; side <= TOP; side++) {
    const kind = load<i32>(kinds + ((<usize>side) << 2));
    const upright = side < BOTTOM;
    // The corners of open rows were done with the columns.
    const first = upright || kind <= PERIODIC ? 0 : 1;
    const last = (upright ? rows : columns) + 1 - first;
    for (let n = first; n <= last; n++) {
      const ghost = upright
        ? n * width + (side === LEFT ? 0 : columns + 1)
        : n + (side === BOTTOM ? 0 : (rows + 1) * width);
      if (kind === WALL) reflect(side, ghost);
      else if (kind === PERIODIC) repeat(side, ghost);
      else {
        const inner = upright
          ? min(max(n, 1), rows) * width + (side === LEFT ? 1 : columns)
          : n + (side === BOTTOM ? 1 : rows) * width;
        const speed = side === LEFT ? load<f32>(inflow + ((<usize>n) << 2)) : streamSpeed;
        if (kind === MATCHED) flow(side, ghost, inner, speed, 0);
        else if (kind === VELOCITY) flow(side, ghost, inner, speed, lateInletExcess);
        else if (kind === CONVECTIVE) convect(n, ghost, inner);
        else hold(ghost, inner);
      }
    }
  }
  lateInletExcess += (inletExcess / <f32>(rows + 2) - lateInletExcess) / (PATIENCE * <f32>columns);
}

/** @param n 0 to 2 */
function inward(side: i32, n: i32): i32 {
  return load<i32>(inwards + ((<usize>(3 * side + n)) << 2));
}

function reflect(side: i32, ghost: i32): void {
  for (let n = 0; n < 3; n++) {
    const i = inward(side, n);
    send(i, ghost, departed(opposite(i), ghost + stride(i)));
  }
}

function repeat(side: i32, ghost: i32): void {
  const period =
    side === LEFT ? columns : side === RIGHT ? -columns : side === BOTTOM ? rows * width : -rows * width;
  for (let n = 0; n < 3; n++) {
    const i = inward(side, n);
    send(i, ghost, departed(i, ghost + period));
  }
}

/** @param undisturbed density less one at which the speed is the one given */
function flow(side: i32, ghost: i32, inner: i32, speed: f32, undisturbed: f32): void {
  const excess = excessAt(inner);
  if (side === LEFT) inletExcess += excess;
  const leaving = SOUND_SPEED * (excess - undisturbed);
  const speedX = side === LEFT ? speed - leaving : side === RIGHT ? speed + leaving : speed;
  const speedY = side === BOTTOM ? -leaving : side === TOP ? leaving : 0;
  for (let n = 0; n < 3; n++) {
    const i = inward(side, n);
    send(i, ghost, equilibrium(i, excess, speedX, speedY));
  }
}

function convect(row: i32, ghost: i32, inner: i32): void {
  for (let n = 0; n < 3; n++) {
    const i = inward(RIGHT, n);
    const memory = outflow + ((<usize>(3 * row + n)) << 2);
    const value = (load<f32>(memory) + streamSpeed * departed(i, inner)) / (1 + streamSpeed);
    store<f32>(memory, value);
    send(i, ghost, value);
  }
}

/** The inner node's departure from equilibrium is kept, which carries the viscous stress. */
function hold(ghost: i32, inner: i32): void {
  const excess = excessAt(inner);
  let momentumX: f32 = 0;
  let momentumY: f32 = 0;
  for (let i = 1; i < POPULATIONS; i++) {
    momentumX += <f32>velocityX(i) * departed(i, inner);
    momentumY += <f32>velocityY(i) * departed(i, inner);
  }
  const speedX = momentumX / (1 + excess);
  const speedY = momentumY / (1 + excess);
  for (let n = 0; n < 3; n++) {
    const i = inward(RIGHT, n);
    const stress = departed(i, inner) - equilibrium(i, excess, speedX, speedY);
    send(i, ghost, equilibrium(i, 0, speedX, speedY) + stress);
  }
}

/** Density less one of what has left a node. */
function excessAt(node: i32): f32 {
  let excess = departed(0, node);
  for (let i = 1; i < POPULATIONS; i++) excess += departed(i, node);
  return excess;
}

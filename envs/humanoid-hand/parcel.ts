/**
 * The parcel that two hands hand over: a tube, long enough that both can hold it side by side. A box of these sizes a hand
 * cannot lift: its fingers do not get under it, and its thumb presses from the side.
 */
import { loose } from '../../robots/humanoid-hand/index.ts';
import type { BodyAppearance } from '../../src/core/appearance.ts';
import { aboutAxis, multiply } from '../../src/physics/math.ts';
import type { SceneBodyOptions } from '../../src/physics/scene-bodies.ts';

/** m */
const RADIUS = 0.0275;
const LENGTH = 0.24;
/** kg */
const MASS = 0.2;
const FRICTION = 0.8;
/** What rolling takes of its angular velocity, 1/s. */
const ANGULAR_DAMPING = 1;

/** It lies along the z of its own frame. */
const geometry = { type: 'cylinder', radius: RADIUS, halfHeight: LENGTH / 2 } as const;
const options: SceneBodyOptions = { ...loose(geometry, MASS, FRICTION), angularDamping: ANGULAR_DAMPING };
const appearance: BodyAppearance = {
  name: 'parcel',
  shapes: [
    { geometry, material: { color: '#c79a62', roughness: 0.9 } },
    {
      geometry: { type: 'cylinder', radius: RADIUS + 0.0005, halfHeight: 0.012 },
      material: { color: '#e8894a' },
    },
  ],
  colliders: [{ geometry }],
};

export const parcel = { geometry, options, appearance, radius: RADIUS, mass: MASS } as const;

/** Where a hand holds it, from its middle, m: the right hand on the side of −y, the left one on that of +y. */
export const END = 0.075;
/**
 * From the wrist to the axis of what it holds, ahead and up, m; its fingers point up by `PITCH`, rad. Found by random search; a hand
 * that is farther ahead or back by 12 mm still holds.
 */
export const AHEAD = 0.089;
export const ABOVE = -0.0145;
export const PITCH = 0.32;

/** Where its middle is handed over, m. */
export const MEETING = [0, 0, 0.2] as const;

/** The places at which the hands hold it. */
export interface Ends {
  readonly right: Float64Array;
  readonly left: Float64Array;
}
export const createEnds = (): Ends => ({ right: new Float64Array(3), left: new Float64Array(3) });

/**
 * Writes where the two hands hold a parcel, m.
 * @param position of its middle `[3]`, m @param axis along it `[3]`, of length 1
 */
export function findEnds(position: ArrayLike<number>, axis: ArrayLike<number>, ends: Ends): void {
  const toLeft = axis[1]! < 0 ? -END : END;
  for (let k = 0; k < 3; k++) {
    ends.left[k] = position[k]! + toLeft * axis[k]!;
    ends.right[k] = position[k]! - toLeft * axis[k]!;
  }
}

/** Where the fingers of a palm that looks down point, level, rad. @param rotation its first two columns, `[6]` */
export const headingOf = (rotation: ArrayLike<number>): number => Math.atan2(rotation[1]!, rotation[0]!);

/** From where a hand holds to where it should, m. @param wrist `[3]` m @param heading of the fingers, rad */
export const holdingError = (wrist: ArrayLike<number>, heading: number, end: Float64Array): number =>
  Math.hypot(
    wrist[0]! + AHEAD * Math.cos(heading) - end[0]!,
    wrist[1]! + AHEAD * Math.sin(heading) - end[1]!,
    wrist[2]! + ABOVE - end[2]!,
  );

/** Lays what is along the z of its frame level, rolled about itself. @param heading of that axis from y, rad */
export function layAlong(rotation: Float32Array, q: number, heading: number, roll: number): void {
  const turns = [
    aboutAxis([0, 0, 1], heading),
    aboutAxis([1, 0, 0], -Math.PI / 2),
    aboutAxis([0, 0, 1], roll),
  ];
  rotation.set(turns[2]!, q);
  for (const turn of [turns[1]!, turns[0]!]) multiply(rotation, q, Float32Array.from(turn), 0, rotation, q);
}

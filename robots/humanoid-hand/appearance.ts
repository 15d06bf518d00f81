/** How a hand looks, from the data of its physics: its solids, which glow where they are touched, and its joints. */
import type { BodyAppearance, Color, JointAppearance, Shape } from '../../src/core/appearance.ts';
import { POSE_SIZE } from '../../src/core/appearance.ts';
import type { Solid } from '../../src/physics/solids.ts';
import type { HandFleet } from './fleet.ts';
import { handArticulation, touchPlaces } from './links.ts';
import type { HandModel } from './model.ts';

const color = {
  palm: '#3a4250',
  knuckle: '#565d68',
  phalanx: '#c9d1dc',
  fingertip: '#8fa3bd',
  touch: '#f26b3a',
} as const satisfies Record<string, Color>;

/** What a task adds to its own appearance for each hand. */
export interface HandAppearance {
  /** Palm, then all links, in the order that `writePoses` writes. */
  readonly bodies: readonly BodyAppearance[];
  readonly joints: readonly JointAppearance[];
  /** In the order that `writeTouch` writes. */
  readonly signals: readonly string[];
}

/** @param prefix where there are several hands: `right.` */
export function handAppearance(model: HandModel, prefix = ''): HandAppearance {
  const { base, links } = handArticulation(model);
  const places = touchPlaces(model).map((place) => `${prefix}touch.${place}`);
  const knuckleRadius = (link: number): number => model.digits[Math.floor(link / 4)]!.radii[0];
  const bodies: BodyAppearance[] = [
    bodyOf(`${prefix}palm`, base, color.palm, places[0]!),
    ...links.map(({ name, solids }, i): BodyAppearance => {
      if (solids.length === 0) return knuckle(`${prefix}${name}`, knuckleRadius(i));
      const isTip = name.endsWith('.distal');
      // Of four links of a digit, the first one does not feel.
      const place = places[i - Math.floor(i / 4)]!;
      return bodyOf(`${prefix}${name}`, solids, isTip ? color.fingertip : color.phalanx, place);
    }),
  ];
  const joints = links.map(({ name, joint }) => ({
    name: `${prefix}${joint.name}`,
    body: `${prefix}${name}`,
    position: [0, 0, 0] as const,
    axis: joint.axis,
  }));
  return { bodies, joints, signals: places };
}

function bodyOf(name: string, solids: readonly Solid[], of: Color, signal: string): BodyAppearance {
  const placed = solids.map(({ geometry, position, rotation }) => ({
    geometry,
    ...(position ? { position } : {}),
    ...(rotation ? { rotation } : {}),
  }));
  const shapes = placed.map(
    (solid): Shape => ({
      ...solid,
      material: { color: of, roughness: 0.6 },
      glow: { signal, color: color.touch },
    }),
  );
  return { name, shapes, colliders: placed };
}

/** Seen, but not touched. */
const knuckle = (name: string, radius: number): BodyAppearance => ({
  name,
  shapes: [{ geometry: { type: 'sphere', radius }, material: { color: color.knuckle, roughness: 0.6 } }],
});

/** Writes the poses of palm and links. @param row `[7]` of each body from `offset` on */
export function writePoses(hand: HandFleet, scene: number, row: Float32Array, offset: number): void {
  const { wrist, joints: links } = hand;
  const { linkPosition, linkRotation } = hand.articulation;
  for (let axis = 0; axis < 3; axis++) row[offset + axis] = wrist.position[3 * scene + axis]!;
  for (let part = 0; part < 4; part++) row[offset + 3 + part] = wrist.rotation[4 * scene + part]!;
  for (let link = 0; link < links; link++) {
    const [at, i] = [offset + POSE_SIZE * (1 + link), links * scene + link];
    for (let axis = 0; axis < 3; axis++) row[at + axis] = linkPosition[3 * i + axis]!;
    for (let part = 0; part < 4; part++) row[at + 3 + part] = linkRotation[4 * i + part]!;
  }
}

/** Writes what the places feel, from 0 to 1. @param row `[16]` from `offset` on */
export function writeTouch(hand: HandFleet, scene: number, row: Float32Array, offset: number): void {
  for (let place = 0; place < hand.places; place++)
    row[offset + place] = Math.min(1, hand.touch[hand.places * scene + place]! / hand.model.touchRange);
}

/** A hand as links and hinges for the physics, and where its fingertips and its places of touch are. */
import type { Quaternion, Vector3 } from '../../src/core/appearance.ts';
import {
  type Articulation,
  createFrames,
  type Link,
  pointOfLink,
  poseLinks,
} from '../../src/physics/articulation.ts';
import { aboutAxis } from '../../src/physics/math.ts';
import type { Solid } from '../../src/physics/solids.ts';
import type { Digit, HandModel } from './model.ts';

/** Links, and joints, of a digit: its knuckle and three phalanges. */
const LINKS_OF_DIGIT = 4;

/** Capsules lie along z; phalanges along x. */
const Z_TO_X = aboutAxis([0, 1, 0], Math.PI / 2);

export function handArticulation(model: HandModel): Articulation {
  const { size, position } = model.palm;
  return {
    name: model.name,
    base: [{ geometry: { type: 'box', size }, position, friction: model.friction }],
    links: model.digits.flatMap((digit, i) => linksOf(model, digit, LINKS_OF_DIGIT * i)),
  };
}

function linksOf(model: HandModel, digit: Digit, first: number): Link[] {
  return linkNames(digit).map((name, i): Link => {
    const { name: jointName, axis, range } = digit.joints[i]!;
    return {
      name: `${digit.name}.${name}`,
      parent: i === 0 ? -1 : first + i - 1,
      position: i === 0 ? digit.position : i === 1 ? [0, 0, 0] : [digit.lengths[i - 2]!, 0, 0],
      ...(i === 0 ? { rotation: aboutAxis([0, 0, 1], digit.yaw) as Quaternion } : {}),
      joint: {
        name: `${digit.name}.${jointName}`,
        axis,
        range,
        stiffness: model.stiffness,
        maxTorque: model.maxTorque,
      },
      ...(i === 0 ? { mass: model.knuckle, solids: [] } : { solids: [phalanx(model, digit, i - 1)] }),
      // The first phalanx begins within the palm.
      clearOfBase: i === 1,
    };
  });
}

function phalanx({ density, friction }: HandModel, { lengths, radii }: Digit, i: number): Solid {
  return {
    geometry: { type: 'capsule', radius: radii[i]!, halfHeight: lengths[i]! / 2 },
    position: [lengths[i]! / 2, 0, 0],
    rotation: Z_TO_X,
    density,
    friction,
  };
}

const linkNames = ({ joints }: Digit): readonly string[] => [
  'knuckle',
  ...(joints[1].name === 'cmc' ? ['metacarpal', 'proximal'] : ['proximal', 'middle']),
  'distal',
];

/** Where a hand feels: its palm, then the phalanges, in the order of its solids: `index.distal`. */
export const touchPlaces = (model: HandModel): readonly string[] => [
  'palm',
  ...model.digits.flatMap((digit) =>
    linkNames(digit)
      .slice(1)
      .map((name) => `${digit.name}.${name}`),
  ),
];

/** A fingertip: the link that it is on, and where in its frame. */
export interface Fingertip {
  readonly link: number;
  readonly point: Vector3;
}

export const fingertips = ({ digits }: HandModel): readonly Fingertip[] =>
  digits.map(({ lengths, radii }, i) => ({
    link: LINKS_OF_DIGIT * (i + 1) - 1,
    point: [lengths[2] + radii[2], 0, 0],
  }));

/**
 * Forward kinematics of the fingertips.
 * @returns writes where they are at given joint angles, rad, in the hand's frame, `[5, 3]` m
 */
export function createFingertipKinematics(
  model: HandModel,
): (angles: ArrayLike<number>, out: Float64Array) => void {
  const articulation = handArticulation(model);
  const frames = createFrames(articulation.links.length);
  const tips = fingertips(model);
  return (angles, out) => {
    poseLinks(articulation, angles, 0, frames);
    tips.forEach(({ link, point }, i) => {
      pointOfLink(frames, link, point, out, 3 * i);
    });
  };
}

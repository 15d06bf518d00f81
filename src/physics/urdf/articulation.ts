/** A robot of a URDF file as an articulation of the physics: what can be said there, and what cannot. */
import { ProprioError } from '../../core/errors.ts';
import type { Articulation, Link, LinkMass } from '../articulation.ts';
import type { ArticulationFleet } from '../articulation-fleet.ts';
import type { Solid } from '../solids.ts';
import { ENGINE_DAMPING } from './limits.ts';
import type { Robot, RobotLink, RobotShape } from './robot.ts';

/** Of the motors, of which a URDF file says only the most that they can. */
export interface MotorGains {
  /** N·m/rad */
  readonly stiffness: number;
  /** Of those of joints that follow others, which have to keep up with them, N·m/rad. */
  readonly followerStiffness: number;
}

/** What has been measured to hold hands steady at 400 Hz; at a physics step dt, stiffness · dt should be below 0.05 N·m·s/rad. */
export const MOTOR_GAINS: MotorGains = { stiffness: 3, followerStiffness: 12 };

/**
 * Link i and joint i of the articulation are those of joint i of the robot. The base is placed by the scene.
 * @throws ProprioError for slides, which articulations do not have
 */
export function articulationOf(robot: Robot, gains: MotorGains = MOTOR_GAINS): Articulation {
  const slides = slidesOf(robot);
  if (slides.length > 0)
    throw new ProprioError(
      `"${robot.name}" can be shown, not simulated: the physics has no slides, and it has ${slides.join(', ')}.`,
    );
  const [base, ...links] = robot.links;
  return {
    name: robot.name,
    base: solidsOf(base!),
    links: links.map((link, i) => linkOf(robot, link, i, gains)),
  };
}

function linkOf({ joints, passing }: Robot, link: RobotLink, i: number, gains: MotorGains): Link {
  const { name, parent, origin, axis, range, maxEffort, mimic } = joints[i]!;
  const stiffness = mimic ? gains.followerStiffness : gains.stiffness;
  return {
    name: link.name,
    parent: parent - 1,
    position: origin.position,
    rotation: origin.rotation,
    joint: { name, axis, range, stiffness, maxTorque: maxEffort },
    solids: solidsOf(link),
    ...massOf(link),
    clearOfBase: passing.some(([first, second]) => first === 0 && second === i + 1),
  };
}

const solidsOf = ({ collisions }: RobotLink): Solid[] =>
  collisions.map(({ geometry, position, rotation }: RobotShape) => ({ geometry, position, rotation }));

function massOf({ inertia }: RobotLink): { readonly mass?: LinkMass } {
  if (!inertia) return {};
  const { mass, moments, centre, rotation } = inertia;
  return { mass: { mass, inertia: moments, centre, rotation } };
}

const slidesOf = ({ joints }: Robot): readonly string[] =>
  joints.filter(({ kind }) => kind === 'prismatic').map(({ name }) => `"${name}"`);

/** What the file says and an articulation cannot hold, a sentence each. */
export function leftOut(robot: Robot): readonly string[] {
  const { joints, links, passing } = robot;
  const slides = slidesOf(robot);
  const branches = branchesOf(joints);
  const more = joints.filter(({ damping }) => damping > ENGINE_DAMPING).map(({ name }) => name);
  const rubbing = joints.filter(({ friction }) => friction > 0).map(({ name }) => name);
  const apart = passing.filter(
    ([first, second]) => first > 0 && branches[first - 1] !== branches[second - 1],
  );
  return [
    ...(slides.length > 0
      ? [`There are no slides, so it can be shown and not simulated: ${slides.join(', ')}.`]
      : []),
    ...(more.length > 0
      ? [`Damping is ${ENGINE_DAMPING} N·m·s/rad, and not more, of: ${more.join(', ')}.`]
      : []),
    ...(rubbing.length > 0 ? [`There is no friction in: ${rubbing.join(', ')}.`] : []),
    ...apart.map(
      ([first, second]) => `${links[first]!.name} and ${links[second]!.name} do not pass through each other.`,
    ),
  ];
}

/** The joint that the branch of each joint begins with, `[J]`. */
function branchesOf(joints: Robot['joints']): readonly number[] {
  const branches: number[] = [];
  for (const { parent } of joints) branches.push(parent === 0 ? branches.length : branches[parent - 1]!);
  return branches;
}

/** Aims the joints that follow others at where these have been measured; to be called before each step of `scene`. */
export function aimFollowers(
  { joints }: Robot,
  { angle, target, links }: ArticulationFleet,
  scene: number,
): void {
  joints.forEach(({ mimic }, i) => {
    if (mimic)
      target[links * scene + i] = mimic.multiplier * angle[links * scene + mimic.joint]! + mimic.offset;
  });
}

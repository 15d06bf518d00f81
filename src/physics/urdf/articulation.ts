/** A robot of a URDF file as an articulation of the physics: what can be said there, and what cannot. */
import { type Articulation, type Link, type LinkMass, massCarried } from '../articulation.ts';
import type { ArticulationFleet } from '../articulation-fleet.ts';
import type { Solid } from '../solids.ts';
import { ENGINE_DAMPING } from './limits.ts';
import type { Robot, RobotLink, RobotShape } from './robot.ts';

/** Of the motors, of which a URDF file says only the most that they can. */
export interface MotorGains {
  /** Of hinges, N·m/rad. */
  readonly stiffness: number;
  /** Of hinges that follow others, which have to keep up with them, N·m/rad. */
  readonly followerStiffness: number;
  /** How fast what a slide carries would swing on its motor, rad/s; it is damped so that it does not. */
  readonly slideFrequency: number;
  readonly followerSlideFrequency: number;
}

/** What has been measured to hold hands steady at 400 Hz; at a physics step dt, stiffness · dt should be below 0.05 N·m·s/rad. */
export const MOTOR_GAINS: MotorGains = {
  stiffness: 3,
  followerStiffness: 12,
  slideFrequency: 60,
  followerSlideFrequency: 120,
};

/** Link i and joint i of the articulation are those of joint i of the robot. The base is placed by the scene. */
export function articulationOf(robot: Robot, gains: Partial<MotorGains> = {}): Articulation {
  const [base, ...moving] = robot.links;
  const complete = { ...MOTOR_GAINS, ...gains };
  const links = moving.map((link, i) => linkOf(robot, link, i, complete));
  return {
    name: robot.name,
    base: solidsOf(base!),
    links: links.map((link, i) =>
      link.joint.slides
        ? withSlideMotor(link, massCarried(links, i), robot.joints[i]!.mimic !== undefined, complete)
        : link,
    ),
  };
}

function linkOf({ joints, passing }: Robot, link: RobotLink, i: number, gains: MotorGains): Link {
  const { name, kind, parent, origin, axis, range, maxEffort, damping, friction, mimic } = joints[i]!;
  const slides = kind === 'prismatic';
  const stiffness = mimic ? gains.followerStiffness : gains.stiffness;
  const own = slides ? 0 : ENGINE_DAMPING;
  return {
    name: link.name,
    parent: parent - 1,
    position: origin.position,
    rotation: origin.rotation,
    joint: {
      ...{ name, slides, axis, range, stiffness, maxTorque: maxEffort },
      ...{ damping: Math.max(0, damping - own), friction },
    },
    solids: solidsOf(link),
    ...massOf(link),
    clearOfBase: passing.some(([first, second]) => first === 0 && second === i + 1),
  };
}

/** Stiff for what it carries, and critically damped. @param mass that it carries, kg */
function withSlideMotor(link: Link, mass: number, follows: boolean, gains: MotorGains): Link {
  const frequency = follows ? gains.followerSlideFrequency : gains.slideFrequency;
  const { joint } = link;
  const damping = joint.damping! + 2 * mass * frequency;
  return { ...link, joint: { ...joint, stiffness: mass * frequency ** 2, damping } };
}

const solidsOf = ({ collisions }: RobotLink): Solid[] =>
  collisions.map(({ geometry, position, rotation }: RobotShape) => ({ geometry, position, rotation }));

function massOf({ inertia }: RobotLink): { readonly mass?: LinkMass } {
  if (!inertia) return {};
  const { mass, moments, centre, rotation } = inertia;
  return { mass: { mass, inertia: moments, centre, rotation } };
}

/** What the file says and an articulation cannot hold, a sentence each. */
export function leftOut({ joints, links, passing }: Robot): readonly string[] {
  const branches = branchesOf(joints);
  return passing
    .filter(([first, second]) => first > 0 && branches[first - 1] !== branches[second - 1])
    .map(
      ([first, second]) => `${links[first]!.name} and ${links[second]!.name} do not pass through each other.`,
    );
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

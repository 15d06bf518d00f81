/** One articulation in the engine: its bodies, joints and solids, built in a given posture. */
import RAPIER from '@dimforge/rapier3d-compat';
import { type Articulation, branchesOf, type LinkFrames, type LinkMass } from './articulation.ts';
import { multiply, rotate } from './math.ts';
import { ALL_GROUPS, groupsOf } from './scene-part.ts';
import { colliderOf, type Solid } from './solids.ts';

/**
 * How links hang together. `reduced`: by their angles alone, so that a joint cannot stand apart. `impulse`: the engine's
 * usual joints, with its own motors and limits; hinges only, and with no other damping or friction.
 */
export type JointModel = 'reduced' | 'impulse';

/** What the motors of impulse joints lose, N·m·s/rad. */
const MOTOR_DAMPING = 0.05;

/** Of the body that a branch of a driven base begins with, which is welded to it. */
const ROOT = { mass: 0.05, inertia: 5e-5 } as const;

export interface ArticulatedBodies {
  readonly base: RAPIER.RigidBody;
  /** What each branch hangs on. */
  readonly roots: readonly RAPIER.RigidBody[];
  /** `[L]` */
  readonly links: readonly RAPIER.RigidBody[];
  /** `[L]` of impulse joints, none of others. */
  readonly motors: readonly RAPIER.RevoluteImpulseJoint[];
}

export interface Posture {
  /** Of the base, m. */
  readonly position: ArrayLike<number>;
  /** Of the base, a quaternion. */
  readonly rotation: Float64Array;
  /** Of the links in the base's frame. */
  readonly frames: LinkFrames;
  /** Joint axes in the base's frame, `[L, 3]`. */
  readonly axes: Float64Array;
  /** Angles, `[L]` rad. */
  readonly angles: ArrayLike<number>;
}

export interface BuildOptions {
  /** Whether the base is to be driven from pose to pose. */
  readonly driven: boolean;
  readonly joints: JointModel;
  /** The bit of the base in the engine's groups; those of the branches follow. */
  readonly firstGroup: number;
  /** Factor on the friction of its solids. */
  readonly friction: number;
}

export function buildArticulation(
  world: RAPIER.World,
  { base: baseSolids, links }: Articulation,
  posture: Posture,
  options: BuildOptions,
): ArticulatedBodies {
  const { driven, joints, firstGroup, friction } = options;
  const { frames, axes } = posture;
  const branches = branchesOf(links);
  const inFrame = (kind: RAPIER.RigidBodyDesc, offset?: RAPIER.Vector): RAPIER.RigidBody =>
    world.createRigidBody(placed(kind.setCanSleep(false), posture, offset));
  const addSolids = (
    solids: readonly Solid[],
    body: RAPIER.RigidBody,
    frame: Float64Array,
    groups: number,
  ) => {
    for (const solid of solids)
      world.createCollider(colliderOf(solid, frame, groups, friction * (solid.friction ?? 1)), body);
  };

  // Kinematic also where it stands still: contacts with fixed bodies are soft in this engine.
  const base = inFrame(RAPIER.RigidBodyDesc.kinematicPositionBased());
  const baseGroup = 1 << firstGroup;
  addSolids(baseSolids, base, UNTURNED, groupsOf(baseGroup, ALL_GROUPS & ~baseGroup));

  const rootOf = (): RAPIER.RigidBody => {
    if (joints === 'impulse') return base;
    // A multibody does not follow a kinematic root.
    if (!driven) return inFrame(RAPIER.RigidBodyDesc.fixed());
    const root = inFrame(RAPIER.RigidBodyDesc.dynamic());
    const { mass, inertia } = ROOT;
    root.setAdditionalMassProperties(mass, ZERO, { x: inertia, y: inertia, z: inertia }, NO_TURN, true);
    world
      .createImpulseJoint(RAPIER.JointData.fixed(ZERO, NO_TURN, ZERO, NO_TURN), base, root, true)
      .setContactsEnabled(false);
    return root;
  };
  const roots = Array.from({ length: Math.max(-1, ...branches) + 1 }, rootOf);

  const bodies: RAPIER.RigidBody[] = [];
  const motors: RAPIER.RevoluteImpulseJoint[] = [];
  links.forEach((link, i) => {
    const at = vectorAt(frames.position, i);
    const body = inFrame(RAPIER.RigidBodyDesc.dynamic(), at);
    bodies.push(body);
    const turn = frames.rotation.slice(4 * i, 4 * i + 4);
    if (link.mass) setMass(body, link.mass, turn);
    const group = 1 << (firstGroup + 1 + branches[i]!);
    const touches = ALL_GROUPS & ~group & ~(link.clearOfBase ? baseGroup : 0);
    addSolids(link.solids, body, turn, groupsOf(group, touches));

    const parent = link.parent < 0 ? roots[branches[i]!]! : bodies[link.parent]!;
    const from = link.parent < 0 ? ZERO : vectorAt(frames.position, link.parent);
    const anchor = { x: at.x - from.x, y: at.y - from.y, z: at.z - from.z };
    const along = vectorAt(axes, i);
    if (joints === 'reduced') {
      const { slides } = link.joint;
      const data = slides
        ? RAPIER.JointData.prismatic(anchor, ZERO, along)
        : RAPIER.JointData.revolute(anchor, ZERO, along);
      world.createMultibodyJoint(data, parent, body, true);
      return;
    }
    const data = RAPIER.JointData.revolute(anchor, ZERO, along);
    const motor = world.createImpulseJoint(data, parent, body, true) as RAPIER.RevoluteImpulseJoint;
    const [low, high] = link.joint.range;
    motor.setContactsEnabled(false);
    motor.setLimits(low - posture.angles[i]!, high - posture.angles[i]!);
    motor.configureMotorModel(RAPIER.MotorModel.ForceBased);
    motor.setMotorMaxForce(link.joint.maxTorque);
    motors.push(motor);
  });
  return { base, roots, links: bodies, motors };
}

/** @param turn of the link's frame in that of the body, which is parallel to the base */
function setMass(
  body: RAPIER.RigidBody,
  { mass, inertia: [x, y, z], centre = [0, 0, 0], rotation = [0, 0, 0, 1] }: LinkMass,
  turn: Float64Array,
): void {
  const at = Float64Array.from(centre);
  const axes = Float64Array.from(rotation);
  rotate(at, 0, turn, 0, at, 0);
  multiply(axes, 0, turn, 0, axes, 0);
  const frame = { x: axes[0]!, y: axes[1]!, z: axes[2]!, w: axes[3]! };
  body.setAdditionalMassProperties(mass, vectorAt(at, 0), { x, y, z }, frame, true);
}

/** The same articulation in a world that was restored from a snapshot. */
export function findArticulation(world: RAPIER.World, bodies: ArticulatedBodies): ArticulatedBodies {
  const find = ({ handle }: RAPIER.RigidBody): RAPIER.RigidBody => world.getRigidBody(handle);
  return {
    base: find(bodies.base),
    roots: bodies.roots.map(find),
    links: bodies.links.map(find),
    motors: bodies.motors.map(({ handle }) => world.getImpulseJoint(handle) as RAPIER.RevoluteImpulseJoint),
  };
}

/** Aims the motor of an impulse joint. @param target rad, from where it was built */
export function aimMotor(motor: RAPIER.RevoluteImpulseJoint, target: number, stiffness: number): void {
  motor.configureMotorPosition(target, stiffness, MOTOR_DAMPING);
}

function placed(
  description: RAPIER.RigidBodyDesc,
  { position, rotation }: Posture,
  offset: RAPIER.Vector = ZERO,
): RAPIER.RigidBodyDesc {
  const at = Float64Array.of(offset.x, offset.y, offset.z);
  rotate(at, 0, rotation, 0, at, 0);
  return description
    .setTranslation(at[0]! + position[0]!, at[1]! + position[1]!, at[2]! + position[2]!)
    .setRotation({ x: rotation[0]!, y: rotation[1]!, z: rotation[2]!, w: rotation[3]! });
}

const vectorAt = (values: Float64Array, i: number): RAPIER.Vector => ({
  x: values[3 * i]!,
  y: values[3 * i + 1]!,
  z: values[3 * i + 2]!,
});

const ZERO = { x: 0, y: 0, z: 0 } as const;
const NO_TURN = { x: 0, y: 0, z: 0, w: 1 } as const;
const UNTURNED = Float64Array.of(0, 0, 0, 1);

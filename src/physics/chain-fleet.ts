/**
 * An elastic chain of rigid links in every scene of a packed world, in the x-y plane: a base that is driven, and links that
 * joints about z hold in line with springs and dampers. The links have no solids, and gravity has to be 0. What is read
 * are the true poses of the engine, whose joints may stand apart by some 1e-4 of a length.
 */
import RAPIER from '@dimforge/rapier3d-compat';
import type { MassProperties } from './body-fleet.ts';

/** A link and the joint at its start. */
export interface ChainLink extends MassProperties {
  /** Of the joint's spring, N·m/rad. */
  readonly stiffness: number;
  /** N·m·s/rad */
  readonly damping: number;
}

export interface ChainOptions {
  /** Of each link, m; its centre of mass is in its middle. */
  readonly linkLength: number;
  /** From the base to the tip, n of them. */
  readonly links: readonly ChainLink[];
}

/** One link of a chain in the engine, and the joint at its start. */
interface JointedLink {
  readonly body: RAPIER.RigidBody;
  readonly joint: RAPIER.RevoluteImpulseJoint;
}

/** One chain in the engine. */
interface Chain {
  readonly base: RAPIER.RigidBody;
  readonly links: readonly JointedLink[];
}

/** Shapes: N scenes, n links. */
export class ChainFleet {
  readonly count: number;
  readonly links: number;
  /** m */
  readonly linkLength: number;
  /** Where the base is after the next step: x and y relative to the scene's origin, m, and its angle, rad, `[N, 3]`. */
  readonly base: Float64Array;
  /** Of each link's middle, relative to the scene's origin, `[N, n, 2]` m. */
  readonly position: Float32Array;
  /** About z, from the x axis, `[N, n]` rad. */
  readonly angle: Float32Array;
  /** Of each link's middle, `[N, n, 2]` m/s. */
  readonly velocity: Float32Array;
  /** `[N, n]` rad/s. */
  readonly rate: Float32Array;
  /** Applied at each link's middle during the next step, `[N, n, 2]` N. */
  readonly force: Float32Array;
  /** About z, `[N, n]` N·m. */
  readonly torque: Float32Array;
  /** Angle of each joint at which its spring is at rest, `[N, n]` rad. */
  readonly restAngle: Float32Array;
  /** How fast that angle changes, which the damper follows, `[N, n]` rad/s. */
  readonly restRate: Float32Array;

  #chains: Chain[];
  /** By link of a chain. */
  readonly #description: readonly ChainLink[];
  /** Of each scene, `[N, 2]` m. */
  readonly #origins: Float64Array;
  /** The rest angles that the engine has; NaN where that is not known. */
  readonly #pushedAngle: Float32Array;
  readonly #pushedRate: Float32Array;
  // Reused by every call into the engine.
  readonly #vector = { x: 0, y: 0, z: 0 };
  readonly #quaternion = { x: 0, y: 0, z: 0, w: 1 };

  constructor(world: RAPIER.World, origins: Float64Array, { links, linkLength }: ChainOptions) {
    const count = origins.length / 2;
    const total = count * links.length;
    this.count = count;
    this.links = links.length;
    this.linkLength = linkLength;
    this.#description = links;
    this.#origins = origins;
    this.#chains = Array.from({ length: count }, () => createChain(world, links, linkLength));
    this.base = new Float64Array(3 * count);
    this.position = new Float32Array(2 * total);
    this.angle = new Float32Array(total);
    this.velocity = new Float32Array(2 * total);
    this.rate = new Float32Array(total);
    this.force = new Float32Array(2 * total);
    this.torque = new Float32Array(total);
    this.restAngle = new Float32Array(total);
    this.restRate = new Float32Array(total);
    this.#pushedAngle = new Float32Array(total).fill(Number.NaN);
    this.#pushedRate = new Float32Array(total).fill(Number.NaN);
    for (let scene = 0; scene < count; scene++) this.place(scene);
  }

  /** Everything that a snapshot of the engine leaves out. */
  get state(): (Float32Array | Float64Array)[] {
    const { base, position, angle, velocity, rate, restAngle, restRate } = this;
    return [base, position, angle, velocity, rate, restAngle, restRate];
  }

  /**
   * Puts the chain of `scene` where its `base` says, and from there on where the angles of its links say, at rest and
   * free of loads, with springs at rest when it is straight.
   */
  place(scene: number): void {
    const { links: n, linkLength, base } = this;
    const chain = this.#chains[scene]!;
    const [originX, originY] = [this.#origins[2 * scene]!, this.#origins[2 * scene + 1]!];
    let [x, y] = [base[3 * scene]!, base[3 * scene + 1]!];
    chain.base.setTranslation(this.#toVector(x + originX, y + originY), true);
    chain.base.setRotation(this.#turn(base[3 * scene + 2]!), true);
    for (let link = 0; link < n; link++) {
      const i = n * scene + link;
      const [alongX, alongY] = [
        (linkLength / 2) * Math.cos(this.angle[i]!),
        (linkLength / 2) * Math.sin(this.angle[i]!),
      ];
      this.position[2 * i] = x + alongX;
      this.position[2 * i + 1] = y + alongY;
      x += 2 * alongX;
      y += 2 * alongY;
      const { body } = chain.links[link]!;
      body.setTranslation(this.#toVector(x - alongX + originX, y - alongY + originY), true);
      body.setRotation(this.#turn(this.angle[i]!), true);
      body.setLinvel(this.#toVector(0, 0), true);
      body.setAngvel(this.#toVector(0, 0), true);
    }
    for (const values of [this.rate, this.torque, this.restAngle, this.restRate])
      values.fill(0, n * scene, n * (scene + 1));
    for (const values of [this.velocity, this.force]) values.fill(0, 2 * n * scene, 2 * n * (scene + 1));
  }

  /** Hands the base's next pose, all loads and the rest angles to the engine for the next step. */
  push(): void {
    const { links: n, base } = this;
    for (let scene = 0; scene < this.count; scene++) {
      const chain = this.#chains[scene]!;
      const x = base[3 * scene]! + this.#origins[2 * scene]!;
      const y = base[3 * scene + 1]! + this.#origins[2 * scene + 1]!;
      chain.base.setNextKinematicTranslation(this.#toVector(x, y));
      chain.base.setNextKinematicRotation(this.#turn(base[3 * scene + 2]!));
      for (let link = 0; link < n; link++) this.#pushLink(chain.links[link]!, n * scene + link, link);
    }
  }

  #pushLink({ body, joint }: JointedLink, i: number, link: number): void {
    body.resetForces(false);
    body.resetTorques(false);
    body.addForce(this.#toVector(this.force[2 * i]!, this.force[2 * i + 1]!), false);
    body.addTorque(this.#toVector(0, 0, this.torque[i]!), false);
    const [restAngle, restRate] = [this.restAngle[i]!, this.restRate[i]!];
    if (restAngle === this.#pushedAngle[i] && restRate === this.#pushedRate[i]) return;
    const { stiffness, damping } = this.#description[link]!;
    joint.configureMotor(restAngle, restRate, stiffness, damping);
    this.#pushedAngle[i] = restAngle;
    this.#pushedRate[i] = restRate;
  }

  /** Reads every pose and velocity from the engine. */
  pull(): void {
    const [v, q] = [this.#vector, this.#quaternion];
    for (let scene = 0; scene < this.count; scene++) {
      const [originX, originY] = [this.#origins[2 * scene]!, this.#origins[2 * scene + 1]!];
      for (let link = 0; link < this.links; link++) {
        const { body } = this.#chains[scene]!.links[link]!;
        const i = this.links * scene + link;
        body.translation(v);
        this.position[2 * i] = v.x - originX;
        this.position[2 * i + 1] = v.y - originY;
        body.rotation(q);
        this.angle[i] = 2 * Math.atan2(q.z, q.w);
        body.linvel(v);
        this.velocity[2 * i] = v.x;
        this.velocity[2 * i + 1] = v.y;
        this.rate[i] = body.angvel(v).z;
      }
    }
  }

  /** Writes the pose of a link: position (m), then quaternion. @param row `[7]` from `offset` on */
  writePose(scene: number, link: number, row: Float32Array, offset: number): void {
    const i = this.links * scene + link;
    row.fill(0, offset, offset + 5);
    row[offset] = this.position[2 * i]!;
    row[offset + 1] = this.position[2 * i + 1]!;
    row[offset + 5] = Math.sin(this.angle[i]! / 2);
    row[offset + 6] = Math.cos(this.angle[i]! / 2);
  }

  /** Finds the chains again in a world that was restored from a snapshot. */
  rebind(world: RAPIER.World): void {
    this.#chains = this.#chains.map(({ base, links }) => ({
      base: world.getRigidBody(base.handle),
      links: links.map(({ body, joint }) => ({
        body: world.getRigidBody(body.handle),
        joint: world.getImpulseJoint(joint.handle) as RAPIER.RevoluteImpulseJoint,
      })),
    }));
    this.#pushedAngle.fill(Number.NaN);
  }

  #toVector(x: number, y: number, z = 0): RAPIER.Vector {
    const v = this.#vector;
    [v.x, v.y, v.z] = [x, y, z];
    return v;
  }

  #turn(angle: number): RAPIER.Rotation {
    const q = this.#quaternion;
    [q.x, q.y, q.z, q.w] = [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)];
    return q;
  }
}

/**
 * A straight chain at the world's centre. Rapier's locks of single axes on jointed bodies make them diverge, and nothing
 * needs them: with all loads in the plane, links stay in it. Motors are force-based, as springs are; the engine
 * takes them implicitly.
 */
function createChain(world: RAPIER.World, links: readonly ChainLink[], linkLength: number): Chain {
  const base = world.createRigidBody(RAPIER.RigidBodyDesc.kinematicPositionBased());
  const half = linkLength / 2;
  let previous = base;
  const jointed = links.map(({ mass, inertia: [x, y, z], stiffness, damping }, i): JointedLink => {
    const body = world.createRigidBody(
      RAPIER.RigidBodyDesc.dynamic()
        .setTranslation((2 * i + 1) * half, 0, 0)
        .setCanSleep(false),
    );
    body.setAdditionalMassProperties(mass, ZERO, { x, y, z }, { ...ZERO, w: 1 }, true);
    const anchor = { x: i === 0 ? 0 : half, y: 0, z: 0 };
    const data = RAPIER.JointData.revolute(anchor, { x: -half, y: 0, z: 0 }, { x: 0, y: 0, z: 1 });
    const joint = world.createImpulseJoint(data, previous, body, true) as RAPIER.RevoluteImpulseJoint;
    joint.configureMotorModel(RAPIER.MotorModel.ForceBased);
    joint.configureMotor(0, 0, stiffness, damping);
    previous = body;
    return { body, joint };
  });
  return { base, links: jointed };
}

const ZERO = { x: 0, y: 0, z: 0 } as const;

/** What a joint exerts: its motor, its limits, and what resists its motion. */
import { type Joint, type Link, massCarried } from './articulation.ts';
import { unrotate } from './math.ts';

/** Of the spring that begins where the range of a hinge ends, N·m/rad. */
const LIMIT_STIFFNESS = 20;
/** The same of a slide: how fast what it carries would swing on it, rad/s. */
const LIMIT_FREQUENCY = 100;
/** What the engine damps each hinge by, implicitly, N·m·s/rad; slides it does not damp. */
const ENGINE_DAMPING = 0.1;
/** Friction is proportional to speed below about this: rad/s of a hinge, m/s of a slide. */
const CREEP = { hinge: 0.1, slide: 0.01 } as const;

/** Of one joint in steps of a given length: N·m, or N of a slide. */
export class JointLaw {
  /** Whether it needs to know how fast the joint moves. */
  readonly resists: boolean;
  readonly slides: boolean;
  readonly #joint: Joint;
  readonly #limitStiffness: number;
  /** Part of the resistance that acts at once. */
  readonly #prompt: number;

  /** @param link index of the joint @param timestep of the physics, s */
  constructor(links: readonly Link[], link: number, timestep: number) {
    const joint = links[link]!.joint;
    const { slides = false, damping = 0, friction = 0 } = joint;
    this.#joint = joint;
    this.slides = slides;
    this.resists = damping > 0 || friction > 0;
    this.#limitStiffness = slides ? massCarried(links, link) * LIMIT_FREQUENCY ** 2 : LIMIT_STIFFNESS;
    // Resistance to the speed of now can take more of it than there is in a step, and then shakes what is light. So no
    // more of it acts at once than takes half the speed, and the rest follows: at a constant speed it is right.
    const slope = damping + friction / CREEP[slides ? 'slide' : 'hinge'];
    const borne = (slides ? 0 : ENGINE_DAMPING) + ownInertia(links[link]!) / timestep;
    this.#prompt = (0.5 * borne) / (borne + slope);
  }

  /**
   * A motor in proportion to what is missing, up to its limit, and a stiff spring beyond the range.
   * @param stiffness factor on the motor's
   * @param strength factor on the motor's limit
   */
  drive(position: number, target: number, stiffness: number, strength: number): number {
    const { range, stiffness: own, maxTorque } = this.#joint;
    const most = strength * maxTorque;
    const effort = Math.max(-most, Math.min(most, stiffness * own * (target - position)));
    if (position < range[0]) return effort + this.#limitStiffness * (range[0] - position);
    return position > range[1] ? effort - this.#limitStiffness * (position - range[1]) : effort;
  }

  /**
   * Damping and Coulomb's friction, which is smoothed: a joint creeps below it.
   * @param late what follows of it, kept from step to step; entry `i` is written
   */
  resist(speed: number, late: Float64Array, i: number): number {
    const { damping = 0, friction = 0 } = this.#joint;
    const creep = CREEP[this.slides ? 'slide' : 'hinge'];
    const whole = -damping * speed - friction * Math.tanh(speed / creep);
    late[i]! += (this.#prompt / 2) * ((1 - this.#prompt) * whole - late[i]!);
    return this.#prompt * whole + late[i]!;
  }
}

/** Of a link alone about the axis of its hinge, as far as it is given, kg·m²; kg of a slide. */
function ownInertia({ joint: { slides, axis }, mass: given }: Link): number {
  if (!given) return 0;
  const { mass, inertia, centre = [0, 0, 0], rotation = [0, 0, 0, 1] } = given;
  if (slides) return mass;
  const along = Float64Array.from(axis);
  unrotate(along, 0, Float64Array.from(rotation), 0, along, 0);
  const about = inertia.reduce((sum, moment, k) => sum + moment * along[k]! ** 2, 0);
  const part = centre.reduce((sum, value, k) => sum + value * axis[k]!, 0);
  return about + mass * centre.reduce((sum, value, k) => sum + (value - part * axis[k]!) ** 2, 0);
}

/**
 * The load of separation across the ray, and of friction along both of its sides: per length
 *   −½ρ b C_d |uₙ| uₙ n − ½ρ (2b) C_f |uₜ| uₜ t.
 */
import type { RayLoads, RayMotion } from './motion.ts';

export interface ResistiveBody {
  readonly span: number;
  /** C_d */
  readonly normalDrag: number;
  /** C_f of one side. */
  readonly friction: number;
}

/** Points and weights of Gauss's rule with three points on [−1, 1]. */
const POINTS = [-Math.sqrt(0.6), 0, Math.sqrt(0.6)] as const;
const WEIGHTS = [5 / 9, 8 / 9, 5 / 9] as const;

/** Adds the resistive load of every ray to `loads`. */
export function addResistiveLoad(motion: RayMotion, body: ResistiveBody, loads: RayLoads): void {
  const { links, linkLength, angle, rate, velocity, stream } = motion;
  const half = linkLength / 2;
  const normalFactor = -0.5 * body.span * body.normalDrag * half;
  const tangentialFactor = -body.span * body.friction * linkLength;
  for (let i = 0; i < angle.length; i++) {
    const [c, s] = [Math.cos(angle[i]!), Math.sin(angle[i]!)];
    const vx = velocity[2 * i]! - stream[Math.floor(i / links)]!;
    const vy = velocity[2 * i + 1]!;
    const [along, across] = [vx * c + vy * s, vy * c - vx * s];
    const tangential = tangentialFactor * Math.abs(along) * along;
    let [normal, torque] = [0, 0];
    for (let point = 0; point < 3; point++) {
      const lever = half * POINTS[point]!;
      const local = across + rate[i]! * lever;
      const part = normalFactor * WEIGHTS[point]! * Math.abs(local) * local;
      normal += part;
      torque += part * lever;
    }
    loads.force[2 * i]! += tangential * c - normal * s;
    loads.force[2 * i + 1]! += tangential * s + normal * c;
    loads.torque[i]! += torque;
  }
}

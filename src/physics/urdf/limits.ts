/** What joints of a robot may do: limits of the file, and what is known better. */
import { suggestion } from '../../core/errors.ts';
import type { UrdfDescription, UrdfJoint } from './description.ts';
import type { Findings } from './findings.ts';
import type { UrdfOptions } from './options.ts';
import type { RobotJoint } from './robot.ts';

/**
 * Robots whose public files have efforts that their motors do not hold, by name: what other simulators let them do, N·m.
 * Allegro: isaac-sim/IsaacGymEnvs; LEAP: google-deepmind/mujoco_playground.
 */
const KNOWN_EFFORTS: readonly { readonly robot: RegExp; readonly most: number }[] = [
  { robot: /allegro/i, most: 0.5 },
  { robot: /leap/i, most: 0.22 },
];

/** What the engine damps each hinge of a multibody by, and nothing can change, N·m·s/rad. */
export const ENGINE_DAMPING = 0.1;

/** Says which effort of the file is too much. */
export class EffortCaps {
  readonly #options: UrdfOptions['maxEffort'];
  readonly #known: number;

  constructor(
    { name, joints, line, label }: UrdfDescription,
    { maxEffort }: UrdfOptions,
    findings: Findings,
  ) {
    this.#options = maxEffort;
    this.#known = KNOWN_EFFORTS.find(({ robot }) => robot.test(name))?.most ?? Number.POSITIVE_INFINITY;
    const names = joints.map((joint) => joint.name);
    for (const given of Object.keys(maxEffort))
      if (given !== '*' && !names.includes(given))
        findings.refuse(
          { line, label },
          `the options limit the effort of "${given}", which is no joint of it.${suggestion(given, names)}`,
        );
  }

  of(joint: UrdfJoint, findings: Findings): number {
    const { name, type, limit } = joint;
    const known = type === 'prismatic' ? Number.POSITIVE_INFINITY : this.#known;
    const most = this.#options[name] ?? this.#options['*'] ?? known;
    const effort = limit?.effort ?? Number.POSITIVE_INFINITY;
    const unit = type === 'prismatic' ? 'N' : 'N·m';
    if (effort === 0) findings.add('limited', limit!, `effort 0 ${unit}: no motor can move or hold it.`);
    if (effort <= most) return effort;
    findings.add('capped', limit ?? joint, `effort ${effort} ${unit} is capped at ${most} ${unit}.`);
    return most;
  }
}

/** Of a joint that does not say: none. */
export function speedOf({ limit }: UrdfJoint): number {
  return limit?.velocity ?? Number.POSITIVE_INFINITY;
}

export const rangeOf = ({ type, limit }: UrdfJoint): readonly [number, number] =>
  type === 'continuous' || !limit
    ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    : [limit.lower, limit.upper];

/** One finding for all hinges that the engine damps more than the file says. */
export function noteDamping(
  { line, label }: UrdfDescription,
  joints: readonly RobotJoint[],
  findings: Findings,
): void {
  const less = joints.filter(({ kind, damping }) => kind !== 'prismatic' && damping < ENGINE_DAMPING);
  if (less.length === 0) return;
  const names = less.map(({ name, damping }) => `${name} (${damping})`).join(', ');
  findings.add(
    'limited',
    { line, label },
    `the engine damps every hinge by ${ENGINE_DAMPING} N·m·s/rad, and these are to have less: ${names}.`,
  );
}

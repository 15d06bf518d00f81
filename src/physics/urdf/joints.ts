/** The joints that move, with their limits, and what each of them follows. */
import { suggestion } from '../../core/errors.ts';
import type { Vector3 } from '../math.ts';
import type { UrdfDescription, UrdfJoint } from './description.ts';
import type { Findings } from './findings.ts';
import { EffortCaps, rangeOf, speedOf } from './limits.ts';
import type { Body } from './merge.ts';
import type { UrdfOptions } from './options.ts';
import type { Mimic, RobotJoint } from './robot.ts';

/** In the order of the bodies that they move. */
export function jointsOf(
  description: UrdfDescription,
  bodies: readonly Body[],
  options: UrdfOptions,
  findings: Findings,
): readonly RobotJoint[] {
  const caps = new EffortCaps(description, options, findings);
  const moving = bodies.flatMap(({ joint }) => (joint ? [joint] : []));
  const byName = new Map(moving.map((joint) => [joint.name, joint]));
  return bodies.flatMap(({ joint, parent, origin }) => {
    if (!joint) return [];
    const length = Math.hypot(...joint.axis);
    const { name, type, dynamics } = joint;
    const mimic = joint.mimic && mimicOf(joint, byName, findings);
    return [
      {
        name,
        kind: type as RobotJoint['kind'],
        parent,
        origin,
        axis: joint.axis.map((part) => part / length) as unknown as Vector3,
        range: rangeOf(joint),
        maxEffort: caps.of(joint, findings),
        maxSpeed: speedOf(joint),
        damping: dynamics?.damping ?? 0,
        friction: dynamics?.friction ?? 0,
        ...(mimic ? { mimic: { ...mimic, joint: moving.indexOf(mimic.joint) } } : {}),
      },
    ];
  });
}

/** Along those that it follows, to one that follows none. */
function mimicOf(
  joint: UrdfJoint,
  byName: ReadonlyMap<string, UrdfJoint>,
  findings: Findings,
): (Omit<Mimic, 'joint'> & { readonly joint: UrdfJoint }) | undefined {
  let { multiplier, offset } = joint.mimic!;
  const path = [joint];
  for (;;) {
    const { mimic } = path.at(-1)!;
    if (!mimic) return { joint: path.at(-1)!, multiplier, offset };
    const next = byName.get(mimic.joint);
    if (!next) {
      const names = [...byName.keys()];
      const hint = suggestion(mimic.joint, names);
      findings.refuse(mimic, `follows "${mimic.joint}", which is no joint that moves.${hint}`);
      return undefined;
    }
    if (path.includes(next)) {
      const cycle = [...path, next].map(({ name }) => name).join(' → ');
      findings.refuse(mimic, `follows itself: ${cycle}. One of them has to be free.`);
      return undefined;
    }
    path.push(next);
    if (!next.mimic) continue;
    offset += multiplier * next.mimic.offset;
    multiplier *= next.mimic.multiplier;
  }
}

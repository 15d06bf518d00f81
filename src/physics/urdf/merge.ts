/** Links that fixed joints hold together, as one body; what is left are the joints that move. */
import type { UrdfJoint, UrdfLink } from './description.ts';
import type { Findings } from './findings.ts';
import { compose, NO_POSE, type Pose, poseOf } from './pose.ts';
import type { Branch } from './tree.ts';

export interface AttachedLink {
  readonly link: UrdfLink;
  /** Of its frame in the body's. */
  readonly pose: Pose;
}

export interface Body {
  /** The one whose frame is the body's, then those that are fixed on it. */
  readonly links: readonly AttachedLink[];
  /** What moves it; absent of the base. */
  readonly joint?: UrdfJoint;
  /** Index of the body that the joint hangs on; −1 of the base. */
  readonly parent: number;
  /** Where its frame is in the parent's at position 0. */
  readonly origin: Pose;
}

/** @returns the base, then the others, each after the one that it hangs on and branch by branch */
export function bodiesOf(tree: Branch, findings: Findings): readonly Body[] {
  const bodies: Body[] = [];
  const addBody = (branch: Branch, place: Omit<Body, 'links'>): void => {
    const links: AttachedLink[] = [];
    const index = bodies.push({ ...place, links }) - 1;
    attach(branch, NO_POSE, links, (joint, child, origin) =>
      addBody(child, { joint, parent: index, origin }),
    );
    if (links.length < 2) return;
    const [first, ...others] = links.map(({ link }) => link);
    const names = others.map(({ name }) => name).join(', ');
    findings.add('merged', first!, `is one with what fixed joints hold on it: ${names}.`);
  };
  addBody(tree, { parent: -1, origin: NO_POSE });
  return bodies;
}

/** Goes along fixed joints. @param moves told of every joint that moves, once all that is fixed has been seen */
function attach(
  branch: Branch,
  pose: Pose,
  links: AttachedLink[],
  moves: (joint: UrdfJoint, child: Branch, origin: Pose) => void,
): void {
  const fixedTo: [Branch, Pose][] = [[branch, pose]];
  const moving: Parameters<typeof moves>[] = [];
  for (const [{ link, joints }, at] of fixedTo) {
    links.push({ link, pose: at });
    for (const { joint, child } of joints) {
      const origin = compose(at, poseOf(joint.origin));
      if (joint.type === 'fixed') fixedTo.push([child, origin]);
      else moving.push([joint, child, origin]);
    }
  }
  for (const joint of moving) moves(...joint);
}

/** Whether the links and joints of a file are one tree, and the order in which they hang on each other. */
import { suggestion } from '../../core/errors.ts';
import type { UrdfDescription, UrdfJoint, UrdfLink } from './description.ts';
import type { Findings, Place } from './findings.ts';

/** A link with what hangs on it, in the order of the file. */
export interface Branch {
  readonly link: UrdfLink;
  readonly joints: readonly { readonly joint: UrdfJoint; readonly child: Branch }[];
}

/** @returns the tree from its root; nothing where it is none, which is refused */
export function treeOf(description: UrdfDescription, findings: Findings): Branch | undefined {
  const { links, joints } = description;
  if (links.length === 0) {
    findings.refuse(description, 'has no links.');
    return undefined;
  }
  const known = findings.list.length;
  refuseDuplicates('link', links, findings);
  refuseDuplicates('joint', joints, findings);
  refuseUnknownLinks(description, findings);
  refuseSecondParents(joints, findings);
  const complete = joints.every(({ parent, child }) => parent && child);
  if (!complete || findings.list.length > known) return undefined;
  const children = new Set(joints.map(({ child }) => child));
  const roots = links.filter(({ name }) => !children.has(name));
  refuseCycles(description, roots, findings);
  refuseSeveralRoots(roots, findings);
  if (findings.list.length > known) return undefined;
  const byName = new Map(links.map((link) => [link.name, link]));
  const branchOf = (link: UrdfLink): Branch => ({
    link,
    joints: joints
      .filter(({ parent }) => parent === link.name)
      .map((joint) => ({ joint, child: branchOf(byName.get(joint.child)!) })),
  });
  return branchOf(roots[0]!);
}

function refuseDuplicates(
  kind: string,
  parts: readonly (Place & { readonly name: string })[],
  findings: Findings,
): void {
  const first = new Map<string, Place>();
  for (const part of parts) {
    const other = first.get(part.name);
    if (other)
      findings.refuse(
        part,
        `is the second ${kind} of that name after line ${other.line}; rename one of them.`,
      );
    else first.set(part.name, part);
  }
}

function refuseUnknownLinks({ links, joints }: UrdfDescription, findings: Findings): void {
  const names = links.map(({ name }) => name);
  for (const joint of joints) {
    const ends = { parent: joint.parent, child: joint.child };
    for (const [end, name] of Object.entries(ends))
      if (name && !names.includes(name))
        findings.refuse(
          joint,
          `has the ${end} "${name}", which is no link of this robot.${suggestion(name, names)}`,
        );
    if (joint.parent && joint.parent === joint.child)
      findings.refuse(joint, `joins "${joint.parent}" with itself; give it another parent.`);
  }
}

function refuseSecondParents(joints: readonly UrdfJoint[], findings: Findings): void {
  const first = new Map<string, UrdfJoint>();
  for (const joint of joints) {
    const other = first.get(joint.child);
    if (other && joint.child)
      findings.refuse(
        joint,
        `gives "${joint.child}" a second parent beside joint "${other.name}" (line ${other.line}). Closed loops are not supported: leave one of the two out.`,
      );
    else first.set(joint.child, joint);
  }
}

/** Where each link has one parent at most, what does not hang on a root hangs on itself. */
function refuseCycles(
  { links, joints }: UrdfDescription,
  roots: readonly UrdfLink[],
  findings: Findings,
): void {
  const parentOf = new Map(joints.map(({ child, parent }) => [child, parent]));
  const settled = new Set(roots.map(({ name }) => name));
  for (const link of links) {
    const path: string[] = [];
    let name = link.name;
    while (!settled.has(name) && !path.includes(name)) {
      path.push(name);
      name = parentOf.get(name)!;
    }
    if (!settled.has(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name].toReversed();
      findings.refuse(link, `hangs on itself: ${cycle.join(' → ')}. Leave one of these joints out.`);
    }
    for (const visited of path) settled.add(visited);
  }
}

function refuseSeveralRoots([root, ...others]: readonly UrdfLink[], findings: Findings): void {
  for (const link of others)
    findings.refuse(
      link,
      `hangs on nothing, and neither does "${root!.name}": join them, so that all links are one tree.`,
    );
}

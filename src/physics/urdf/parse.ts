/** From the text of a URDF file to what it says. Each element is checked by itself here. */
import { suggestion } from '../../core/errors.ts';
import { AttributeReader } from './attributes.ts';
import { jointTypes, type MovingKind, type UrdfDescription, type UrdfJoint } from './description.ts';
import type { Findings } from './findings.ts';
import { LinkReader } from './parse-link.ts';
import { childOf, childrenOf, type Element, readXml, withDescendants } from './xml.ts';

/** Elements that are read, and those that belong to other programs. Of the latter nothing within is looked at. */
const read = {
  robot: ['link', 'joint', 'material'],
  link: ['inertial', 'visual', 'collision'],
  inertial: ['origin', 'mass', 'inertia'],
  visual: ['origin', 'geometry', 'material'],
  collision: ['origin', 'geometry'],
  geometry: ['box', 'sphere', 'cylinder', 'mesh'],
  material: ['color'],
  joint: ['origin', 'parent', 'child', 'axis', 'limit', 'dynamics', 'mimic'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const formats: Readonly<Record<string, string>> = {
  sdf: 'This is SDF; convert it to URDF.',
  mujoco: 'This is MJCF, the format of MuJoCo; convert it to URDF.',
};

const refusedTypes: Readonly<Record<string, string>> = {
  planar: 'two slides (prismatic) and a revolute joint with links between them do the same',
  floating: 'leave it and what it hangs on out: the base of a robot is placed by the simulation',
};

/**
 * @param findings what is wrong with the file is added to them
 * @returns what it says, as far as that can be told; nothing where it is no URDF at all
 */
export function parseUrdf(text: string, findings: Findings): UrdfDescription | undefined {
  const root = readXml(text, findings);
  if (!root) return undefined;
  if (root.name !== 'robot') {
    const hint = formats[root.name] ?? 'A URDF file begins with <robot name="…">.';
    findings.refuse(root, `is not <robot>. ${hint}`);
    return undefined;
  }
  if (isMacro(root, findings)) return undefined;
  noteIgnored(root, findings);
  const reader = new AttributeReader(findings);
  const links = new LinkReader(root, reader, findings);
  return {
    line: root.line,
    label: root.label,
    name: reader.text(root, 'name'),
    links: childrenOf(root, 'link').map((link) => links.read(link)),
    joints: childrenOf(root, 'joint').map((joint) => readJoint(joint, reader, findings)),
  };
}

function isMacro(root: Element, findings: Findings): boolean {
  const macro = withDescendants(root).find(
    ({ name, attributes }) =>
      name.startsWith('xacro:') || [...attributes.values()].some((value) => /\$[{(]/.test(value)),
  );
  if (macro)
    findings.refuse(
      macro,
      'is xacro, the macro language of ROS; expand it first: xacro robot.xacro > robot.urdf',
    );
  return macro !== undefined;
}

/** One finding for each tag, however often it stands there. */
function noteIgnored(root: Element, findings: Findings): void {
  const found = new Map<string, Element[]>();
  const visit = (element: Element): void => {
    const known: readonly string[] | undefined = (read as Record<string, readonly string[]>)[element.name];
    for (const child of element.children) {
      if (!known) continue;
      if (known.includes(child.name)) visit(child);
      else found.set(child.name, [...(found.get(child.name) ?? []), child]);
    }
  };
  visit(root);
  for (const [name, [first, ...others]] of found) {
    const more = others.length > 0 ? `; <${name}> stands there ${others.length + 1} times` : '';
    findings.add('ignored', first!, `plays no part here${more}.`);
  }
}

function readJoint(element: Element, reader: AttributeReader, findings: Findings): UrdfJoint {
  const type = readType(element, reader, findings);
  const joint = {
    line: element.line,
    label: element.label,
    name: reader.text(element, 'name'),
    parent: linkOf(element, 'parent', reader, findings),
    child: linkOf(element, 'child', reader, findings),
    origin: reader.origin(element),
  };
  if (type === 'fixed') return { ...joint, type, axis: [1, 0, 0] };
  return {
    ...joint,
    type,
    axis: readAxis(element, reader, findings),
    ...readLimit(element, type, reader, findings),
    ...readDynamics(element, reader, findings),
    ...readMimic(element, reader),
  };
}

/** A type that is refused counts as fixed, so that what it joins is still one tree. */
function readType(element: Element, reader: AttributeReader, findings: Findings): UrdfJoint['type'] {
  const type = reader.text(element, 'type');
  const known = jointTypes.find((name) => name === type);
  if (known) return known;
  const reason = Object.hasOwn(refusedTypes, type)
    ? `: ${refusedTypes[type]}`
    : `.${suggestion(type, jointTypes)}`;
  if (type) findings.refuse(element, `joints of type "${type}" are not supported${reason}`);
  return 'fixed';
}

function linkOf(
  joint: Element,
  tag: 'parent' | 'child',
  reader: AttributeReader,
  findings: Findings,
): string {
  const element = childOf(joint, tag);
  if (element) return reader.text(element, 'link');
  findings.refuse(joint, `has no <${tag}>; write <${tag} link="…"/>.`);
  return '';
}

function readAxis(joint: Element, reader: AttributeReader, findings: Findings): UrdfJoint['axis'] {
  const element = childOf(joint, 'axis');
  if (!element) return [1, 0, 0];
  const axis = reader.vector(element, 'xyz');
  if (Math.hypot(...axis) > 0) return axis;
  findings.refuse(element, 'has length 0, so it has no direction; along z it is xyz="0 0 1".');
  return [1, 0, 0];
}

function readLimit(
  joint: Element,
  type: MovingKind,
  reader: AttributeReader,
  findings: Findings,
): Pick<UrdfJoint, 'limit'> {
  const element = childOf(joint, 'limit');
  if (!element) {
    if (type !== 'continuous')
      findings.refuse(
        joint,
        `is ${type} and has no <limit>; write <limit lower="…" upper="…" effort="…" velocity="…"/>.`,
      );
    return {};
  }
  const known = findings.list.length;
  const lower = reader.number(element, 'lower', 0);
  const upper = reader.number(element, 'upper', 0);
  const effort = reader.number(element, 'effort');
  const velocity = reader.number(element, 'velocity');
  if (findings.list.length === known) checkLimit(element, type, { lower, upper, effort, velocity }, findings);
  return { limit: { lower, upper, effort, velocity, line: element.line, label: element.label } };
}

function checkLimit(
  element: Element,
  type: MovingKind,
  { lower, upper, ...magnitudes }: Readonly<Record<'lower' | 'upper' | 'effort' | 'velocity', number>>,
  findings: Findings,
): void {
  if (type !== 'continuous' && lower > upper)
    findings.refuse(element, `is upside down: lower ${lower} is above upper ${upper}. Exchange them.`);
  if (type !== 'continuous' && lower === upper)
    findings.refuse(
      element,
      `leaves no room: lower and upper are ${lower}. If it does not move, make it fixed.`,
    );
  for (const [name, value] of Object.entries(magnitudes))
    if (value < 0) findings.refuse(element, `has ${name}="${value}"; it is a magnitude, 0 or more.`);
}

function readDynamics(
  joint: Element,
  reader: AttributeReader,
  findings: Findings,
): Pick<UrdfJoint, 'dynamics'> {
  const element = childOf(joint, 'dynamics');
  if (!element) return {};
  const dynamics = {
    damping: reader.number(element, 'damping', 0),
    friction: reader.number(element, 'friction', 0),
  };
  for (const [name, value] of Object.entries(dynamics))
    if (value < 0)
      findings.refuse(element, `has ${name}="${value}", which would drive the joint; 0 or more.`);
  return { dynamics };
}

function readMimic(joint: Element, reader: AttributeReader): Pick<UrdfJoint, 'mimic'> {
  const element = childOf(joint, 'mimic');
  if (!element) return {};
  const mimic = {
    joint: reader.text(element, 'joint'),
    multiplier: reader.number(element, 'multiplier', 1),
    offset: reader.number(element, 'offset', 0),
  };
  return { mimic: { ...mimic, line: element.line, label: element.label } };
}

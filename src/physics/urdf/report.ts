/** What became of a URDF file, for a person to read in a terminal and for a program. */
import { leftOut } from './articulation.ts';
import type { UrdfReading } from './load.ts';
import type { Robot, RobotJoint, RobotLink, RobotShape } from './robot.ts';

/** @param file as the person named it */
export function urdfReport(file: string, { robot, description, findings }: UrdfReading): string {
  const name = description?.name ? `${file}: ${description.name}` : file;
  const parts = [name];
  if (description) {
    const { links, joints } = description;
    const fixed = joints.filter(({ type }) => type === 'fixed').length;
    parts.push(`read: ${links.length} links, ${joints.length} joints, ${fixed} of them fixed`);
  }
  if (robot) parts.push(totals(robot), '', linkTable(robot), '', jointTable(robot));
  if (robot && robot.passing.length > 0) parts.push('', passingLine(robot));
  if (robot && leftOut(robot).length > 0) parts.push('', 'in the physics:', ...leftOut(robot));
  const width = Math.max(...findings.map(({ line }) => String(line).length));
  const rows = findings.map(
    ({ kind, line, label, text }) =>
      `${kind.padEnd(8)} line ${String(line).padStart(width)}  ${label}: ${text}`,
  );
  return [...parts, ...(rows.length > 0 ? ['', ...rows] : [])].join('\n');
}

function totals({ links, joints }: Robot): string {
  const mass = links.reduce((sum, { inertia }) => sum + (inertia?.mass ?? 0), 0);
  const free = joints.filter(({ mimic }) => !mimic).length;
  return `made: ${links.length} links, ${joints.length} joints that move, ${free} of them freely, ${short(mass)} kg`;
}

const linkTable = ({ links, joints }: Robot): string =>
  table(
    ['link', 'hangs on', 'mass [kg]', 'moments of inertia [kg·m²]', 'touches with', 'with fixed links'],
    links.map(({ name, inertia, collisions, frames }, i) => [
      name,
      i === 0 ? '' : links[joints[i - 1]!.parent]!.name,
      inertia ? short(inertia.mass) : '',
      inertia ? inertia.moments.map(short).join(' ') : '',
      shapesOf(collisions),
      frames.map((frame) => frame.name).join(', '),
    ]),
  );

const jointTable = (robot: Robot): string =>
  table(
    ['joint', 'kind', 'moves', 'range', 'effort', 'speed', 'damping', 'follows'],
    robot.joints.map((joint, i) => {
      const [angle, effort] = joint.kind === 'prismatic' ? ['m', 'N'] : ['rad', 'N·m'];
      return [
        joint.name,
        joint.kind,
        robot.links[i + 1]!.name,
        `${joint.range.map(short).join(' … ')} ${angle}`,
        `${short(joint.maxEffort)} ${effort}`,
        `${short(joint.maxSpeed)} ${angle}/s`,
        `${short(joint.damping)} ${effort}·s/${angle}`,
        followed(robot, joint),
      ];
    }),
  );

function followed({ joints }: Robot, { mimic }: RobotJoint): string {
  if (!mimic) return '';
  const { joint, multiplier, offset } = mimic;
  const sign = offset < 0 ? '−' : '+';
  return `${short(multiplier)} × ${joints[joint]!.name} ${sign} ${short(Math.abs(offset))}`;
}

const passingLine = ({ links, passing }: Robot): string =>
  `pass through each other: ${passing.map((pair) => pair.map((i) => links[i]!.name).join(' and ')).join('; ')}`;

/** `box, 2 hull`. */
function shapesOf(collisions: readonly RobotShape[]): string {
  const counts = new Map<string, number>();
  for (const { geometry } of collisions) {
    const name = geometry.type === 'mesh' ? 'hull' : geometry.type;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count > 1 ? `${count} ${name}` : name)).join(', ');
}

/** Columns as wide as what stands in them; those with nothing are left out. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = head.map((_, column) => column).filter((column) => rows.some((row) => row[column] !== ''));
  const lines = [head, ...rows].map((row) => kept.map((column) => row[column]!));
  const widths = kept.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Enough to recognise the numbers of the file. */
const DIGITS = 5;

function short(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return String(Number(value.toPrecision(DIGITS))).replace('-', '−');
}

/** The same as plain values; of meshes only their sizes. Infinite limits are null. */
export function urdfJson(file: string, { robot, findings }: UrdfReading): Record<string, unknown> {
  return {
    file,
    accepted: robot !== undefined,
    robot: robot ? { ...robot, links: robot.links.map(withoutMeshes) } : null,
    leftOut: robot ? leftOut(robot) : [],
    findings,
  };
}

const withoutMeshes = (link: RobotLink): Record<string, unknown> => ({
  ...link,
  collisions: link.collisions.map(withoutMesh),
  visuals: link.visuals.map(withoutMesh),
});

function withoutMesh(shape: RobotShape): Record<string, unknown> {
  const { geometry } = shape;
  if (geometry.type !== 'mesh') return { ...shape };
  const { type, vertices, triangles } = geometry;
  return { ...shape, geometry: { type, vertices: vertices.length / 3, triangles: triangles.length / 3 } };
}

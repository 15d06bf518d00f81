/** From a URDF file to a robot: parsed, checked, fixed joints merged, limits capped, gaps filled. Needs nothing of Node. */
import type { Color, Material } from '../../core/appearance.ts';
import { suggestion } from '../../core/errors.ts';
import { capsuleAround } from './capsule.ts';
import type { UrdfDescription, UrdfLink, UrdfShape, UrdfVisual } from './description.ts';
import { assertAccepted, type Finding, Findings } from './findings.ts';
import { addInertias, type Inertia, moveInertia, type PrincipalInertia, toPrincipal } from './inertia.ts';
import { jointsOf } from './joints.ts';
import { noteDamping } from './limits.ts';
import { type AttachedLink, type Body, bodiesOf } from './merge.ts';
import { MeshLibrary, type ReadFile } from './meshes.ts';
import { type UrdfOptions, urdfOptions } from './options.ts';
import { parseUrdf } from './parse.ts';
import { compose, type Pose, poseOf } from './pose.ts';
import type { Robot, RobotLink, RobotShape, RobotVisual } from './robot.ts';
import { treeOf } from './tree.ts';

/** Of a moving link that says nothing about it: light, and still no lighter than the engine can move steadily. */
const GUESSED: PrincipalInertia = {
  mass: 0.005,
  centre: [0, 0, 0],
  rotation: [0, 0, 0, 1],
  moments: [2e-6, 2e-6, 2e-6],
};

const GREY: Material = { color: '#a8adb3' };

export interface UrdfSource {
  /** Of the file, by which meshes are found and messages say where they are from. */
  readonly path: string;
  readonly text: string;
  /** Reads the meshes. */
  readonly read: ReadFile;
  readonly options?: UrdfOptions;
}

export interface UrdfReading {
  /** Absent where something is refused. */
  readonly robot?: Robot;
  /** What the file says; absent where it is no URDF at all. */
  readonly description?: UrdfDescription;
  readonly findings: readonly Finding[];
}

/** A robot, or all that stands against it. Throws nothing that a file can cause. */
export async function readUrdf(source: UrdfSource): Promise<UrdfReading> {
  const findings = new Findings();
  const description = parseUrdf(source.text, findings);
  const robot = description && (await build(description, source, findings));
  return {
    ...(description ? { description } : {}),
    ...(robot && !findings.refused ? { robot } : {}),
    findings: findings.list.toSorted((a, b) => a.line - b.line),
  };
}

/** @throws ProprioError saying all that is wrong with the file, and where */
export async function loadUrdf(source: UrdfSource): Promise<Robot> {
  const { robot, findings } = await readUrdf(source);
  assertAccepted(source.path, findings);
  return robot!;
}

async function build(
  description: UrdfDescription,
  { path, read, options = urdfOptions.parse({}) }: UrdfSource,
  findings: Findings,
): Promise<Robot | undefined> {
  const tree = treeOf(description, findings);
  if (!tree) return undefined;
  const bodies = bodiesOf(tree, findings);
  const joints = jointsOf(description, bodies, options, findings);
  noteDamping(description, joints, findings);
  const meshes = new MeshLibrary(path, read, options.openMeshes, findings);
  const links: RobotLink[] = [];
  for (const body of bodies) links.push(await linkOf(body, meshes, options, findings));
  noteHulls(description, options, findings);
  checkNames(description, 'capsules', options.capsules, findings);
  checkNames(description, 'passing', options.passing.flat(), findings);
  return {
    name: description.name,
    links,
    joints,
    passing: passingOf(description, bodies, options),
  };
}

async function linkOf(
  body: Body,
  meshes: MeshLibrary,
  options: UrdfOptions,
  findings: Findings,
): Promise<RobotLink> {
  const [first, ...merged] = body.links;
  const collisions: RobotShape[] = [];
  const visuals: RobotVisual[] = [];
  for (const { link, pose } of body.links) {
    const rounded = touchesByCapsules(link, options);
    for (const shape of link.collisions)
      collisions.push(...(await collisionOf(shape, pose, meshes, rounded)));
    for (const shape of link.visuals) visuals.push(...(await visualOf(shape, pose, meshes)));
  }
  return {
    name: first!.link.name,
    ...inertiaOf(body, findings),
    collisions,
    visuals,
    frames: merged.map(({ link, pose }) => ({ name: link.name, ...pose })),
  };
}

async function collisionOf(
  shape: UrdfShape,
  frame: Pose,
  meshes: MeshLibrary,
  rounded: boolean,
): Promise<RobotShape[]> {
  const { geometry } = shape;
  const pose = compose(frame, poseOf(shape.origin));
  if (geometry.type !== 'mesh') return [{ ...pose, geometry: primitiveOf(geometry) }];
  const mesh = await meshes.collision(shape, geometry);
  if (!mesh) return [];
  if (!rounded) return [{ ...pose, geometry: { type: 'mesh', ...mesh } }];
  const capsule = capsuleAround(mesh);
  return [{ ...compose(pose, capsule), geometry: capsule.geometry }];
}

async function visualOf(shape: UrdfVisual, frame: Pose, meshes: MeshLibrary): Promise<RobotVisual[]> {
  const { geometry } = shape;
  const pose = compose(frame, poseOf(shape.origin));
  const material = shape.color ? materialOf(shape.color) : GREY;
  if (geometry.type !== 'mesh') return [{ ...pose, geometry: primitiveOf(geometry), material }];
  const mesh = await meshes.visual(shape, geometry);
  return mesh ? [{ ...pose, geometry: { type: 'mesh', ...mesh }, material }] : [];
}

function primitiveOf(geometry: Exclude<UrdfShape['geometry'], { type: 'mesh' }>): RobotShape['geometry'] {
  if (geometry.type !== 'cylinder') return geometry;
  return { type: 'cylinder', radius: geometry.radius, halfHeight: geometry.length / 2 };
}

function materialOf([red, green, blue, opacity]: readonly number[]): Material {
  const hex = [red, green, blue].map((part) =>
    Math.round(255 * part!)
      .toString(16)
      .padStart(2, '0'),
  );
  const color: Color = `#${hex.join('')}`;
  return opacity === 1 ? { color } : { color, opacity: opacity! };
}

function inertiaOf({ links, joint }: Body, findings: Findings): Pick<RobotLink, 'inertia'> {
  const parts = links.flatMap(({ link, pose }) =>
    link.inertial ? [moveInertia(ownInertia(link.inertial), pose)] : [],
  );
  if (parts.length > 0) return { inertia: toPrincipal(addInertias(parts)) };
  if (!joint) return {};
  const [{ link }] = links as [AttachedLink];
  findings.add(
    'guessed',
    link,
    `has no <inertial>: ${GUESSED.mass} kg and ${GUESSED.moments[0]} kg·m² about each axis are taken.`,
  );
  return { inertia: GUESSED };
}

const ownInertia = ({ mass, inertia, origin }: NonNullable<UrdfLink['inertial']>): Inertia =>
  moveInertia({ mass, centre: [0, 0, 0], matrix: inertia }, poseOf(origin));

function passingOf(
  { joints }: UrdfDescription,
  bodies: readonly Body[],
  { passing }: UrdfOptions,
): Robot['passing'] {
  const bodyOf = new Map(bodies.flatMap((body, i) => body.links.map(({ link }) => [link.name, i] as const)));
  const pairs = [...joints.map(({ parent, child }) => [parent, child] as const), ...passing]
    .map((pair) => pair.map((name) => bodyOf.get(name) ?? 0).toSorted((a, b) => a - b) as [number, number])
    .filter(([first, second]) => first !== second);
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];
}

const touchesByCapsules = ({ name }: UrdfLink, { capsules }: UrdfOptions): boolean =>
  capsules.includes('*') || capsules.includes(name);

/** Refuses options that name links which are not there. */
function checkNames(
  { links, line, label }: UrdfDescription,
  option: string,
  given: readonly string[],
  findings: Findings,
): void {
  const names = links.map(({ name }) => name);
  for (const name of given)
    if (name !== '*' && !names.includes(name))
      findings.refuse(
        { line, label },
        `the option "${option}" names "${name}", which is no link of it.${suggestion(name, names)}`,
      );
}

function noteHulls({ links, line, label }: UrdfDescription, options: UrdfOptions, findings: Findings): void {
  const meshes = links
    .filter((link) => !touchesByCapsules(link, options))
    .flatMap(({ collisions }) => collisions)
    .filter(({ geometry }) => geometry.type === 'mesh');
  if (meshes.length === 0) return;
  const text = `${meshes.length} collision meshes touch by their convex hulls: hollows of theirs are filled.`;
  findings.add('limited', { line, label }, text);
}

/** The rules for how an environment says that it looks: names, references, and shapes that can be drawn. */
import type { Appearance, Color, Geometry, Material, Quaternion, Shape, Vector3 } from '../appearance.ts';
import type { Findings } from './problems.ts';

/** How far the length of a rotation or of an axis may be from 1. */
const UNIT_TOLERANCE = 1e-3;

/** @returns whether the rows of `draw` can be judged by what it says */
export function checkAppearance(appearance: Appearance, findings: Findings): boolean {
  const wrong = (where: string, text: string): void =>
    findings.add('appearance', () => `In view.appearance, ${where} ${text}`, { group: `${where} ${text}` });
  const { bodies, fixed, cameras } = appearance;
  if (![bodies, fixed, cameras].every(Array.isArray) || cameras.length === 0) {
    wrong('bodies, fixed or cameras', 'is no list; all three are needed, and one camera at least.');
    return false;
  }
  checkNames(appearance, wrong);
  checkReferences(appearance, wrong);
  checkShapes(appearance, wrong);
  checkPlaces(appearance, wrong);
  return true;
}

/** @param where what is wrong @param text how, and what to do */
type Wrong = (where: string, text: string) => void;

function checkNames(
  { bodies, arrows = [], fields = [], joints = [], cameras, signals = [], readouts = [] }: Appearance,
  wrong: Wrong,
): void {
  const known = signals.map((name) => ({ name }));
  const named = { bodies, arrows, fields, joints, cameras, readouts, signals: known };
  for (const [list, entries] of Object.entries(named)) {
    const names = entries.map(({ name }) => name);
    if (names.includes('')) wrong(list, 'have one without a name; plots and recordings go by names.');
    const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
    if (twice !== undefined) wrong(list, `have two called "${twice}"; give each a name of its own.`);
  }
}

function checkReferences(
  { bodies, fixed, signals = [], joints = [], cameras, readouts = [] }: Appearance,
  wrong: Wrong,
): void {
  const known = bodies.map(({ name }) => name);
  const list = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');
  const needBody = (where: string, name: string | undefined): void => {
    if (name === undefined || known.includes(name)) return;
    wrong(where, `refers to a body "${name}"; there are: ${list(known)}.`);
  };
  for (const { name, body } of joints) needBody(`joint "${name}"`, body);
  for (const { name, follow } of cameras) needBody(`camera "${name}"`, follow);
  const needSignal = (where: string, signal: string | undefined): void => {
    if (signal === undefined || signals.includes(signal)) return;
    wrong(
      where,
      `refers to a signal "${signal}"; there are: ${list(signals)}. Add it to signals, and write it in draw.`,
    );
  };
  for (const { where, shape } of shapesOf({ bodies, fixed })) {
    needSignal(where, shape.spin?.signal);
    needSignal(where, shape.glow?.signal);
  }
  for (const { name, signal, unit, words } of readouts) {
    needSignal(`read-out "${name}"`, signal);
    if (words && unit !== undefined)
      wrong(`read-out "${name}"`, 'has words and a unit; a number has a unit, and words stand alone.');
  }
}

function checkShapes({ bodies, fixed, arrows = [] }: Appearance, wrong: Wrong): void {
  for (const { where, shape } of shapesOf({ bodies, fixed })) {
    checkPlaced(where, shape, wrong);
    checkMaterial(where, shape.material, wrong);
    if (shape.glow) checkColor(where, shape.glow.color, wrong);
  }
  for (const { name, colliders = [], trail } of bodies) {
    colliders.forEach((collider, i) => {
      checkPlaced(`collider ${i} of "${name}"`, collider, wrong);
    });
    if (trail) checkColor(`the trail of "${name}"`, trail.color, wrong);
  }
  for (const { name, color } of arrows) checkColor(`arrow "${name}"`, color, wrong);
}

function checkPlaces(appearance: Appearance, wrong: Wrong): void {
  const { bodies, joints = [], cameras, extent, arrows = [] } = appearance;
  if (!(extent > 0)) wrong('extent', `is ${extent}; it must be the edge of a scene's square, m.`);
  for (const { name, axis } of joints)
    if (!isUnit(axis)) wrong(`joint "${name}"`, `has the axis (${axis}); its length must be 1.`);
  for (const { name, mass } of bodies)
    if (mass !== undefined && !(mass > 0))
      wrong(`body "${name}"`, `has a mass of ${mass} kg; leave it out of one that cannot be pushed.`);
  for (const { name, scale } of arrows)
    if (!(scale > 0))
      wrong(`arrow "${name}"`, `has the scale ${scale}; it must be a length for each unit, m.`);
  for (const { name, position, target } of cameras)
    if (position.every((at, i) => at === target[i]))
      wrong(`camera "${name}"`, 'looks at where it stands; move one of the two.');
}

function shapesOf({
  bodies,
  fixed,
}: Pick<Appearance, 'bodies' | 'fixed'>): { where: string; shape: Shape }[] {
  return [
    ...fixed.map((shape, i) => ({ where: `fixed shape ${i}`, shape })),
    ...bodies.flatMap(({ name, shapes }) =>
      shapes.map((shape, i) => ({ where: `shape ${i} of "${name}"`, shape })),
    ),
  ];
}

interface Placed {
  readonly geometry: Geometry;
  readonly position?: Vector3;
  readonly rotation?: Quaternion;
}

function checkPlaced(where: string, { geometry, position, rotation }: Placed, wrong: Wrong): void {
  const fault = geometryFault(geometry);
  if (fault) wrong(where, fault);
  if (position && !position.every(Number.isFinite)) wrong(where, `has the position (${position}).`);
  if (rotation && !isUnit(rotation))
    wrong(where, `has the rotation (${rotation}); a quaternion x, y, z, w of length 1 is needed.`);
}

/** @returns what cannot be drawn of it; undefined for nothing */
function geometryFault(geometry: Geometry): string | undefined {
  if (geometry.type === 'mesh') {
    const { vertices, triangles } = geometry;
    const count = vertices.length / 3;
    if (!Number.isInteger(count) || !Number.isInteger(triangles.length / 3) || triangles.length === 0)
      return 'is a mesh whose vertices or triangles do not come in threes.';
    const beyond = triangles.find((vertex) => !(vertex >= 0 && vertex < count));
    return beyond === undefined
      ? undefined
      : `is a mesh of ${count} vertices, and a triangle refers to ${beyond}.`;
  }
  if (geometry.type === 'line')
    return geometry.points.length < 2 ? 'is a line of less than two points.' : undefined;
  const sizes = lengthsOf(geometry);
  return sizes.every((size) => size > 0 && Number.isFinite(size))
    ? undefined
    : `is a ${geometry.type} of ${sizes.join(' × ')} m; every length must be positive.`;
}

function lengthsOf(geometry: Exclude<Geometry, { type: 'line' | 'mesh' }>): readonly number[] {
  switch (geometry.type) {
    case 'box':
      return geometry.size;
    case 'sphere':
      return [geometry.radius];
    case 'cylinder':
    case 'capsule':
      return [geometry.radius, geometry.halfHeight];
    case 'ring':
      return [geometry.radius, geometry.thickness];
  }
}

function checkMaterial(where: string, { color, ...parts }: Material, wrong: Wrong): void {
  checkColor(where, color, wrong);
  for (const [name, value] of Object.entries(parts))
    if (!(value >= 0 && value <= 1)) wrong(where, `has the ${name} ${value}; it goes from 0 to 1.`);
}

function checkColor(where: string, color: Color, wrong: Wrong): void {
  if (!/^#[0-9a-f]{6}$/i.test(color)) wrong(where, `has the color ${color}; it must look like #f26b3a.`);
}

const isUnit = (vector: Vector3 | Quaternion): boolean =>
  Math.abs(Math.hypot(...vector) - 1) < UNIT_TOLERANCE;

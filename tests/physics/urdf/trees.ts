/** Random robots as descriptions, and the text that says the same. */
import fc from 'fast-check';
import type {
  UrdfDescription,
  UrdfGeometry,
  UrdfJoint,
  UrdfLink,
  UrdfOrigin,
  UrdfShape,
} from '../../../src/physics/urdf/description.ts';
import { product, rotation, transposed } from './matrices.ts';

const PLACE = { line: 0, label: '' };

// There is no −0 in what is compared: as text it is 0.
const real = (low: number, high: number) =>
  fc.double({ min: low, max: high, noNaN: true }).map((value) => value + 0);
const vector = (low: number, high: number) => fc.tuple(real(low, high), real(low, high), real(low, high));

const origins: fc.Arbitrary<UrdfOrigin> = fc.record({ xyz: vector(-1, 1), rpy: vector(-3, 3) });

const geometries: fc.Arbitrary<UrdfGeometry> = fc.oneof(
  fc.record({ type: fc.constant('box' as const), size: vector(0.01, 1) }),
  fc.record({ type: fc.constant('sphere' as const), radius: real(0.01, 1) }),
  fc.record({ type: fc.constant('cylinder' as const), radius: real(0.01, 1), length: real(0.01, 1) }),
);

const shapes: fc.Arbitrary<UrdfShape> = fc.record({
  origin: origins,
  geometry: geometries,
  line: fc.constant(0),
  label: fc.constant(''),
});

/** Of a body that can be: the moments are sums of two of three spreads, seen along other axes. */
const inertias = fc
  .record({ spread: vector(0.01, 1), axis: vector(0.1, 1), angle: real(-3, 3) })
  .map(({ spread: [a, b, c], axis, angle }) => {
    const turn = rotation(
      axis.map((part) => part / Math.hypot(...axis)),
      angle,
    );
    const moments = [b + c, a + c, a + b, 0].map((moment, i) =>
      [0, 1, 2, 3].map((j) => (i === j ? moment : 0)),
    );
    const m = product(turn, moments, transposed(turn));
    return [m[0]![0]!, m[0]![1]!, m[0]![2]!, m[1]![1]!, m[1]![2]!, m[2]![2]!];
  });

const inertials = fc.record({ origin: origins, mass: real(0.01, 5), inertia: inertias }).map((inertial) => ({
  ...inertial,
  ...PLACE,
}));

const links = fc.record({
  inertial: inertials,
  visuals: fc.array(shapes, { maxLength: 2 }),
  collisions: fc.array(shapes, { maxLength: 2 }),
});

const joints = fc.record({
  type: fc.constantFrom('revolute' as const, 'continuous' as const, 'prismatic' as const, 'fixed' as const),
  parent: fc.nat(),
  origin: origins,
  axis: vector(0.1, 1),
  limit: fc.record({ lower: real(-2, 0), upper: real(0.1, 2), effort: real(0, 10), velocity: real(0, 10) }),
  dynamics: fc.record({ damping: real(0, 1), friction: real(0, 1) }),
});

/** One tree of links that all weigh something. Names are numbers, as in files that tempt loaders to sort them. */
export const trees: fc.Arbitrary<UrdfDescription> = fc
  .tuple(links, fc.array(fc.tuple(joints, links), { minLength: 1, maxLength: 8 }))
  .map(([base, rest]) => ({
    ...PLACE,
    name: 'random',
    links: [base, ...rest.map(([, link]) => link)].map(
      (link, i): UrdfLink => ({ ...PLACE, name: nameOf(i, rest.length), ...link }),
    ),
    joints: rest.map(([{ type, parent, origin, axis, limit, dynamics }], i): UrdfJoint => {
      const joint = {
        ...PLACE,
        name: nameOf(i, rest.length),
        parent: nameOf(parent % (i + 1), rest.length),
        child: nameOf(i + 1, rest.length),
        origin,
      };
      if (type === 'fixed') return { ...joint, type, axis: [1, 0, 0] };
      return { ...joint, type, axis, limit: { ...PLACE, ...limit }, dynamics };
    }),
  }));

const nameOf = (i: number, last: number): string => String(last - i);

/** A URDF file that says the same. */
export const print = ({ name, links, joints }: UrdfDescription): string =>
  `<robot name="${name}">\n${links.map(printLink).join('\n')}\n${joints.map(printJoint).join('\n')}\n</robot>`;

const printLink = ({ name, inertial, visuals, collisions }: UrdfLink): string =>
  `<link name="${name}">${inertial ? printInertial(inertial) : ''}
  ${visuals.map((shape) => `<visual>${printShape(shape)}</visual>`).join('')}
  ${collisions.map((shape) => `<collision>${printShape(shape)}</collision>`).join('')}</link>`;

function printInertial({ origin, mass, inertia }: NonNullable<UrdfLink['inertial']>): string {
  const names = ['ixx', 'ixy', 'ixz', 'iyy', 'iyz', 'izz'];
  const matrix = names.map((name, i) => `${name}="${inertia[i]}"`).join(' ');
  return `<inertial>${printOrigin(origin)}<mass value="${mass}"/><inertia ${matrix}/></inertial>`;
}

const printShape = ({ origin, geometry }: UrdfShape): string =>
  `${printOrigin(origin)}<geometry>${printGeometry(geometry)}</geometry>`;

const printOrigin = ({ xyz, rpy }: UrdfOrigin): string =>
  `<origin xyz="${xyz.join(' ')}" rpy="${rpy.join(' ')}"/>`;

function printGeometry({ type, ...values }: UrdfGeometry): string {
  const attributes = Object.entries(values).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(' ') : value;
    return `${name}="${text}"`;
  });
  return `<${type} ${attributes.join(' ')}/>`;
}

function printJoint({ name, type, parent, child, origin, axis, limit, dynamics }: UrdfJoint): string {
  const parts = [`<parent link="${parent}"/><child link="${child}"/>`, printOrigin(origin)];
  if (type !== 'fixed') parts.push(`<axis xyz="${axis.join(' ')}"/>`);
  if (limit) {
    const { lower, upper, effort, velocity } = limit;
    parts.push(`<limit lower="${lower}" upper="${upper}" effort="${effort}" velocity="${velocity}"/>`);
  }
  if (dynamics) parts.push(`<dynamics damping="${dynamics.damping}" friction="${dynamics.friction}"/>`);
  return `<joint name="${name}" type="${type}">${parts.join('')}</joint>`;
}

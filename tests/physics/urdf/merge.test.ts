/** What fixed joints hold together is one, and weighs the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UrdfDescription } from '../../../src/physics/urdf/description.ts';
import { checkInertia } from '../../../src/physics/urdf/inertia.ts';
import { compose } from '../../../src/physics/urdf/pose.ts';
import { poseRobot, type Robot } from '../../../src/physics/urdf/robot.ts';
import { accepted, readText, readTwoFinger } from './files.ts';
import { IDENTITY, type Matrix, originMatrix, poseMatrix, product, transposed } from './matrices.ts';
import { print, trees } from './trees.ts';

/** A rigid part: mass, the frame of its centre, and the inertia along the axes of that. */
interface Part {
  readonly mass: number;
  readonly frame: Matrix;
  readonly inertia: Matrix;
}

const rotationOf = (m: Matrix): Matrix => m.slice(0, 3).map((row) => row.slice(0, 3));

/** Mass, first moments and second moments about the origin: what simply adds up. */
function total(parts: readonly Part[]): number[] {
  return parts
    .map(({ mass, frame, inertia }) => {
      const turn = rotationOf(frame);
      const own = product(turn, inertia, transposed(turn));
      const c = frame.slice(0, 3).map((row) => row[3]!);
      const square = c.reduce((sum, x) => sum + x * x, 0);
      const about = own.flatMap((row, i) =>
        row.map((value, j) => value + mass * ((i === j ? square : 0) - c[i]! * c[j]!)),
      );
      return [mass, ...c.map((x) => mass * x), ...about];
    })
    .reduce((a, b) => a.map((value, i) => value + b[i]!));
}

/** At position 0, by matrices alone. */
function partsOfFile({ links, joints }: UrdfDescription): Part[] {
  const frames = new Map<string, Matrix>([[links[0]!.name, IDENTITY]]);
  for (const { parent, child, origin } of joints)
    frames.set(child, product(frames.get(parent)!, originMatrix(origin)));
  return links.map(({ name, inertial }) => {
    const [xx, xy, xz, yy, yz, zz] = inertial!.inertia as [number, number, number, number, number, number];
    return {
      mass: inertial!.mass,
      frame: product(frames.get(name)!, originMatrix(inertial!.origin)),
      inertia: [
        [xx, xy, xz],
        [xy, yy, yz],
        [xz, yz, zz],
      ],
    };
  });
}

function partsOfRobot(robot: Robot): Part[] {
  const poses = poseRobot(robot, new Float64Array(robot.joints.length));
  return robot.links.map(({ inertia }, i) => {
    const { mass, centre, rotation, moments } = inertia!;
    return {
      mass,
      frame: poseMatrix(compose(poses[i]!, { position: centre, rotation })),
      inertia: moments.map((moment, k) => [0, 1, 2].map((j) => (j === k ? moment : 0))),
    };
  });
}

describe('merging what fixed joints hold', () => {
  it('keeps mass, centre of mass and inertia of the whole', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const robot = accepted(await readText(print(tree)));
        expect(robot.joints).toHaveLength(tree.joints.filter(({ type }) => type !== 'fixed').length);
        const expected = total(partsOfFile(tree));
        total(partsOfRobot(robot)).forEach((value, i) => {
          expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-9);
        });
      }),
    );
  });

  it('merges a chain of fixed links into the base, by hand', async () => {
    const { robot, findings } = await readTwoFinger();
    const { inertia, frames } = robot!.links[0]!;
    // The palm is turned by 0.5 rad about z and lifted by 50 mm; the camera hangs on it by two brackets.
    const palm = originMatrix({ xyz: [0, 0, 0.05], rpy: [0, 0, 0.5] });
    const camera = product(
      palm,
      originMatrix({ xyz: [0.02, 0, 0.01], rpy: [0.1, 0.2, 0.3] }),
      originMatrix({ xyz: [0, 0, 0.02], rpy: [-0.4, 0, 0] }),
    );
    const centre = product(palm, originMatrix({ xyz: [0.01, 0.02, 0.03], rpy: [0, 0, 0] }));
    expect(inertia!.mass).toBeCloseTo(0.23, 12);
    for (let axis = 0; axis < 3; axis++) {
      const mean = (0.2 * centre[axis]![3]! + 0.03 * camera[axis]![3]!) / 0.23;
      expect(inertia!.centre[axis]).toBeCloseTo(mean, 12);
      expect(frames[2]!.position[axis]).toBeCloseTo(camera[axis]![3]!, 12);
    }
    const merged = findings
      .filter(({ kind }) => kind === 'merged')
      .map(({ label, text }) => `${label} ${text}`);
    expect(merged).toEqual([
      '<link "wrist"> is one with what fixed joints hold on it: palm, bracket, camera.',
      '<link "index_distal"> is one with what fixed joints hold on it: index_tip.',
    ]);
  });

  it('lets links with a joint between them pass, under the names of what they are merged into', async () => {
    const { robot } = await readTwoFinger({ passing: [['camera', 'index_tip']] });
    expect(robot!.passing).toEqual([
      [0, 1],
      [1, 2],
      [0, 3],
      [0, 4],
      [4, 5],
      [0, 2],
    ]);
  });
});

describe('matrices of inertia', () => {
  it('accepts what bodies can have, and no other', () => {
    expect(checkInertia([1, 0, 0, 1, 0, 2])).toBeUndefined();
    expect(checkInertia([1, 0, 0, 1, 0, 2.1])).toContain('the greatest is more than the other two together');
    expect(checkInertia([1, 0, 0, 1, 0, 0])).toContain('not positive');
    // Its entries are all positive, and its least moment is 1 − 1.5.
    expect(checkInertia([1, 1.5, 0, 1, 0, 2])).toContain(
      'not positive: its principal moments are -0.500, 2.00, 2.50',
    );
  });
});

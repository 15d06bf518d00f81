/** Where links are, against another library and against plain matrices. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compose, type Pose } from '../../../src/physics/urdf/pose.ts';
import { followMimics, poseRobot, type Robot } from '../../../src/physics/urdf/robot.ts';
import { accepted, readText, readTwoFinger, robotOf } from './files.ts';
import {
  difference,
  type Matrix,
  originMatrix,
  poseMatrix,
  product,
  rotation,
  translation,
} from './matrices.ts';

interface Golden {
  readonly postures: readonly {
    readonly positions: Readonly<Record<string, number>>;
    /** The upper three rows of each. */
    readonly links: Readonly<Record<string, Matrix>>;
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../../golden/urdf.json', import.meta.url), 'utf8'));

function positionsOf(robot: Robot, named: Readonly<Record<string, number>>): Float64Array {
  const positions = Float64Array.from(robot.joints, ({ name }) => named[name] ?? 0);
  followMimics(robot, positions);
  return positions;
}

/** Of every link of the file, those that were merged too. */
function framesOf(robot: Robot, positions: Float64Array): Map<string, Pose> {
  const poses = poseRobot(robot, positions);
  return new Map(
    robot.links.flatMap(({ name, frames }, i) => [
      [name, poses[i]!] as const,
      ...frames.map((frame) => [frame.name, compose(poses[i]!, frame)] as const),
    ]),
  );
}

describe('forward kinematics of URDF files', () => {
  it('puts links where yourdfpy puts them: twisted origins, fixed chains, slides, followers', async () => {
    const robot = accepted(await readTwoFinger());
    expect(golden.postures).toHaveLength(20);
    for (const { positions, links } of golden.postures) {
      const frames = framesOf(robot, positionsOf(robot, positions));
      for (const [name, expected] of Object.entries(links)) {
        // The golden numbers have twelve decimals.
        expect(difference(poseMatrix(frames.get(name)!).slice(0, 3), expected), name).toBeLessThan(1e-11);
      }
    }
  });

  it('agrees with matrices multiplied out for a chain of every kind of joint', async () => {
    const robot = accepted(await readTwoFinger());
    const frames = framesOf(robot, positionsOf(robot, { spin: 0.7, slide: 0.02, 10: -0.2, 2: 1.1 }));
    const palm = originMatrix({ xyz: [0, 0, 0.05], rpy: [0, 0, 0.5] });
    const slider = product(
      palm,
      originMatrix({ xyz: [-0.05, 0, 0], rpy: [0, 1, 0] }),
      rotation([0, 1, 0], 0.7),
      originMatrix({ xyz: [0, 0.01, 0], rpy: [0.2, 0.4, -0.6] }),
      translation([0.6 * 0.02, 0, 0.8 * 0.02]),
    );
    const thumb = product(
      palm,
      originMatrix({ xyz: [0.03, 0.03, 0], rpy: [0.7, -0.3, 0.2] }),
      rotation([0.6, 0, -0.8], 1.0585 * 1.1 + 0.2),
    );
    expect(difference(poseMatrix(frames.get('slider')!), slider)).toBeLessThan(1e-14);
    expect(difference(poseMatrix(frames.get('thumb')!), thumb)).toBeLessThan(1e-14);
  });

  it('keeps a turn of the origin about the axis of the joint', async () => {
    const robot = accepted(await readTwoFinger());
    const tip = framesOf(robot, positionsOf(robot, { 10: 0, 2: 0 })).get('index_tip')!;
    // A quarter turn in the palm, which is itself turned by half a radian.
    const along = poseMatrix(tip).map((row) => row[0]!);
    expect(along[0]).toBeCloseTo(Math.cos(0.5 + Math.PI / 2) * Math.cos(0.25), 12);
    expect(along[1]).toBeCloseTo(Math.sin(0.5 + Math.PI / 2) * Math.cos(0.25), 12);
  });

  it('follows along several joints to the one that is free', async () => {
    const follower = (name: string, rest: string) =>
      `<joint name="${name}" type="revolute"><parent link="base"/><child link="${name} link"/>
       <limit lower="-9" upper="9" effort="1" velocity="1"/>${rest}</joint><link name="${name} link"/>`;
    const text = robotOf(
      '<link name="base"/>',
      follower('c', '<mimic joint="b" multiplier="3" offset="0.5"/>'),
      follower('b', '<mimic joint="a" multiplier="-2" offset="0.1"/>'),
      follower('a', ''),
    );
    const robot = accepted(await readText(text));
    const positions = Float64Array.of(0, 0, 0.4);
    followMimics(robot, positions);
    expect(robot.joints[0]!.mimic!.joint).toBe(2);
    expect(positions[1]).toBeCloseTo(-2 * 0.4 + 0.1, 12);
    expect(positions[0]).toBeCloseTo(3 * (-2 * 0.4 + 0.1) + 0.5, 12);
  });
});

/** Robots of URDF files in the engine: where they stand, what they weigh, what they touch, and what follows what. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.ts';
import type { ArticulationFleet } from '../../../src/physics/articulation-fleet.ts';
import { SceneWorlds } from '../../../src/physics/scene-worlds.ts';
import {
  aimFollowers,
  articulationOf,
  leftOut,
  type MotorGains,
} from '../../../src/physics/urdf/articulation.ts';
import { followMimics, poseRobot, type Robot, restOf } from '../../../src/physics/urdf/robot.ts';
import { accepted, hinge, readText, readTwoFinger, robotOf } from './files.ts';

const TIMESTEP = 0.0025;

function simulate(robot: Robot, gains?: Partial<MotorGains>) {
  const worlds = new SceneWorlds({ scenes: 1, timestep: TIMESTEP, lengthUnit: 0.05, contactFrequency: 480 });
  const fleet = worlds.addArticulation(articulationOf(robot, gains), {});
  const step = (count: number): void => {
    for (let i = 0; i < count; i++) {
      aimFollowers(robot, fleet, 0);
      fleet.push(0);
      worlds.step(0);
      fleet.pull(0);
    }
  };
  return { worlds, fleet, step };
}

function stand(fleet: ArticulationFleet, worlds: SceneWorlds, positions: ArrayLike<number>): void {
  fleet.angle.set(Array.from(positions));
  worlds.build(0);
}

describe('a robot of a URDF file in the engine', () => {
  it('stands where forward kinematics says, built so or driven there, at 20 random postures', async () => {
    const robot = accepted(await readTwoFinger());
    const rng = createRng(1);
    const expectPosture = (fleet: ArticulationFleet): void => {
      poseRobot(robot, fleet.angle)
        .slice(1)
        .forEach(({ position, rotation }, i) => {
          position.forEach((value, axis) => {
            expect(fleet.linkPosition[3 * i + axis]).toBeCloseTo(value, 5);
          });
          const cosine = rotation.reduce((sum, part, k) => sum + part * fleet.linkRotation[4 * i + k]!, 0);
          expect(Math.abs(cosine)).toBeCloseTo(1, 6);
        });
    };
    const { worlds, fleet, step } = simulate(robot);
    for (let i = 0; i < 20; i++) {
      const positions = Float64Array.from(robot.joints, ({ range: [low, high] }) =>
        rng.uniform(Math.max(low, -3), Math.min(high, 3)),
      );
      followMimics(robot, positions);
      stand(fleet, worlds, positions);
      positions.forEach((value, joint) => {
        expect(fleet.angle[joint]).toBeCloseTo(value, 6);
      });
      expectPosture(fleet);
      fleet.target.set(robot.joints.map(restOf));
      step(40);
      expectPosture(fleet);
    }
    worlds.free();
  });

  it('hangs in its motor by gravity over stiffness, about its centre of mass', async () => {
    // An arm along x that turns about y; its centre is 0.1 m along it and 0.03 m above.
    const text = robotOf(
      '<link name="base"/>',
      '<joint name="hinge" type="revolute"><parent link="base"/><child link="arm"/><axis xyz="0 1 0"/>',
      '<limit lower="-1" upper="1" effort="9" velocity="9"/></joint>',
      '<link name="arm"><inertial><origin xyz="0.1 0 0.03"/><mass value="0.5"/>',
      '<inertia ixx="1e-3" ixy="0" ixz="0" iyy="1e-3" iyz="0" izz="1e-3"/></inertial></link>',
    );
    const { worlds, fleet, step } = simulate(accepted(await readText(text)), {
      stiffness: 5,
      followerStiffness: 5,
    });
    step(1200);
    // A positive angle about y lowers the arm, so gravity turns it by m g (x cos q + z sin q).
    const angle = fleet.angle[0]!;
    expect(5 * angle).toBeCloseTo(0.5 * 9.81 * (0.1 * Math.cos(angle) + 0.03 * Math.sin(angle)), 4);
    worlds.free();
  });

  it('takes the inertia along its own axes, however they are turned', async () => {
    // Turned by 0.7 rad about x, the moment about y is 2 cos² 0.7 + 1 sin² 0.7.
    const moments = { x: 1.5, y: 2, z: 1 };
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const text = robotOf(
      '<link name="base"/>',
      '<joint name="hinge" type="revolute"><parent link="base"/><child link="arm"/><origin rpy="0 0 0.4"/>',
      '<axis xyz="0 1 0"/><limit lower="-1" upper="1" effort="9" velocity="9"/></joint>',
      '<link name="arm"><inertial><origin xyz="0.2 0.1 0" rpy="0.7 0 0"/><mass value="3"/>',
      `<inertia ixx="${moments.x}" ixy="0" ixz="0" iyy="${moments.y}" iyz="0" izz="${moments.z}"/></inertial></link>`,
    );
    const { worlds, fleet, step } = simulate(accepted(await readText(text)), {
      stiffness: 0,
      followerStiffness: 0,
    });
    const about = moments.y * c * c + moments.z * s * s + 3 * 0.2 ** 2;
    const steps = 40;
    step(steps);
    // From rest, torque m g x against inertia and the engine's damping d: q = (T/d)(t − (I/d)(1 − exp(−d t/I))).
    const [torque, damping, time] = [3 * 9.81 * 0.2, 0.1, steps * TIMESTEP];
    const lag = about / damping;
    const angle = (torque / damping) * (time - lag * (1 - Math.exp(-time / lag)));
    // Steps of 2.5 ms make it larger by one part in 40; with the axes not turned it would be 20 % less.
    expect(fleet.angle[0]! / angle).toBeGreaterThan(0.99);
    expect(fleet.angle[0]! / angle).toBeLessThan(1.04);
    worlds.free();
  });

  it('follows another joint, as measured', async () => {
    const robot = accepted(await readTwoFinger());
    const { worlds, fleet, step } = simulate(robot);
    stand(fleet, worlds, [0, 0, 0.2, 0]);
    fleet.target.set([0, 1, 0, 0]);
    step(800);
    expect(fleet.angle[1]).toBeCloseTo(1, 2);
    // What it lags behind by is what holds its 20 g: far less than the 0.2 rad between stiffness and none.
    expect(fleet.angle[2]).toBeCloseTo(1.0585 * fleet.angle[1]! + 0.2, 2);
    worlds.free();
  });

  it('touches by the hulls of its meshes', async () => {
    // A wedge of 10 mm times 20 mm on the arm, flat side down, above a table.
    const corners = 'v 0 -0.005 0\nv 0 0.005 0\nv 0 0 0.01\nv 0.02 -0.005 0\nv 0.02 0.005 0\nv 0.02 0 0.01\n';
    const wedge = `${corners}f 1 3 2\nf 4 5 6\nf 1 2 5 4\nf 2 3 6 5\nf 1 4 6 3\n`;
    const inertial =
      '<inertial><mass value="0.1"/><inertia ixx="1e-4" ixy="0" ixz="0" iyy="1e-4" iyz="0" izz="1e-4"/></inertial>';
    const link = `${inertial}<collision><origin xyz="0.1 0 0"/><geometry><mesh filename="w.obj"/></geometry></collision>`;
    const text = hinge({ link }).replace('xyz="0 0 1"', 'xyz="0 1 0"');
    const robot = accepted(await readText(text, {}, { 'robots/w.obj': wedge }));
    const { worlds, fleet, step } = simulate(robot, { stiffness: 5, followerStiffness: 5 });
    const table = worlds.addBodies({ solids: [{ geometry: { type: 'box', size: [1, 1, 0.02] } }] });
    table.fleet.position.set([0, 0, -0.02]);
    worlds.build(0);
    fleet.target[0] = 0.3;
    step(400);
    // The top of the table is 10 mm below; the far lower edge is 120 mm out.
    expect(fleet.angle[0]).toBeGreaterThan(0.06);
    expect(0.12 * Math.sin(fleet.angle[0]!)).toBeLessThan(0.012);
    expect(worlds.contacts.force.reduce((sum, force) => sum + force, 0)).toBeGreaterThan(1);
    worlds.free();
  });

  it('says what it leaves out', async () => {
    const robot = accepted(await readTwoFinger({ passing: [['thumb', 'index_distal']] }));
    expect(leftOut(robot)).toEqual(['index_distal and thumb do not pass through each other.']);
  });
});

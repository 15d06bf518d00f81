/** The driven ray in the lattice-Boltzmann stream: its forces, its offset, and going on from a snapshot. */
import { beforeAll, describe, expect, test } from 'vitest';
import { FinRayFlowFleet } from '../../robots/fin-ray/flow-fleet.ts';
import { finRay } from '../../robots/fin-ray/index.ts';
import { freeAngle } from '../../robots/fin-ray/offset.ts';
import { finRayInFlow, RayInFlow, trainingGrid } from '../../robots/fin-ray/ray-in-flow.ts';
import { unpackBytes } from '../../src/core/bytes.ts';
import { ConfigurationError } from '../../src/core/errors.ts';

const atRest = { heave: 0, heaveRate: 0, pitch: 0, pitchRate: 0, offset: 0, offsetRate: 0 };

describe('heaving by 0.15 L at 1 U/L', () => {
  /** Means of two periods from a soft start. */
  function heave(openTip: number) {
    const ray = new RayInFlow(finRayInFlow, { ...trainingGrid, openTip, smagorinsky: 0 });
    const { timestep } = ray;
    const omega = 2 * Math.PI;
    let [thrust, power, dissipation, high, low] = [0, 0, 0, -1, 1];
    const steps = Math.round(2 / timestep);
    for (let step = 1; step <= steps; step++) {
      const time = step * timestep;
      const rest = Math.exp(-2 * time * time);
      const [s, c] = [Math.sin(omega * time), Math.cos(omega * time)];
      const made = ray.advance({
        ...atRest,
        heave: 0.15 * (1 - rest) * s,
        heaveRate: 0.15 * (4 * time * rest * s + (1 - rest) * omega * c),
      });
      thrust += made.thrust / steps;
      power += made.fluidPower / steps;
      dissipation += made.dissipation / steps;
      [high, low] = [Math.max(high, ray.tipHeight), Math.min(low, ray.tipHeight)];
    }
    return { thrust, power, dissipation, tip: (high - low) / 2 };
  }

  test('with a closed tip is what an independent program in double precision gave; an open one has less drag', () => {
    const { thrust, power, dissipation, tip } = heave(0);
    expect(Math.abs(thrust + 0.06299)).toBeLessThan(0.001);
    expect(Math.abs(power / 0.9911 - 1)).toBeLessThan(0.002);
    expect(Math.abs(tip / 0.3012 - 1)).toBeLessThan(0.002);
    expect(dissipation).toBeGreaterThan(0);
    expect(dissipation).toBeLessThan(0.01 * power);
    const open = heave(trainingGrid.openTip);
    expect(open.thrust - thrust).toBeGreaterThan(0.08);
    expect(open.tip / tip).toBeCloseTo(0.9, 1);
  });
});

test('an offset bends a stiff ray as its free shape says, and gives the power that bends it', () => {
  // So stiff that the flow hardly bends it back.
  const ray = new RayInFlow({ ...finRayInFlow, bendingStiffness: 100 });
  const [offset, duration] = [0.3, 0.3];
  const steps = Math.round(duration / ray.timestep);
  let offsetPower = 0;
  for (let step = 1; step <= 2 * steps; step++) {
    const moving = step <= steps;
    const offsetRate = moving ? offset / duration : 0;
    const at = moving ? (offset * step) / steps : offset;
    offsetPower += ray.advance({ ...atRest, offset: at, offsetRate }).offsetPower * ray.timestep;
  }
  let [height, slices] = [0, 1000];
  for (let i = 0; i < slices; i++) {
    height += Math.sin(offset * freeAngle((i + 0.5) / slices, finRayInFlow.offsetDecay)) / slices;
  }
  expect(ray.tipHeight / height).toBeCloseTo(1, 1);
  expect(Math.abs(ray.tipHeight / height - 1)).toBeLessThan(0.03);
  // It pushes fluid aside.
  expect(offsetPower).toBeGreaterThan(0);
});

describe('a fleet', () => {
  const STEPS = 32;
  let fleet: FinRayFlowFleet;
  const commands = new Float64Array(6);
  beforeAll(() => {
    fleet = new FinRayFlowFleet(2, { settlingTime: 0.2 });
  });

  /** Control steps from `from`, each its own commands. */
  function swim(from: number, to: number): number[] {
    const told: number[] = [];
    for (let step = from; step < to; step++) {
      for (let i = 0; i < commands.length; i++) commands[i] = 1.2 * Math.sin(0.7 * step + i);
      fleet.swim(commands, STEPS);
      told.push(...Object.values(fleet.means).flatMap((values: Float64Array) => [...values]));
      told.push(...fleet.joints.angle, ...fleet.chains.position);
    }
    return told;
  }

  test('has a control step of 0.05 L/U in 32 steps, and starts straight', () => {
    expect(STEPS * fleet.timestep).toBeCloseTo(0.05, 12);
    fleet.clear();
    expect(Math.max(...fleet.joints.angle.map(Math.abs))).toBe(0);
    expect(fleet.chains.position[2 * 7]).toBeCloseTo(7.5 / 8, 6);
  });

  test('starts again the same, to the bit', () => {
    fleet.clear();
    const first = swim(0, 3);
    fleet.place(0);
    fleet.place(1);
    expect(swim(0, 3)).toEqual(first);
  });

  test('goes on from a snapshot to the bit', () => {
    fleet.clear();
    fleet.stream[1] = 1.02;
    swim(0, 3);
    const snapshot = fleet.snapshot();
    const arrays = fleet.state.map((array) => array.slice());
    const straight = swim(3, 6);
    fleet.clear();
    swim(0, 1);
    fleet.restore(snapshot);
    for (const [i, array] of fleet.state.entries()) array.set(arrays[i]!);
    expect(swim(3, 6)).toEqual(straight);
    expect(unpackBytes(snapshot)).toHaveLength(2);
  });

  test('rays do not feel each other, but their stream, their actuators and where they start', () => {
    fleet.clear();
    fleet.place(1, [0.02, 0, 0, 0, 0, 0, 0, 0]);
    expect(fleet.joints.angle[8]).toBeCloseTo(0.02, 6);
    commands.fill(0);
    commands[0] = 1;
    fleet.swim(commands, STEPS);
    const moved = fleet.actuators.position[0]!;
    expect(moved).toBeGreaterThan(0.01);
    expect(fleet.chains.base[1]).toBe(moved);
    expect(fleet.actuators.position[3]).toBe(0);
    expect(fleet.means.power[0]).toBeGreaterThan(0);
    expect(fleet.tipHeight(1)).toBeGreaterThan(0.001);
  });

  test('a ray that moves against the fluid is pushed the other way, and a straight one has the drag of a plate', () => {
    fleet.clear();
    commands.fill(0);
    for (let step = 0; step < 10; step++) fleet.swim(commands, STEPS);
    // 1.328/√200 for each side, and what its ends add.
    expect(fleet.means.thrust[0]).toBeLessThan(-0.12);
    expect(fleet.means.thrust[0]).toBeGreaterThan(-0.3);
    expect(Math.abs(fleet.means.sideForce[0]!)).toBeLessThan(0.01);
    commands[0] = 1.5;
    fleet.swim(commands, STEPS);
    expect(fleet.means.sideForce[0]).toBeLessThan(-0.5);
    expect(fleet.means.moment[0]).toBeLessThan(0);
  });

  test('tells a calculation that has failed, of that ray only, until it is placed again', () => {
    fleet.clear();
    commands.fill(0);
    commands[3] = Number.NaN;
    fleet.swim(commands, STEPS);
    expect([...fleet.diverged]).toEqual([0, 1]);
    expect(() => fleet.swim(commands, STEPS)).not.toThrow();
    fleet.place(1);
    commands[3] = 0;
    fleet.swim(commands, STEPS);
    expect([...fleet.diverged]).toEqual([0, 0]);
    expect(fleet.means.thrust[1]).toBeLessThan(0);
  });

  test('refuses the snapshot of another', () => {
    const coarse = { ...trainingGrid, resolution: 16, openTip: 3 };
    const other = new FinRayFlowFleet(2, { grid: coarse, settlingTime: 0 });
    expect(() => fleet.restore(other.snapshot())).toThrow(RangeError);
  });
});

test('grids that do not fit the links, and rays of another span, are refused', () => {
  const create = (resolution: number) => () => new RayInFlow(finRayInFlow, { ...trainingGrid, resolution });
  expect(create(36)).toThrow(ConfigurationError);
  expect(create(36)).toThrow('36 nodes a ray of 8 links');
  expect(() => new RayInFlow(finRay)).toThrow('span 0.5');
});

/** `hand-reorient-cube`: its goals and its spin in closed form, rewards by hand calculation, drops, and faults of the physics. */
import RAPIER from '@dimforge/rapier3d-compat';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrientationGoals, Spin } from '../../../envs/humanoid-hand/cube-goals.ts';
import { handReorientCube } from '../../../envs/humanoid-hand/reorient-cube.ts';
import { packBytes, unpackBytes } from '../../../src/core/bytes.ts';
import type { StepBatch, VectorEnv } from '../../../src/core/env.ts';
import { createRng } from '../../../src/core/rng.ts';
import { aboutAxis, multiply, rotate, type Vector3 } from '../../../src/physics/math.ts';

const TILT = 0.25;
const NORMAL: Vector3 = [Math.sin(TILT), 0, Math.cos(TILT)];
const DT = 1 / 25;

/** One cube that a test turns. */
const cubeAt = (rotation: readonly number[] = [0, 0, 0, 1]) => ({ rotation: Float32Array.from(rotation) });
const turnBy = (cube: { rotation: Float32Array }, axis: Vector3, angle: number): void =>
  multiply(cube.rotation, 0, Float64Array.from(aboutAxis(axis, angle)), 0, cube.rotation, 0);

/** Where rotation `q` has an axis. */
function axisOf(q: Float32Array, axis: Vector3): number[] {
  const out = new Float64Array(3);
  rotate(out, 0, q, 0, Float64Array.from(axis), 0);
  return [...out];
}
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, part, i) => sum + part * b[i]!, 0);
/** Angle between two rotations, rad. */
const angleBetween = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  2 * Math.acos(Math.min(1, Math.abs(dot(Array.from(a), Array.from(b)))));

describe('goals', () => {
  const draw = (kind: 'yaw' | 'faces' | 'any', seed: number, tolerance = 0.4) => {
    const cube = cubeAt(aboutAxis([0, 1, 0], TILT));
    const goals = new OrientationGoals(cube, kind, NORMAL, tolerance);
    goals.start(0, createRng(seed));
    return { cube, goals };
  };
  /** The cube is put where it should be. @returns goals reached */
  const reach = ({ cube, goals }: ReturnType<typeof draw>): number => {
    cube.rotation.set(goals.goal);
    return goals.advance(0);
  };

  test("of yaw turn about the palm's normal, by 45° to 180° from the one before", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const drawn = draw('yaw', seed);
        for (let count = 1; count <= 3; count++) {
          const before = drawn.cube.rotation.slice();
          expect(dot(axisOf(drawn.goals.goal, [0, 0, 1]), NORMAL)).toBeCloseTo(1, 5);
          expect(angleBetween(before, drawn.goals.goal)).toBeGreaterThan(Math.PI / 4 - 1e-3);
          expect(reach(drawn)).toBe(1);
          expect(drawn.goals.reached[0]).toBe(count);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of faces put another face up, flat on the palm', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const drawn = draw('faces', seed);
        for (let count = 0; count < 4; count++) {
          const before = drawn.cube.rotation.slice();
          expect(angleBetween(before, drawn.goals.goal)).toBeCloseTo(Math.PI / 2, 4);
          const up = (q: Float32Array): number =>
            (
              [
                [1, 0, 0],
                [0, 1, 0],
                [0, 0, 1],
              ] as Vector3[]
            ).findIndex((axis) => Math.abs(dot(axisOf(q, axis), NORMAL)) > 0.999);
          expect(up(drawn.goals.goal)).toBeGreaterThanOrEqual(0);
          expect(up(drawn.goals.goal)).not.toBe(up(before));
          reach(drawn);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of any orientation are unit quaternions, other ones under another seed', () => {
    const found = [1, 2, 3].map((seed) => draw('any', seed).goals.goal);
    for (const goal of found) expect(Math.hypot(...goal)).toBeCloseTo(1, 5);
    expect(new Set(found.map((goal) => goal.join())).size).toBe(3);
  });

  test('are reached within the tolerance and not beyond, and progress falls with the angle', () => {
    const { cube, goals } = draw('yaw', 5);
    for (const [off, reached] of [
      [1.2, 0],
      [0.41, 0],
      [0.39, 1],
    ] as const) {
      cube.rotation.set(goals.goal);
      turnBy(cube, [1, 0, 0], off);
      expect(goals.advance(0)).toBe(reached);
      // What counts is the goal that there was, not the next one.
      expect(goals.progress(0)).toBeCloseTo(1 - off / Math.PI, 4);
    }
  });

  test('are seen as the rotation that is missing', () => {
    const { cube, goals } = draw('yaw', 5);
    cube.rotation.set(goals.goal);
    turnBy(cube, [0, 0, 1], -0.5);
    const obs = new Float32Array(6);
    expect(goals.observe(0, obs, 0)).toBe(6);
    const expected = [Math.cos(0.5), Math.sin(0.5), 0, -Math.sin(0.5), Math.cos(0.5), 0];
    for (let i = 0; i < 6; i++) expect(obs[i]).toBeCloseTo(expected[i]!, 4);
  });
});

describe('a spin', () => {
  test("counts net turns about the palm's normal, and each quarter once", () => {
    const cube = cubeAt(aboutAxis([0, 1, 0], TILT));
    const spin = new Spin(cube, NORMAL, DT);
    spin.start(0);
    let quarters = 0;
    const turn = (steps: number, angle: number): void => {
      for (let step = 0; step < steps; step++) {
        turnBy(cube, NORMAL, angle);
        quarters += spin.advance(0);
      }
    };
    turn(110, 0.1);
    expect(spin.turned[0]).toBeCloseTo(11, 4);
    expect(spin.progress(0)).toBeCloseTo(0.1 / DT, 3);
    expect(quarters).toBe(Math.floor(11 / (Math.PI / 2)));
    turn(50, -0.1);
    turn(50, 0.1);
    expect(spin.turned[0]).toBeCloseTo(11, 4);
    expect([quarters, spin.reached[0]]).toEqual([7, 7]);
  });

  test('is none across the normal, and negative the other way round', () => {
    const cube = cubeAt();
    const spin = new Spin(cube, NORMAL, DT);
    spin.start(0);
    for (let step = 0; step < 20; step++) {
      turnBy(cube, [0, 1, 0], 0.1);
      spin.advance(0);
    }
    expect(spin.turned[0]).toBeCloseTo(0, 5);
    turnBy(cube, NORMAL, -1);
    expect(spin.advance(0)).toBe(0);
    expect(spin.turned[0]).toBeCloseTo(-1, 5);
  });
});

const create = (scenes: number, given: Record<string, unknown> = {}): VectorEnv =>
  handReorientCube.create(scenes, handReorientCube.settings.parse(given));
function rowOf(env: VectorEnv, obs: Float32Array, scene = 0): (name: string) => number {
  const { components, size } = env.observationSpace;
  return (name) => obs[size * scene + components.findIndex((each) => each.name === name)]!;
}
const termOf = (env: VectorEnv, { info }: StepBatch, name: string, scene = 0): number =>
  info.rewardTerms[env.spec.rewardTerms.length * scene + env.spec.rewardTerms.indexOf(name)]!;

/** Changes the engine's body that is the cube of `scene`: it alone weighs 80 g, which the engine knows from its first step on. */
function touchCube(env: VectorEnv, scene: number, change: (cube: RAPIER.RigidBody) => void): void {
  const parts = unpackBytes(env.snapshot!());
  const worlds = unpackBytes(parts.at(-1)!);
  const world = RAPIER.World.restoreSnapshot(worlds[scene]!)!;
  world.forEachRigidBody((body) => {
    if (Math.abs(body.mass() - 0.08) < 1e-4) change(body);
  });
  worlds[scene] = world.takeSnapshot();
  world.free();
  env.restore!(packBytes([...parts.slice(0, -1), packBytes(worlds)]));
}

describe('hand-reorient-cube', () => {
  test('rewards what it says it does', () => {
    const env = create(1);
    env.reset(1);
    const actions = new Float32Array(20).fill(0.5);
    env.step(actions);
    const batch = env.step(actions.fill(0.25));
    const at = rowOf(env, batch.finalObs);
    // cos of the angle from the goal, from the trace of the rotation; its third column is the cross product of the others.
    const [xx, yx, zx, xy, yy, zy] = ['xx', 'yx', 'zx', 'xy', 'yy', 'zy'].map((entry) =>
      at(`goal.error.rotation.${entry}`),
    );
    const trace = xx! + yy! + (xx! * yy! - yx! * xy!);
    expect(Math.abs(zx!) + Math.abs(zy!)).toBeLessThan(1);
    const angle = Math.acos((trace - 1) / 2);
    expect(termOf(env, batch, 'turn')).toBeCloseTo(5 * (1 - angle / Math.PI) * DT, 4);
    expect(termOf(env, batch, 'near')).toBeCloseTo(0.5 * DT, 6);
    expect(termOf(env, batch, 'change')).toBeCloseTo(-1e-3 * 20 * 0.0625 * DT, 8);
    const cupped = { abduction: 0, mcp: 0.6, pip: 0.9, dip: 0.5 } as const;
    const thumb = { rotation: 0.9, cmc: 0.2, mcp: 0.3, ip: 0.3 } as const;
    let posture = 0;
    for (const finger of ['index', 'middle', 'ring', 'little'])
      for (const [joint, value] of Object.entries(cupped))
        posture += (at(`${finger}.${joint}.angle`) - value) ** 2;
    for (const [joint, value] of Object.entries(thumb)) posture += (at(`thumb.${joint}.angle`) - value) ** 2;
    expect(termOf(env, batch, 'posture')).toBeCloseTo(-0.5 * posture * DT, 5);
    expect(termOf(env, batch, 'effort')).toBeLessThan(0);
    expect([termOf(env, batch, 'goal'), termOf(env, batch, 'drop')]).toEqual([0, 0]);
    env.close();
  });

  test.each([
    ['yaw', 400],
    ['spin', 500],
  ])(
    'holds the cube in its cupped hand without an action, for the whole of an episode of %s',
    (goal, steps) => {
      const env = create(1, { goal });
      env.reset(3);
      const actions = new Float32Array(20);
      let batch = env.step(actions);
      for (let step = 1; step < steps; step++) {
        expect([batch.terminated[0], batch.truncated[0]]).toEqual([0, 0]);
        batch = env.step(actions);
      }
      expect([batch.terminated[0], batch.truncated[0]]).toEqual([0, 1]);
      const at = rowOf(env, batch.finalObs);
      for (const axis of ['x', 'y', 'z']) expect(Math.abs(at(`cube.${axis}`))).toBeLessThan(0.03);
      expect(Math.abs(batch.info.scores![0]!)).toBeLessThan(0.1);
      env.close();
    },
  );

  test.each([
    ['dense', -10],
    ['sparse', 0],
  ])('ends where the cube is dropped, at a price where the reward is %s', (reward, price) => {
    const env = create(2, { reward });
    env.reset(1);
    env.step(new Float32Array(40));
    touchCube(env, 1, (cube) => cube.setTranslation({ x: 0.07, y: 0.2, z: 0.2 }, true));
    const batch = env.step(new Float32Array(40));
    expect([...batch.terminated]).toEqual([0, 1]);
    expect(termOf(env, batch, 'drop', 1)).toBe(price);
    // Physics was sound.
    expect(batch.info.scores![3]).toBe(1);
    env.close();
  });

  test.each([
    ['dense', 10],
    ['sparse', 1],
  ])('rewards a goal, and goes on to the next one, where the reward is %s', (reward, expected) => {
    const env = create(1, { reward, tolerance: 0.4 });
    env.reset(1);
    let reached = 0;
    // Some way round each time, as a hand would, until the goal is there.
    for (let step = 0; step < 40 && reached === 0; step++) {
      touchCube(env, 0, (cube) => {
        const turned = Float64Array.from(Object.values(cube.rotation()));
        multiply(turned, 0, Float64Array.from(aboutAxis(NORMAL, 0.3)), 0, turned, 0);
        cube.setRotation({ x: turned[0]!, y: turned[1]!, z: turned[2]!, w: turned[3]! }, true);
      });
      const batch = env.step(new Float32Array(20));
      reached = termOf(env, batch, 'goal');
      expect(batch.terminated[0]).toBe(0);
    }
    expect(reached).toBe(expected);
    env.close();
  });

  test('ends an episode where physics fails, rewards nothing for it, and goes on beside it', () => {
    const env = create(2);
    env.reset(1);
    env.step(new Float32Array(40));
    touchCube(env, 0, (cube) => cube.setLinvel({ x: 0, y: 0, z: 19 }, true));
    const batch = env.step(new Float32Array(40));
    expect([...batch.terminated]).toEqual([1, 0]);
    expect([...batch.info.rewardTerms.subarray(0, 7)]).toEqual(new Array(7).fill(0));
    expect(batch.info.scores![1]).toBe(0);
    const next = env.step(new Float32Array(40));
    expect([...next.terminated]).toEqual([0, 0]);
    expect(rowOf(env, next.finalObs)('cube.velocity.z')).toBeLessThan(0.5);
    env.close();
  });
});

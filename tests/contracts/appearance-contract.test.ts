/**
 * What holds for how every listed environment looks: `Appearance` and `draw` of `src/core/appearance.ts` in
 * tests.
 */
import { describe, expect, test } from 'vitest';
import { envs } from '../../envs/index.ts';
import { type Appearance, type Geometry, type Shape, viewLayout } from '../../src/core/appearance.ts';
import { advance, createEnv, randomActions, record } from '../support/env-runs.ts';
import { norm, poseOf, rowOf, viewOf } from '../support/view-runs.ts';

const SCENES = 4;
const STEPS = 150;
/** Lengths that have to be positive. */
function lengthsOf(geometry: Geometry): readonly number[] {
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
    case 'line':
      return [geometry.points.length - 1];
    case 'mesh':
      return [geometry.vertices.length, geometry.triangles.length];
  }
}

const shapesOf = ({ bodies, fixed }: Appearance): Shape[] => [
  ...fixed,
  ...bodies.flatMap(({ shapes }) => shapes),
];

describe.each(Object.keys(envs))('the view of %s', (id) => {
  const { appearance } = viewOf(createEnv(id, 1));
  const { bodies, arrows = [], fields = [], signals = [], joints = [], cameras } = appearance;

  test('has bodies, and names of which none stands twice', () => {
    expect(bodies.length).toBeGreaterThan(0);
    for (const named of [bodies, arrows, fields, joints, cameras]) {
      const names = named.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).not.toBe('');
    }
    expect(new Set(signals).size).toBe(signals.length);
  });

  test('refers only to signals and bodies that there are', () => {
    const known = bodies.map(({ name }) => name);
    for (const { spin, glow } of shapesOf(appearance)) {
      if (spin) expect(signals).toContain(spin.signal);
      if (glow) expect(signals).toContain(glow.signal);
    }
    for (const { body } of joints) expect(known).toContain(body);
    for (const { follow } of cameras) if (follow !== undefined) expect(known).toContain(follow);
  });

  test('has shapes that can be drawn: lengths, rotations, colours, materials', () => {
    const shapes = shapesOf(appearance);
    const colliders = bodies.flatMap((body) => body.colliders ?? []);
    for (const { geometry, rotation } of [...shapes, ...colliders]) {
      for (const length of lengthsOf(geometry)) expect(length).toBeGreaterThan(0);
      if (rotation) expect(norm(rotation)).toBeCloseTo(1, 6);
    }
    const colors = [
      ...shapes.map(({ material }) => material),
      ...arrows,
      ...bodies.flatMap((b) => b.trail ?? []),
    ];
    for (const { color } of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
    for (const { material } of shapes) {
      for (const part of [material.roughness, material.metalness, material.opacity])
        expect(part ?? 1).toBe(Math.max(0, Math.min(1, part ?? 1)));
    }
    for (const { axis } of joints) expect(norm(axis)).toBeCloseTo(1, 6);
    for (const { mass } of bodies) if (mass !== undefined) expect(mass).toBeGreaterThan(0);
    expect(appearance.extent).toBeGreaterThan(0);
    for (const { scale } of arrows) expect(scale).toBeGreaterThan(0);
  });

  test('looks from somewhere to somewhere else', () => {
    for (const { position, target } of cameras)
      expect(Math.hypot(...position.map((at, i) => at - target[i]!))).toBeGreaterThan(0.1);
  });

  test('writes every number of a row: finite, within the extent, unit quaternions', () => {
    const env = createEnv(id, SCENES);
    const outside: string[] = [];
    const look = (step: number): void => {
      for (let scene = 0; scene < SCENES; scene++) {
        if (!rowOf(env, scene).every(Number.isFinite))
          outside.push(`step ${step}, scene ${scene}: not finite`);
        bodies.forEach(({ name }, body) => {
          const { position, rotation } = poseOf(env, body, scene);
          const reach = Math.max(Math.abs(position[0]!), Math.abs(position[1]!));
          if (reach > appearance.extent / 2) outside.push(`step ${step}, ${name}: ${position}`);
          if (Math.abs(norm(rotation) - 1) > 1e-3) outside.push(`step ${step}, ${name}: ${rotation}`);
        });
      }
    };
    const obs = env.reset(1);
    look(0);
    advance(env, obs, randomActions(env), STEPS, (_, step) => look(step + 1));
    expect(outside).toEqual([]);
    env.close();
  });

  test('shows motion, of the scene that is asked for', () => {
    const env = createEnv(id, SCENES);
    const obs = env.reset(1);
    const before = rowOf(env, 2);
    expect(rowOf(env, 1)).not.toEqual(before);
    advance(env, obs, randomActions(env), 3, () => {});
    expect(rowOf(env, 2)).not.toEqual(before);
    env.close();
  });

  test('is drawn without a trace in the trajectory, and without allocation', () => {
    const [env, seen] = [createEnv(id, SCENES), createEnv(id, SCENES)];
    const expected = record(env, env.reset(2), randomActions(env), STEPS);
    const view = viewOf(seen);
    const row = new Float32Array(viewLayout(appearance).size);
    const act = randomActions(seen);
    const looking = (actions: Float32Array, obs: Float32Array, step: number): void => {
      for (let scene = 0; scene < SCENES; scene++) view.draw(scene, row);
      view.contacts?.(step % SCENES);
      act(actions, obs, step);
    };
    expect(record(seen, seen.reset(2), looking, STEPS)).toEqual(expected);
    const draws = 100_000;
    for (let i = 0; i < draws; i++) view.draw(0, row);
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < draws; i++) view.draw(0, row);
    // The smallest object, 16 bytes in each call, would make 1.6 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000);
    env.close();
    seen.close();
  });

  test('tells contacts as rows of six finite numbers', () => {
    const env = createEnv(id, SCENES);
    const { contacts } = viewOf(env);
    advance(env, env.reset(1), randomActions(env), contacts ? STEPS : 0, () => {
      for (let scene = 0; scene < SCENES; scene++) {
        const rows = contacts!(scene);
        expect(rows.length % 6).toBe(0);
        expect(rows.every(Number.isFinite)).toBe(true);
      }
    });
    env.close();
  });
});

/** What the drone tasks show is what they are. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { iris, QuadrotorFleet } from '../../robots/quadrotor/index.ts';
import { viewLayout } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { GRAVITY } from '../../src/physics/packed-world.ts';
import { advance, componentReader, createEnv, pilotActions, truth } from '../support/env-runs.ts';
import { FULL_THRUST } from '../support/flight.ts';
import { HOVER, situate } from '../support/situations.ts';
import { pointOf, poseOf, rowOf, viewOf } from '../support/view-runs.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const layoutOf = (env: VectorEnv) => viewLayout(viewOf(env).appearance);

/** Begin and components of the wind's arrow. */
function windOf(env: VectorEnv): { begin: Float32Array; vector: Float32Array } {
  const at = layoutOf(env).arrows;
  const row = rowOf(env);
  return { begin: row.slice(at, at + 3), vector: row.slice(at + 3, at + 6) };
}

describe.each(['drone-hover', 'drone-track'])('%s', (id) => {
  test('shows the aircraft where it is, in every scene', () => {
    const env = createEnv(id, 3);
    advance(env, env.reset(1), pilotActions(env), 20, () => {});
    const { position, rotation } = truth(env);
    for (let scene = 0; scene < 3; scene++) {
      const pose = poseOf(env, 0, scene);
      expect(pose.position).toEqual(position.slice(3 * scene, 3 * scene + 3));
      expect(pose.rotation).toEqual(rotation.slice(4 * scene, 4 * scene + 4));
    }
    env.close();
  });

  test('shows the wind of the episode as an arrow at the aircraft', () => {
    const env = createEnv(id, 1, { windSpeed: 5 });
    const vary = vi.spyOn(QuadrotorFleet.prototype, 'vary');
    env.reset(1);
    const { wind } = vary.mock.calls.at(-1)![1];
    const arrow = windOf(env);
    expect([...arrow.vector]).toEqual(wind.map(Math.fround));
    expect(arrow.begin).toEqual(truth(env).position);
    env.close();
  });

  test('shows no wind where there is none', () => {
    const env = createEnv(id, 1);
    env.reset(1);
    expect(Math.hypot(...windOf(env).vector)).toBe(0);
    env.close();
  });

  test('spins each rotor at the root of its part of the full thrust', () => {
    const env = createEnv(id, 1, { actionMode: 'rotors' });
    env.reset(1);
    const at = layoutOf(env).signals;
    situate(env, { position: [...truth(env).position] as unknown as [number, number, number] });
    const hovering = [...rowOf(env).slice(at, at + 4)];
    const thrusts = hovering.map((signal) => FULL_THRUST * signal ** 2);
    expect(thrusts.reduce((a, b) => a + b)).toBeCloseTo(iris.mass * GRAVITY, 3);
    env.step(Float32Array.of(0, 1, -1, 0));
    const [, full, none] = rowOf(env).slice(at, at + 4);
    expect(full!).toBeGreaterThan(hovering[1]!);
    expect(none!).toBeLessThan(hovering[2]!);
    env.close();
  });

  test('has an aircraft that a pull at its centre accelerates by F/m', () => {
    const env = createEnv(id, 1);
    env.reset(1);
    const [x, y, z] = truth(env).position;
    situate(env, { position: [x!, y!, z!] });
    viewOf(env).push!(0, 0, [2, 0, 0], [x!, y!, z!]);
    env.step(Float32Array.from(HOVER));
    // Over 20 ms; drag of 0.2/s takes 0.2 % of it.
    expect(truth(env).velocity[0]! / ((2 / iris.mass) * 0.02)).toBeCloseTo(1, 2);
    env.close();
  });

  test('has an aircraft that a pull at its side turns by r × F', () => {
    const env = createEnv(id, 1);
    env.reset(1);
    const [x, y, z] = truth(env).position;
    situate(env, { position: [x!, y!, z!] });
    viewOf(env).push!(0, 0, [0, 0.5, 0], [x! + 0.2, y!, z!]);
    env.step(Float32Array.from(HOVER));
    // Forward of the centre and to the left: a turn to the left. The rate controller's answer is 0.5 % of it.
    expect(truth(env).spin[2]! / (((0.2 * 0.5) / iris.inertia[2]) * 0.02)).toBeCloseTo(1, 2);
    env.close();
  });
});

test('drone-hover shows its target where its observation says, as large as success is', () => {
  const env = createEnv('drone-hover', 1);
  const obs = env.reset(1);
  const read = componentReader(env);
  const seen = ['x', 'y', 'z'].map((axis) => read(obs, 0, `target.${axis}`)) as [number, number, number];
  const target = viewOf(env).appearance.fixed.find(({ geometry }) => geometry.type === 'sphere')!;
  pointOf(poseOf(env, 0), seen).forEach((at, axis) => {
    expect(at).toBeCloseTo(target.position![axis]!, 5);
  });
  expect(target.geometry).toEqual({ type: 'sphere', radius: 0.1 });
  env.close();
});

test('drone-track shows its moving point where its observation says, on the line that it shows', () => {
  const env = createEnv('drone-track', 1);
  const read = componentReader(env);
  const line = viewOf(env).appearance.fixed.find(({ geometry }) => geometry.type === 'line')!.geometry;
  const points = line.type === 'line' ? line.points : [];
  let seen = env.reset(1);
  for (let i = 0; i < 100; i++) {
    const offset = ['x', 'y', 'z'].map((axis) => read(seen, 0, `preview.0.${axis}`)) as [
      number,
      number,
      number,
    ];
    const { position } = poseOf(env, 1);
    pointOf(poseOf(env, 0), offset).forEach((at, axis) => {
      expect(at).toBeCloseTo(position[axis]!, 4);
    });
    const nearest = Math.min(
      ...points.map((point) => Math.hypot(...point.map((at, j) => at - position[j]!))),
    );
    // 128 points on 12.2 m; half the greatest distance between two of them.
    expect(nearest).toBeLessThan(0.075);
    advance(env, seen, pilotActions(env), 1, ({ obs }) => {
      seen = obs;
    });
  }
  env.close();
});

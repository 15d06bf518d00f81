/** How a scene looks in Foxglove's primitives, and when that is told. */
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Entity, sceneEntities } from '../../src/bridge/scene-entities.ts';
import { type TelemetryFrame, telemetryChannels } from '../../src/bridge/telemetry.ts';
import { appearance, decode, layout, run, still, withRow } from './sample-run.ts';

const TOUCH = layout.signals + 1;
const entities = sceneEntities(appearance);
const constant = (id: string): Entity => entities.constant.find((entity) => entity.id === id)!;
const changing = (frame: TelemetryFrame, id: string): Entity =>
  entities.changing(frame.rows.subarray(0, layout.size)).find((entity) => entity.id === id)!;

describe('shapes', () => {
  const here = { x: 0, y: 0, z: 0 };
  const upright = { x: 0, y: 0, z: 0, w: 1 };

  test('of a body are drawn in its frame', () => {
    const cart = constant('body/cart');
    expect(cart.frame_id).toBe('cart');
    expect(cart.frame_locked).toBe(true);
    expect(cart.cubes).toEqual([
      {
        pose: { position: { x: 0, y: 0, z: 1 }, orientation: upright },
        size: { x: 1, y: 2, z: 3 },
        color: { r: 1, g: 128 / 255, b: 0, a: 1 },
      },
    ]);
    expect(cart.spheres).toEqual([
      {
        pose: { position: here, orientation: upright },
        size: { x: 1, y: 1, z: 1 },
        color: { r: 0, g: 0, b: 0, a: 0.5 },
      },
    ]);
    expect(cart.cylinders).toMatchObject([
      { size: { x: 0.2, y: 0.2, z: 4 }, bottom_scale: 1, top_scale: 1, color: { r: 1, g: 1, b: 1, a: 1 } },
    ]);
  });

  test('that stand still are drawn in the frame of the scene', () => {
    const fixed = constant('fixed');
    expect(fixed.frame_id).toBe('scene');
    const [ring, line] = fixed.lines;
    expect(ring).toMatchObject({ type: 1, thickness: 0.1, scale_invariant: false });
    for (const { x, y, z } of ring!.points) {
      expect(Math.hypot(x, y)).toBeCloseTo(2, 12);
      expect(z).toBe(0);
    }
    expect(line).toMatchObject({ type: 0, scale_invariant: true, points: [here, { x: 1, y: 0, z: 0 }] });
    expect(fixed.triangles).toMatchObject([
      { points: [here, { x: 1, y: 0, z: 0 }, { x: 0, y: 1, z: 0 }], indices: [0, 1, 2] },
    ]);
  });

  test('a capsule is a cylinder with a ball at each end of its axis', () => {
    const { cylinders, spheres } = changing(still, 'body/finger');
    expect(cylinders).toMatchObject([{ size: { x: 0.5, y: 0.5, z: 4 } }]);
    expect(spheres.map(({ pose }) => pose.position.x).sort()).toEqual([
      expect.closeTo(-1, 12),
      expect.closeTo(3, 12),
    ]);
    for (const { pose, size } of spheres) {
      expect(pose.position.y).toBeCloseTo(0, 12);
      expect(pose.position.z).toBeCloseTo(0, 12);
      expect(size).toEqual({ x: 0.5, y: 0.5, z: 0.5 });
    }
  });

  test.each([
    [-1, 0],
    [0.25, 0.25],
    [1, 1],
    [3, 1],
    [Number.NaN, 0],
  ])('at a signal of %d glow by %d', (signal, red) => {
    const { cylinders } = changing(withRow(TOUCH, [signal]), 'body/finger');
    expect(cylinders[0]!.color).toEqual({ r: red, g: 0, b: 0, a: 1 });
  });

  test('that glow are told apart from the others of their body', () => {
    const [cart] = appearance.bodies;
    const glow = { signal: 'touch', color: '#ff0000' } as const;
    const shapes = cart!.shapes.map((shape, i) => (i === 1 ? { ...shape, glow } : shape));
    const both = sceneEntities({ ...appearance, bodies: [{ name: 'cart', shapes }], fixed: [], arrows: [] });
    const rigid = { cubes: [{}], spheres: [], cylinders: [{}] };
    expect(both.constant).toMatchObject([{ id: 'body/cart', ...rigid }]);
    const [ball, ...others] = both.changing(new Float32Array(9));
    expect(ball).toMatchObject({ id: 'body/cart', cubes: [], spheres: [{}], cylinders: [] });
    expect(others).toEqual([]);
  });

  test('that glow with an unknown signal are refused', () => {
    expect(() => sceneEntities({ ...appearance, signals: ['rotor'] })).toThrow(/glows with "touch"/);
  });
});

describe('an arrow', () => {
  const component = fc.float({ min: -100, max: 100, noNaN: true });

  test('begins where it should, points along its vector and is as long as the scale says', () => {
    fc.assert(
      fc.property(fc.tuple(component, component, component), ([x, y, z]) => {
        const magnitude = Math.hypot(x, y, z);
        fc.pre(magnitude > 1e-3);
        const [arrow] = changing(withRow(layout.arrows, [1, 2, 3, x, y, z]), 'arrow/wind').arrows;
        expect(arrow!.pose.position).toEqual({ x: 1, y: 2, z: 3 });
        expect(arrow!.shaft_length + arrow!.head_length).toBeCloseTo(0.5 * magnitude, 4);
        // Where the orientation takes the x axis.
        const { x: i, y: j, z: k, w } = arrow!.pose.orientation;
        expect(1 - 2 * (j * j + k * k)).toBeCloseTo(x / magnitude, 5);
        expect(2 * (i * j + w * k)).toBeCloseTo(y / magnitude, 5);
        expect(2 * (i * k - w * j)).toBeCloseTo(z / magnitude, 5);
      }),
    );
  });

  test('against the x axis is turned half round', () => {
    const [arrow] = changing(withRow(layout.arrows, [0, 0, 0, -2, 0, 0]), 'arrow/wind').arrows;
    expect(arrow!.pose.orientation).toEqual({ x: 0, y: 0, z: 1, w: 0 });
  });

  test('is not there where its vector is zero or not finite', () => {
    expect(changing(still, 'arrow/wind').arrows).toEqual([]);
    expect(changing(withRow(layout.arrows, [0, 0, 0, Number.NaN, 0, 0]), 'arrow/wind').arrows).toEqual([]);
  });
});

describe('scene updates', () => {
  /** The times of the messages on a topic, ns. */
  function timesOf(topic: string, frames: readonly TelemetryFrame[]): bigint[] {
    const frames$ = new Subject<TelemetryFrame>();
    const times: bigint[] = [];
    const { messages$ } = telemetryChannels(run, { frames$ }).find((channel) => channel.topic === topic)!;
    messages$.subscribe(({ time }) => times.push(time));
    for (const frame of frames) frames$.next(frame);
    return times;
  }
  const at = (time: number, change: Partial<TelemetryFrame> = {}) => ({ ...still, time, ...change });

  test('of what never changes come once, and again when time goes back', () => {
    expect(timesOf('/scene', [at(1), at(2), at(2), at(3), at(0), at(1)])).toEqual([1_000_000_000n, 0n]);
  });

  test('of the rest come when it has changed, whole', () => {
    const touched = withRow(TOUCH, [1]);
    const rotorTurns = withRow(layout.signals, [9]);
    const frames = [at(1), at(2), at(3, { rows: rotorTurns.rows }), at(4, { rows: touched.rows })];
    expect(timesOf('/scene/changing', frames)).toEqual([1_000_000_000n, 4_000_000_000n]);
  });

  test('come whole to each listener', () => {
    const frames$ = new Subject<TelemetryFrame>();
    const { messages$ } = telemetryChannels(run, { frames$ }).find(({ topic }) => topic === '/scene')!;
    const [early, late]: string[][] = [[], []];
    const ids = (data: Uint8Array): string =>
      decode(data)
        .entities.map(({ id }: Entity) => id)
        .join();
    messages$.subscribe(({ data }) => early!.push(ids(data)));
    frames$.next(at(1));
    messages$.subscribe(({ data }) => late!.push(ids(data)));
    frames$.next(at(2));
    expect(early).toEqual(['fixed,body/cart']);
    expect(late).toEqual(['fixed,body/cart']);
  });

  test('of the rest are not offered where nothing changes', () => {
    const { arrows: _, bodies, ...rest } = appearance;
    const dull = { ...rest, bodies: bodies.slice(0, 1) };
    const channels = telemetryChannels({ ...run, appearance: dull }, { frames$: new Subject() });
    expect(channels.map(({ topic }) => topic)).not.toContain('/scene/changing');
  });
});

/** Numbers behind the picture: grid, colours, springs, the list of shapes, and what is sent when. */
import fc from 'fast-check';
import { Quaternion, Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import type { Appearance } from '../../../../src/core/appearance.ts';
import { createRng } from '../../../../src/core/rng.ts';
import { viridis, viridisTable } from '../../../../src/viewer/app/logic/colormap.ts';
import { duration, readable, times } from '../../../../src/viewer/app/logic/format.ts';
import { squareGrid } from '../../../../src/viewer/app/logic/grid.ts';
import { Outbox } from '../../../../src/viewer/app/logic/outbox.ts';
import { reconnectDelay } from '../../../../src/viewer/app/logic/reconnect.ts';
import { listShapes, rotationOfZ } from '../../../../src/viewer/app/logic/shape-list.ts';
import { springForce } from '../../../../src/viewer/app/logic/spring.ts';
import type { Request } from '../../../../src/viewer/protocol.ts';

describe('the grid', () => {
  test('leaves one scene where it says it is', () => {
    expect(squareGrid(1, 8)).toEqual({ offsets: [[0, 0]], columns: 1, rows: 1 });
  });

  test('puts four in a square about the origin, row by row', () => {
    expect(squareGrid(4, 2).offsets).toEqual([
      [-1, 1],
      [1, 1],
      [-1, -1],
      [1, -1],
    ]);
  });

  test('never puts two into one place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (scenes) => {
        const { offsets, columns, rows } = squareGrid(scenes, 3);
        expect(new Set(offsets.map(String)).size).toBe(scenes);
        expect(columns * rows).toBeGreaterThanOrEqual(scenes);
        expect(columns - rows).toBeLessThanOrEqual(1);
        expect(Math.max(...offsets.flat())).toBeLessThanOrEqual((3 * (columns - 1)) / 2);
      }),
    );
  });
});

describe('viridis', () => {
  test('is matplotlib’s at its ends and in its middle', () => {
    expect([viridis(0), viridis(1), viridis(-3), viridis(7)]).toEqual([
      [68, 1, 84],
      [253, 231, 37],
      [68, 1, 84],
      [253, 231, 37],
    ]);
    // matplotlib.cm.viridis(0.5) = 0.127568, 0.566949, 0.550556
    viridis(0.5).forEach((value, i) => {
      expect(Math.abs(value - 255 * [0.127568, 0.566949, 0.550556][i]!)).toBeLessThan(2);
    });
  });

  test('grows lighter all the way', () => {
    const table = viridisTable(64);
    const lightness = Array.from({ length: 64 }, (_, i) => {
      const [red, green, blue] = table.slice(4 * i, 4 * i + 3);
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    });
    for (let i = 1; i < 64; i++) expect(lightness[i]).toBeGreaterThan(lightness[i - 1]!);
  });
});

test('a spring of one metre accelerates a body by 20 m/s²', () => {
  const force = springForce(1.5, [1, 2, 3], [1, 2, 4]);
  expect(force.map((component) => component / 1.5)).toEqual([0, 0, 20]);
});

describe('the list of shapes', () => {
  const appearance: Appearance = {
    bodies: [
      {
        name: 'drawn',
        shapes: [{ geometry: { type: 'sphere', radius: 1 }, material: { color: '#112233' } }],
      },
      { name: 'bare', shapes: [], colliders: [{ geometry: { type: 'box', size: [1, 1, 1] } }] },
    ],
    fixed: [{ geometry: { type: 'sphere', radius: 2 }, material: { color: '#445566' } }],
    joints: [{ name: 'hinge', body: 'bare', position: [0, 0, 1], axis: [0, 2, 0] }],
    extent: 10,
    ground: true,
    cameras: [{ name: 'only', position: [1, 0, 0], target: [0, 0, 0] }],
  };

  test('has a mark for a body without shapes, and what is shown on demand in its layer', () => {
    const listed = listShapes(appearance).map(({ body, look, layer, shape }) => [
      body,
      look,
      layer,
      shape.geometry.type,
    ]);
    expect(listed).toEqual([
      [-1, 'solid', undefined, 'sphere'],
      [0, 'solid', undefined, 'sphere'],
      [1, 'solid', undefined, 'sphere'],
      [1, 'wireframe', 'colliders', 'box'],
      [1, 'overlay', 'joints', 'cylinder'],
    ]);
  });

  test('turns axes from z to where they point', () => {
    const component = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(component, component, component), (axis) => {
        fc.pre(Math.hypot(...axis) > 0.01);
        const turned = new Vector3(0, 0, 1).applyQuaternion(new Quaternion(...rotationOfZ(axis)));
        expect(turned.distanceTo(new Vector3(...axis).normalize())).toBeLessThan(1e-6);
      }),
    );
    const down = new Vector3(0, 0, 1).applyQuaternion(new Quaternion(...rotationOfZ([0, 0, -1])));
    expect(down.z).toBeCloseTo(-1, 9);
  });
});

describe('the outbox', () => {
  const speed = (factor: number): Request => ({ type: 'speed', factor });

  test('sends the newest of a kind, thirty times a second at most', () => {
    const sent: Request[] = [];
    const outbox = new Outbox((request) => sent.push(request));
    for (let i = 0; i < 100; i++) {
      outbox.offer(speed(1 + i / 100));
      outbox.flush(i / 100);
    }
    expect(sent.length).toBeGreaterThanOrEqual(25);
    expect(sent.length).toBeLessThanOrEqual(31);
    outbox.flush(2);
    expect(sent.at(-1)).toEqual(speed(1.99));
    outbox.flush(3);
    expect(sent.filter((request) => request === sent.at(-1))).toHaveLength(1);
  });

  test('a release overtakes what waits, which is then forgotten', () => {
    const sent: Request[] = [];
    const outbox = new Outbox((request) => sent.push(request));
    outbox.offer({ type: 'step', count: 1 });
    outbox.offer(speed(2));
    outbox.sendNow(speed(1));
    outbox.flush(0);
    expect(sent).toEqual([speed(1), { type: 'step', count: 1 }]);
  });
});

test('a lost connection is tried again after 0.25 s, doubling to 5 s, less up to half by chance', () => {
  const rng = createRng(1);
  [0.25, 0.5, 1, 2, 4, 5, 5].forEach((longest, attempt) => {
    const delays = Array.from({ length: 200 }, () => reconnectDelay(attempt, rng));
    expect(Math.max(...delays)).toBeLessThanOrEqual(longest);
    expect(Math.max(...delays)).toBeGreaterThan(0.95 * longest);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(longest / 2);
    expect(Math.min(...delays)).toBeLessThan(0.55 * longest);
  });
});

test('numbers are written for people', () => {
  expect([0, 1, -12.345, 123.4, -0.00012, 2.5e7, Number.NaN, null].map(readable)).toEqual([
    '0.000',
    '1.00',
    '−12.3',
    '123',
    '−1.20e−4',
    '2.50e+7',
    '–',
    '–',
  ]);
  expect([0.1, 1, 2.512].map(times)).toEqual(['0.1 ×', '1 ×', '2.5 ×']);
  expect([0, 59.94, 125].map(duration)).toEqual(['0.0 s', '59.9 s', '2:05.0']);
});

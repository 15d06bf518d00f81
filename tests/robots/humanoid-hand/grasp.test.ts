/** What is held stays where it is: for 5 s, in a hand that looks down. */
import { describe, expect, test } from 'vitest';
import { grip, gripModel, hold } from '../../../scripts/bench/hands/grip.ts';

describe.each([{ movingWrist: false }, { movingWrist: true }])(
  'with movingWrist $movingWrist',
  ({ movingWrist }) => {
    const hands = [{ model: gripModel, movingWrist }];

    test('a ball neither drifts nor spins nor sinks in', () => {
      const gripped = grip('ball', { hands });
      for (const { drift, spin, depth } of hold(gripped, 5)) {
        expect(drift).toBeLessThan(0.05e-3);
        expect(spin).toBeLessThan(0.1 * (Math.PI / 180));
        expect(depth).toBeLessThan(0.3e-3);
      }
      expect(gripped.scenes.hands[0]!.touch.reduce((sum, force) => sum + force)).toBeGreaterThan(10);
      gripped.scenes.worlds.free();
    });

    test('a cube finds its place within millimetres, and then stays', () => {
      const gripped = grip('cube', { hands });
      for (const { drift, spin, depth } of hold(gripped, 5)) {
        expect(drift).toBeLessThan(3.5e-3);
        expect(spin).toBeLessThan(8 * (Math.PI / 180));
        expect(depth).toBeLessThan(0.3e-3);
      }
      for (const { drift, spin } of hold(gripped, 2)) {
        expect(drift).toBeLessThan(0.3e-3);
        expect(spin).toBeLessThan(1 * (Math.PI / 180));
      }
      gripped.scenes.worlds.free();
    });
  },
);

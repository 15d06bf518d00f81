/** The quadrotor is drawn as its model is. */
import { describe, expect, test } from 'vitest';
import {
  iris,
  type QuadrotorModel,
  quadrotorAppearance,
  rotorSignals,
  wrenchOfThrusts,
} from '../../robots/quadrotor/index.ts';

/** Another geometry: rotors farther out at the back, and a higher body. */
const other: QuadrotorModel = {
  ...iris,
  name: 'other',
  rotors: [
    { armLength: 0.3, armAngle: -0.9, spin: -1 },
    { armLength: 0.4, armAngle: 2.4, spin: -1 },
    { armLength: 0.3, armAngle: 0.9, spin: 1 },
    { armLength: 0.4, armAngle: -2.4, spin: 1 },
  ],
  body: { radius: 0.4, halfHeight: 0.1 },
};

describe.each([iris, other])('$name', (model) => {
  const { body, joints } = quadrotorAppearance(model, 'drone');
  const blades = rotorSignals().map((signal) => body.shapes.find(({ spin }) => spin?.signal === signal)!);
  const hubs = model.rotors.map(({ armLength, armAngle }) => [
    armLength * Math.cos(armAngle),
    armLength * Math.sin(armAngle),
  ]);

  test('has its propellers over its rotors, on top of the airframe', () => {
    blades.forEach(({ position }, rotor) => {
      expect(position![0]).toBeCloseTo(hubs[rotor]![0]!, 12);
      expect(position![1]).toBeCloseTo(hubs[rotor]![1]!, 12);
      expect(position![2]).toBe(model.body.halfHeight);
    });
  });

  test('turns each propeller against the torque that it has on the body', () => {
    const yawTorques = wrenchOfThrusts(model).slice(12);
    blades.forEach(({ spin }, rotor) => {
      expect(Math.sign(spin!.rate)).toBe(-Math.sign(yawTorques[rotor]!));
      expect(Math.sign(joints[rotor]!.axis[2])).toBe(Math.sign(spin!.rate));
    });
  });

  test('turns no propeller so fast that a screen of 60 Hz shows it turning back', () => {
    // Two blades look alike after half a turn, so a quarter turn a frame is the most.
    for (const { spin } of blades) expect(Math.abs(spin!.rate) / 60).toBeLessThan(Math.PI / 2);
  });

  test('has propellers that nearly touch, and do not', () => {
    const radius = blades[0]!.geometry.type === 'box' ? blades[0]!.geometry.size[0] / 2 : Number.NaN;
    const distances = hubs.flatMap((a, i) =>
      hubs.slice(i + 1).map((b) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)),
    );
    const gap = Math.min(...distances) - 2 * radius;
    expect(gap).toBeGreaterThan(0);
    expect(gap).toBeLessThan(0.05 * radius);
  });

  test('shows its heading: what is in front has a colour that nothing behind has', () => {
    const colorsAt = (front: boolean) =>
      body.shapes
        .filter(({ position }) => position && position[0] > 0 === front)
        .map(({ material }) => material.color);
    const behind = new Set(colorsAt(false));
    const only = new Set(colorsAt(true).filter((color) => !behind.has(color)));
    expect(only.size).toBe(1);
  });

  test('stands on its legs where its collider ends', () => {
    const lowest = Math.min(
      ...body.shapes.map(({ geometry, position }) => {
        const half = geometry.type === 'cylinder' ? geometry.halfHeight : 0;
        return (position?.[2] ?? 0) - half;
      }),
    );
    expect(lowest).toBeCloseTo(-model.body.halfHeight, 12);
    expect(body.colliders).toEqual([{ geometry: { type: 'cylinder', ...model.body } }]);
    expect(body.mass).toBe(model.mass);
  });
});

/** Drag and friction on single links, against integrals by hand. */
import { expect, test } from 'vitest';
import { addResistiveLoad } from '../../../robots/fin-ray/hydrodynamics/resistive.ts';

const body = { span: 0.5, normalDrag: 1.8, friction: 0.03 };

/** One link of length 1 in a stream of 1. */
function load({ angle = 0, rate = 0, velocity = [0, 0] }) {
  const loads = { force: new Float64Array(2), torque: new Float64Array(1), edge: new Float64Array(2) };
  addResistiveLoad(
    {
      links: 1,
      linkLength: 1,
      angle: Float64Array.of(angle),
      rate: Float64Array.of(rate),
      velocity: Float64Array.from(velocity),
      stream: Float64Array.of(1),
    },
    body,
    loads,
  );
  return { x: loads.force[0]!, y: loads.force[1]!, torque: loads.torque[0]! };
}

test('a link along the stream has friction on both sides', () => {
  const { x, y, torque } = load({});
  expect(x).toBeCloseTo(0.5 * 2 * 0.5 * 0.03, 12);
  expect(y).toBeCloseTo(0, 12);
  expect(torque).toBeCloseTo(0, 12);
});

test('a link across the stream has pressure drag', () => {
  const { x, y, torque } = load({ angle: Math.PI / 2 });
  expect(x).toBeCloseTo(0.5 * 0.5 * 1.8, 12);
  expect(y).toBeCloseTo(0, 12);
  expect(torque).toBeCloseTo(0, 12);
});

test('at 30° each part goes with the square of its part of the stream', () => {
  const [along, across] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const { x, y } = load({ angle: Math.PI / 6 });
  const [drag, friction] = [0.45 * across ** 2, 0.015 * along ** 2];
  expect(x).toBeCloseTo(drag * across + friction * along, 12);
  expect(y).toBeCloseTo(-drag * along + friction * across, 12);
});

test('a link that turns about its start has the moment of ∫ (ωr)² (r − ½) dr about its middle', () => {
  const rate = 3;
  const { y, torque } = load({ rate, velocity: [1, rate / 2] });
  expect(y).toBeCloseTo((-0.45 * rate ** 2) / 3, 12);
  expect(torque).toBeCloseTo(-0.45 * rate ** 2 * (1 / 4 - 1 / 6), 12);
});

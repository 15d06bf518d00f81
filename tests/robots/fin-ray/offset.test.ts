/** What an offset of the half-rays does, against the closed forms of the continuous ray. */
import { describe, expect, test } from 'vitest';
import { finRay, WORLD_OPTIONS } from '../../../robots/fin-ray/index.ts';
import { Joints } from '../../../robots/fin-ray/joints.ts';
import { chainOf, flexuralRigidity } from '../../../robots/fin-ray/model.ts';
import { freeAngle, type OffsetMode, offsetModes } from '../../../robots/fin-ray/offset.ts';
import { PackedWorld } from '../../../src/physics/packed-world.ts';
import { createSwim, sinusoid, swimAlong } from '../../support/fin-ray.ts';

const EI = flexuralRigidity(finRay);
const DECAY = finRay.offsetDecay;

interface Situation {
  readonly links: number;
  readonly mode: OffsetMode;
  readonly offset?: number;
  readonly pitch?: number;
  /** At the tip, along y. */
  readonly load?: number;
}

/** Where a chain without a fluid comes to rest. */
function settle({ links, mode, offset = 0, pitch = 0, load = 0 }: Situation) {
  const world = new PackedWorld({ ...WORLD_OPTIONS, scenes: 1 });
  const model = { ...finRay, links };
  const chain = world.addChains(chainOf(model, world.solverTimestep));
  const joints = new Joints(chain, model, mode);
  chain.base[2] = pitch;
  chain.angle.fill(pitch);
  chain.place(0);
  const steps = 6 / WORLD_OPTIONS.timestep;
  let before = Float32Array.of();
  for (let step = 0; step < steps; step++) {
    if (step === 0.9 * steps) before = chain.position.slice();
    chain.torque.fill(0);
    for (let k = 0; k < 2 * links; k++) chain.force[k] = (-1.2 / links) * chain.velocity[k]!;
    chain.force[2 * links - 1]! += load;
    chain.torque[links - 1]! += (load / (2 * links)) * Math.cos(chain.angle[links - 1]!);
    joints.setRest(0, offset, 0);
    joints.addSliding(0, offset, pitch);
    chain.push();
    world.step();
    chain.pull();
  }
  expect(Math.max(...chain.position.map((at, k) => Math.abs(at - before[k]!)))).toBeLessThan(1e-5);
  world.free();
  const { angle, position } = chain;
  const tip = position[2 * links - 1]! + Math.sin(angle[links - 1]!) / (2 * links);
  return { angle, tip };
}

describe.each(offsetModes)('an offset, mode %s', (mode) => {
  test('bends a free ray as the closed form says, turned with its base', () => {
    const [offset, pitch] = [0.4, 0.2];
    const { angle } = settle({ links: 8, mode, offset, pitch });
    for (const [i, at] of angle.entries()) {
      const expected = offset * freeAngle((i + 0.5) / 8, DECAY);
      // Links of an eighth against a continuous ray: for a layer that pulls at links, an error of the second order.
      expect(Math.abs(at - pitch - expected)).toBeLessThan(mode === 'rest' ? 1e-4 : 0.02 * offset);
    }
  });
});

test.each(offsetModes)('mode %s: where the base is held, all power goes through the offset', (mode) => {
  const waves = { frequency: 0.7, heave: 0, pitch: 0, phase: 0, offset: 0.4 };
  const swim = createSwim(finRay, 1, mode);
  const { power, offsetPower } = swimAlong(swim, sinusoid(waves), 6 / 0.7, 4 / 0.7);
  expect(offsetPower).toBeGreaterThan(0.05);
  expect(Math.abs(offsetPower / power - 1)).toBeLessThan(0.02);
  swim.world.free();
});

test('the curvature is greatest at the base, and has fallen to 1/e within the decay length', () => {
  const curvature = (s: number): number => (freeAngle(s + 1e-5, DECAY) - freeAngle(s - 1e-5, DECAY)) / 2e-5;
  // Differentiated by hand: sinh((1 − s)/λ)/(λ cosh(1/λ)).
  for (const s of [0.001, 0.2, 0.5, 0.9])
    expect(curvature(s)).toBeCloseTo(Math.sinh((1 - s) / DECAY) / (DECAY * Math.cosh(1 / DECAY)), 5);
  expect(curvature(DECAY) / curvature(0)).toBeCloseTo(Math.exp(-1), 1);
  expect(freeAngle(0, DECAY)).toBe(0);
});

describe('with its roots held', () => {
  const load = 0.05;
  /** Bθ″ − (B/λ²)θ = −P has the free shape times Pλ²/B; the tip is its integral. */
  const layered = ((load * DECAY ** 2) / EI) * (1 - DECAY * Math.tanh(1 / DECAY));

  test('a layer that slides stiffens the ray, by the closed form', () => {
    const { tip } = settle({ links: 8, mode: 'sliding', load });
    expect(Math.abs(tip / layered - 1)).toBeLessThan(0.02);
  });

  test('joints with rest angles leave it as soft as a beam', () => {
    const { tip } = settle({ links: 8, mode: 'rest', load });
    expect(Math.abs(tip / (load / (3 * EI)) - 1)).toBeLessThan(0.015);
    expect(tip / layered).toBeGreaterThan(4);
  });
});

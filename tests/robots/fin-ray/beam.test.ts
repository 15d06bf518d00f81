/**
 * The chain without a fluid, but with its inertia in the links, against the Euler–Bernoulli cantilever: frequencies ωᵢ
 * = βᵢ² √(EI/(mL⁴)), tip deflection PL³/(3EI). What a chain of n links has in place of these, when its joints are
 * exact, is worked out from its stiffness and mass matrices.
 */
import { describe, expect, test } from 'vitest';
import { finRay, WORLD_OPTIONS } from '../../../robots/fin-ray/index.ts';
import { chainOf, flexuralRigidity, massPerLength, plateAddedMass } from '../../../robots/fin-ray/model.ts';
import { PackedWorld } from '../../../src/physics/packed-world.ts';

const EI = flexuralRigidity(finRay);
const MASS = massPerLength(finRay) + plateAddedMass(finRay.span);
const BETAS = [1.8751, 4.6941, 7.8548] as const;
const DT = WORLD_OPTIONS.timestep;

function createChain(links: number) {
  const world = new PackedWorld({ ...WORLD_OPTIONS, scenes: 1 });
  return { world, chain: world.addChains(chainOf({ ...finRay, links }, world.solverTimestep)) };
}

describe('under a static load at the end', () => {
  test.each([
    [6, 1.014],
    [8, 1.008],
    [10, 1.005],
  ])('%i links sag by %f of the beam', (links, expected) => {
    const load = 0.02;
    const { world, chain } = createChain(links);
    const last = links - 1;
    const steps = 6 / DT;
    let before = Float32Array.of();
    for (let step = 0; step < steps; step++) {
      if (step === 0.9 * steps) before = chain.position.slice();
      // Slowed down by a viscous force, so that it comes to rest.
      for (let k = 0; k < 2 * links; k++) chain.force[k] = (-1.2 / links) * chain.velocity[k]!;
      chain.force[2 * last + 1]! += load;
      chain.torque[last] = (load / (2 * links)) * Math.cos(chain.angle[last]!);
      chain.push();
      world.step();
      chain.pull();
    }
    expect(Math.max(...chain.position.map((at, k) => Math.abs(at - before[k]!)))).toBeLessThan(1e-5);
    const tip = chain.position[2 * last + 1]! + Math.sin(chain.angle[last]!) / (2 * links);
    const sag = tip / (load / (3 * EI));
    expect(Math.abs(sag / expected - 1)).toBeLessThan(0.004);
    world.free();
  });
});

/** Deflection and slope of a mode at `s`, for a tip deflection of about 2. */
function mode(beta: number) {
  const factor = (Math.cosh(beta) + Math.cos(beta)) / (Math.sinh(beta) + Math.sin(beta));
  return {
    deflection: (s: number): number =>
      Math.cosh(beta * s) - Math.cos(beta * s) - factor * (Math.sinh(beta * s) - Math.sin(beta * s)),
    slope: (s: number): number =>
      beta * (Math.sinh(beta * s) + Math.sin(beta * s) - factor * (Math.cosh(beta * s) - Math.cos(beta * s))),
  };
}

/** Lets go of a chain that is bent in a mode. @returns its angular frequency and damping ratio */
function ringDown(links: number, beta: number): { omega: number; damping: number } {
  const { world, chain } = createChain(links);
  const { deflection, slope } = mode(beta);
  for (let i = 0; i < links; i++) chain.angle[i] = (0.005 / beta) * slope((i + 0.5) / links);
  chain.place(0);
  const amplitude = (): number =>
    Array.from(
      { length: links },
      (_, i) => chain.position[2 * i + 1]! * deflection((i + 0.5) / links),
    ).reduce((a, b) => a + b);
  const crossings: number[] = [];
  const peaks: number[] = [];
  let [before, peak] = [amplitude(), 0];
  for (let step = 1; crossings.length < 7; step++) {
    chain.push();
    world.step();
    chain.pull();
    const now = amplitude();
    peak = Math.max(peak, Math.abs(now));
    if (before * now < 0) {
      crossings.push(DT * (step - now / (now - before)));
      peaks.push(peak);
      peak = 0;
    }
    before = now;
  }
  world.free();
  const half = (crossings[6]! - crossings[0]!) / 6;
  return { omega: Math.PI / half, damping: Math.log(peaks[1]! / peaks[6]!) / 5 / Math.PI };
}

describe('let go in a mode', () => {
  const chains: readonly (readonly [number, readonly number[]])[] = [
    [6, [0.987, 0.958, 0.933]],
    [8, [0.993, 0.976, 0.961]],
    [10, [0.995, 0.984, 0.975]],
  ];
  const cases = chains.flatMap(([links, ratios]) => ratios.map((ratio, i) => [links, i, ratio] as const));

  test.each(cases)('%i links swing in mode %i at %f of the beam’s frequency', (links, i, ratio) => {
    const beta = BETAS[i]!;
    const { omega, damping } = ringDown(links, beta);
    const beam = beta ** 2 * Math.sqrt(EI / MASS);
    expect(Math.abs(omega / beam / ratio - 1)).toBeLessThan(0.01);
    // Kelvin–Voigt: half of the damping time's product with ω.
    expect(Math.abs(damping / ((finRay.damping * omega) / 2) - 1)).toBeLessThan(0.03);
  });
});

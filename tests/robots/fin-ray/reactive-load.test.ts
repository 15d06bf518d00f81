/** The load of an elongated body on rays that move as told, against Lighthill's means. */
import { describe, expect, test } from 'vitest';
import { addReactiveLoad } from '../../../robots/fin-ray/hydrodynamics/elongated-body.ts';

const ADDED_MASS = 0.3;
const STREAM = 1.2;
/** Instants of a period that are looked at. */
const INSTANTS = 64;

/** Deflection of the point `s` at a time, with a period of 1. */
type Wave = (s: number, time: number) => number;

/** A ray of `links` links whose nodes move along y only. @returns mean thrust and power of all loads, inertia included */
function means(wave: Wave, links: number, edges = { edgeNormal: 1, edgeSuction: 1 }) {
  const linkLength = 1 / links;
  /** Height and speed of a link's middle, its angle and rate. */
  function linkAt(link: number, time: number) {
    const [a, b] = [wave(link / links, time), wave((link + 1) / links, time)];
    return { height: (a + b) / 2, angle: Math.atan2(b - a, linkLength) };
  }
  const h = 1e-4;
  let [thrust, power] = [0, 0];
  for (let instant = 0; instant < INSTANTS; instant++) {
    const time = instant / INSTANTS;
    const [velocity, angle, rate] = [2 * links, links, links].map((size) => new Float64Array(size));
    const [acceleration, angular] = [new Float64Array(links), new Float64Array(links)];
    for (let i = 0; i < links; i++) {
      const [before, now, after] = [linkAt(i, time - h), linkAt(i, time), linkAt(i, time + h)];
      velocity![2 * i + 1] = (after.height - before.height) / (2 * h);
      acceleration[i] = (after.height - 2 * now.height + before.height) / h ** 2;
      angle![i] = now.angle;
      rate![i] = (after.angle - before.angle) / (2 * h);
      angular[i] = (after.angle - 2 * now.angle + before.angle) / h ** 2;
    }
    const motion = {
      links,
      linkLength,
      angle: angle!,
      rate: rate!,
      velocity: velocity!,
      stream: Float64Array.of(STREAM),
    };
    const loads = {
      force: new Float64Array(2 * links),
      torque: new Float64Array(links),
      edge: new Float64Array(2),
    };
    addReactiveLoad(motion, { addedMass: ADDED_MASS, ...edges }, loads);
    const baseSpeed = (wave(0, time + h) - wave(0, time - h)) / (2 * h);
    thrust -= loads.edge[0]!;
    power -= loads.edge[1]! * baseSpeed;
    for (let i = 0; i < links; i++) {
      const cosine = Math.cos(angle![i]!);
      const normal = -ADDED_MASS * linkLength * acceleration[i]! * cosine;
      thrust -= loads.force[2 * i]! - normal * Math.sin(angle![i]!);
      power -= (loads.force[2 * i + 1]! + normal * cosine) * velocity![2 * i + 1]!;
      power -= (loads.torque[i]! - ((ADDED_MASS * linkLength ** 3) / 12) * angular[i]!) * rate![i]!;
    }
  }
  return { thrust: thrust / INSTANTS, power: power / INSTANTS };
}

describe('a travelling wave that grows towards the tip', () => {
  const wave: Wave = (s, time) => 0.002 * (0.2 + s + 0.3 * s * s) * Math.cos(2 * Math.PI * (1.4 * s - time));

  /** Means over a period of products of the tip's speed and slope. */
  function tip() {
    const h = 1e-5;
    let [speedSquare, slopeSquare, product] = [0, 0, 0];
    for (let instant = 0; instant < INSTANTS; instant++) {
      const time = instant / INSTANTS;
      const speed = (wave(1, time + h) - wave(1, time - h)) / (2 * h);
      const slope = (wave(1 + h, time) - wave(1 - h, time)) / (2 * h);
      speedSquare += speed ** 2 / INSTANTS;
      slopeSquare += slope ** 2 / INSTANTS;
      product += (speed * (speed + STREAM * slope)) / INSTANTS;
    }
    return { speedSquare, slopeSquare, product };
  }
  const { thrust, power } = means(wave, 400);
  const { speedSquare, slopeSquare, product } = tip();

  test('has the mean thrust m/2 (⟨ẏ²⟩ − U²⟨y′²⟩) of its tip', () => {
    const lighthill = (ADDED_MASS / 2) * (speedSquare - STREAM ** 2 * slopeSquare);
    expect(Math.abs(thrust / lighthill - 1)).toBeLessThan(0.01);
  });

  test('takes the mean power m U ⟨ẏ (ẏ + U y′)⟩ of its tip', () => {
    expect(Math.abs(power / (ADDED_MASS * STREAM * product) - 1)).toBeLessThan(0.01);
  });
});

describe('a rigid ray that heaves', () => {
  const heave: Wave = (_, time) => 0.3 * Math.sin(2 * Math.PI * time);
  const speedSquare = (0.3 * 2 * Math.PI) ** 2 / 2;

  test.each([1, 8])('of %i links has an efficiency of one half: all its thrust is edge suction', (links) => {
    const { thrust, power } = means(heave, links);
    expect(thrust / ((ADDED_MASS / 2) * speedSquare)).toBeCloseTo(1, 6);
    expect((thrust * STREAM) / power).toBeCloseTo(0.5, 6);
  });

  test('has no thrust without suction at the edge, and no power where it grows out of a body', () => {
    expect(means(heave, 8, { edgeNormal: 1, edgeSuction: 0 }).thrust).toBeCloseTo(0, 12);
    expect(means(heave, 8, { edgeNormal: 0, edgeSuction: 0 }).power).toBeCloseTo(0, 6);
  });
});

test('rays are calculated each for itself', () => {
  const rng = Float64Array.from({ length: 40 }, (_, i) => Math.sin(3 * i + 1));
  const both = {
    links: 2,
    linkLength: 0.5,
    angle: rng.slice(0, 4),
    rate: rng.slice(4, 8),
    velocity: rng.slice(8, 16),
    stream: Float64Array.of(1, 0.9),
  };
  const body = { addedMass: 0.2, edgeNormal: 1, edgeSuction: 0.5 };
  const loadsOf = (motion: typeof both) => {
    const rays = motion.stream.length;
    const loads = {
      force: new Float64Array(4 * rays),
      torque: new Float64Array(2 * rays),
      edge: new Float64Array(2 * rays),
    };
    addReactiveLoad(motion, body, loads);
    return loads;
  };
  const second = {
    ...both,
    angle: both.angle.slice(2),
    rate: both.rate.slice(2),
    velocity: both.velocity.slice(4),
    stream: both.stream.slice(1),
  };
  const [together, alone] = [loadsOf(both), loadsOf(second)];
  expect(together.force.slice(4)).toEqual(alone.force);
  expect(together.torque.slice(2)).toEqual(alone.torque);
  expect(together.edge.slice(2)).toEqual(alone.edge);
});

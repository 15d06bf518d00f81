/**
 * The load of a thin foil against its closed forms: Theodorsen's lift and moment, Garrick's thrust, steady aerofoils. Chord,
 * stream and density are 1, so the half chord B is ½ and the reduced frequency is k = ω/2.
 */
import { describe, expect, test } from 'vitest';
import { addThinFoilLoad, createThinFoil } from '../../../robots/fin-ray/hydrodynamics/thin-foil.ts';

const B = 0.5;
const DT = 0.005;
/** The slow lag of the wake takes 11 L/U for a factor of e. */
const SPIN_UP = 60;

/** Theodorsen's function F + iG. */
const theodorsen: Readonly<Record<number, readonly [number, number]>> = {
  0.1: [0.8319, -0.1723],
  0.5: [0.5979, -0.1507],
  1: [0.5394, -0.1003],
  2: [0.513, -0.0577],
};

/** The same of the lags: 1 − Σ part·ik/(ik + pace). */
function lagged(k: number): readonly [number, number] {
  const lags = [
    [0.165, 0.0455],
    [0.335, 0.3],
  ] as const;
  return [
    1 - lags.reduce((sum, [part, pace]) => sum + (part * k * k) / (k * k + pace * pace), 0),
    -lags.reduce((sum, [part, pace]) => sum + (part * k * pace) / (k * k + pace * pace), 0),
  ];
}

/** Height of the pivot and angle of a rigid ray, with their first and second derivatives. */
interface RigidState {
  readonly height: readonly [number, number, number];
  readonly angle: readonly [number, number, number];
}

interface Load {
  readonly lift: number;
  /** About the pivot. */
  readonly moment: number;
  readonly thrust: number;
  readonly power: number;
}

/** Moves a rigid ray. @param see called at each step after the spin-up of one period, with all loads, inertia included */
function move(
  state: (t: number) => RigidState,
  pivot: number,
  period: number,
  see: (t: number, load: Load) => void,
) {
  const links = 8;
  const foil = createThinFoil(links, 1, 1);
  const wake = new Float64Array(2);
  const [angle, rate, velocity] = [links, links, 2 * links].map((size) => new Float64Array(size));
  const motion = {
    links,
    linkLength: 1 / links,
    angle: angle!,
    rate: rate!,
    velocity: velocity!,
    stream: Float64Array.of(1),
  };
  const loads = {
    force: new Float64Array(2 * links),
    torque: new Float64Array(links),
    edge: new Float64Array(2),
  };
  const lever = (i: number): number => (i + 0.5) / links - pivot;
  const steps = Math.round((SPIN_UP + period) / DT);
  for (let step = 0; step < steps; step++) {
    const { height, angle: a } = state(step * DT);
    const [c, s] = [Math.cos(a[0]), Math.sin(a[0])];
    for (let i = 0; i < links; i++) {
      angle![i] = a[0];
      rate![i] = a[1];
      velocity![2 * i] = -lever(i) * a[1] * s;
      velocity![2 * i + 1] = height[1] + lever(i) * a[1] * c;
    }
    for (const values of Object.values(loads)) values.fill(0);
    addThinFoilLoad(motion, foil, wake, DT, loads);
    if (step * DT < SPIN_UP) continue;
    let [x, y] = [loads.edge[0]!, loads.edge[1]!];
    const edgeSpeed = height[1] - pivot * a[1] * c;
    let power = -y * edgeSpeed - x * pivot * a[1] * s;
    let moment = pivot * (x * s - y * c);
    for (let i = 0; i < links; i++) {
      const across = height[2] * c + lever(i) * a[2];
      const inertia = -foil.addedMass.mass[i]! * across;
      const [fx, fy] = [loads.force[2 * i]! - inertia * s, loads.force[2 * i + 1]! + inertia * c];
      const torque = loads.torque[i]! - foil.addedMass.inertia[i]! * a[2];
      x += fx;
      y += fy;
      moment += lever(i) * (fy * c - fx * s) + torque;
      power -= fx * velocity![2 * i]! + fy * velocity![2 * i + 1]! + torque * rate![i]!;
    }
    see(step * DT, { lift: y, moment, thrust: -x, power });
  }
}

/** Heave of the pivot as a sine, pitch ahead of it by `lead`; amplitudes L and rad. */
const oscillation =
  (k: number, heave: number, pitch: number, lead = 0) =>
  (t: number): RigidState => {
    const omega = k / B;
    const wave = (amplitude: number, phase: number) =>
      [
        amplitude * Math.sin(phase),
        amplitude * omega * Math.cos(phase),
        -amplitude * omega ** 2 * Math.sin(phase),
      ] as const;
    return { height: wave(heave, omega * t), angle: wave(pitch, omega * t + lead) };
  };

/** Means over a period. */
function means(k: number, heave: number, pitch: number, lead: number, pivot: number) {
  const period = (2 * Math.PI * B) / k;
  let [thrust, power, count] = [0, 0, 0];
  move(oscillation(k, heave, pitch, lead), pivot, period, (_, load) => {
    thrust += load.thrust;
    power += load.power;
    count++;
  });
  return { thrust: thrust / count, efficiency: thrust / power };
}

describe.each([0.1, 0.5, 1, 2])('at a reduced frequency of %f', (k) => {
  test('the lags have Theodorsen’s function within 0.02', () => {
    const [mine, exact] = [lagged(k), theodorsen[k]!];
    expect(Math.hypot(mine[0] - exact[0], mine[1] - exact[1])).toBeLessThan(0.02);
  });

  test('a foil that heaves and pitches about a quarter chord has Theodorsen’s lift and moment', () => {
    const [a, omega] = [-0.5, k / B];
    const [f, g] = lagged(k);
    const state = oscillation(k, 0.002, 0.005, 1);
    // Q is a sine, and C turns it and makes it smaller: C·Q = F·Q + G·Q′/ω.
    const circulatory = ({ height, angle }: RigidState) => {
      // Theodorsen's plunge h is downwards and his angle nose-up.
      const q = -height[1] - angle[0] - B * (0.5 - a) * angle[1];
      const change = -height[2] - angle[1] - B * (0.5 - a) * angle[2];
      return f * q + (g * change) / omega;
    };
    let [liftError, momentError, lifts, moments] = [0, 0, 0, 0];
    move(state, 0.25, (2 * Math.PI) / omega, (t, load) => {
      const { height, angle } = state(t);
      const [plunging, turning, turningFaster] = [-height[2], -angle[1], -angle[2]];
      const cq = circulatory(state(t));
      const lift = Math.PI * B ** 2 * (plunging + turning - a * B * turningFaster) + 2 * Math.PI * B * cq;
      // The inertia of rotation is that of the links: B²(¼ + a²) where a rigid foil has B²(⅛ + a²).
      const noseUp =
        Math.PI *
          B ** 2 *
          (a * B * plunging - B * (0.5 - a) * turning - B ** 2 * (0.25 + a ** 2) * turningFaster) +
        2 * Math.PI * B ** 2 * (a + 0.5) * cq;
      liftError += (load.lift - lift) ** 2;
      momentError += (load.moment + noseUp) ** 2;
      lifts += lift ** 2;
      moments += noseUp ** 2;
    });
    expect(Math.sqrt(liftError / lifts)).toBeLessThan(0.01);
    expect(Math.sqrt(momentError / moments)).toBeLessThan(0.01);
  });
});

describe('Garrick’s thrust', () => {
  // Thrust coefficients 2T go with the square of the amplitudes, so small ones stand for large ones.
  const small = 0.02;
  /** The lags are up to 0.02 off Theodorsen's function of 0.5 to 0.6, and thrust goes with its square. */
  const LAG_ERROR = 0.05;

  test.each([
    [0.5, 0.0747, 0.636],
    [1, 0.2364, 0.558],
    [2, 0.8371, 0.519],
  ])('heave by ¼ chord at k %f: C_T %f, efficiency %f', (k, coefficient, expected) => {
    const { thrust, efficiency } = means(k, 0.25 * small, 0, 0, 0);
    expect(Math.abs((2 * thrust) / small ** 2 / coefficient - 1)).toBeLessThan(LAG_ERROR);
    expect(Math.abs(efficiency / expected - 1)).toBeLessThan(LAG_ERROR);
    const [f, g] = lagged(k);
    const strouhal = (2 * 0.25 * k) / Math.PI;
    const garrick = Math.PI ** 3 * strouhal ** 2 * (f * f + g * g);
    expect(Math.abs((2 * thrust) / small ** 2 / garrick - 1)).toBeLessThan(0.01);
    expect(Math.abs(efficiency / ((f * f + g * g) / f) - 1)).toBeLessThan(0.01);
  });

  test.each([
    [1, 0.0006],
    [2, 0.0184],
    [3, 0.0482],
  ])('pitch by 5° about a quarter chord at k %f: C_T %f', (k, coefficient) => {
    const { thrust } = means(k, 0, ((5 * Math.PI) / 180) * small, 0, 0.25);
    expect(Math.abs((2 * thrust) / small ** 2 - coefficient)).toBeLessThan(0.0005);
  });

  test('heave by ½ chord with 15° of pitch that feathers, at k 0.6: C_T 0.269, efficiency 0.732', () => {
    const { thrust, efficiency } = means(
      0.6,
      0.5 * small,
      ((15 * Math.PI) / 180) * small,
      -Math.PI / 2,
      0.25,
    );
    expect(Math.abs((2 * thrust) / small ** 2 / 0.269 - 1)).toBeLessThan(LAG_ERROR);
    expect(Math.abs(efficiency / 0.732 - 1)).toBeLessThan(LAG_ERROR);
  });
});

describe('at rest in the stream', () => {
  /** Force and moment about the leading edge on a foil with these angles of its links, when the wake is long gone. */
  function steady(angles: Float64Array) {
    const links = angles.length;
    const foil = createThinFoil(links, 1, 1);
    const motion = {
      links,
      linkLength: 1 / links,
      angle: angles,
      rate: new Float64Array(links),
      velocity: new Float64Array(2 * links),
      stream: Float64Array.of(1),
    };
    const wake = new Float64Array(2);
    const loads = {
      force: new Float64Array(2 * links),
      torque: new Float64Array(links),
      edge: new Float64Array(2),
    };
    for (let step = 0; step < 2; step++) {
      for (const values of Object.values(loads)) values.fill(0);
      addThinFoilLoad(motion, foil, wake, 1e4, loads);
    }
    let [x, y, moment] = [loads.edge[0]!, loads.edge[1]!, 0];
    for (let i = 0; i < links; i++) {
      x += loads.force[2 * i]!;
      y += loads.force[2 * i + 1]!;
      moment += loads.torque[i]! + ((i + 0.5) / links) * loads.force[2 * i + 1]!;
    }
    return { drag: x, lift: y, moment };
  }

  test('a flat plate has a lift slope of 2π, at a quarter chord, and no drag', () => {
    const { drag, lift, moment } = steady(new Float64Array(8).fill(-0.01));
    expect(lift / (0.5 * 2 * Math.PI * 0.01)).toBeCloseTo(1, 3);
    expect(moment / lift).toBeCloseTo(0.25, 3);
    expect(Math.abs(drag / (lift * 0.01))).toBeLessThan(0.001);
  });

  test('a parabolic camber ε lifts by 4πε, with a moment of −πε about a quarter chord', () => {
    const camber = 0.01;
    const slopes = Float64Array.from({ length: 40 }, (_, i) =>
      Math.atan(4 * camber * (1 - (2 * i + 1) / 40)),
    );
    const { lift, moment } = steady(slopes);
    expect(lift / (0.5 * 4 * Math.PI * camber)).toBeCloseTo(1, 2);
    // Nose-down is positive about z.
    expect((moment - lift / 4) / (0.5 * Math.PI * camber)).toBeCloseTo(1, 2);
  });
});

test('the added mass is that of a plate: πρB² in all, πρB⁴/4 about its middle', () => {
  const { mass, inertia } = createThinFoil(8, 1, 1).addedMass;
  expect(mass.reduce((a, b) => a + b)).toBeCloseTo(Math.PI * B ** 2, 4);
  const about = mass.reduce((sum, m, i) => sum + m * ((i + 0.5) / 8 - 0.5) ** 2 + inertia[i]!, 0);
  // A link's inertia is about its middle, which at the ends is not where its added mass is centred.
  expect(Math.abs(about / ((Math.PI * B ** 4) / 4) - 1)).toBeLessThan(0.04);
});

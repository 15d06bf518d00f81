/** What joints of articulations do, beside closed forms: damping, friction, and slides. */
import { describe, expect, it } from 'vitest';
import type { Articulation, Joint } from '../../src/physics/articulation.ts';
import { SceneWorlds } from '../../src/physics/scene-worlds.ts';

const TIMESTEP = 0.0025;
const GRAVITY = 9.81;
/** Of every hinge, by the engine, N·m·s/rad. */
const OWN_DAMPING = 0.1;

interface Part {
  readonly joint: Partial<Joint>;
  /** kg and kg·m² about each axis, at the joint. */
  readonly mass: number;
  readonly inertia: number;
}

/** A chain of links without solids, each on the one before, at one place. */
function simulate(parts: readonly Part[], driven = false) {
  const articulation: Articulation = {
    name: 'chain',
    base: [],
    links: parts.map(({ joint, mass, inertia }, i) => ({
      name: `link ${i}`,
      parent: i - 1,
      position: [0, 0, 0],
      joint: {
        name: `joint ${i}`,
        axis: [0, 0, 1],
        range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
        stiffness: 0,
        maxTorque: 0,
        ...joint,
      },
      solids: [],
      mass: { mass, inertia: [inertia, inertia, inertia] },
    })),
  };
  const worlds = new SceneWorlds({ scenes: 1, timestep: TIMESTEP });
  const fleet = worlds.addArticulation(articulation, { driven });
  const positions: number[] = [];
  const step = (count: number): void => {
    for (let i = 0; i < count; i++) {
      fleet.push(0);
      worlds.step(0);
      fleet.pull(0);
      positions.push(fleet.angle.at(-1)!);
    }
  };
  /** Of the last joint in each step but the first, rad/s or m/s. */
  const speeds = (): number[] => {
    const turn = (angle: number): number => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
    return positions.slice(1).map((position, i) => turn(position - positions[i]!) / TIMESTEP);
  };
  return { worlds, fleet, step, speeds };
}

/** A motor that exerts its most, whatever the place. */
const pushing = (most: number): Partial<Joint> => ({ stiffness: 1e6, maxTorque: most });

describe('a hinge', () => {
  const cases = [0.05, 0.4, 5].flatMap((damping) =>
    [1e-6, 1e-3, 0.02].map((inertia) => ({ damping, inertia })),
  );
  it.each(cases)('under a torque settles at what its damping lets through: $damping, $inertia', (part) => {
    const { damping, inertia } = part;
    const torque = 0.3;
    const { worlds, fleet, step, speeds } = simulate([
      { joint: { ...pushing(torque), damping }, mass: 0.01, inertia },
    ]);
    fleet.target[0] = 1e3;
    step(1200);
    const settled = torque / (OWN_DAMPING + damping);
    expect(speeds().at(-1)! / settled).toBeCloseTo(1, 2);
    // A light one is without overshoot there at once, or after the delay; it never goes back and forth.
    if (inertia === 1e-6)
      expect(Math.min(...speeds().slice(Math.ceil(10 * (1 + damping / OWN_DAMPING))))).toBeGreaterThan(
        0.99 * settled,
      );
    expect(Math.min(...speeds())).toBeGreaterThan(-1e-3 * settled);
    worlds.free();
  });

  it('with friction creeps below it, and loses it beyond', () => {
    const speedUnder = (torque: number): number => {
      const { worlds, fleet, step, speeds } = simulate([
        { joint: { ...pushing(torque), friction: 0.1 }, mass: 0.01, inertia: 1e-5 },
      ]);
      fleet.target[0] = 1e3;
      step(1200);
      const last = speeds().at(-1)!;
      worlds.free();
      return last;
    };
    // 0.1 tanh(ω / 0.1) + 0.1 ω = torque.
    const creep = speedUnder(0.08);
    expect(0.1 * Math.tanh(creep / 0.1) + OWN_DAMPING * creep).toBeCloseTo(0.08, 4);
    expect(creep).toBeLessThan(0.1);
    expect(speedUnder(0.5)).toBeCloseTo((0.5 - 0.1) / OWN_DAMPING, 2);
  });
});

describe('a slide', () => {
  const falling = (joint: Partial<Joint>, mass: number) =>
    simulate([{ joint: { slides: true, ...joint }, mass, inertia: 1e-4 }]);

  it('falls freely', () => {
    const { worlds, fleet, step } = falling({}, 0.2);
    step(200);
    expect(fleet.angle[0]! / (-0.5 * GRAVITY * 0.5 ** 2)).toBeCloseTo(1, 1);
    expect(fleet.linkPosition[2]).toBeCloseTo(fleet.angle[0]!, 6);
    worlds.free();
  });

  it.each([0.2, 2, 20, 100])('falls at weight over damping in the end: %d N·s/m', (damping) => {
    const { worlds, step, speeds } = falling({ damping }, 0.05);
    step(1200);
    const settled = -(0.05 * GRAVITY) / damping;
    expect(speeds().at(-1)! / settled).toBeCloseTo(1, 2);
    worlds.free();
  });

  it('approaches that speed as exp(−c t / m) has it', () => {
    const [damping, mass, steps] = [0.5, 0.1, 80];
    const { worlds, step, speeds } = falling({ damping }, mass);
    step(steps);
    const expected = -((mass * GRAVITY) / damping) * (1 - Math.exp((-damping * steps * TIMESTEP) / mass));
    expect(speeds().at(-1)! / expected).toBeGreaterThan(0.98);
    expect(speeds().at(-1)! / expected).toBeLessThan(1.02);
    worlds.free();
  });

  it('hangs in its motor by weight over stiffness, and is stopped at the end of its range', () => {
    const held = falling({ stiffness: 100, maxTorque: 10, damping: 4 }, 0.1);
    held.step(800);
    expect(held.fleet.angle[0]).toBeCloseTo((-0.1 * GRAVITY) / 100, 4);
    held.worlds.free();
    // The spring there: mass · (100 rad/s)².
    const stopped = falling({ range: [-0.05, 0.05], damping: 4 }, 0.1);
    stopped.step(800);
    expect(stopped.fleet.angle[0]).toBeCloseTo(-0.05 - GRAVITY / 100 ** 2, 4);
    stopped.worlds.free();
  });

  it('with friction creeps below it', () => {
    const { worlds, step, speeds } = falling({ friction: 2 }, 0.1);
    step(400);
    // 2 tanh(v / 0.01) = weight.
    expect(speeds().at(-1)).toBeCloseTo(-0.01 * Math.atanh((0.1 * GRAVITY) / 2), 4);
    worlds.free();
  });

  it.each([false, true])(
    'is measured and pushed along an arm that turns, on a base that is driven: %s',
    (driven) => {
      // A hinge about y holds a slide along x; the arm is turned until x points down.
      const { worlds, fleet, step } = simulate(
        [
          { joint: { axis: [0, 1, 0], stiffness: 3, maxTorque: 10 }, mass: 0.5, inertia: 1e-2 },
          {
            joint: { slides: true, axis: [1, 0, 0], stiffness: 200, maxTorque: 20, damping: 8 },
            mass: 0.1,
            inertia: 1e-4,
          },
        ],
        driven,
      );
      fleet.angle.set([0.3, 0.02]);
      worlds.build(0);
      expect(fleet.angle[1]).toBeCloseTo(0.02, 6);
      expect(fleet.linkPosition[3]).toBeCloseTo(0.02 * Math.cos(0.3), 6);
      fleet.target.set([Math.PI / 2, 0.05]);
      step(2000);
      expect(fleet.angle[0]).toBeCloseTo(Math.PI / 2, 3);
      expect(fleet.angle[1]).toBeCloseTo(0.05 + (0.1 * GRAVITY) / 200, 4);
      expect(fleet.linkPosition[5]).toBeCloseTo(-fleet.angle[1]!, 4);
      worlds.free();
    },
  );

  it('pushes what it hangs on back', () => {
    // A cart on a slide along x, and on it another slide along x that is pushed: together they stay where they are.
    const { worlds, fleet, step } = simulate([
      { joint: { slides: true, axis: [1, 0, 0] }, mass: 0.3, inertia: 1e-3 },
      { joint: { slides: true, axis: [1, 0, 0], ...pushing(0.5) }, mass: 0.1, inertia: 1e-3 },
    ]);
    fleet.target[1] = 1e3;
    step(100);
    const [cart, load] = [fleet.linkPosition[0]!, fleet.linkPosition[3]!];
    expect(load).toBeGreaterThan(0.1);
    expect((0.3 * cart + 0.1 * load) / load).toBeCloseTo(0, 3);
    worlds.free();
  });

  it('is not for impulse joints', () => {
    const worlds = new SceneWorlds({ scenes: 1, timestep: TIMESTEP });
    const joint: Joint = {
      name: 'slide',
      slides: true,
      axis: [0, 0, 1],
      range: [0, 1],
      stiffness: 0,
      maxTorque: 0,
    };
    const articulation: Articulation = {
      name: 'lift',
      base: [],
      links: [{ name: 'cabin', parent: -1, position: [0, 0, 0], joint, solids: [] }],
    };
    expect(() => worlds.addArticulation(articulation, { joints: 'impulse' })).toThrow('"lift" has slides');
    worlds.free();
  });
});

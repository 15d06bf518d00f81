/** Rays in a world: they do not know of each other, start anew and go on from a snapshot bit for bit, and stay finite. */
import { describe, expect, test } from 'vitest';
import { ACTUATORS, actuatorNames, finFoil, finRay } from '../../../robots/fin-ray/index.ts';
import { createRng } from '../../../src/core/rng.ts';
import { createSwim, type Swim } from '../../support/fin-ray.ts';

const SUBSTEPS = 20;
const limits = actuatorNames.map((name) => finRay.limits[name]);

/** Swims `steps` control steps with random commands, the same for each ray. @returns the state after each */
function wander({ fleet }: Swim, steps: number, seed: number): Float64Array {
  const rng = createRng(seed);
  const commands = new Float64Array(ACTUATORS * fleet.count);
  const rows: number[] = [];
  for (let step = 0; step < steps; step++) {
    const one = limits.map(({ rate }) => rate * rng.uniform(-1, 1));
    for (let i = 0; i < commands.length; i++) commands[i] = one[i % ACTUATORS]!;
    fleet.swim(commands, SUBSTEPS);
    for (const values of fleet.state) rows.push(...values);
  }
  return Float64Array.from(rows);
}

const models = [
  ['an elongated body', finRay, 'rest', 60],
  ['an elongated body with a sliding layer', finRay, 'sliding', 12.5],
  ['a thin foil', finFoil, 'rest', 12.5],
] as const;

describe.each(models)('%s', (_, model, mode, duration) => {
  test('stays finite and in one piece under random commands', () => {
    const swim = createSwim(model, 1, mode);
    const { fleet } = swim;
    const commands = new Float64Array(ACTUATORS);
    const rng = createRng(3);
    let [furthest, finite] = [0, true];
    for (let step = 0; step < duration / 0.05 && finite; step++) {
      // To the limits and back at once: the hardest that can be asked.
      for (let i = 0; i < ACTUATORS; i++) commands[i] = limits[i]!.rate * (rng.uniform(0, 1) < 0.5 ? -1 : 1);
      fleet.swim(commands, SUBSTEPS);
      finite = fleet.state.every((values) => values.every(Number.isFinite));
      for (const angle of fleet.joints.angle) furthest = Math.max(furthest, Math.abs(angle));
    }
    expect(finite).toBe(true);
    expect(furthest).toBeGreaterThan(0.1);
    expect(furthest).toBeLessThan(1.2);
    swim.world.free();
  }, 180_000);

  test('starts anew in place exactly as the first time, and as in a new world', () => {
    const swim = createSwim(model, 1, mode);
    const first = wander(swim, 20, 1);
    swim.fleet.place(0);
    expect(wander(swim, 20, 1)).toEqual(first);
    swim.world.clear();
    swim.fleet.place(0);
    expect(wander(swim, 20, 1)).toEqual(first);
    swim.world.free();
  });

  test('goes on from a snapshot exactly, in this world and in another', () => {
    const swim = createSwim(model, 2, mode);
    wander(swim, 10, 1);
    const [world, arrays] = [swim.world.snapshot(), swim.fleet.state.map((values) => values.slice())];
    const onwards = wander(swim, 10, 2);
    const restore = (into: Swim): void => {
      into.world.restore(world);
      into.fleet.state.forEach((values, i) => {
        values.set(arrays[i]!);
      });
    };
    restore(swim);
    expect(wander(swim, 10, 2)).toEqual(onwards);
    const other = createSwim(model, 2, mode);
    wander(other, 3, 7);
    restore(other);
    expect(wander(other, 10, 2)).toEqual(onwards);
    swim.world.free();
    other.world.free();
  });
});

test('many rays calculate what one alone does, to the last digit', () => {
  const [alone, many] = [createSwim(finRay, 1), createSwim(finRay, 5)];
  for (const swim of [alone, many]) wander(swim, 20, 4);
  for (const [k, one] of alone.fleet.state.entries()) {
    const all = many.fleet.state[k]!;
    for (let ray = 0; ray < 5; ray++)
      expect(all.slice(ray * one.length, (ray + 1) * one.length)).toEqual(one);
  }
  alone.world.free();
  many.world.free();
});

test('a ray is started anew while the others swim on', () => {
  const [kept, restarted] = [createSwim(finRay, 2), createSwim(finRay, 2)];
  for (const swim of [kept, restarted]) wander(swim, 5, 4);
  const bend = Float64Array.from({ length: finRay.links }, (_, i) => 0.01 * (i + 1));
  restarted.fleet.place(1, bend);
  const { angle } = restarted.fleet.joints;
  expect([...angle.subarray(8)].map((value) => value.toFixed(5))).toEqual(
    [...bend].map((value) => value.toFixed(5)),
  );
  for (const swim of [kept, restarted]) wander(swim, 5, 5);
  const [a, b] = [kept.fleet.chains.angle, restarted.fleet.chains.angle];
  expect(b.subarray(0, 8)).toEqual(a.subarray(0, 8));
  expect(b.subarray(8)).not.toEqual(a.subarray(8));
  kept.world.free();
  restarted.world.free();
});

test('the means of a control step are those of its physics steps', () => {
  const [whole, single] = [createSwim(), createSwim()];
  const commands = Float64Array.of(1, 2, 1);
  for (let step = 0; step < 5; step++) whole.fleet.swim(commands, SUBSTEPS);
  const sums = { thrust: 0, sideForce: 0, moment: 0, power: 0, offsetPower: 0 };
  for (let substep = 0; substep < 5 * SUBSTEPS; substep++) {
    single.fleet.swim(commands, 1);
    if (substep < 4 * SUBSTEPS) continue;
    for (const name of ['thrust', 'sideForce', 'moment', 'power', 'offsetPower'] as const)
      sums[name] += single.fleet.means[name][0]! / SUBSTEPS;
  }
  for (const [name, sum] of Object.entries(sums))
    expect(whole.fleet.means[name as keyof typeof sums][0]).toBeCloseTo(sum, 12);
  expect(Math.abs(sums.offsetPower)).toBeGreaterThan(0);
  whole.world.free();
  single.world.free();
});

test('a straight ray at rest has the friction of both sides as its drag, which goes with the square of the stream', () => {
  const swim = createSwim(finRay, 2);
  swim.fleet.stream[1] = 2;
  swim.fleet.swim(new Float64Array(2 * ACTUATORS), SUBSTEPS);
  const friction = 0.5 * (1.328 / Math.sqrt(2000));
  expect(swim.fleet.means.thrust[0]).toBeCloseTo(-friction, 6);
  expect(swim.fleet.means.thrust[1]).toBeCloseTo(-4 * friction, 6);
  expect(swim.fleet.means.power[0]).toBeCloseTo(0, 6);
  swim.world.free();
});

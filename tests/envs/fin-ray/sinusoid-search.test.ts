/** The search for the best sinusoid: its grid, its climb, and that it goes on where it was stopped. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { objectives } from '../../../envs/fin-ray/objective.ts';
import { type FinTaskName, prescribedBase } from '../../../envs/fin-ray/tasks.ts';
import type { Sinusoid } from '../../../envs/fin-ray/wave.ts';
import { baseGrid, candidatesOf, isAllowed, offsetGrid } from '../../../scripts/bench/sinusoid/grid.ts';
import { type Measurement, Measurements, type Meter } from '../../../scripts/bench/sinusoid/measurements.ts';
import { nelderMead } from '../../../scripts/bench/sinusoid/nelder-mead.ts';
import { SinusoidSearch } from '../../../scripts/bench/sinusoid/search.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const wave: Sinusoid = { ...prescribedBase, offset: 0.2, offsetPhase: 300 };

describe('the grid', () => {
  test('has each wave of the base once, and only what actuators can follow', () => {
    const waves = baseGrid();
    expect(new Set(waves.map((each) => JSON.stringify(each))).size).toBe(waves.length);
    expect(waves.every(isAllowed)).toBe(true);
    // By hand, of 1680: heaves of 0.25 at 0.8 and more need more than 12 U²/L or 1.5 U from 1.2 on, and so forth.
    const heaveOnly = waves.filter(({ pitch }) => pitch === 0);
    const most = (frequency: number): number =>
      Math.max(...heaveOnly.filter((each) => each.frequency === frequency).map(({ heave }) => heave));
    expect([0.2, 0.8, 1, 1.2, 1.4, 1.6].map(most)).toEqual([0.25, 0.25, 0.2, 0.15, 0.15, 0.1]);
    // No wave loses its phases for being at a low frequency, where everything can be followed.
    expect(waves.filter(({ frequency }) => frequency === 0.4)).toHaveLength(5 * 5 * 8 + 5 + 5);
  });

  test('of the lattice-Boltzmann flow has the best of the slender flow, and a coarse one of its own', () => {
    const best = baseGrid().slice(100, 130);
    const candidates = candidatesOf('fin-base-fsi', best);
    expect(candidates.slice(0, 20)).toEqual(best.slice(0, 20));
    // Of 3 × 3 × 3 × 4 waves, heaves of 0.2 and pitches of 25° are beyond the actuators at 1.4.
    expect(candidates).toHaveLength(20 + 108 - 36 + 2 * 2 * 4);
    expect(candidates.every(isAllowed)).toBe(true);
    expect(candidatesOf('fin-offset-fsi', best)).toEqual(best.slice(0, 20));
    expect(candidatesOf('fin-full', best)).toHaveLength(5 + 5 * 60);
  });

  test('has five offsets at twelve phases beside a base', () => {
    expect(offsetGrid(prescribedBase)).toHaveLength(60);
  });
});

describe('the climb', () => {
  /** Runs it on a function. */
  function climb(of: (at: readonly number[]) => number, start: number[], steps: number[], budget: number) {
    const search = nelderMead(start, steps, budget);
    let [asked, next] = [0, search.next()];
    for (; !next.done; asked++) next = search.next(of(next.value));
    return { asked, best: next.value };
  }

  test('finds the top of a hill that is longer than wide', () => {
    const hill = ([x, y]: readonly number[]): number => 3 - (x! - 0.3) ** 2 - 20 * (y! + x! - 1) ** 2;
    const { asked, best } = climb(hill, [2, 2], [0.5, 0.5], 120);
    expect(asked).toBe(120);
    expect(best.at[0]).toBeCloseTo(0.3, 3);
    expect(best.at[1]).toBeCloseTo(0.7, 3);
  });

  test('stays where it is allowed', () => {
    const wall = ([x, y]: readonly number[]): number =>
      x! > 1 ? Number.NEGATIVE_INFINITY : x! - (y! - 2) ** 2;
    const { best } = climb(wall, [0, 0], [0.3, 0.3], 150);
    expect(best.at[0]).toBeGreaterThan(0.98);
    expect(best.at[0]).toBeLessThanOrEqual(1);
    expect(best.at[1]).toBeCloseTo(2, 1);
  });

  test.each([1, 2, 3, 7])('asks for no more than %i points', (budget) => {
    expect(climb(([x]) => -Math.abs(x!), [5, 5, 5], [1, 1, 1], budget).asked).toBe(budget);
  });
});

/** Thrust has its top at an offset of 0.37 and a phase of 100°. */
const offsetHill = ({ offset, offsetPhase }: Sinusoid): number =>
  1 - (offset - 0.37) ** 2 - ((offsetPhase - 100) / 180) ** 2;

/** Measures by a formula for thrust. Stops when asked to after some. */
class FormulaMeter<Task extends FinTaskName> implements Meter<Task> {
  readonly task: Task;
  measured = 0;
  readonly #known = new Map<string, Measurement>();
  readonly #thrust: (wave: Sinusoid) => number;
  readonly #after: () => void;

  constructor(task: Task, thrust: (wave: Sinusoid) => number, after: () => void = () => {}) {
    this.task = task;
    this.#thrust = thrust;
    this.#after = after;
  }

  async measure(what: Parameters<Meter['measure']>[0]): Promise<Measurement> {
    const key = JSON.stringify(what);
    const thrust = this.#thrust(what.wave);
    const power = 2 + 4 * what.wave.offset;
    const objective = { thrust, combined: thrust - 0.2 * power, efficiency: thrust / power }[what.objective];
    if (!this.#known.has(key)) {
      this.measured++;
      this.#known.set(key, { ...what, scores: { objective, thrust, power } });
    }
    this.#after();
    return this.#known.get(key)!;
  }

  known(): Iterable<Measurement> {
    return this.#known.values();
  }
}

describe('a search', () => {
  const never = new AbortController().signal;

  test('finds the best of each objective, better than the grid’s, and tells how far it is', async () => {
    const meter = new FormulaMeter('fin-offset', offsetHill);
    const steps: { stage: string; done: number; total: number }[] = [];
    const search = new SinusoidSearch('fin-offset', meter, meter, (step) => steps.push({ ...step }), never);
    const best = (await search.run(objectives))!;
    const [thrust, combined, efficiency] = best;
    expect(thrust!.wave.offset).toBeCloseTo(0.37, 1);
    expect(Math.abs(thrust!.wave.offsetPhase - 100)).toBeLessThan(3);
    for (const each of best) expect(each.value).toBeGreaterThanOrEqual(each.gridValue);
    expect(thrust!.value).toBeGreaterThan(thrust!.gridValue);
    // Where power costs, less offset is better: the top of −(Δ − 0.37)² − 0.8Δ is below 0, out of reach.
    expect(combined!.wave.offset).toBeLessThan(0.05);
    expect(efficiency!.wave.offset).toBeLessThan(thrust!.wave.offset);
    expect(thrust!.wave.heave).toBe(prescribedBase.heave);
    for (const { done, total } of steps) expect(done).toBeLessThanOrEqual(total);
    expect(new Set(steps.map(({ stage }) => stage)).size).toBe(7);
  });

  test('of base and offset is never worse than one of the base alone', async () => {
    // A narrow ridge between the points of the grid, which a climb of six parameters takes long to follow.
    const ridge = ({ frequency, heave, pitch, offset }: Sinusoid): number =>
      1 -
      50 * (frequency - 1.13 + 3 * (heave - 0.17)) ** 2 -
      (frequency - 1.13) ** 2 -
      ((pitch - 17) / 30) ** 2 -
      9 * offset;
    const base = new FormulaMeter('fin-base', ridge);
    const [alone] = (await new SinusoidSearch('fin-base', base, base, () => {}, never).run(['thrust']))!;
    const both = new FormulaMeter('fin-full', ridge);
    const [best] = (await new SinusoidSearch('fin-full', both, base, () => {}, never).run(['thrust']))!;
    expect(best!.value).toBeGreaterThanOrEqual(alone!.value);
  });

  test('that was stopped goes on from what was measured, and comes to the same', async () => {
    const whole = new FormulaMeter('fin-offset', offsetHill);
    const expected = await new SinusoidSearch('fin-offset', whole, whole, () => {}, never).run(objectives);
    const stop = new AbortController();
    let count = 0;
    const meter = new FormulaMeter('fin-offset', offsetHill, () => {
      if (++count === 85) stop.abort();
    });
    expect(
      await new SinusoidSearch('fin-offset', meter, meter, () => {}, stop.signal).run(objectives),
    ).toBeUndefined();
    expect(meter.measured).toBeLessThanOrEqual(85);
    const again = await new SinusoidSearch('fin-offset', meter, meter, () => {}, never).run(objectives);
    expect(again).toEqual(expected);
    expect(meter.measured).toBe(whole.measured);
  });
});

describe('measurements in a file', () => {
  const what = { wave, episodes: 1, objective: 'combined' } as const;

  test('are made once, also by another run of the command, and those cut short are made again', async () => {
    const file = join(temporaryFolder(), 'fin-offset.jsonl');
    const first = new Measurements('fin-offset', file);
    const made = await first.measure(what);
    expect(await first.measure(what)).toBe(made);
    expect(first.measured).toBe(1);
    first.close();
    expect(made.scores.objective).toBeCloseTo(made.scores.thrust! - 0.2 * made.scores.power!, 6);

    const text = readFileSync(file, 'utf8');
    const second = new Measurements('fin-offset', file);
    expect(await second.measure(what)).toEqual(made);
    expect(second.measured).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(text);

    writeFileSync(file, text.slice(0, -20));
    const third = new Measurements('fin-offset', file);
    expect(await third.measure(what)).toEqual(made);
    expect(third.measured).toBe(1);
    third.close();
    const fourth = new Measurements('fin-offset', file);
    expect(await fourth.measure(what)).toEqual(made);
    expect(fourth.measured).toBe(0);
  });

  test('of something else are refused by name', () => {
    const file = join(temporaryFolder(), 'fin-offset.jsonl');
    writeFileSync(file, '{"wave":{"frequency":"fast"}}\n');
    expect(() => new Measurements('fin-offset', file)).toThrow(/record 1 is no measurement: wave.frequency/);
  });
});

/** A loop in real time, with a clock of the test's own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPace, type Pace } from '../../src/viewer/pace.ts';
import { FakeClock, settled } from '../support/fake-clock.ts';

const PERIOD = 0.02;

/** A loop that notes when it makes its steps, and takes `cost` s for each; it can begin in a pause. */
function startLoop({ cost = 0, paused = false } = {}): {
  pace: Pace;
  clock: FakeClock;
  steps: number[];
  rests: number[];
} {
  const clock = new FakeClock();
  const [steps, rests]: [number[], number[]] = [[], []];
  const pace = createPace({ period: PERIOD, clock, onRest: () => rests.push(steps.length) });
  const loop = async (): Promise<void> => {
    while (await pace.wait()) {
      steps.push(clock.now());
      if (cost > 0) await new Promise<void>((resolve) => clock.after(cost, resolve));
    }
  };
  if (paused) pace.pause();
  void loop();
  return { pace, clock, steps, rests };
}

const round = (values: readonly number[]): number[] => values.map((value) => Math.round(1e6 * value) / 1e6);

describe('a loop that is paced', () => {
  test('makes its first step at once and each further one a period later', async () => {
    const { clock, steps } = startLoop();
    await clock.advance(0.1);
    expect(round(steps)).toEqual([0, 0.02, 0.04, 0.06, 0.08, 0.1]);
  });

  test('does not drift, whatever its own work costs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.9 * PERIOD, noNaN: true }), async (cost) => {
        const { clock, steps } = startLoop({ cost });
        await clock.advance(100 * PERIOD);
        expect(steps.length).toBeGreaterThanOrEqual(100);
        expect(steps[99]).toBeCloseTo(99 * PERIOD, 6);
      }),
      { numRuns: 20 },
    );
  });

  test.each([0.1, 0.5, 2, 10])('at speed %d makes that many times as many steps', async (speed) => {
    const { pace, clock, steps } = startLoop();
    pace.setSpeed(speed);
    await clock.advance(2 + 1e-9);
    expect(steps.length).toBe(Math.round((2 * speed) / PERIOD) + 1);
  });

  test('takes a new speed at once, in the middle of a long wait too', async () => {
    const { pace, clock, steps } = startLoop();
    pace.setSpeed(0.1);
    await clock.advance(0.1);
    expect(round(steps)).toEqual([0]);
    pace.setSpeed(1);
    await clock.advance(0.03);
    expect(round(steps)).toEqual([0, 0.1, 0.12]);
  });

  test('gives up the time of a stall instead of racing through it', async () => {
    const { clock, steps } = startLoop();
    await clock.advance(0.05);
    await clock.stall(60);
    const before = steps.length;
    await clock.advance(1 + 1e-9);
    expect(before).toBe(4);
    expect(steps.length - before).toBe(50);
  });

  test('catches up with what timers are late', async () => {
    const { clock, steps } = startLoop();
    for (let i = 0; i < 50; i++) await clock.stall(1.3 * PERIOD);
    expect(steps.length).toBe(66); // 50·1.3 periods, and the first step.
  });

  test('lets others have the thread where it cannot keep up', async () => {
    const clock = new FakeClock();
    const pace = createPace({ period: 1e-3, clock });
    let steps = 0;
    const loop = async (): Promise<void> => {
      while (await pace.wait()) {
        steps++;
        clock.spend(0.005);
      }
    };
    void loop();
    await settled();
    // No timer has fired, so these are the steps that it makes without letting go: 20 ms of them, and one more.
    expect(steps).toBe(5);
    expect(clock.pending).toBe(1);
    await clock.stall(0);
    expect(steps).toBe(10);
  });
});

describe('a pause', () => {
  test('takes effect in the middle of a wait, and runs no timer', async () => {
    const { pace, clock, steps } = startLoop();
    await clock.advance(0.03);
    pace.pause();
    await clock.advance(100);
    expect(steps.length).toBe(2);
    expect(clock.pending).toBe(0);
    expect([pace.paused, pace.resting]).toEqual([true, true]);
  });

  test('ends with the next step at once, and its time is not made up for', async () => {
    const { pace, clock, steps } = startLoop({ paused: true });
    await clock.advance(100);
    pace.play();
    await clock.advance(0.05);
    expect(round(steps)).toEqual([100, 100.02, 100.04]);
    expect([pace.paused, pace.resting]).toEqual([false, false]);
  });

  test('makes as many steps as it is told, at its pace, and rests again', async () => {
    const { pace, clock, steps, rests } = startLoop({ paused: true });
    await clock.advance(1);
    pace.step(1);
    await clock.advance(1);
    expect(round(steps)).toEqual([1]);
    pace.step(2);
    pace.step(1);
    await clock.advance(1);
    expect(round(steps)).toEqual([1, 2, 2.02, 2.04]);
    expect(rests).toEqual([0, 1, 4]);
    expect(pace.paused).toBe(true);
  });

  test('forgets steps that are left when it is asked for again', async () => {
    const { pace, clock, steps } = startLoop({ paused: true });
    await settled();
    pace.step(10);
    await clock.advance(0.05);
    pace.pause();
    await clock.advance(1);
    expect(steps.length).toBe(3);
  });
});

describe('an interruption', () => {
  test.each(['playing', 'paused'])('ends the wait while %s, and only that one', async (how) => {
    const clock = new FakeClock();
    const pace = createPace({ period: PERIOD, clock });
    await pace.wait();
    if (how === 'paused') pace.pause();
    const waiting = pace.wait();
    await settled();
    pace.interrupt();
    expect(await waiting).toBe(false);
    pace.play();
    const next = pace.wait();
    await clock.advance(PERIOD);
    expect(await next).toBe(true);
  });

  test('of a loop that is not waiting ends its next wait', async () => {
    const pace = createPace({ period: PERIOD, clock: new FakeClock() });
    pace.interrupt();
    expect(await pace.wait()).toBe(false);
    expect(await pace.wait()).toBe(true);
  });
});

/** A simulation with a clock of the test's own: what pages can do to it, and what they see of it. */
import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { episodeMarks, type Intervention } from '../../src/rollout/intervention.ts';
import type { ViewFrame } from '../../src/viewer/protocol.ts';
import { createSimulation, type SimulationOptions } from '../../src/viewer/simulation.ts';
import { Refusal, type SourceReport, type SourceRequest, type SourceState } from '../../src/viewer/source.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { toyEnv } from '../support/toy-env.ts';
import { PUSH, type ToyView, toyRow, toyTeleoperation, toyView } from '../support/toy-view.ts';

const PERIOD = 0.1;

interface Changes extends Partial<SimulationOptions> {
  readonly toy?: ToyView;
  readonly scenes?: number;
}

/** Drives every scene by random numbers of the seed. */
const random = (seed: number) => {
  const rng = createRng(seed);
  return {
    act: async (_: Float32Array, actions: Float32Array) => {
      for (let i = 0; i < actions.length; i++) actions[i] = rng.uniform(-1, 1);
    },
  };
};

function start({ scenes = 2, toy = toyView(scenes), ...changes }: Changes = {}) {
  const clock = new FakeClock();
  const simulation = createSimulation({
    env: toy.env,
    policy: random,
    policyName: 'random',
    teleoperation: toyTeleoperation,
    seed: 4,
    clock,
    ...changes,
  });
  const stop = new AbortController();
  const ended = simulation.run(stop.signal);
  const seen: ViewFrame[] = [];
  const capture = (): void => {
    void simulation.capture(true).then((frame) => seen.push(frame));
  };
  simulation.steps$.subscribe(capture);
  simulation.rests$.subscribe(capture);
  let state: SourceState | undefined;
  simulation.state$.subscribe((present) => {
    state = present;
  });
  const reports: SourceReport[] = [];
  simulation.reports$.subscribe((report) => reports.push(report));
  const handle = (request: SourceRequest): void => simulation.handle(request);
  return { ...toy, simulation, clock, stop, ended, seen, reports, handle, state: () => state! };
}

/** Place of the ball in a scene. */
const place = ({ rows }: ViewFrame, scene = 0): number => rows[scene * toyRow.size]!;
const stepsOf = (frames: readonly ViewFrame[]): number[] => frames.map(({ step }) => step);

describe('a simulation', () => {
  test('shows the first moment, and then each step in real time', async () => {
    const { clock, seen, given } = start({ scenes: 3 });
    await clock.advance(1.05);
    expect(given).toHaveLength(11);
    expect(stepsOf(seen)).toEqual(Array.from({ length: 12 }, (_, i) => 3 * i));
    expect(seen[0]).toMatchObject({ time: 0, age: 0, reward: 0, value: Number.NaN, intervened: false });
    expect([...seen[0]!.action]).toEqual([0, 0]);
    const last = seen.at(-1)!;
    expect(last.time).toBeCloseTo(1.1, 9);
    expect(last.age).toBe(11);
    expect([...last.action]).toEqual([...given.at(-1)!.subarray(0, 2)]);
    expect(last.rewardTerms[0]).toBe(last.action[0]);
    expect(last.reward).toBeCloseTo(last.rewardTerms[0]! + last.rewardTerms[1]!, 6);
    expect(place(last)).toBeCloseTo(
      given.reduce((sum, actions) => sum + 0.25 * actions[0]!, 0),
      5,
    );
    // What was acted on is where the step before had led.
    expect(last.obs[2]).toBe(place(seen.at(-2)!));
    expect([...last.contacts]).toEqual([place(last), 0, 0, 0, 0, 20]);
  });

  test('makes a control step for each period, at any speed', async () => {
    const { clock, given, handle, state } = start();
    handle({ type: 'speed', factor: 10 });
    await clock.advance(2 + 1e-6);
    expect(given.length).toBe(201);
    handle({ type: 'speed', factor: 0.1 });
    await clock.advance(10 + 1e-6);
    expect(given.length).toBe(211);
    expect(state().speed).toBe(0.1);
  });

  test('stands still in a pause, steps as often as it is told and goes on', async () => {
    const { clock, given, handle, seen, state } = start();
    await clock.advance(0.35);
    handle({ type: 'pause' });
    await clock.advance(60);
    expect([given.length, state().paused, clock.pending]).toEqual([4, true, 0]);
    handle({ type: 'step', count: 1 });
    await clock.advance(1e-6);
    expect(given.length).toBe(5);
    handle({ type: 'step', count: 30 });
    await clock.advance(60);
    expect(given.length).toBe(35);
    expect(seen.at(-1)!.step).toBe(70);
    handle({ type: 'play' });
    await clock.advance(0.95);
    expect([given.length, state().paused]).toEqual([45, false]);
    expect(() => handle({ type: 'step', count: 1 })).toThrow(Refusal);
  });

  test('begins anew with a seed, which repeats everything', async () => {
    const { clock, handle, seen, state } = start();
    const rowsFrom = async (seed: number): Promise<Float32Array[]> => {
      handle({ type: 'restart', seed });
      const from = seen.length;
      await clock.advance(2 + 1e-6);
      expect(state().seed).toBe(seed);
      expect(stepsOf(seen.slice(from, from + 20))).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i));
      return seen.slice(from, from + 20).map(({ rows }) => rows);
    };
    await clock.advance(0.5);
    const first = await rowsFrom(8);
    expect(await rowsFrom(9)).not.toEqual(first);
    expect(await rowsFrom(8)).toEqual(first);
  });

  test('that rests begins anew without a step', async () => {
    const { clock, given, handle, seen } = start();
    await clock.advance(0.35);
    handle({ type: 'pause' });
    handle({ type: 'restart', seed: 5 });
    await clock.advance(10);
    expect(given.length).toBe(4);
    expect(seen.at(-1)).toMatchObject({ step: 0, age: 0, time: 0 });
    handle({ type: 'step', count: 1 });
    await clock.advance(10);
    expect([given.length, seen.at(-1)!.step]).toEqual([5, 2]);
  });

  test('tells of the episodes of the scene in focus', async () => {
    const toy = toyView(2, { spec: { ...toyView(2).env.spec, maxEpisodeSteps: 3 } });
    const { clock, reports, seen, simulation } = start({ toy });
    simulation.handle({ type: 'focus', scene: 1 });
    await clock.advance(0.65);
    expect(reports).toEqual([
      { type: 'episode', step: 6, scene: 1, return: expect.any(Number), length: 3, success: false },
      { type: 'episode', step: 12, scene: 1, return: expect.any(Number), length: 3, success: false },
    ]);
    // Where an episode has ended, the next one is seen already.
    expect(seen.map(({ age }) => age)).toEqual([0, 1, 2, 0, 1, 2, 0, 1]);
    expect(seen.map((frame) => frame.rows[toyRow.size + toyRow.signals])).toEqual([0, 1, 2, 0, 1, 2, 0, 1]);
  });

  test('shows the numbers of the scene in focus, in a pause too', async () => {
    const { clock, given, handle, seen, state } = start({ scenes: 3 });
    await clock.advance(0.25);
    handle({ type: 'pause' });
    await clock.advance(1);
    handle({ type: 'focus', scene: 2 });
    await clock.advance(1);
    expect(state().focus).toBe(2);
    expect(seen.at(-1)!.focus).toBe(2);
    expect([...seen.at(-1)!.action]).toEqual([...given.at(-1)!.subarray(4, 6)]);
    expect(() => handle({ type: 'focus', scene: 3 })).toThrow(
      'There is no scene 3; there are 3, counted from 0.',
    );
  });

  test('carries an estimate of the value of what was acted on', async () => {
    const { clock, seen, simulation } = start({ value: async (obs) => Float32Array.of(10 * obs[2]!) });
    await clock.advance(0.45);
    expect(simulation.hello.can.value).toBe(true);
    for (const frame of seen) expect(frame.value).toBe(Math.fround(10 * frame.obs[2]!));
    expect(new Set(seen.map(({ value }) => value)).size).toBeGreaterThan(3);
  });

  test('says what it is', () => {
    const { simulation } = start({ scenes: 3 });
    expect(simulation.hello).toMatchObject({
      source: 'simulation',
      policy: 'random',
      scenes: 3,
      env: { id: 'toy', controlDt: 0.1, rewardTerms: ['pace', 'fuel'], success: 'the point reached 1' },
      controls: [{ name: 'push', keys: ['KeyA', 'KeyD'], axis: { index: 0 } }, { name: 'burn' }],
      can: { pause: true, restart: true, push: true, intervene: true, contacts: true, value: false },
    });
  });

  test('needs an environment that says how it looks', () => {
    expect(() => start({ toy: { ...toyView(1), env: toyEnv(1) } })).toThrow(
      'Environment "toy" cannot be shown, because it does not say how it looks: give it a `view`.',
    );
  });

  test('ends when it is told to, in a pause too', async () => {
    const { clock, ended, stop, handle, given } = start();
    await clock.advance(0.2);
    handle({ type: 'pause' });
    stop.abort();
    await ended;
    await clock.advance(10);
    expect(given.length).toBe(3);
  });
});

describe('an error', () => {
  test('of the policy is told, and pauses; play tries again, restart begins anew', async () => {
    let broken = false;
    const policy = () => ({
      act: async (_: Float32Array, actions: Float32Array) => {
        actions.fill(broken ? Number.NaN : 0.5);
      },
    });
    const { clock, handle, reports, given, state } = start({ policy });
    await clock.advance(0.25);
    broken = true;
    await clock.advance(0.2);
    expect(reports).toEqual([
      {
        type: 'notice',
        level: 'error',
        code: 'E_ENV',
        message:
          'Action "push" [1] of scene 0 is NaN; it must be a finite number. It is paused now: play tries again, restart begins anew.',
      },
    ]);
    expect(state().paused).toBe(true);
    handle({ type: 'play' });
    await clock.advance(1);
    expect([reports.length, given.length, state().paused]).toEqual([2, 3, true]);
    broken = false;
    handle({ type: 'play' });
    await clock.advance(0.35);
    expect([reports.length, given.length]).toEqual([2, 6]);
    broken = true;
    await clock.advance(1);
    broken = false;
    handle({ type: 'restart', seed: 1 });
    handle({ type: 'play' });
    await clock.advance(0.35);
    expect([reports.length, given.length]).toEqual([3, 10]);
  });
});

describe('a push', () => {
  type Push = Extract<SourceRequest, { type: 'push' }>;
  const push: Push = { type: 'push', scene: 1, body: 0, force: [4, 0, 0], point: [0, 0, 0.1] };

  test('moves the body of that scene until it is let go of', async () => {
    const still = () => ({ act: async () => {} });
    const { clock, handle, seen } = start({ policy: still });
    await clock.advance(PERIOD);
    handle(push);
    await clock.advance(3 * PERIOD);
    handle({ ...push, force: [0, 0, 0] });
    await clock.advance(3 * PERIOD);
    expect(place(seen.at(-1)!, 0)).toBe(0);
    expect(place(seen.at(-1)!, 1)).toBeCloseTo(3 * 4 * PUSH, 6);
  });

  test.each<[Push, code: string, message: string]>([
    [{ ...push, scene: 2 }, 'E_RANGE', 'There is no scene 2; there are 2, counted from 0.'],
    [{ ...push, body: 2 }, 'E_RANGE', 'There is no body 2; there are 2, counted from 0.'],
    [{ ...push, body: 1 }, 'E_CANNOT', '"shadow" cannot be pushed.'],
    [{ ...push, force: [0, 0, 2_001] }, 'E_RANGE', '"ball" can be pushed with at most 2000.0 N.'],
    [{ ...push, point: [0, 5, 0] }, 'E_RANGE', 'A push has to act within 4 m of "ball".'],
  ])('that cannot be is refused: %j', (request, code, message) => {
    const { handle, force } = start();
    expect(() => handle(request)).toThrow(expect.objectContaining({ code, message }));
    expect([...force]).toEqual([0, 0]);
  });

  test('lets go from anywhere', () => {
    const { handle } = start();
    expect(() => handle({ ...push, force: [0, 0, 0], point: [0, 1e9, 0] })).not.toThrow();
  });

  test('is refused where nothing can be pushed', () => {
    const toy = toyView(1);
    const { push: _, ...view } = toy.env.view!;
    const { simulation } = start({ toy: { ...toy, env: { ...toy.env, view } } });
    expect(simulation.hello.can.push).toBe(false);
    expect(() => simulation.handle({ ...push, scene: 0 })).toThrow('Nothing can be pushed in "toy".');
  });
});

describe('a take-over', () => {
  test('reaches what the environment is given, and the frames say so', async () => {
    const { clock, handle, given, seen, simulation } = start();
    const interventions: Intervention[] = [];
    simulation.interventions$.subscribe((intervention) => interventions.push(intervention));
    handle({ type: 'focus', scene: 1 });
    await clock.advance(0.15);
    handle({ type: 'intervene', active: true, commands: [0, -0.75] });
    await clock.advance(0.2);
    handle({ type: 'intervene', active: false, commands: [] });
    await clock.advance(0.1);
    expect(given.map((actions) => actions[3] === -0.75)).toEqual([false, false, true, true, false]);
    expect(given.some((actions) => actions[1] === -0.75)).toBe(false);
    expect(seen.map(({ intervened }) => intervened)).toEqual([false, false, false, true, true, false]);
    expect(interventions).toEqual([
      { kind: 'start', scene: 1, step: 6 },
      { kind: 'end', scene: 1, step: 8 },
    ]);
  });

  test('with another number of commands is refused', () => {
    const { handle } = start();
    expect(() => handle({ type: 'intervene', active: true, commands: [1] })).toThrow(
      expect.objectContaining({
        code: 'E_RANGE',
        message: expect.stringContaining('2 controls: push, burn'),
      }),
    );
  });

  test.each(episodeMarks)('a mark of %s ends the episode with the next step', async (mark) => {
    const { clock, handle, interrupted, reports, simulation } = start();
    const interventions: Intervention[] = [];
    simulation.interventions$.subscribe((intervention) => interventions.push(intervention));
    await clock.advance(0.25);
    handle({ type: 'mark', mark });
    await clock.advance(0.1);
    expect(interventions).toEqual([{ kind: 'mark', mark, scene: 0, step: 6 }]);
    expect(interrupted).toEqual([0]);
    expect(reports).toMatchObject([{ type: 'episode', step: 8, scene: 0, length: 4 }]);
  });
});

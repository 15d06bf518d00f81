/** A training run as pages see it: watched, pushed and taken over, and never held up. */
import { lastValueFrom, take } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type IntervenedPolicy, intervene } from '../../src/rollout/intervention.ts';
import { type Rollout, rollout } from '../../src/rollout/rollout.ts';
import { createHub } from '../../src/viewer/hub.ts';
import { decodeFrame, type Report, type ViewFrame } from '../../src/viewer/protocol.ts';
import type { SourceRequest } from '../../src/viewer/source.ts';
import { createTraining } from '../../src/viewer/training.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { constantPolicy } from '../support/toy-env.ts';
import { PUSH, toyRow, toyTeleoperation, toyView } from '../support/toy-view.ts';

function start({ scenes = 2, onPolicy = false, episodeSteps = 1_000 } = {}) {
  const toy = toyView(scenes, { spec: { ...toyView(1).env.spec, maxEpisodeSteps: episodeSteps } });
  const { env } = toy;
  const intervention: IntervenedPolicy = intervene({
    policy: constantPolicy([0.25, 0], [0.5, 0]),
    teleoperation: toyTeleoperation,
    spaces: { observation: env.observationSpace, action: env.actionSpace },
    numEnvs: scenes,
    step: () => run.step(),
  });
  const run: Rollout = rollout(env, intervention, { seed: 1, steps: 1e9 });
  const source = createTraining({
    env,
    run,
    policyName: 'sac, exploring',
    seed: 11,
    teleoperation: toyTeleoperation,
    intervention: onPolicy ? undefined : intervention,
    value: async (obs) => Float32Array.of(obs[2]! + 1),
  });
  /** Runs for some steps and captures after each. */
  const watch = async (count: number): Promise<ViewFrame[]> => {
    const seen: Promise<ViewFrame>[] = [];
    const watching = source.steps$.subscribe(() => seen.push(source.capture(false)));
    await lastValueFrom(run.run$.pipe(take(count)));
    watching.unsubscribe();
    return Promise.all(seen);
  };
  return { ...toy, run, source, watch };
}

describe('a training run', () => {
  test('is seen step by step, with the numbers of the scene in focus', async () => {
    const { source, watch } = start();
    source.handle({ type: 'focus', scene: 1 });
    const frames = await watch(3);
    expect(frames.map(({ step, time, age }) => [step, Number(time.toFixed(6)), age])).toEqual([
      [2, 0.1, 1],
      [4, 0.2, 2],
      [6, 0.3, 3],
    ]);
    expect(frames.map(({ action }) => [...action])).toEqual([
      [0.5, 0],
      [0.5, 0],
      [0.5, 0],
    ]);
    expect(frames.map(({ rows }) => [rows[0], rows[toyRow.size]])).toEqual([
      [0.0625, 0.125],
      [0.125, 0.25],
      [0.1875, 0.375],
    ]);
    // Of what was acted on: where the step before had led.
    expect(frames.map(({ value }) => value)).toEqual([1, 1.125, 1.25]);
  });

  test('tells of the episodes of every scene', async () => {
    const { source, watch } = start({ episodeSteps: 2 });
    const reports: Report[] = [];
    source.reports$.subscribe((report) => reports.push(report));
    const frames = await watch(4);
    expect(reports).toEqual(
      [4, 8].flatMap((step) =>
        [0, 1].map((scene) => ({
          ...{ type: 'episode', step, scene, length: 2, success: false },
          return: scene === 0 ? 0.5 : 1,
        })),
      ),
    );
    expect(frames.map(({ age }) => age)).toEqual([1, 0, 1, 0]);
  });

  test('can be pushed and taken over', async () => {
    const { source, watch, given } = start();
    source.handle({ type: 'push', scene: 0, body: 0, force: [4, 0, 0], point: [0, 0, 0] });
    source.handle({ type: 'intervene', active: true, commands: [0, 1] });
    const frames = await watch(2);
    expect(frames.map(({ rows }) => rows[0])).toEqual([4 * PUSH, 8 * PUSH]);
    expect(frames.map(({ intervened }) => intervened)).toEqual([true, true]);
    expect(given.map((actions) => actions[1])).toEqual([1, 1]);
  });

  test.each<SourceRequest>([
    { type: 'pause' },
    { type: 'play' },
    { type: 'step', count: 1 },
    { type: 'speed', factor: 2 },
    { type: 'restart', seed: 1 },
  ])('cannot be held up or begun anew: %j', (request) => {
    const { source } = start();
    expect(() => source.handle(request)).toThrow(
      expect.objectContaining({
        code: 'E_CANNOT',
        message: 'This is a training run: it cannot be paused, slowed or restarted.',
      }),
    );
    expect(source.hello.can).toMatchObject({ pause: false, restart: false, push: true, intervene: true });
  });

  test('that learns from its own actions alone cannot be taken over', () => {
    const { source } = start({ onPolicy: true });
    expect(source.hello.can).toMatchObject({ push: true, intervene: false });
    const requests: SourceRequest[] = [
      { type: 'intervene', active: true, commands: [0, 0] },
      { type: 'mark', mark: 'success' },
    ];
    for (const request of requests) {
      expect(() => source.handle(request)).toThrow(
        expect.objectContaining({
          code: 'E_CANNOT',
          message: 'Nobody can take over: this agent learns from its own actions alone.',
        }),
      );
    }
  });

  test('draws nothing without a page, and again nothing when the last one has left', async () => {
    const { env, run, source } = start();
    let drawn = 0;
    const { draw } = env.view!;
    Object.assign(env.view!, {
      draw: (scene: number, row: Float32Array) => {
        drawn++;
        draw(scene, row);
      },
    });
    const hub = createHub(source, new FakeClock());
    const steps = (count: number) => lastValueFrom(run.run$.pipe(take(count)));
    await steps(50);
    expect(drawn).toBe(0);
    const frames: ViewFrame[] = [];
    const link = hub.connect({
      send: (message) => {
        if (typeof message !== 'string') frames.push(decodeFrame(message.slice().buffer));
      },
      bufferedAmount: 0,
      close: () => {},
    });
    await steps(1);
    expect([drawn, frames.map(({ step }) => step)]).toEqual([2, [102]]);
    link.left();
    await steps(50);
    expect(drawn).toBe(2);
  });
});

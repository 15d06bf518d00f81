/**
 * A person in place of a policy, scene by scene: what is executed, what frames say, and the stream that tells
 * of it.
 */
import { lastValueFrom, take, tap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../src/core/frame.ts';
import { type Intervention, intervene } from '../../src/rollout/intervention.ts';
import { type Rollout, rollout } from '../../src/rollout/rollout.ts';
import { constantPolicy, TOY_ACTION } from '../support/toy-env.ts';
import { toyTeleoperation, toyView } from '../support/toy-view.ts';

function start(scenes: number) {
  const { env, given } = toyView(scenes);
  const policy = intervene({
    policy: constantPolicy([0.25, 0]),
    teleoperation: toyTeleoperation,
    spaces: { observation: env.observationSpace, action: env.actionSpace },
    numEnvs: scenes,
    step: () => run.step(),
  });
  const run: Rollout = rollout(env, policy, { seed: 1, steps: 1e9 });
  const interventions: Intervention[] = [];
  policy.interventions$.subscribe((intervention) => interventions.push(intervention));
  const frames: Pick<Frame, 'step' | 'action' | 'intervened'>[] = [];
  run.frames$.subscribe(({ step, action, intervened }) =>
    frames.push({ step, action: action.slice(), intervened: intervened.slice() }),
  );
  const step = (count: number) => lastValueFrom(run.run$.pipe(take(count)));
  return { policy, interventions, frames, given, step };
}

const pushes = (actions: Float32Array): number[] =>
  Array.from(actions).filter((_, i) => i % TOY_ACTION === 0);

describe('a policy that is taken over', () => {
  test('is overruled in that scene alone, from the next step until it is given back', async () => {
    const { policy, frames, given, step } = start(3);
    await step(1);
    policy.takeOver(1, [-0.5, 0]);
    await step(2);
    policy.giveBack(1);
    await step(1);
    // The ball of scene 1 is beyond 0 from the first step on, where the toy's controls are turned round.
    const expected = [
      [0.25, 0.25, 0.25],
      [0.25, 0.5, 0.25],
      [0.25, 0.5, 0.25],
      [0.25, 0.25, 0.25],
    ];
    expect(frames.map(({ action }) => pushes(action))).toEqual(expected);
    expect(given.map(pushes)).toEqual(expected);
    expect(frames.map(({ intervened }) => [...intervened])).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });

  test('is steered by the latest commands, with what its scene observes', async () => {
    const { policy, given, step } = start(1);
    policy.takeOver(0, [0.5, 0.125]);
    policy.takeOver(0, [0.75, -1]);
    await step(1); // From 0: as commanded. Then from 0.1875: turned round.
    await step(1);
    expect(given.map((actions) => [...actions])).toEqual([
      [0.75, -1],
      [-0.75, -1],
    ]);
  });

  test('tells of the first and the last frame that a person acted in', async () => {
    const { policy, interventions, frames, step } = start(2);
    await step(2);
    policy.takeOver(1, [1, 0]);
    policy.takeOver(1, [0, 0]);
    await step(3);
    policy.giveBack(1);
    await step(2);
    expect(interventions).toEqual([
      { kind: 'start', scene: 1, step: 6 },
      { kind: 'end', scene: 1, step: 10 },
    ]);
    const acted = frames.filter(({ intervened }) => intervened[1] === 1).map((frame) => frame.step);
    expect(acted).toEqual([6, 8, 10]);
  });

  test('tells nothing of what was given back before a step', async () => {
    const { policy, interventions, frames, step } = start(1);
    policy.takeOver(0, [1, 1]);
    policy.giveBack(0);
    await step(1);
    policy.takeOver(0, [1, 1]);
    await step(1);
    policy.giveBack(0);
    policy.takeOver(0, [1, 1]);
    await step(1);
    expect(interventions).toEqual([{ kind: 'start', scene: 0, step: 2 }]);
    expect(frames.map(({ intervened }) => intervened[0])).toEqual([0, 1, 1]);
  });

  test('passes on what is said about an episode, at the last frame', async () => {
    const { policy, interventions, step } = start(2);
    policy.mark(0, 'rerecord_episode');
    await step(3);
    policy.mark(1, 'success');
    expect(interventions).toEqual([
      { kind: 'mark', mark: 'rerecord_episode', scene: 0, step: 0 },
      { kind: 'mark', mark: 'success', scene: 1, step: 6 },
    ]);
  });

  test('refuses another number of commands than there are controls', () => {
    const { policy } = start(1);
    expect(() => policy.takeOver(0, [1])).toThrow(
      new RangeError('1 commands were given, and there are 2 controls: push, burn.'),
    );
  });
});

describe('Rollout.beforeStep', () => {
  test('is awaited before each step with what is going to be acted on, and ends the run', async () => {
    const { env } = toyView(1);
    const seen: [step: number, x: number][] = [];
    const run: Rollout = rollout(env, constantPolicy([0.25, 0]), {
      seed: 1,
      steps: 1e9,
      async beforeStep(obs) {
        await Promise.resolve();
        seen.push([run.step(), obs[2]!]);
        return seen.length < 3;
      },
    });
    expect(await lastValueFrom(run.run$)).toBe(2);
    expect(seen).toEqual([
      [0, 0],
      [1, 0.0625],
      [2, 0.125],
    ]);
  });

  test('that is still awaited when nobody listens any more makes no step', async () => {
    const { env, given } = toyView(1);
    let goOn = (_: boolean): void => {};
    const run = rollout(env, constantPolicy([0, 0]), {
      seed: 1,
      steps: 1e9,
      beforeStep: () => new Promise((resolve) => (goOn = resolve)),
    });
    const running = run.run$.subscribe();
    await Promise.resolve();
    running.unsubscribe();
    goOn(true);
    await new Promise(setImmediate);
    expect([given.length, run.step()]).toEqual([0, 0]);
  });
});

describe('Rollout.ages', () => {
  test('counts the step of a frame that is delivered, and begins anew after an episode', async () => {
    const { env } = toyView(2, { spec: { ...toyView(1).env.spec, maxEpisodeSteps: 3 } });
    const run = rollout(env, constantPolicy([0, 0]), { seed: 1, steps: 10 });
    const [within, between]: [number[][], number[][]] = [[], []];
    run.frames$.subscribe(() => within.push([...run.ages]));
    await lastValueFrom(run.run$.pipe(tap(() => between.push([...run.ages]))));
    const counts = (values: readonly number[]) => values.map((age) => [age, age]);
    expect(within).toEqual(counts([1, 2, 3, 1, 2]));
    expect(between).toEqual(counts([1, 2, 0, 1, 2]));
  });
});

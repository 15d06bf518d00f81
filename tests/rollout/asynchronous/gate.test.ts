/** Who may go on when, in the one thread of this test: calls that would have to wait are not made. */
import { expect, test, vi } from 'vitest';
import { ActorGate, createGateMemory, LearnerGate } from '../../../src/rollout/asynchronous/gate.ts';

const NOBODY_ASKS = (): void => expect.fail('nobody holds');

function gates(actors: number, lockstep = false) {
  const memory = createGateMemory(actors);
  return {
    learner: new LearnerGate(memory),
    actors: Array.from({ length: actors }, (_, actor) => new ActorGate(memory, actor, lockstep)),
  };
}

test('whoever is ready takes the steps that are allowed, and what is made counts once it is stored', () => {
  const { learner, actors } = gates(2);
  learner.allow(6);
  for (let step = 0; step < 3; step++) {
    expect(actors[0]!.enter(2, NOBODY_ASKS)).toBe(true);
    expect(learner.made()).toEqual([2 * step, 0]);
    actors[0]!.count(2, 0);
  }
  learner.allow(8);
  expect(actors[1]!.enter(2, NOBODY_ASKS)).toBe(true);
  actors[1]!.count(2, 0);
  expect(learner.made()).toEqual([6, 2]);
});

test('in lockstep each has its share', () => {
  const { learner, actors } = gates(2, true);
  learner.allow(4);
  for (const actor of actors) {
    expect(actor.enter(2, NOBODY_ASKS)).toBe(true);
    actor.count(2, 0);
  }
  expect(learner.made()).toEqual([2, 2]);
});

test('news is told, and awaited no longer than asked for', async () => {
  const { learner, actors } = gates(1);
  learner.allow(10);
  const seen = learner.news();
  const start = performance.now();
  await learner.awaitNews(seen, 30);
  expect(performance.now() - start).toBeGreaterThanOrEqual(25);
  actors[0]!.enter(1, NOBODY_ASKS);
  actors[0]!.count(1, 0);
  expect(learner.news()).not.toBe(seen);
  await learner.awaitNews(seen, 60_000);
});

test('lag is the mean and the largest of the steps since it was taken last', () => {
  const { learner, actors } = gates(2);
  expect(learner.takeLag()).toBeUndefined();
  learner.allow(100);
  for (const [actor, lag] of [
    [0, 3],
    [1, 9],
    [0, 0],
  ] as const) {
    actors[actor]!.enter(1, NOBODY_ASKS);
    actors[actor]!.count(1, lag);
  }
  expect(learner.takeLag()).toEqual({ mean: 4, max: 9 });
  expect(learner.takeLag()).toBeUndefined();
});

test('a step that died with its actor is given back', () => {
  const { learner, actors } = gates(2);
  learner.allow(2);
  expect(actors[0]!.enter(1, NOBODY_ASKS)).toBe(true);
  learner.restart(0);
  expect(actors[0]!.enter(1, NOBODY_ASKS)).toBe(true);
  expect(actors[1]!.enter(1, NOBODY_ASKS)).toBe(true);
});

test('a hold does not wait longer than asked for, and says who stands still', () => {
  const { learner } = gates(2);
  const start = performance.now();
  expect(learner.hold(40)).toEqual([false, false]);
  expect(performance.now() - start).toBeGreaterThanOrEqual(39);
  learner.release();
});

test('after stop nobody begins, stores or computes', async () => {
  const { learner, actors } = gates(1);
  learner.allow(10);
  learner.stop();
  const compute = vi.fn();
  expect(actors[0]!.enter(1, NOBODY_ASKS)).toBe(false);
  expect(actors[0]!.mayStore()).toBe(false);
  expect(await actors[0]!.computing(compute)).toBeUndefined();
  expect(compute).not.toHaveBeenCalled();
  expect(learner.stopped).toBe(true);
});

test('an actor cannot be ended while it computes', async () => {
  const { learner, actors } = gates(1);
  let finish = (): void => {};
  const computing = actors[0]!.computing(() => new Promise<void>((resolve) => (finish = resolve)));
  expect(learner.mayBeEnded(0)).toBe(false);
  finish();
  await computing;
  expect(learner.mayBeEnded(0)).toBe(true);
});

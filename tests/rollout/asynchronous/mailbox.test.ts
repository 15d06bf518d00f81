/** Parameters on their way from a learner to its actors. */
import { expect, test } from 'vitest';
import { createMailboxMemory, Mailbox } from '../../../src/rollout/asynchronous/mailbox.ts';
import { beside } from '../../support/threads.ts';

const values = (...numbers: number[]): Float32Array => Float32Array.from(numbers);

test('the newest parameters arrive at the next look, once, in every actor', () => {
  const memory = createMailboxMemory(3);
  const [learner, ...actors] = [new Mailbox(memory), new Mailbox(memory), new Mailbox(memory)];
  const held = actors.map(() => [values(0, 0), values(0)]);
  expect(actors.map((actor, i) => actor.receive(held[i]!))).toEqual([false, false]);
  learner!.publish([values(1, 2), values(3)], 1);
  learner!.publish([values(4, 5), values(6)], 2);
  expect(actors[0]!.receive(held[0]!)).toBe(true);
  expect(held[0]).toEqual([values(4, 5), values(6)]);
  expect(actors[0]!.receive(held[0]!)).toBe(false);
  learner!.publish([values(7, 8), values(9)], 3);
  expect(actors.map((actor, i) => actor.receive(held[i]!))).toEqual([true, true]);
  expect(held[0]).toEqual([values(7, 8), values(9)]);
  expect(held[1]).toEqual(held[0]);
});

test('lag counts the updates since those of the parameters in use', () => {
  const memory = createMailboxMemory(1);
  const [learner, actor] = [new Mailbox(memory), new Mailbox(memory)];
  learner.countUpdates(10);
  learner.publish([values(1)], 10);
  actor.receive([values(0)]);
  expect(actor.lag()).toBe(0);
  learner.countUpdates(17);
  expect(actor.lag()).toBe(7);
  learner.publish([values(2)], 17);
  expect(actor.lag()).toBe(7);
  actor.receive([values(0)]);
  expect(actor.lag()).toBe(0);
});

test('parameters that another thread publishes meanwhile are never mixed of two, and never go back', async () => {
  const width = 2_000;
  const memory = createMailboxMemory(2 * width);
  const mailbox = new Mailbox(memory);
  const vectors = [new Float32Array(width), new Float32Array(width)];
  const seen = await beside('./memory-writer.ts', { mailbox: memory, width }, () => {
    let [mixed, backwards, received, last] = [0, 0, 0, 0];
    while (received < 2_000) {
      if (!mailbox.receive(vectors)) continue;
      received++;
      const value = vectors[0]![0]!;
      if (!vectors.every((vector) => vector.every((other) => other === value))) mixed++;
      if (value <= last) backwards++;
      last = value;
    }
    return { mixed, backwards, last };
  });
  expect(seen).toMatchObject({ mixed: 0, backwards: 0 });
  expect(seen.last).toBeGreaterThanOrEqual(2_000);
});

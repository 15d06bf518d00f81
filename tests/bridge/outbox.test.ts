/** What one client may cost: bounded memory, oldest messages first to go, and a line about it now and then. */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { OUTBOX_LIMIT, Outbox } from '../../src/bridge/outbox.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** An outbox whose client takes messages only when told to. */
function outboxOf() {
  const sent: number[] = [];
  const reports: number[] = [];
  let finish: ((error?: Error) => void) | undefined;
  const outbox = new Outbox({
    send: ({ data }, done) => {
      sent.push(new DataView(data.buffer).getUint32(0));
      finish = done;
    },
    report: (count) => reports.push(count),
  });
  let pushed = 0;
  return {
    outbox,
    sent,
    reports,
    /** Pushes a message that holds its number. */
    push(size = 4): void {
      const data = new Uint8Array(size);
      new DataView(data.buffer).setUint32(0, pushed++);
      outbox.push({ data, binary: true });
    },
    /** The client has taken a message. @returns whether it was owed one */
    take(error?: Error): boolean {
      const owed = finish;
      finish = undefined;
      owed?.(error);
      return owed !== undefined;
    },
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('an outbox', () => {
  test('sends one message at a time, in order', () => {
    const client = outboxOf();
    for (let i = 0; i < 5; i++) client.push();
    expect(client.sent).toEqual([0]);
    while (client.take());
    expect(client.sent).toEqual([0, 1, 2, 3, 4]);
    client.push();
    expect(client.sent).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('keeps the newest messages of a client that takes none', () => {
    const client = outboxOf();
    for (let i = 0; i < 2000; i++) client.push();
    while (client.take());
    expect(client.sent).toEqual([0, ...range(2000 - OUTBOX_LIMIT.messages, 2000)]);
  });

  test('keeps no more bytes than it may', () => {
    const client = outboxOf();
    const size = OUTBOX_LIMIT.bytes / 8;
    for (let i = 0; i < 20; i++) client.push(size);
    while (client.take());
    expect(client.sent).toEqual([0, ...range(12, 20)]);
  });

  test('keeps a message that is larger than all it may keep', () => {
    const client = outboxOf();
    client.push();
    client.push();
    client.push(OUTBOX_LIMIT.bytes + 1);
    while (client.take());
    expect(client.sent).toEqual([0, 2]);
  });

  test('loses what is oldest and nothing else, however the client takes it', () => {
    const step = fc.oneof(fc.constant('take' as const), fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const client = outboxOf();
        const size = OUTBOX_LIMIT.bytes / 4;
        const waiting: number[] = [];
        const expected: number[] = [];
        let number = 0;
        let busy = false;
        const send = (): void => {
          if (busy || waiting.length === 0) return;
          busy = true;
          expected.push(waiting.shift()!);
        };
        for (const move of steps) {
          if (move === 'take') {
            client.take();
            busy = false;
            send();
            continue;
          }
          for (let i = 0; i < move; i++) {
            client.push(size);
            waiting.push(number++);
            send();
            if (waiting.length > 4) waiting.shift();
          }
        }
        expect(client.sent).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('reports losses at once, and then every 30 s at most', () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    const client = outboxOf();
    const overflow = (count: number): void => {
      for (let i = 0; i < count; i++) client.push();
    };
    overflow(1 + OUTBOX_LIMIT.messages);
    expect(client.reports).toEqual([]);
    overflow(10);
    expect(client.reports).toEqual([1]);
    clock.mockReturnValue(30_999);
    overflow(1);
    expect(client.reports).toEqual([1]);
    clock.mockReturnValue(31_000);
    overflow(1);
    expect(client.reports).toEqual([1, 11]);
  });

  test.each([
    ['is closed', (client: ReturnType<typeof outboxOf>) => client.outbox.close()],
    ['could not send', (client: ReturnType<typeof outboxOf>) => client.take(new Error('broken pipe'))],
  ])('sends no more once it %s', (_, end) => {
    const client = outboxOf();
    client.push();
    client.push();
    end(client);
    while (client.take());
    client.push();
    expect(client.sent).toEqual([0]);
  });
});

/** A client that stops reading costs bounded memory and disturbs nobody. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/bridge/channel.ts';
import { OUTBOX_LIMIT } from '../../src/bridge/outbox.ts';
import { counted, foxglove, serve, until } from './servers.ts';

describe('a client that stops reading', () => {
  const SIZE = 256 * 1024;
  const COUNT = 400;
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const memory = (): number => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };

  test('loses the oldest messages, holds little memory, and nobody else notices', async () => {
    const messages$ = new Subject<Message>();
    const { counted$, listeners } = counted(messages$);
    const channel = { topic: '/large', schemaName: 'test', schema: '{}', messages$: counted$ };
    const { server, lines } = await serve([channel]);
    const numbersOf = (client: ReturnType<typeof foxglove>): number[] => {
      const numbers: number[] = [];
      client.client.on('message', ({ data }) => numbers.push(new DataView(data.buffer).getUint32(13)));
      return numbers;
    };
    const [reader, sleeper] = [foxglove(server), foxglove(server)];
    const [read, slept] = [numbersOf(reader), numbersOf(sleeper)];
    for (const { told, client, advertised, channelId } of [reader, sleeper]) {
      await advertised();
      client.subscribe(channelId('/large'));
      // The messages themselves are not kept.
      told.messages.push = () => 0;
    }
    const push = async (number: number): Promise<void> => {
      const data = new Uint8Array(SIZE);
      new DataView(data.buffer).setUint32(0, number);
      messages$.next({ time: BigInt(number), data });
      await until(() => expect(read.at(-1)).toBe(number));
    };

    await until(() => expect(listeners()).toBe(2));
    sleeper.socket.pause();
    const before = memory();
    for (let number = 1; number <= COUNT; number++) await push(number);
    expect(read).toHaveLength(COUNT);
    // What waits for it, and, on a machine that is busy, as much again on its way to the reader: never the 100 MiB that were sent.
    expect(memory() - before).toBeLessThan((COUNT * SIZE) / 4);
    expect(lines).toEqual([expect.stringMatching(/reads too slowly: \d+ messages dropped/)]);

    sleeper.socket.resume();
    await until(() => expect(slept.at(-1)).toBe(COUNT));
    expect(slept.length).toBeLessThan(COUNT);
    expect(slept).toEqual([...slept].sort((a, b) => a - b));
    // One gap, between what was under way and what waited.
    const waited = slept.findIndex((number, i) => i > 0 && number !== slept[i - 1]! + 1);
    expect(slept.slice(waited)).toEqual(
      Array.from({ length: slept.length - waited }, (_, i) => slept[waited]! + i),
    );
    expect((slept.length - waited) * SIZE).toBeLessThanOrEqual(OUTBOX_LIMIT.bytes);
  });
});

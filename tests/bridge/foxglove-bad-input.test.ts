/** Clients that err are told so, and nobody else notices. */
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { still } from './sample-run.ts';
import { dial, foxglove, serveRun, until } from './servers.ts';

describe('bad input', () => {
  const json = JSON.stringify;
  const subscribe = (id: unknown, channelId: unknown): string =>
    json({ op: 'subscribe', subscriptions: [{ id, channelId }] });

  test.each([
    ['text that is not JSON', '{"op":', /not JSON/],
    ['no object', 'null', /Operation \(none\) is not known/],
    ['no operation', '{}', /Operation \(none\) is not known/],
    ['an unknown operation', json({ op: 'explode' }), /Operation "explode" is not known.*read-only/],
    ['a wish to write', json({ op: 'setParameters', parameters: [] }), /"setParameters".*read-only/],
    ['a list that is missing', json({ op: 'subscribe' }), /"subscribe" is malformed.*subscriptions/],
    ['an id that is no number', subscribe('one', 1), /malformed.*subscriptions\.0\.id/],
    ['an id of more than 32 bits', subscribe(2 ** 32, 1), /malformed.*subscriptions\.0\.id/],
    ['an unknown channel', subscribe(7, 99), /no channel 99; subscription 7/],
    ['an unknown subscription', json({ op: 'unsubscribe', subscriptionIds: [5] }), /no subscription 5/],
    ['a binary message', Buffer.of(1, 2, 3), /opcode 1 refused.*read-only/],
    ['random bytes', Buffer.from('c0ffee00deadbeef', 'hex'), /opcode 192 refused/],
    ['an empty binary message', Buffer.alloc(0), /opcode \(none\) refused/],
  ])('%s is answered with a status, and the connection stays', async (_, message, expected) => {
    const { server, step } = await serveRun();
    const { client, socket, told, advertised, channelId, data } = foxglove(server);
    await advertised();
    socket.send(message);
    await until(() => expect(told.statuses).toHaveLength(1));
    expect(told.statuses[0]).toMatchObject({ level: 2, message: expect.stringMatching(expected) });
    step(still);
    client.subscribe(channelId('/reward'));
    await until(() => expect(data()).toHaveLength(1));
    expect(told.statuses).toHaveLength(1);
  });

  test('subscriptions that are there already are refused one by one, and the others made', async () => {
    const { server, step } = await serveRun();
    const { socket, told, advertised, channelId, data } = foxglove(server);
    await advertised();
    step(still);
    const [tf, reward, action] = ['/tf', '/reward', '/action/state'].map(channelId);
    const subscriptions = [
      { id: 1, channelId: tf },
      { id: 1, channelId: reward },
      { id: 2, channelId: tf },
      { id: 3, channelId: action },
    ];
    socket.send(json({ op: 'subscribe', subscriptions }));
    await until(() => expect(data()).toHaveLength(2));
    expect(data().map(({ subscriptionId }) => subscriptionId)).toEqual([1, 3]);
    expect(told.statuses.map(({ message }) => message)).toEqual([
      'Subscription id 1 is in use; unsubscribe it first, or take another.',
      `Channel ${tf} is subscribed to already; subscription 2 is ignored.`,
    ]);
  });

  test('a message that is too large ends its connection and no other', async () => {
    const { server, step } = await serveRun();
    const other = foxglove(server);
    await other.advertised();
    const socket = dial(server);
    await once(socket, 'open');
    socket.send('x'.repeat(100_000));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    step(still);
    other.client.subscribe(other.channelId('/reward'));
    await until(() => expect(other.data()).toHaveLength(1));
  });
});

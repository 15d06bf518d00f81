/** The telemetry server and the published client. */
import { once } from 'node:events';
import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/bridge/channel.ts';
import { ClientSession } from '../../src/bridge/client-session.ts';
import { startFoxgloveServer } from '../../src/bridge/foxglove-server.ts';
import { Outbox } from '../../src/bridge/outbox.ts';
import { decode, still } from './sample-run.ts';
import { foxglove, serve, serveRun, until } from './servers.ts';

describe('a client', () => {
  test('is told all channels with their schemas', async () => {
    const { server, channels } = await serveRun();
    const { told, advertised } = foxglove(server);
    await advertised();
    expect(told.channels.map(({ id: _, ...channel }) => channel)).toEqual(
      channels.map(({ topic, schemaName, schema }) => ({
        topic,
        schemaName,
        schema,
        encoding: 'json',
        schemaEncoding: 'jsonschema',
      })),
    );
    expect(new Set(told.channels.map(({ id }) => id)).size).toBe(channels.length);
  });

  test('gets what it subscribes to: the time of each frame, and then its numbers', async () => {
    const { server, step } = await serveRun();
    const { client, told, advertised, channelId, data } = foxglove(server);
    await advertised();
    step({ ...still, time: 1 });
    const observation = client.subscribe(channelId('/observation/state'));
    await until(() => expect(data()).toHaveLength(1));
    const action = client.subscribe(channelId('/action/state'));
    await until(() => expect(data()).toHaveLength(2));
    step({ ...still, time: 2.5, obs: Float32Array.of(4, 5, 6), action: Float32Array.of(-0.25) });
    await until(() => expect(data()).toHaveLength(4));

    const second = 1_000_000_000n;
    const heard = told.messages.map((message) =>
      'time' in message
        ? message
        : {
            subscription: message.subscriptionId,
            timestamp: message.timestamp,
            values: decode(message.data as DataView<ArrayBuffer>).scalars.map(
              ({ value }: { value: number }) => value,
            ),
          },
    );
    expect(heard).toEqual([
      { time: second },
      { subscription: observation, timestamp: second, values: [1, 2, 3] },
      { subscription: action, timestamp: second, values: [0.5] },
      { time: 2_500_000_000n },
      { subscription: observation, timestamp: 2_500_000_000n, values: [4, 5, 6] },
      { subscription: action, timestamp: 2_500_000_000n, values: [-0.25] },
    ]);
  });

  test('costs the run nothing before it subscribes, after it unsubscribes and after it leaves', async () => {
    const { server, listeners } = await serveRun();
    const { client, socket, advertised, channelId } = foxglove(server);
    await advertised();
    expect(listeners()).toBe(0);
    const subscription = client.subscribe(channelId('/tf'));
    await until(() => expect(listeners()).toBe(1));
    client.unsubscribe(subscription);
    await until(() => expect(listeners()).toBe(0));
    client.subscribe(channelId('/tf'));
    await until(() => expect(listeners()).toBe(1));
    socket.terminate();
    await until(() => expect(listeners()).toBe(0));
  });

  test('that has parted subscribes to nothing more', () => {
    const messages$ = new Subject<Message>();
    const channel = { topic: '/tf', schemaName: 'test', schema: '{}', messages$ };
    const outbox = new Outbox({ send: () => {}, report: () => {} });
    const session = new ClientSession(new Map([[1, channel]]), outbox);
    const subscribe = (id: number): Buffer =>
      Buffer.from(`{ "op": "subscribe", "subscriptions": [{ "id": ${id}, "channelId": 1 }] }`);
    session.receive(subscribe(1), false);
    expect(messages$.observed).toBe(true);
    session.close();
    expect(messages$.observed).toBe(false);
    session.receive(subscribe(2), false);
    expect(messages$.observed).toBe(false);
  });

  test('is told when a channel fails, and the rest goes on', async () => {
    const failing$ = new Subject<Message>();
    const whole$ = new Subject<Message>();
    const about = { schemaName: 'test', schema: '{}' };
    const { server } = await serve([
      { topic: '/failing', messages$: failing$, ...about },
      { topic: '/whole', messages$: whole$, ...about },
    ]);
    const { client, told, advertised, channelId, data } = foxglove(server);
    await advertised();
    client.subscribe(channelId('/failing'));
    client.subscribe(channelId('/whole'));
    await until(() => expect(whole$.observed).toBe(true));
    failing$.error(new Error('no such row'));
    whole$.next({ time: 0n, data: new Uint8Array(1) });
    await until(() => expect(data()).toHaveLength(1));
    expect(told.statuses).toEqual([{ op: 'status', level: 2, message: '/failing has ended: no such row' }]);
  });
});

describe('the server', () => {
  test('says so where its port is taken', async () => {
    const { server } = await serveRun();
    const second = startFoxgloveServer({ name: 'second', channels: [], port: server.port });
    await expect(second).rejects.toThrow(
      `Telemetry cannot be served on 127.0.0.1, port ${server.port}: another program uses that port.`,
    );
  });

  test('says so where its address is not of this machine', async () => {
    const elsewhere = startFoxgloveServer({ name: 'x', channels: [], host: '192.0.2.1', port: 0 });
    await expect(elsewhere).rejects.toThrow(/cannot be served on 192\.0\.2\.1.*Choose another address/);
  });

  test('parts from its clients, also from one that does not answer, and frees its port', async () => {
    const { server, listeners } = await serveRun();
    const polite = foxglove(server);
    const silent = foxglove(server);
    for (const { client, advertised, channelId } of [polite, silent]) {
      await advertised();
      client.subscribe(channelId('/tf'));
    }
    await until(() => expect(listeners()).toBe(1));
    silent.socket.pause();
    const closed = once(polite.socket, 'close');
    await server.close();
    expect((await closed)[0]).toBe(1001);
    expect(listeners()).toBe(0);
    const { server: next } = await serve([], { port: server.port });
    expect(next.port).toBe(server.port);
  });
});

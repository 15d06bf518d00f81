/** Who may connect to the telemetry server, and who not. */
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { MAX_CLIENTS } from '../../src/bridge/foxglove-server.ts';
import { dial, foxglove, handshake, SDK, serveRun, until } from './servers.ts';

describe('a handshake', () => {
  test.each([SDK, 'foxglove.websocket.v1'])('with %s is accepted', async (protocol) => {
    const { server } = await serveRun();
    const { told, advertised, socket } = foxglove(server, protocol);
    await advertised();
    expect(socket.protocol).toBe(protocol);
    expect(told.infos).toMatchObject([{ name: 'cart', capabilities: ['time'] }]);
  });

  test('with both takes the one of today', async () => {
    const { server } = await serveRun();
    const socket = dial(server, ['foxglove.websocket.v1', SDK]);
    await once(socket, 'open');
    expect(socket.protocol).toBe(SDK);
  });

  test.each([[[]], [['foxglove.sdk.v9']]])(
    'with the subprotocols %j is answered with 400',
    async (protocols) => {
      const { server } = await serveRun();
      expect(await handshake(server, protocols)).toBe(400);
    },
  );

  test.each([
    ['https://app.foxglove.dev', undefined, 101],
    ['https://studio.foxglove.dev', undefined, 101],
    ['http://127.0.0.1:8080', undefined, 101],
    ['http://localhost:8080', 'localhost:8765', 101],
    ['https://viewer.example', undefined, 101],
    ['https://evil.example', undefined, 403],
    ['http://app.foxglove.dev', undefined, 403],
    ['https://app.foxglove.dev.evil.example', undefined, 403],
    ['null', undefined, 403],
    ['http://localhost:8080', '127.0.0.1:8765', 403],
    // A name that its owner lets lead to this machine.
    ['http://evil.example:8765', 'evil.example:8765', 403],
    ['http://evil.example', 'evil example', 403],
  ])('from a page of %s to %s is answered with %d', async (origin, host, status) => {
    const { server } = await serveRun({ origins: ['https://viewer.example'] });
    const headers = host === undefined ? {} : { host };
    expect(await handshake(server, [SDK], { origin, headers })).toBe(status);
  });

  test('beyond the most clients is answered with 503, until one leaves', async () => {
    const { server } = await serveRun();
    const clients = Array.from({ length: MAX_CLIENTS }, () => dial(server));
    await Promise.all(clients.map((client) => once(client, 'open')));
    expect(await handshake(server, [SDK])).toBe(503);
    clients[0]!.close();
    await until(async () => expect(await handshake(server, [SDK])).toBe(101));
  });
});

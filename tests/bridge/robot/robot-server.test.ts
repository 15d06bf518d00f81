/** A robot on a real socket, and the link to it: who gets in, what breaks, and how it comes back. */
import { once } from 'node:events';
import { filter, firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startControlLoop } from '../../../src/bridge/robot/control-loop.ts';
import { ROBOT_SUBPROTOCOL } from '../../../src/bridge/robot/protocol.ts';
import { LinkRefused, RobotLink, type RobotLinkOptions } from '../../../src/bridge/robot/robot-link.ts';
import {
  type RobotServer,
  type RobotServerOptions,
  startRobotServer,
} from '../../../src/bridge/robot/robot-server.ts';
import { limitsOf } from '../../../src/bridge/robot/robot-side.ts';
import { defaultRules } from '../../../src/bridge/robot/supervisor.ts';
import { toyMachine } from '../../support/toy-machine.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(
  options: Partial<RobotServerOptions> = {},
): Promise<RobotServer & { arm: ReturnType<typeof toyMachine> }> {
  const arm = toyMachine(0.01);
  const rules = { ...defaultRules(0.01, limitsOf(arm)), softStart: 0 };
  const server = await startRobotServer({ machine: arm, rules, port: 0, ...options });
  open.push(server);
  return { ...server, arm };
}
function link(url: string, role: RobotLinkOptions['role'], other: Partial<RobotLinkOptions> = {}): RobotLink {
  const made = new RobotLink({ url, role, name: 'test', ...other });
  open.push(made);
  return made;
}
const connected = (made: RobotLink) => firstValueFrom(made.connected$.pipe(filter(Boolean)));
const inMode = (made: RobotLink, state: string) =>
  firstValueFrom(
    made.messages$.pipe(filter((message) => message.type === 'mode' && message.state === state)),
  );
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1e3 * seconds));
async function raw(url: string, headers: Record<string, string> = {}, options = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, ROBOT_SUBPROTOCOL, { headers, ...options });
  socket.on('error', () => {});
  await Promise.race([once(socket, 'open'), once(socket, 'close')]);
  return socket;
}

describe('a link', () => {
  test.each(['cbor', 'json'] as const)(
    'moves the machine, by %s, and leaves it at rest',
    async (encoding) => {
      const { url, arm, side } = await serve();
      const [policy, person] = [link(url, 'policy', { encoding }), link(url, 'teleop', { encoding })];
      await Promise.all([connected(policy), connected(person)]);
      expect(policy.welcome).toMatchObject({ control_dt: 0.01, robot: { name: 'arm', mode: 'position' } });
      const armed = inMode(person, 'armed');
      person.arm();
      await armed;
      const following = policy.obs$.subscribe(() => policy.send([0.6, 0.2]));
      await firstValueFrom(policy.obs$.pipe(filter(({ q }) => Math.abs(q[0]! - 0.6) < 1e-6)));
      expect(side.state.mode).toBe('running');
      following.unsubscribe();
      await inMode(policy, 'holding');
      expect(arm.at[0]).toBeCloseTo(0.6, 9);
      const { commands, observations, delays } = policy.statistics;
      expect([commands > 20, observations > 20, delays.length]).toEqual([true, true, 1]);
      expect(Math.abs(policy.statistics.offset!)).toBeLessThan(0.02);
    },
  );

  test('comes back by itself, and is not obeyed before a person has armed it again', async () => {
    const first = await serve();
    const { port } = new URL(first.url);
    const policy = link(first.url, 'policy');
    await connected(policy);
    const person = link(first.url, 'teleop');
    await connected(person);
    const armed = inMode(policy, 'armed');
    person.arm();
    await armed;
    const lost = firstValueFrom(policy.connected$.pipe(filter((is) => !is)));
    await first.close();
    open.splice(open.indexOf(first), 1);
    await lost;
    expect(policy.send([0, 0])).toBe('dropped');
    const second = await serve({ port: Number(port) });
    await connected(policy);
    await firstValueFrom(policy.obs$);
    expect(policy.send([0.5, 0.5])).toBe('sent');
    expect(await firstValueFrom(policy.messages$.pipe(filter(({ type }) => type === 'error')))).toMatchObject(
      { code: 'E_MODE' },
    );
    expect(second.side.state.mode).toBe('idle');
    expect(policy.statistics).toMatchObject({ connections: 2, dropped: 1 });
  }, 20_000);

  test('is refused for good where there is another policy already', async () => {
    const { url } = await serve();
    await connected(link(url, 'policy'));
    const second = link(url, 'policy');
    await expect(lastValueFrom(second.obs$)).rejects.toThrow(
      /has sent us away: Another policy controls this robot/,
    );
    await expect(lastValueFrom(second.connected$)).rejects.toThrow(LinkRefused);
  });

  test.each([
    ['without the token', {}, /answers 401/],
    ['with another token', { token: 'guess' }, /answers 401/],
  ])('is refused for good %s', async (_, other, reason) => {
    const { url } = await serve({ access: { token: 'secret' } });
    await expect(lastValueFrom(link(url, 'viewer', other).obs$)).rejects.toThrow(reason);
  });

  test('gets in with the token', async () => {
    const { url } = await serve({ access: { token: 'secret' } });
    await connected(link(url, 'viewer', { token: 'secret' }));
  });
});

describe('who gets a connection', () => {
  const statusOf = (url: string, headers: Record<string, string>, protocol: string = ROBOT_SUBPROTOCOL) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url, protocol, { headers });
      socket.on('unexpected-response', (request, { statusCode }) => {
        request.destroy();
        resolve(statusCode);
      });
      socket.on('open', () => {
        socket.close();
        resolve(101);
      });
      socket.on('error', () => {});
    });

  test('a web page only where it is listed', async () => {
    const { url } = await serve({ access: { origins: ['https://desk.example.org'] } });
    expect(await statusOf(url, { Origin: 'https://elsewhere.example.org' })).toBe(403);
    expect(await statusOf(url, { Origin: 'https://desk.example.org' })).toBe(101);
  });
  test('nobody who speaks another protocol', async () => {
    const { url } = await serve();
    expect(await statusOf(url, {}, 'chat')).toBe(400);
  });
  test('no more than there is room for', async () => {
    const { url } = await serve({ access: { maxClientsPerAddress: 2 } });
    const both = [await raw(url), await raw(url)];
    expect(await statusOf(url, {})).toBe(429);
    both[0]!.close();
    await once(both[0]!, 'close');
    await pause(0.05);
    expect(await statusOf(url, {})).toBe(101);
  });
  test('a browser that asks for a page is told what this is', async () => {
    const { url } = await serve();
    const answer = await fetch(url.replace('ws:', 'http:'));
    expect([answer.status, await answer.text()]).toEqual([426, expect.stringContaining(ROBOT_SUBPROTOCOL)]);
  });
});

describe('what breaks', () => {
  test('a message that is none is answered, one that is too large ends the connection, and the robot goes on', async () => {
    const { url, loop, side } = await serve();
    const socket = await raw(url);
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    socket.send('{"type":"cmdd"}');
    await once(socket, 'message');
    expect(JSON.parse(heard[0]!)).toMatchObject({ type: 'error', code: 'E_MESSAGE' });
    socket.send('x'.repeat(2 * 1024 * 1024));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    const steps = loop.lateness().length;
    await pause(0.1);
    expect(loop.lateness().length).toBeGreaterThan(steps + 4);
    expect(side.state.mode).toBe('disconnected');
  });

  test('a flood ends the connection', async () => {
    const { url } = await serve();
    const socket = await raw(url);
    for (let i = 0; i < 6_000; i++) socket.send('{"type":"sync","t0":1}');
    const [code] = await once(socket, 'close');
    expect(code).toBe(4429);
  });

  test('a cable that is cut is noticed, and the policy’s place is free again', async () => {
    const { url, side } = await serve();
    const socket = await raw(url, {}, { autoPong: false });
    socket.send(JSON.stringify({ type: 'hello', v: 1, role: 'policy', name: 'gone' }));
    await pause(0.1);
    expect(side.state.mode).toBe('idle');
    await once(socket, 'close');
    await pause(0.05);
    expect(side.state.mode).toBe('disconnected');
  }, 10_000);

  test('a server that is closed has its machine come to rest first', async () => {
    const { url, arm, side, close } = await serve();
    const [policy, person] = [link(url, 'policy'), link(url, 'teleop')];
    await Promise.all([connected(policy), connected(person)]);
    const armed = inMode(policy, 'armed');
    person.arm();
    await armed;
    policy.obs$.subscribe(({ q }) => void policy.send([q[0]! > 0 ? -1 : 1, 0]));
    await inMode(policy, 'running');
    await pause(0.1);
    await close();
    expect([side.isAtRest, side.state.mode]).toEqual([true, 'idle']);
    expect(arm.told.at(-1)).toBe('idle');
  });
});

test('a control loop is on time, and makes up for nothing that it has missed', async () => {
  const times: number[] = [];
  const loop = startControlLoop(0.01, () => times.push(performance.now()));
  await pause(0.3);
  const before = times.length;
  expect(before).toBeGreaterThan(20);
  expect(before).toBeLessThanOrEqual(31);
  for (const end = performance.now() + 60; performance.now() < end; );
  await pause(0.2);
  loop.stop();
  expect(loop.missed).toBeGreaterThanOrEqual(4);
  const gaps = times.slice(1).map((time, i) => time - times[i]!);
  // Two steps at once would be a burst; one that comes early makes up for its own lateness alone.
  expect(gaps.filter((gap) => gap < 1).length).toBeLessThanOrEqual(1);
  const after = times.length;
  await pause(0.05);
  expect(times.length).toBe(after);
  expect(loop.lateness().length).toBe(after);
});

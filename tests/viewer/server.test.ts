/** Pages at a running simulation, over real sockets. */
import { describe, expect, test } from 'vitest';
import { MOST_PAGES } from '../../src/viewer/hub.ts';
import { closeCode, MAX_MESSAGE, type ViewFrame, type ViewNotice } from '../../src/viewer/protocol.ts';
import { PUSH, toyRow, toyView } from '../support/toy-view.ts';
import { ViewClient } from '../support/view-client.ts';
import { serveToy } from '../support/view-server.ts';

describe('a page', () => {
  test('is told what it sees and sees it, in order', async () => {
    const { server } = await serveToy();
    const page = new ViewClient(server.url);
    await page.until(() => page.frames.length >= 10);
    expect(page.reports.slice(0, 2)).toMatchObject([
      { type: 'hello', source: 'simulation', scenes: 2, env: { id: 'toy' } },
      { type: 'state', paused: false, speed: 10, seed: 3, focus: 0, agent: 0, intervening: 'no' },
    ]);
    const steps = page.frames.map(({ step }) => step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    for (const { rows, obs, action } of page.frames) {
      expect([rows.length, obs.length, action.length]).toEqual([2 * toyRow.size, 4, 2]);
    }
  });

  test('pauses, steps and plays; control steps are counted where they are made', async () => {
    const { server, given } = await serveToy();
    const page = new ViewClient(server.url);
    await page.frame();
    page.send({ type: 'pause' });
    await page.seen('state', ({ paused }) => paused);
    // At rest the last step is shown whatever the rate.
    await page.until(() => page.frames.at(-1)!.step === 2 * given.length);
    const before = given.length;
    page.send({ type: 'step', count: 7 });
    await page.frame(({ step }) => step === 2 * (before + 7));
    page.send({ type: 'step', count: 1 });
    await page.frame(({ step }) => step === 2 * (before + 8));
    expect(given.length).toBe(before + 8);
    page.send({ type: 'play' });
    await page.frame(({ step }) => step > 2 * (before + 20));
  });

  test('sets the speed of simulated time', async () => {
    const { server } = await serveToy();
    const page = new ViewClient(server.url);
    const measure = async (factor: number): Promise<number> => {
      page.send({ type: 'speed', factor });
      await page.seen('state', ({ speed }) => speed === factor);
      const [from, started] = [await page.frame(), performance.now()];
      const to = await page.frame(({ step }) => step >= from.step + 20);
      return (to.time - from.time) / ((performance.now() - started) / 1e3);
    };
    await page.frame();
    const [slow, quick] = [await measure(2), await measure(8)];
    // Never faster than asked for; how much slower is up to the machine.
    expect(slow).toBeLessThan(2.6);
    expect(quick).toBeLessThan(10);
    expect(quick / slow).toBeGreaterThan(2);
  });

  test('begins anew, and the same seed shows the same rows', async () => {
    const { server } = await serveToy();
    const page = new ViewClient(server.url);
    await page.frame();
    page.send({ type: 'pause' });
    const play = async (seed: number): Promise<ViewFrame[]> => {
      page.send({ type: 'restart', seed });
      await page.frame(({ step }) => step === 0);
      for (let i = 1; i <= 5; i++) {
        page.send({ type: 'step', count: 1 });
        await page.frame(({ step }) => step === 2 * i);
      }
      return page.frames.slice(-6);
    };
    const [first, other, again] = [await play(21), await play(22), await play(21)];
    expect(first.map(({ step }) => step)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(again.map(({ rows }) => rows)).toEqual(first.map(({ rows }) => rows));
    expect(other.map(({ rows }) => rows)).not.toEqual(first.map(({ rows }) => rows));
  });

  test('pushes a body, until it leaves', async () => {
    const { server, force } = await serveToy();
    const [page, other] = [new ViewClient(server.url), new ViewClient(server.url)];
    const place = (frame: ViewFrame): number => frame.rows[toyRow.size]!;
    await page.frame();
    page.send({ type: 'pause' });
    await page.frame();
    const before = place(page.frames.at(-1)!);
    page.send({ type: 'push', scene: 1, body: 0, force: [1_000, 0, 0], point: [before, 0, 0.1] });
    page.send({ type: 'step', count: 2 });
    const { step } = page.frames.at(-1)!;
    const pushed = await page.frame((frame) => frame.step === step + 4);
    // The policy itself moves it by at most a quarter of a metre in each step.
    expect(Math.abs(place(pushed) - before - 2 * 1_000 * PUSH)).toBeLessThanOrEqual(0.5);
    expect([...force]).toEqual([0, 1_000]);
    page.socket.terminate();
    other.send({ type: 'play' });
    await other.frame((frame) => frame.step > step + 10);
    expect([...force]).toEqual([0, 0]);
  });

  test('takes over: what it commands reaches the environment, the frames say so, and it ends with the page', async () => {
    const { server, given } = await serveToy();
    const [page, other] = [new ViewClient(server.url), new ViewClient(server.url)];
    await Promise.all([page.frame(), other.frame()]);
    page.send({ type: 'intervene', active: true, commands: [0, -0.625] });
    await page.seen('state', ({ intervening }) => intervening === 'you');
    await other.seen('state', ({ intervening }) => intervening === 'another');
    const frame = await page.frame(({ intervened }) => intervened);
    expect(frame.action[1]).toBe(-0.625);
    expect(given.at(-1)![1]).toBe(-0.625);
    other.send({ type: 'intervene', active: true, commands: [0, 0] });
    expect(await other.seen('notice')).toMatchObject({ code: 'E_BUSY', level: 'error' });
    page.socket.terminate();
    await other.seen('state', ({ intervening }) => intervening === 'no');
    await other.frame(({ intervened }) => !intervened);
  });

  test('that comes again is told all anew, also by a server that was started again', async () => {
    const first = await serveToy();
    const page = new ViewClient(first.server.url);
    await page.frame();
    page.socket.close();
    const back = new ViewClient(first.server.url);
    await back.frame();
    expect(back.reports[0]).toMatchObject({ type: 'hello' });
    await first.close();
    expect(await back.closed).toEqual({ code: closeCode.away, reason: 'The test has ended.' });
    expect(back.of('notice')).toMatchObject([{ code: 'ENDED', level: 'info' }]);

    await serveToy({ port: Number(new URL(first.server.url).port) });
    const again = new ViewClient(first.server.url);
    await again.frame();
    expect(again.reports[0]).toMatchObject({ type: 'hello' });
  });
});

test('of fifty pages at once thirty-two are served, and the others told why not', async () => {
  const { server, hub, given } = await serveToy();
  const pages = Array.from({ length: 50 }, () => new ViewClient(server.url));
  const outcomes = await Promise.all(
    pages.map((page) => Promise.race([page.closed, page.frame().then(() => 'served' as const)])),
  );
  const refused = outcomes.filter((outcome) => outcome !== 'served');
  expect(outcomes.length - refused.length).toBe(MOST_PAGES);
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set([closeCode.full]));
  expect(refused[0]!.reason).toBe('There are 32 pages already, which is the most at a time.');
  expect(hub.pages).toBe(MOST_PAGES);
  const steps = given.length;
  await pages[outcomes.indexOf('served')]!.frame();
  expect(given.length).toBeGreaterThan(steps);
});

describe('what no page should send', () => {
  test.each<[what: string, message: string | Buffer, code: ViewNotice['code']]>([
    ['no JSON', '{"type":', 'E_MESSAGE'],
    ['bytes', Buffer.from([1, 2, 3]), 'E_MESSAGE'],
    ['an unknown message', '{"type":"launch"}', 'E_MESSAGE'],
    ['a value out of range', '{"type":"speed","factor":1000}', 'E_RANGE'],
    ['a scene that is not there', '{"type":"focus","scene":99}', 'E_RANGE'],
    ['what cannot be done', '{"type":"step","count":1}', 'E_CANNOT'],
    ['deeply nested JSON', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'E_MESSAGE'],
    ['a prototype', '{"type":"pause","__proto__":{"polluted":true}}', 'E_MESSAGE'],
  ])('%s is answered, and the run goes on', async (_, message, code) => {
    const { server } = await serveToy();
    const page = new ViewClient(server.url);
    await page.frame();
    page.socket.send(message);
    expect(await page.seen('notice')).toMatchObject({ level: 'error', code });
    const { step } = page.frames.at(-1)!;
    await page.frame((frame) => frame.step > step);
  });

  test.each<[what: string, send: (page: ViewClient) => void, code: number]>([
    ['too large a message', ({ socket }) => socket.send('x'.repeat(MAX_MESSAGE + 1)), closeCode.tooBig],
    ['bytes of another protocol', ({ socket }) => tcp(socket).write('GET / HTTP/1.1\r\n\r\n'), 1002],
    [
      'too many messages',
      ({ socket }) => {
        for (let i = 0; i < 500; i++) socket.send('{"type":"play"}');
      },
      closeCode.policy,
    ],
  ])('%s ends the connection, and the run goes on', async (_, send, code) => {
    const { server } = await serveToy();
    const [page, other] = [new ViewClient(server.url), new ViewClient(server.url)];
    await Promise.all([page.frame(), other.frame()]);
    send(page);
    expect((await page.closed).code).toBe(code);
    const { step } = other.frames.at(-1)!;
    await other.frame((frame) => frame.step > step);
  });
});

test('a page that reads nothing for a while is neither waited for nor sent what is old', async () => {
  // 245 kB a frame, so that what the kernel takes is soon full.
  const toy = toyView(4_096);
  const { server, hub } = await serveToy({ toy });
  const [stalled, reading] = [new ViewClient(server.url), new ViewClient(server.url)];
  await Promise.all([stalled.frame(), reading.frame()]);
  stalled.socket.pause();
  const received = stalled.frames.length;
  const from = reading.frames.length;
  await reading.until(() => reading.frames.length >= from + 90);
  expect(hub.pages).toBe(2);
  const newest = reading.frames.at(-1)!.step;
  stalled.socket.resume();
  await stalled.frame(({ step }) => step > newest);
  const late = stalled.frames.slice(received).filter(({ step }) => step <= newest);
  expect(late.length).toBeLessThan(60);
});

/** The connection beneath. */
const tcp = (socket: ViewClient['socket']) =>
  (socket as unknown as { readonly _socket: import('node:net').Socket })._socket;

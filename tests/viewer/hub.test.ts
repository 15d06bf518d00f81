/** What a hub sends to whom, with a source, connections and a clock of the test's own. */
import { BehaviorSubject, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { EnvEvent } from '../../src/core/events.ts';
import { createHub, MOST_PAGES } from '../../src/viewer/hub.ts';
import type { Connection } from '../../src/viewer/page.ts';
import {
  closeCode,
  decodeFrame,
  type Hello,
  type Report,
  type Request,
  type ViewFrame,
  type ViewNotice,
} from '../../src/viewer/protocol.ts';
import {
  describeSource,
  Refusal,
  type SourceReport,
  type SourceState,
  type ViewSource,
} from '../../src/viewer/source.ts';
import { FakeClock, settled } from '../support/fake-clock.ts';
import { toyTeleoperation, toyView } from '../support/toy-view.ts';

const KIB = 1024;
const empty = new Float32Array(0);
const blank: Omit<ViewFrame, 'step'> = {
  ...{ time: 0, age: 0, focus: 0, agent: 0, intervened: false, value: 0, reward: 0 },
  ...{ rows: empty, action: empty, obs: empty, rewardTerms: empty, contacts: empty },
};
const hello: Hello = describeSource(toyView(2).env, toyTeleoperation, {
  source: 'simulation',
  policy: 'nobody',
  can: { pause: true, restart: true, intervene: true, value: false },
});

class FakeSource implements ViewSource {
  readonly hello = hello;
  readonly state$ = new BehaviorSubject<SourceState>({
    paused: false,
    speed: 1,
    seed: 3,
    focus: 0,
    agent: 0,
  });
  readonly steps$ = new Subject<number>();
  readonly rests$ = new Subject<void>();
  readonly reports$ = new Subject<SourceReport>();
  readonly events$ = new Subject<EnvEvent>();
  readonly requests: Request[] = [];
  readonly captures: boolean[] = [];
  refusal: Error | undefined;
  resting = false;
  step = 0;

  async capture(contacts: boolean): Promise<ViewFrame> {
    this.captures.push(contacts);
    return { ...blank, step: this.step };
  }

  refresh(): void {
    if (this.resting) this.rests$.next();
  }

  handle(request: Request): void {
    if (this.refusal) throw this.refusal;
    this.requests.push(request);
  }
}

class FakeConnection implements Connection {
  readonly reports: Report[] = [];
  readonly frames: ViewFrame[] = [];
  bufferedAmount = 0;
  closed: [code: number, reason: string] | undefined;

  send(message: string | Uint8Array): void {
    if (typeof message === 'string') this.reports.push(JSON.parse(message));
    else this.frames.push(decodeFrame(message.slice().buffer));
  }

  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }

  of<T extends Report['type']>(type: T): Extract<Report, { type: T }>[] {
    return this.reports.filter((report) => report.type === type) as Extract<Report, { type: T }>[];
  }
}

function setUp(pages = 1) {
  const source = new FakeSource();
  const clock = new FakeClock();
  const hub = createHub(source, clock);
  const connect = () => {
    const connection = new FakeConnection();
    const link = hub.connect(connection);
    return { connection, link, say: (request: unknown) => link.receive(JSON.stringify(request)) };
  };
  const connected = Array.from({ length: pages }, connect);
  /** Makes control steps of 4 ms for `seconds`. */
  const run = async (seconds: number): Promise<void> => {
    for (let i = 0; i < Math.round(seconds / 0.004); i++) {
      await clock.advance(0.004);
      source.step++;
      source.steps$.next(clock.now());
    }
    await settled();
  };
  return { source, clock, hub, connect, run, pages: connected, page: connected[0]! };
}

const metrics = (step: number) => ({ type: 'metrics', step, values: { loss: step } }) as const;
const notices = (connection: FakeConnection): ViewNotice['code'][] =>
  connection.of('notice').map(({ code }) => code);

describe('a page that comes', () => {
  test('is told what it will see, the state and the curves so far, and then sees it', async () => {
    const { hub, connect, run } = setUp(0);
    hub.report(metrics(10));
    hub.report(metrics(20));
    const { connection } = connect();
    expect(connection.reports).toEqual([
      hello,
      { type: 'state', paused: false, speed: 1, seed: 3, focus: 0, agent: 0, intervening: 'no' },
      metrics(10),
      metrics(20),
    ]);
    await run(0.004);
    expect(connection.frames.map(({ step }) => step)).toEqual([1]);
  });

  test('is shown a loop that rests', async () => {
    const { source, connect } = setUp(0);
    source.resting = true;
    source.step = 7;
    const { connection } = connect();
    await settled();
    expect(connection.frames.map(({ step }) => step)).toEqual([7]);
  });

  test('is told why where there are too many', () => {
    const { hub, connect, pages } = setUp(MOST_PAGES);
    const late = connect();
    expect(late.connection.closed).toEqual([closeCode.full, expect.stringContaining('32 pages')]);
    expect(late.connection.reports).toEqual([]);
    pages[3]!.link.left();
    expect(connect().connection.closed).toBeUndefined();
    expect(hub.pages).toBe(MOST_PAGES);
  });

  test('gets curves that are thinned evenly, each kind for itself, however long the run', () => {
    const { hub, connect } = setUp(0);
    for (let i = 0; i < 20_000; i++) {
      hub.report({ type: 'metrics', step: i, values: { loss: i } });
      if (i % 4 === 0) hub.report({ type: 'metrics', step: i, values: { return_mean: i } });
    }
    const points = connect().connection.of('metrics');
    for (const name of ['loss', 'return_mean']) {
      const steps = points.filter(({ values }) => name in values).map(({ step }) => step);
      const gaps = new Set(steps.slice(1).map((step, i) => step - steps[i]!));
      expect(steps.length).toBeGreaterThan(200);
      expect(steps.length).toBeLessThanOrEqual(500);
      expect(gaps.size).toBe(1);
    }
    expect(points.map(({ step }) => step)).toEqual(points.map(({ step }) => step).sort((a, b) => a - b));
  });
});

describe('frames', () => {
  test('are thirty a second at most, encoded for everybody at once', async () => {
    const { source, pages, run } = setUp(3);
    await run(10);
    expect(source.captures.length).toBeGreaterThan(295);
    expect(source.captures.length).toBeLessThanOrEqual(301);
    for (const { connection } of pages) expect(connection.frames).toHaveLength(source.captures.length);
  });

  test('come with every step of a loop that is slower than that', async () => {
    const { source, clock, page } = setUp();
    for (let i = 0; i < 50; i++) {
      await clock.advance(0.05);
      source.steps$.next(clock.now());
    }
    await settled();
    expect(page.connection.frames).toHaveLength(50);
  });

  test('are not made while nobody watches', async () => {
    const { source, page, run } = setUp();
    await run(0.1);
    page.link.left();
    const before = source.captures.length;
    await run(1);
    source.rests$.next();
    expect(source.captures.length).toBe(before);
  });

  test('of a loop that comes to rest are not missed, and still not too many', async () => {
    const { source, clock, page, run } = setUp();
    await run(0.2);
    source.step = 1_000;
    source.rests$.next();
    await clock.advance(0.04);
    expect(page.connection.frames.at(-1)!.step).toBe(1_000);
    const before = page.connection.frames.length;
    for (let i = 0; i < 100; i++) {
      source.rests$.next();
      await clock.advance(0.01);
    }
    expect(page.connection.frames.length - before).toBeGreaterThan(25);
    expect(page.connection.frames.length - before).toBeLessThanOrEqual(31);
  });

  test('that cannot be drawn are told about', async () => {
    const { source, page, run } = setUp();
    source.capture = async () => {
      throw new Error('no body 3');
    };
    await run(0.004);
    expect(page.connection.of('notice')).toEqual([
      { type: 'notice', level: 'error', code: 'E_ENV', message: 'A frame could not be drawn: no body 3' },
    ]);
  });

  test('tell of contacts while a page wants them', async () => {
    const { source, pages, run } = setUp(2);
    pages[1]!.say({ type: 'contacts', wanted: true });
    await run(0.04);
    pages[1]!.link.left();
    await run(0.04);
    expect([source.captures[0], source.captures.at(-1)]).toEqual([true, false]);
  });
});

describe('what happens', () => {
  const hit: EnvEvent = { scene: 1, age: 7, kind: 'hit', text: 'drone 0', values: { speed: Number.NaN } };

  test('is told to every page, in words', () => {
    const { source, pages } = setUp(2);
    source.events$.next(hit);
    for (const { connection } of pages)
      expect(connection.of('event')).toEqual([
        { type: 'event', scene: 1, age: 7, kind: 'hit', text: 'drone 0' },
      ]);
  });

  test('is not asked for while nobody watches', () => {
    const { source, connect } = setUp(0);
    expect(source.events$.observed).toBe(false);
    const [first, second] = [connect(), connect()];
    first.link.left();
    expect(source.events$.observed).toBe(true);
    second.link.left();
    expect(source.events$.observed).toBe(false);
    const third = connect();
    source.events$.next(hit);
    expect(third.connection.of('event')).toHaveLength(1);
    expect(first.connection.of('event')).toEqual([]);
  });
});

describe('a page that does not keep up', () => {
  test('misses frames, which nobody else does, and is not sent them later', async () => {
    const { pages, run } = setUp(2);
    const [slow, quick] = pages.map(({ connection }) => connection);
    await run(1);
    slow!.bufferedAmount = 65 * KIB;
    const before = slow!.frames.length;
    await run(5);
    expect(slow!.frames.length).toBe(before);
    expect(quick!.frames.length).toBeGreaterThan(170);
    slow!.bufferedAmount = 64 * KIB;
    await run(1);
    expect(slow!.frames.length - before).toBeLessThanOrEqual(31);
    expect(slow!.frames.length - before).toBeGreaterThan(25);
    expect(slow!.closed).toBeUndefined();
  });

  test('is told the newest of what it missed once there is room', async () => {
    const { source, hub, page } = setUp();
    const { connection, link } = page;
    connection.bufferedAmount = 100 * KIB;
    const before = connection.reports.length;
    for (let i = 0; i < 1_000; i++) {
      hub.report(metrics(i));
      source.state$.next({ ...source.state$.value, speed: 1 + i / 1_000 });
    }
    expect(connection.reports.length).toBe(before);
    link.drained();
    expect(connection.reports.length).toBe(before);
    connection.bufferedAmount = 0;
    link.drained();
    link.drained();
    expect(connection.reports.slice(before)).toEqual([
      metrics(999),
      { type: 'state', ...source.state$.value, intervening: 'no' },
    ]);
  });

  test('is closed after half a minute, or with a mebibyte of backlog', async () => {
    const { hub, pages, run } = setUp(2);
    const [slow, full] = pages.map(({ connection }) => connection);
    slow!.bufferedAmount = 65 * KIB;
    await run(29);
    expect(slow!.closed).toBeUndefined();
    full!.bufferedAmount = KIB * KIB;
    await run(0.1);
    expect(full!.closed).toEqual([closeCode.stuck, expect.any(String)]);
    await run(1.1);
    expect(slow!.closed).toEqual([closeCode.stuck, expect.any(String)]);
    expect(hub.pages).toBe(0);
  });

  test('and recovers in between is not closed', async () => {
    const { page, run } = setUp();
    for (let i = 0; i < 4; i++) {
      page.connection.bufferedAmount = 65 * KIB;
      await run(20);
      page.connection.bufferedAmount = 0;
      await run(0.1);
    }
    expect(page.connection.closed).toBeUndefined();
  });
});

describe('a message', () => {
  test('that is understood goes to the source, and nobody else hears of it', () => {
    const { source, pages } = setUp(2);
    const request = { type: 'speed', factor: 2 };
    pages[0]!.say(request);
    expect(source.requests).toEqual([request]);
    for (const { connection } of pages) expect(notices(connection)).toEqual([]);
  });

  test.each<[unknown, ViewNotice['code'], string | RegExp]>([
    ['{', 'E_MESSAGE', /^A message has to be JSON: /],
    ['', 'E_MESSAGE', /^A message has to be JSON: /],
    [null, 'E_MESSAGE', 'A message has to be an object with a type.'],
    [[], 'E_MESSAGE', 'A message has to be an object with a type.'],
    [{ type: 'pauze' }, 'E_MESSAGE', 'A message of type "pauze" is not known. Did you mean "pause"?'],
    [{ type: 'constructor' }, 'E_MESSAGE', /^A message of type "constructor" is not known\. /],
    [{ type: 'pause', now: true }, 'E_MESSAGE', 'Message pause: Unrecognized key: "now".'],
    [{ type: 'step', count: '3' }, 'E_MESSAGE', /^Message step\.count: /],
    [{ type: 'step', count: 0 }, 'E_RANGE', 'Message step.count: Too small: expected number to be >=1.'],
    [{ type: 'speed', factor: 11 }, 'E_RANGE', 'Message speed.factor: Too big: expected number to be <=10.'],
    [{ type: 'restart', seed: -1 }, 'E_RANGE', /^Message restart\.seed: /],
    [{ type: 'push', scene: 0, body: 0, force: [0, 0], point: [0, 0, 0] }, 'E_RANGE', /^Message push\.force/],
    ['{"type":"push","scene":0,"body":0,"force":[1e999,0,0],"point":[0,0,0]}', 'E_MESSAGE', /force\.0/],
    [{ type: 'mark', mark: 'great' }, 'E_MESSAGE', /^Message mark\.mark: /],
    [undefined, 'E_MESSAGE', 'Messages are JSON text, not binary.'],
  ])('%j is answered with %s to its page alone', (message, code, text) => {
    const { source, pages } = setUp(2);
    const raw = typeof message === 'string' || message === undefined;
    pages[0]!.link.receive(raw ? message : JSON.stringify(message));
    const [answered, other] = pages.map(({ connection }) => connection.of('notice'));
    expect(answered).toEqual([
      {
        type: 'notice',
        level: 'error',
        code,
        message: typeof text === 'string' ? text : expect.stringMatching(text),
      },
    ]);
    expect([other, source.requests]).toEqual([[], []]);
  });

  test.each([
    [new Refusal('E_CANNOT', 'not here'), 'E_CANNOT'],
    [new Error('the engine broke'), 'E_ENV'],
  ])('that ends in an error is answered with it', (error, code) => {
    const { source, page } = setUp();
    source.refusal = error;
    page.say({ type: 'pause' });
    expect(page.connection.of('notice').at(-1)).toMatchObject({ code, message: error.message });
  });

  test('is one of two hundred a second at most', async () => {
    const { source, clock, pages } = setUp(2);
    const [busy, flooding] = pages;
    for (let second = 0; second < 3; second++) {
      for (let i = 0; i < 200; i++) busy!.say({ type: 'pause' });
      await clock.advance(1);
    }
    expect(source.requests).toHaveLength(600);
    expect(busy!.connection.closed).toBeUndefined();
    for (let i = 0; i < 1_000; i++) flooding!.say({ type: 'play' });
    expect(flooding!.connection.closed).toEqual([closeCode.policy, 'More than 200 messages a second.']);
    expect(source.requests).toHaveLength(800);
  });
});

describe('what one page holds', () => {
  const take = { type: 'intervene', active: true, commands: [0, 1] } as const;
  const letGo = { type: 'intervene', active: false, commands: [] } as const;
  const push = { type: 'push', scene: 1, body: 0, force: [1, 0, 0], point: [0, 0, 0] } as const;
  const intervening = ({ connection }: { connection: FakeConnection }) =>
    connection.of('state').at(-1)!.intervening;

  test('no other can take, and everybody is told who steers', () => {
    const { source, pages } = setUp(3);
    const [first, second] = pages;
    first!.say(take);
    expect(pages.map(intervening)).toEqual(['you', 'another', 'another']);
    for (const request of [take, letGo, { type: 'mark', mark: 'success' }, { type: 'focus', scene: 1 }]) {
      second!.say(request);
    }
    expect(notices(second!.connection)).toEqual(['E_BUSY', 'E_BUSY', 'E_BUSY', 'E_BUSY']);
    expect(source.requests).toEqual([take]);
    first!.say(letGo);
    second!.say(take);
    expect(pages.map(intervening)).toEqual(['another', 'you', 'another']);
    expect(source.requests).toEqual([take, letGo, take]);
  });

  test('it gives back when it leaves', () => {
    const { source, pages } = setUp(2);
    pages[0]!.say(take);
    pages[0]!.say(push);
    pages[0]!.link.left();
    expect(source.requests.slice(2)).toEqual([{ ...push, force: [0, 0, 0] }, letGo]);
    expect(intervening(pages[1]!)).toBe('no');
    pages[0]!.link.left();
    expect(source.requests).toHaveLength(4);
  });

  test('it lets go of when it looks elsewhere', () => {
    const { source, page } = setUp();
    page.say(take);
    page.say({ type: 'focus', scene: 1 });
    expect(source.requests).toEqual([take, letGo, { type: 'focus', scene: 1 }]);
    expect(intervening(page)).toBe('no');
  });

  test('is nothing where the source refused', () => {
    const { source, page } = setUp();
    source.refusal = new Refusal('E_RANGE', 'no such scene');
    page.say(take);
    page.say(push);
    source.refusal = undefined;
    expect(intervening(page)).toBe('no');
    page.link.left();
    expect(source.requests).toEqual([]);
  });

  test('is pushed by nobody else in that scene, until it is let go of', () => {
    const { source, pages } = setUp(2);
    pages[0]!.say(push);
    pages[1]!.say(push);
    pages[1]!.say({ ...push, scene: 0 });
    expect(notices(pages[1]!.connection)).toEqual(['E_BUSY']);
    pages[0]!.say({ ...push, force: [0, 0, 0] });
    pages[1]!.say(push);
    expect(source.requests.map((request) => 'scene' in request && request.scene)).toEqual([1, 0, 1, 1]);
  });
});

test('a hub that closes tells every page why, and lets go of the source', () => {
  const { source, hub, pages } = setUp(2);
  hub.close('The run has ended.');
  for (const { connection } of pages) {
    expect(connection.of('notice')).toEqual([
      { type: 'notice', level: 'info', code: 'ENDED', message: 'The run has ended.' },
    ]);
    expect(connection.closed).toEqual([closeCode.away, 'The run has ended.']);
  }
  expect(
    [source.steps$, source.rests$, source.state$, source.reports$, source.events$].some((s) => s.observed),
  ).toBe(false);
});

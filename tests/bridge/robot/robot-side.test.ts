/** The robot's side of a link: who may do what, what they are told, and that nobody who is slow or absurd holds anybody up. */
import { describe, expect, test } from 'vitest';
import { MessageError, readToRobot } from '../../../src/bridge/robot/codec.ts';
import type { FromRobot, ToRobot } from '../../../src/bridge/robot/protocol.ts';
import { limitsOf, RobotSide } from '../../../src/bridge/robot/robot-side.ts';
import { defaultRules } from '../../../src/bridge/robot/supervisor.ts';
import { toyMachine } from '../../support/toy-machine.ts';

const DT = 0.01;

function link() {
  const arm = toyMachine(DT);
  const clock = { now: 100 };
  const rules = { ...defaultRules(DT, limitsOf(arm)), softStart: 0 };
  const side = new RobotSide({ machine: arm, rules, clock: () => clock.now, session: 's1' });
  const join = () => {
    const heard: FromRobot[] = [];
    const client = {
      heard,
      closed: undefined as number | undefined,
      waiting: 0,
      of: <T extends FromRobot['type']>(type: T) =>
        heard.filter((message): message is Extract<FromRobot, { type: T }> => message.type === type),
      say: (message: ToRobot) => session.receive(() => message),
      raw: (data: string | Uint8Array) => session.receive(() => readToRobot(data)),
      leave: () => session.left(),
    };
    const session = side.join({
      send: (message) => heard.push(message),
      close: (code) => {
        client.closed = code;
      },
      waiting: () => client.waiting,
    });
    return client;
  };
  const greeted = (role: 'policy' | 'teleop' | 'viewer', other = {}) => {
    const client = join();
    client.say({ type: 'hello', v: 1, role, name: 'desk', ...other });
    return client;
  };
  const run = (seconds: number, before: () => void = () => {}): void => {
    for (let step = 0; step < Math.round(seconds / DT); step++) {
      clock.now += DT;
      side.tick();
      before();
    }
  };
  return { arm, clock, side, join, greeted, run };
}
type Client = ReturnType<ReturnType<typeof link>['join']>;

const command = (client: Client, seq: number, data: number[], other: object = {}): void => {
  const { seq: obs_seq } = client.of('obs').at(-1)!;
  const { generation } = client.of('mode').at(-1)!;
  client.say({ type: 'ack', obs_seq });
  client.say({ type: 'cmd', seq, obs_seq, generation, mode: 'position', data, valid_for: 0.1, ...other });
};

test('a policy that is armed by a person moves the machine, and a silent one lets it rest', () => {
  const { arm, greeted, run, side } = link();
  const [policy, person] = [greeted('policy'), greeted('teleop')];
  expect(policy.of('welcome')[0]).toMatchObject({
    session: 's1',
    robot: { name: 'arm' },
    command_timeout: 0.1,
  });
  run(DT);
  policy.say({ type: 'arm' });
  expect(policy.of('error').at(-1)).toMatchObject({ code: 'E_ROLE', fatal: false });
  person.say({ type: 'arm' });
  let seq = 0;
  run(0.5, () => command(policy, seq++, [0.5, 0.5]));
  expect(policy.of('error').length).toBe(1);
  expect(arm.at[0]).toBeCloseTo(0.5, 6);
  expect(policy.of('obs').at(-1)!.applied[0]).toBeCloseTo(0.5, 6);
  run(0.3);
  expect(side.state.mode).toBe('holding');
  expect(person.of('mode').map(({ state }) => state)).toEqual(['idle', 'armed', 'running', 'holding']);
  policy.leave();
  run(6);
  expect(side.state.mode).toBe('disconnected');
});

test('there is one policy', () => {
  const { greeted } = link();
  const [first, second] = [greeted('policy'), greeted('policy')];
  expect([first.closed, second.closed]).toEqual([undefined, 4409]);
  first.leave();
  expect(greeted('policy').closed).toBeUndefined();
});

describe('refused', () => {
  test.each([
    ['another version', { type: 'hello', v: 2, role: 'policy', name: 'x' }, 'E_VERSION', true],
    ['whoever did not say hello', { type: 'arm' }, 'E_ROLE', false],
  ] as readonly [string, ToRobot, string, boolean][])('%s', (_, message, code, fatal) => {
    const { join } = link();
    const client = join();
    client.say(message);
    expect(client.heard.at(-1)).toMatchObject({ type: 'error', code, fatal });
    expect(client.closed !== undefined).toBe(fatal);
  });

  test('what is no message, with the reason', () => {
    const { greeted } = link();
    const policy = greeted('policy');
    policy.raw('{"type":"cmdd"}');
    expect(policy.heard.at(-1)).toMatchObject({
      code: 'E_MESSAGE',
      message: expect.stringMatching(/cmdd.*Did you mean "cmd"/),
    });
  });

  test.each([
    ['from who looks on', 'viewer', {}, 'E_ROLE'],
    ['of another kind', 'policy', { mode: 'effort' }, 'E_SHAPE'],
    ['of another size', 'policy', { data: [1] }, 'E_SHAPE'],
    ['from before a stop', 'policy', { generation: 0 }, 'E_STALE'],
    ['that answers to something long ago', 'policy', { obs_seq: 0 }, 'E_STALE'],
    ['that answers to what there has not been', 'policy', { obs_seq: 9_999 }, 'E_STALE'],
    ['that is no number', 'policy', { data: [0, Number.NaN] }, 'E_RANGE'],
  ] as const)('a command %s', (_, role, other, code) => {
    const { greeted, run } = link();
    const client = greeted(role);
    if (role === 'viewer') greeted('policy');
    greeted('teleop').say({ type: 'arm' });
    run(0.2, () => client.say({ type: 'ack', obs_seq: 1e6 }));
    command(client, 3, [0, 0], other);
    expect(client.of('error').at(-1)).toMatchObject({ code, ref: 3, fatal: false });
  });

  test('who does not say hello in time', () => {
    const { join, run } = link();
    const client = join();
    run(1.9);
    expect(client.closed).toBeUndefined();
    run(0.2);
    expect(client.closed).toBe(1008);
  });
});

describe('observations', () => {
  test('come with every control step to who acknowledges them, and are left out where they do not come through', () => {
    const { greeted, run } = link();
    const [quick, slow] = [greeted('policy'), greeted('teleop')];
    run(0.5, () => quick.say({ type: 'ack', obs_seq: quick.of('obs').at(-1)!.seq }));
    expect(quick.of('obs').length).toBe(50);
    expect(slow.of('obs').length).toBe(3);
    slow.say({ type: 'ack', obs_seq: 2 });
    run(DT);
    expect(slow.of('obs').at(-1)).toMatchObject({ seq: 50, dropped: 47 });
  });

  test('wait for nobody whose connection is full', () => {
    const { greeted, run } = link();
    const client = greeted('viewer');
    client.waiting = 1e6;
    run(0.1);
    expect(client.of('obs')).toEqual([]);
  });

  test.each([
    ['viewer', undefined, 30],
    ['viewer', 10, 10],
    ['policy', 40, 40],
  ] as const)('of a %s that wants %s come so often', (role, obs_hz, expected) => {
    const { greeted, run } = link();
    const client = greeted(role, obs_hz ? { obs_hz } : {});
    run(2, () => {
      const last = client.of('obs').at(-1);
      if (last) client.say({ type: 'ack', obs_seq: last.seq });
    });
    expect(Math.abs(client.of('obs').length - 2 * expected)).toBeLessThanOrEqual(1);
  });
});

describe('an emergency stop', () => {
  test('is for everybody, stays, is told to everybody, and is reset by a person who has seen it', () => {
    const { greeted, run, join } = link();
    const [policy, person] = [greeted('policy'), greeted('teleop')];
    run(DT);
    person.say({ type: 'arm' });
    command(policy, 0, [0.2, 0.2]);
    const stranger = join();
    stranger.say({ type: 'estop', reason: 'a hand is in the way' });
    for (const each of [policy, person])
      expect(each.of('mode').at(-1)).toMatchObject({ state: 'estopped', reason: 'a hand is in the way' });
    run(0.5);
    const { generation } = person.of('mode').at(-1)!;
    person.say({ type: 'reset', generation: generation - 1 });
    expect(person.of('error').at(-1)).toMatchObject({ code: 'E_STALE' });
    person.say({ type: 'reset', generation });
    expect(person.of('mode').at(-1)!.state).toBe('idle');
  });
});

test.each(['read', 'write'] as const)(
  'a machine that fails to %s is a fault, and the loop goes on',
  (what) => {
    const { arm, greeted, run, side } = link();
    const person = greeted('teleop');
    arm.broken = what;
    run(0.05);
    expect(side.state).toMatchObject({
      mode: 'fault',
      reason: expect.stringMatching(/the machine failed: no (encoder|current)/),
    });
    arm.broken = undefined;
    run(0.05);
    person.say({ type: 'reset', generation: side.state.generation });
    expect(side.state.mode).toBe('disconnected');
  },
);

test('too much is told with the components', () => {
  const { greeted, run } = link();
  const [policy, person] = [greeted('policy'), greeted('teleop')];
  run(DT);
  person.say({ type: 'arm' });
  command(policy, 5, [0.2, 7]);
  run(DT);
  expect(policy.of('clip')).toEqual([{ type: 'clip', seq: 5, fields: [1] }]);
});

test('clocks are compared by four stamps', () => {
  const { greeted, clock } = link();
  const viewer = greeted('viewer');
  clock.now = 123;
  viewer.say({ type: 'sync', t0: 4 });
  expect(viewer.heard.at(-1)).toEqual({ type: 'sync', t0: 4, t1: 123, t2: 123 });
});

test('a fault of the program itself is not taken for a message', () => {
  const { side } = link();
  const session = side.join({ send() {}, close() {}, waiting: () => 0 });
  expect(() =>
    session.receive(() => {
      throw new TypeError('a bug');
    }),
  ).toThrow('a bug');
  expect(new MessageError('x').name).toBe('MessageError');
});

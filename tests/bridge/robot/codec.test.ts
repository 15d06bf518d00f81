/** Messages of the robot protocol over the wire: there and back, refused with a reason, and nothing that breaks the reader. */
import { encode } from 'cbor2';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageError, readFromRobot, readToRobot, write } from '../../../src/bridge/robot/codec.ts';
import type { FromRobot, ToRobot } from '../../../src/bridge/robot/protocol.ts';

const sent: readonly ToRobot[] = [
  { type: 'hello', v: 1, role: 'policy', name: 'desk', obs_hz: 50, encoding: 'cbor' },
  { type: 'cmd', seq: 7, obs_seq: 3, generation: 2, mode: 'position', data: [0.5, -0.25], valid_for: 0.1 },
  { type: 'arm' },
  { type: 'disarm' },
  { type: 'deadman' },
  { type: 'estop', reason: 'somebody stands there' },
  { type: 'reset', generation: 4 },
  { type: 'sync', t0: 12.5 },
  { type: 'ack', obs_seq: 9 },
];
const told: readonly FromRobot[] = [
  {
    type: 'welcome',
    v: 1,
    session: 'a1',
    robot: {
      name: 'arm',
      joints: ['elbow'],
      observed: [{ name: 'load', unit: '1', low: 0, high: null }],
      mode: 'position',
      commanded: [{ name: 'elbow', unit: 'rad', low: -1, high: 1, speed: 2, acceleration: null }],
    },
    ...{ control_dt: 0.01, command_timeout: 0.1, max_observation_age: 0.03 },
  },
  {
    ...{ type: 'obs', seq: 3, t: 0.5, q: [0.1], dq: [0], tau: [0.2], extra: [1], applied: [0.1], dropped: 0 },
    imu: { rates: [0, 0, 0.5], force: [0, 0, 9.81] },
    pose: { position: [1, 2, 3], rotation: [0, 0, 0, 1] },
    twist: { linear: [1, 0, 0], angular: [0, 0, 0.5] },
  },
  { type: 'obs', seq: 4, t: 0.51, q: [], applied: [], dropped: 2 },
  { type: 'mode', state: 'holding', reason: 'commands stay away', generation: 1 },
  { type: 'sync', t0: 1, t1: 2, t2: 2.5 },
  { type: 'clip', seq: 7, fields: [1] },
  { type: 'error', code: 'E_STALE', message: 'too late', fatal: false, ref: 7 },
];

describe.each(['json', 'cbor'] as const)('as %s', (encoding) => {
  test.each(sent.map((message) => [message.type, message] as const))(
    '%s comes as it was sent',
    (_, message) => {
      expect(readToRobot(write(message, encoding))).toEqual(message);
    },
  );
  test.each(told.map((message) => [message.type, message] as const))(
    '%s comes as it was told',
    (_, message) => {
      expect(readFromRobot(write(message, encoding))).toEqual(message);
    },
  );
});

test('typed arrays of CBOR are read as others, and numbers that are none come through in commands alone', () => {
  const command = { ...sent[1]!, data: new Float32Array([0.5, -0.25]) };
  expect(readToRobot(encode(command))).toEqual(sent[1]);
  expect(readToRobot(encode({ ...sent[1]!, data: [Number.NaN, Number.POSITIVE_INFINITY] }))).toMatchObject({
    data: [Number.NaN, Number.POSITIVE_INFINITY],
  });
  expect(() => readFromRobot(encode({ ...told[1]!, q: [Number.NaN] }))).toThrow(/Message obs\.q\.0: /);
});

describe('refused with a reason', () => {
  test.each([
    ['{', /has to be JSON/],
    ['7', /has to be an object with a type/],
    ['{"type":"cmdd"}', /type "cmdd" is not known. Did you mean "cmd"\?/],
    ['{"type":"cmd","seq":-1}', /Message cmd\.seq: /],
    ['{"type":"reset"}', /Message reset\.generation: /],
    [JSON.stringify({ ...sent[1]!, data: 'x' }), /Message cmd\.data: /],
    [JSON.stringify({ ...sent[1]!, data: ['x'] }), /Message cmd\.data\.0: must be a number/],
    [JSON.stringify({ ...sent[1]!, data: Array(5_000).fill(0) }), /Message cmd\.data: /],
    [JSON.stringify({ type: 'estop', reason: 'x'.repeat(2_000_000) }), /of 2000\d\d\d bytes is too large/],
    [Uint8Array.of(0xff), /has to be CBOR/],
    [Uint8Array.of(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), /has to be CBOR/],
    [new Uint8Array(100_000).fill(0x81), /has to be CBOR/],
    [encode(new Map([[1, 2]])), /has to be an object with a type/],
  ] as readonly [string | Uint8Array, RegExp][])('%#', (data, reason) => {
    expect(() => readToRobot(data)).toThrow(MessageError);
    expect(() => readToRobot(data)).toThrow(reason);
  });
});

/** Anything near a message: with a field changed, cut, or filled with something else. */
const nearMessage = fc
  .tuple(fc.constantFrom<ToRobot | FromRobot>(...sent, ...told), fc.string(), fc.anything())
  .chain(([message, name, value]) =>
    fc.constantFrom(...Object.keys(message), name).map((field) => ({ ...message, [field]: value })),
  );
const attempt = (data: string | Uint8Array): void => {
  for (const read of [readToRobot, readFromRobot]) {
    try {
      read(data);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
    }
  }
};

test('whatever comes, it is a message or it is refused', () => {
  const bytes = fc.uint8Array({ maxLength: 64 });
  const changed = fc
    .tuple(
      fc.constantFrom(...[...sent, ...told].map((message) => write(message, 'cbor') as Uint8Array)),
      fc.nat(),
      fc.nat(255),
    )
    .map(([data, at, value]) => {
      const copy = data.slice();
      copy[at % copy.length] = value;
      return copy;
    });
  fc.assert(fc.property(fc.oneof(bytes, changed), attempt), { numRuns: 20_000 });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        nearMessage.map((message) => String(JSON.stringify(message))),
      ),
      attempt,
    ),
    {
      numRuns: 5_000,
    },
  );
});

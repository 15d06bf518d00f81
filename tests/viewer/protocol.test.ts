/** Frames survive the wire bit for bit, and what is no frame or no message is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeFrame,
  encodeFrame,
  reportSchema,
  requestSchema,
  type ViewFrame,
} from '../../src/viewer/protocol.ts';

const floats = fc.array(fc.float(), { maxLength: 20 }).map((values) => Float32Array.from(values));
const frames: fc.Arbitrary<ViewFrame> = fc.record({
  step: fc.nat(),
  time: fc.double({ min: 0, max: 1e6, noNaN: true }),
  age: fc.nat(10_000),
  focus: fc.nat(1_000),
  agent: fc.nat(11),
  intervened: fc.boolean(),
  value: fc.double(),
  reward: fc.double(),
  rows: floats,
  action: floats,
  obs: floats,
  rewardTerms: floats,
  contacts: floats,
});

describe('a frame', () => {
  test('comes out as it went in', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeFrame(encodeFrame(frame).buffer)).toEqual(frame);
      }),
    );
  });

  test('that is cut short or too long is refused', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: -200, max: 200 }), (frame, change) => {
        fc.pre(change !== 0);
        const { buffer } = encodeFrame(frame);
        const length = Math.max(0, buffer.byteLength + change);
        const other = new Uint8Array(length);
        other.set(new Uint8Array(buffer).subarray(0, length));
        expect(() => decodeFrame(other.buffer)).toThrow(RangeError);
      }),
    );
  });
});

test('an event is understood by the page', () => {
  const event = { type: 'event', scene: 2, age: 40, kind: 'fault', text: 'drone 1, out of turn' };
  expect(reportSchema.parse(event)).toEqual(event);
  expect(reportSchema.safeParse({ ...event, age: 0.5 }).success).toBe(false);
});

describe('a request', () => {
  test.each([
    { type: 'pause' },
    { type: 'step', count: 3 },
    { type: 'speed', factor: 0.1 },
    { type: 'restart', seed: 2 ** 32 - 1 },
    { type: 'push', scene: 0, body: 1, force: [0, 0, 1.5], point: [1, 2, 3] },
    { type: 'intervene', active: true, commands: [-1, 1] },
    { type: 'mark', mark: 'success' },
    { type: 'focus', scene: 3 },
    { type: 'focus', scene: 0, agent: 2 },
  ])('%j is understood', (request) => {
    expect(requestSchema.parse(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });

  test.each([
    { type: 'explode' },
    { type: 'pause', extra: 1 },
    { type: 'step', count: 0 },
    { type: 'step', count: 1.5 },
    { type: 'speed', factor: 11 },
    { type: 'restart', seed: -1 },
    { type: 'push', scene: 0, body: 0, force: [0, 0], point: [0, 0, 0] },
    { type: 'push', scene: 0, body: 0, force: [0, 0, Number.POSITIVE_INFINITY], point: [0, 0, 0] },
    { type: 'intervene', active: true, commands: [2] },
    { type: 'mark', mark: 'great' },
    { type: 'focus', scene: 0, agent: -1 },
    null,
    [],
    'pause',
  ])('%j is refused', (request) => {
    expect(requestSchema.safeParse(request).success).toBe(false);
  });
});

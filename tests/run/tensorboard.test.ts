/** TensorBoard event files, checked by a reader that was written from the formats' descriptions alone. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { of, Subject, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ProprioError } from '../../src/core/errors.ts';
import { logToTensorBoard } from '../../src/run/log-to-tensorboard.ts';
import { crc32c, frameRecord, TensorBoardWriter } from '../../src/run/tensorboard.ts';
import type { RunEvent } from '../../src/run/training.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** CRC-32C bit by bit, without a table. */
function slowCrc(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** `((crc >> 15) | (crc << 17)) + 0xa282ead8` in 32 bits, in exact integers. */
function masked(crc: number): number {
  const wide = BigInt(crc);
  return Number((((wide >> 15n) | (wide << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** Data of every record, its frame checked. */
function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(masked(slowCrc(file.subarray(at, at + 8))));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(masked(slowCrc(data)));
    records.push(data);
    at += 12 + length + 4;
  }
  return records;
}

type Field = [number: number, value: bigint | Buffer];

/** Fields of a protocol buffer message. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number): Buffer => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const readers: Record<number, () => bigint | Buffer> = {
      0: varint,
      1: () => bytes(8),
      2: () => bytes(Number(varint())),
      5: () => bytes(4),
    };
    fields.push([key >> 3, readers[key & 7]!()]);
  }
  return fields;
}

/** An `Event` of core/util/event.proto: 1 wall_time, 2 step, 3 file_version, 5 summary. */
function eventOf(record: Buffer) {
  const fields = new Map(fieldsOf(record));
  const summary = fieldsOf((fields.get(5) ?? Buffer.alloc(0)) as Buffer);
  return {
    wallTime: (fields.get(1) as Buffer).readDoubleLE(),
    step: Number(fields.get(2) ?? 0n),
    version: fields.get(3)?.toString(),
    // 1 value { 1 tag, 2 simple_value }
    values: Object.fromEntries(
      summary.map(([, value]) => {
        const parts = new Map(fieldsOf(value as Buffer));
        return [String(parts.get(1)), (parts.get(2) as Buffer).readFloatLE()];
      }),
    ),
  };
}

function eventsIn(folder: string): ReturnType<typeof eventOf>[] {
  const files = readdirSync(folder);
  expect(files).toHaveLength(1);
  expect(files[0]).toMatch(/^events\.out\.tfevents\.\d{10}\./);
  return recordsOf(readFileSync(join(folder, files[0]!))).map(eventOf);
}

describe('crc32c', () => {
  it.each([
    ['123456789', 0xe3069283],
    ['', 0],
    ['a', 0xc1d04330],
  ])('of "%s" is the published check value', (text, expected) => {
    expect(crc32c(ascii(text))).toBe(expected);
  });

  it('of 32 zero bytes and of 32 bytes of ones is that of RFC 3720, appendix B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  });
});

describe('frameRecord', () => {
  it('puts the length before the data, and a masked checksum behind each', () => {
    for (const text of ['', 'x', 'a record of some length', '\u00ff'.repeat(300)])
      expect(recordsOf(Buffer.from(frameRecord(ascii(text))))).toEqual([Buffer.from(ascii(text))]);
  });
});

describe('TensorBoardWriter', () => {
  it('writes a version, then scalars that another reader finds again', () => {
    const folder = temporaryFolder();
    const started = Date.now() / 1e3;
    const writer = new TensorBoardWriter(folder);
    writer.write(100, { 'rollout/ep_rew_mean': -1480.5, zero: 0 });
    writer.write(2 ** 33 + 1, { loss: 0.1, größe: Number.NaN });
    const [first, second, third, ...more] = eventsIn(folder);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ version: 'brain.Event:2', step: 0, values: {} });
    expect(second).toMatchObject({ step: 100, values: { 'rollout/ep_rew_mean': -1480.5, zero: 0 } });
    expect(third).toMatchObject({ step: 2 ** 33 + 1, values: { loss: Math.fround(0.1), größe: Number.NaN } });
    for (const { wallTime } of [first!, second!, third!]) {
      expect(wallTime).toBeGreaterThanOrEqual(started);
      expect(wallTime).toBeLessThanOrEqual(Date.now() / 1e3);
    }
  });

  it('says why it cannot write', () => {
    expect(() => new TensorBoardWriter(join(temporaryFolder(), 'missing'))).toThrow(ProprioError);
  });
});

describe('logToTensorBoard', () => {
  const evaluation = { episodes: 4, returnMean: 2, returnStd: 1, successRate: 0.5, episodeLengthMean: 20 };
  const events: RunEvent[] = [
    { kind: 'step', step: 10 },
    { kind: 'metrics', step: 10, time: 1, values: { 'train/q': 3 } },
    { kind: 'evaluation', step: 20, time: 2, best: true, evaluation },
    { kind: 'evaluation', step: 30, time: 3, best: false, evaluation: { ...evaluation, successRate: null } },
    { kind: 'checkpoint', step: 30 },
  ];

  it('writes metrics and evaluations, and passes every event on', () => {
    const folder = temporaryFolder();
    const source = new Subject<RunEvent>();
    const passed: RunEvent[] = [];
    source.pipe(logToTensorBoard(folder)).subscribe((event) => passed.push(event));
    for (const event of events) source.next(event);
    expect(passed).toEqual(events);
    const scalars = eventsIn(folder).slice(1);
    expect(scalars.map(({ step, values }) => [step, values])).toEqual([
      [10, { 'train/q': 3 }],
      [20, { 'eval/mean_reward': 2, 'eval/mean_ep_length': 20, 'eval/success_rate': 0.5 }],
      [30, { 'eval/mean_reward': 2, 'eval/mean_ep_length': 20 }],
    ]);
  });

  it('ends the run with an error when it cannot write any more', () => {
    const folder = temporaryFolder();
    const log = logToTensorBoard(folder);
    rmSync(folder, { recursive: true });
    const errors: unknown[] = [];
    of(...events)
      .pipe(log, toArray())
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(ProprioError);
    expect((errors[0] as Error).message).toMatch(
      /^Cannot write .*tfevents.*: the folder does not exist any more\.$/,
    );
  });
});

/**
 * TensorBoard event files: records of an `Event` message each, framed by lengths and masked CRC-32C checksums
 * (github.com/tensorflow/tensorflow, `core/lib/io/record_writer.cc` and `core/util/event.proto`).
 */
import { appendFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { explaining } from './files.ts';

const schema = `
syntax = "proto3";
message Value { string tag = 1; oneof value { float simple_value = 2; } }
message Summary { repeated Value value = 1; }
message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
`;
const Event = protobuf.parse(schema, { keepCase: true }).root.lookupType('Event');

/** Appends scalars to one event file. */
export class TensorBoardWriter {
  readonly #path: string;

  constructor(folder: string) {
    const name = `events.out.tfevents.${Math.floor(Date.now() / 1e3)}.${hostname()}.${process.pid}.0`;
    this.#path = join(folder, name);
    this.#append({ wall_time: Date.now() / 1e3, file_version: 'brain.Event:2' });
  }

  /** @param values by tag, such as `rollout/ep_rew_mean` */
  write(step: number, values: Readonly<Record<string, number>>): void {
    const value = Object.entries(values).map(([tag, scalar]) => ({ tag, simple_value: scalar }));
    this.#append({ wall_time: Date.now() / 1e3, step, summary: { value } });
  }

  #append(event: object): void {
    explaining(this.#path, () =>
      appendFileSync(this.#path, frameRecord(Event.encode(Event.create(event)).finish())),
    );
  }
}

/** Length, its checksum, the data, its checksum; all little-endian. */
export function frameRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/** Reflected Castagnoli polynomial. */
const CRC32C = 0x82f63b78;
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC32C : crc >>> 1;
  return crc;
});

export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function maskedCrc32c(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The safetensors format, written and read. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/run/safetensors.ts';

const tensor = (shape: readonly number[], ...values: readonly number[]) => ({
  shape,
  values: Float32Array.from(values),
});
const example = {
  'actor.layers.0.kernel': tensor([2, 3], 1, -2, 3, 4.5, -0, 1e-40),
  step: tensor([1], 7),
  empty: tensor([0, 4]),
};

/** A file from a header and data that may be wrong. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const entry = (changes: object) => ({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...changes } });

describe('encodeSafetensors', () => {
  it('writes the format byte by byte', () => {
    const bytes = encodeSafetensors({ b: tensor([2], 1, -2), a: tensor([1, 1], 0.5) }, { made: 'here' });
    const header =
      '{"__metadata__":{"made":"here"},' +
      '"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
      '"a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
    expect([...bytes.subarray(0, 8)]).toEqual([padded.length, 0, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + padded.length))).toBe(padded);
    // IEEE 754, little-endian: 1 = 3f800000, -2 = c0000000, 0.5 = 3f000000.
    expect(Buffer.from(bytes.subarray(8 + padded.length)).toString('hex')).toBe('0000803f000000c00000003f');
  });

  it('begins the data on a multiple of eight bytes, as the format asks', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30 }), (name) => {
        const bytes = encodeSafetensors({ [name]: tensor([1], 1) });
        expect((bytes.length - 4) % 8).toBe(0);
      }),
    );
  });

  it('copies a view of a larger array, and shared memory, as what they show', () => {
    const memory = new Float32Array(new SharedArrayBuffer(16));
    memory.set([1, 2, 3, 4]);
    const { x } = decodeSafetensors(encodeSafetensors({ x: { shape: [2], values: memory.subarray(1, 3) } }));
    expect([...x!.values]).toEqual([2, 3]);
  });
});

describe('decodeSafetensors', () => {
  it.each([0, 1, 2, 3, 5])('gives back what was written, from a Buffer at offset %i too', (offset) => {
    const bytes = encodeSafetensors(example, { kind: 'metadata is no tensor' });
    const memory = Buffer.alloc(bytes.length + 16);
    memory.set(bytes, offset);
    expect(decodeSafetensors(memory.subarray(offset, offset + bytes.length))).toEqual(example);
  });

  it('gives back any arrays under any names, bit for bit', () => {
    const arrays = fc.dictionary(
      // `__proto__` is a name that objects keep for themselves.
      fc.string().filter((name) => name !== '__metadata__' && name !== '__proto__'),
      fc.float32Array({ maxLength: 9 }),
    );
    fc.assert(
      fc.property(arrays, (given) => {
        const named = Object.fromEntries(
          Object.entries(given).map(([name, values]) => [name, { shape: [values.length], values }]),
        );
        expect(decodeSafetensors(encodeSafetensors(named))).toEqual(named);
      }),
    );
  });

  it('gives copies', () => {
    const bytes = encodeSafetensors(example);
    const decoded = decodeSafetensors(bytes);
    bytes.fill(0);
    expect(decoded.step!.values[0]).toBe(7);
  });

  it('says so wherever a file is cut short', () => {
    const bytes = encodeSafetensors(example);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(/shorter than a header|cut short/);
  });

  it('fails with an explanation or not at all, whatever byte is wrong', () => {
    const bytes = encodeSafetensors(example);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const broken = Uint8Array.from(bytes);
        broken[at]! ^= change;
        try {
          decodeSafetensors(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a header that is no JSON', fileOf('{nonsense'), 'its header is damaged'],
    ['a header that is no object', fileOf('null'), 'its header is damaged'],
    ['an entry without offsets', fileOf({ x: { dtype: 'F32', shape: [] } }), 'its header is damaged'],
    ['offsets below zero', fileOf(entry({ data_offsets: [-8, 0] })), 'its header is damaged'],
    [
      'a header longer than the file',
      Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123),
      'its header is cut short or damaged',
    ],
    ['another type', fileOf(entry({ dtype: 'BF16' })), '"x" is of type BF16; F32 is needed'],
    ['data that are not there', fileOf(entry({}), new Uint8Array(7)), '"x" is cut short'],
    [
      'a shape that does not fit the data',
      fileOf(entry({ shape: [3] }), new Uint8Array(8)),
      '"x" has shape [3] but 8 bytes instead of 12',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(new RangeError(message));
  });

  it('reads what the reference implementation writes', () => {
    // Header lengths need not be padded, and metadata may be missing: as safetensors.torch.save writes one float.
    const data = new Uint8Array(Float32Array.of(2.5).buffer);
    const bytes = fileOf('{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', data);
    expect(decodeSafetensors(bytes)).toEqual({ w: tensor([], 2.5) });
  });
});

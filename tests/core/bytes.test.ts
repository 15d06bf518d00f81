/** Several arrays in one array of bytes, and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BinaryArray, packBytes, restoreArray, unpackBytes } from '../../src/core/bytes.ts';

const parts = fc.array(
  fc.oneof<fc.Arbitrary<BinaryArray>[]>(
    fc.uint8Array({ maxLength: 20 }),
    fc.float32Array({ maxLength: 5 }),
    fc.float64Array({ maxLength: 5 }),
    fc.int32Array({ maxLength: 5 }),
    fc.uint32Array({ maxLength: 5 }),
  ),
  { maxLength: 6 },
);
const bytesOf = (array: BinaryArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('packBytes and unpackBytes', () => {
  it('give back every part, of whatever type, wherever the bytes lie', () => {
    fc.assert(
      fc.property(parts, fc.nat(7), (given, offset) => {
        const packed = packBytes(given);
        const moved = new Uint8Array(packed.length + offset);
        moved.set(packed, offset);
        for (const bytes of [moved.subarray(offset), Buffer.from(moved.buffer, offset)])
          expect(unpackBytes(bytes).map((part) => [...part])).toEqual(
            given.map((part) => [...bytesOf(part)]),
          );
      }),
    );
  });

  it('give copies', () => {
    const packed = packBytes([Uint8Array.of(1, 2)]);
    const [part] = unpackBytes(packed);
    packed.fill(0);
    expect(part).toEqual(Uint8Array.of(1, 2));
  });

  it('take views of larger arrays as what they show', () => {
    expect(unpackBytes(packBytes([Uint8Array.of(1, 2, 3, 4).subarray(1, 3)]))).toEqual([Uint8Array.of(2, 3)]);
  });

  it('say that bytes are cut short, wherever the cut is', () => {
    const packed = packBytes([Uint8Array.of(1, 2, 3), Float32Array.of(1), new Uint8Array(0)]);
    for (let length = 0; length < packed.length; length++)
      expect(() => unpackBytes(packed.subarray(0, length))).toThrow(
        new RangeError('The snapshot is cut short.'),
      );
  });
});

describe('restoreArray', () => {
  it('overwrites an array bit for bit, NaN and the sign of zero included', () => {
    const target = new Float64Array(3);
    restoreArray(target, bytesOf(Float64Array.of(Number.NaN, -0, 1 / 3)));
    expect(target).toEqual(Float64Array.of(Number.NaN, -0, 1 / 3));
  });

  it('refuses bytes of another size and changes nothing', () => {
    const target = Float32Array.of(1, 2);
    expect(() => restoreArray(target, new Uint8Array(12))).toThrow(/holds 12 bytes where 8 are needed/);
    expect(target).toEqual(Float32Array.of(1, 2));
  });
});

/** Several byte arrays in one: a 32-bit count, then each part behind its 32-bit length, little-endian. */

export type BinaryArray = Uint8Array | Float32Array | Float64Array | Int32Array | Uint32Array;

const bytesOf = (array: BinaryArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export function packBytes(parts: readonly BinaryArray[]): Uint8Array {
  const total = parts.reduce((sum, part) => sum + 4 + part.byteLength, 4);
  const packed = new Uint8Array(total);
  const view = new DataView(packed.buffer);
  view.setUint32(0, parts.length, true);
  let offset = 4;
  for (const part of parts) {
    view.setUint32(offset, part.byteLength, true);
    packed.set(bytesOf(part), offset + 4);
    offset += 4 + part.byteLength;
  }
  return packed;
}

/** @returns copies of the parts @throws RangeError when `packed` is cut short */
export function unpackBytes(packed: Uint8Array): Uint8Array[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const integerAt = (at: number): number => {
    if (at + 4 > packed.length) throw new RangeError('The snapshot is cut short.');
    return view.getUint32(at, true);
  };
  const parts: Uint8Array[] = [];
  let offset = 4;
  for (let left = integerAt(0); left > 0; left--) {
    const length = integerAt(offset);
    const part = Uint8Array.prototype.slice.call(packed, offset + 4, offset + 4 + length);
    if (part.length !== length) throw new RangeError('The snapshot is cut short.');
    parts.push(part);
    offset += 4 + length;
  }
  return parts;
}

/** Overwrites `target` with the bytes of `source`. @throws RangeError when their sizes differ */
export function restoreArray(target: BinaryArray, source: Uint8Array): void {
  if (source.length !== target.byteLength) {
    throw new RangeError(
      `The snapshot holds ${source.length} bytes where ${target.byteLength} are needed: it is of another environment.`,
    );
  }
  bytesOf(target).set(source);
}

/**
 * The safetensors format (github.com/huggingface/safetensors): a 64-bit header length, a JSON header, raw little-endian
 * data. PyTorch, JAX and others read it. Only float32 is written here.
 */

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

const ALIGNMENT = 8;

export function encodeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, HeaderEntry | Readonly<Record<string, string>>> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength).set(json, 8);
  let offset = 8 + headerLength;
  for (const { values } of Object.values(tensors)) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

/** @throws RangeError when the bytes are cut short, are no safetensors, or hold something else than float32 */
export function decodeSafetensors(bytes: Uint8Array): Record<string, NamedTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new RangeError('it is shorter than a header');
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.length - 8) throw new RangeError('its header is cut short or damaged');
  let header: Record<string, HeaderEntry>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch (error) {
    throw new RangeError('its header is damaged', { cause: error });
  }
  const data = bytes.subarray(8 + headerLength);
  const tensors: Record<string, NamedTensor> = {};
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (dtype !== 'F32') throw new RangeError(`"${name}" is of type ${dtype}; F32 is needed`);
    if (offsets[1] > data.length) throw new RangeError(`"${name}" is cut short`);
    // A copy, because the data need not start on a multiple of four bytes; Buffer's own slice makes none.
    const copy = Uint8Array.prototype.slice.call(data, offsets[0], offsets[1]);
    tensors[name] = { shape, values: new Float32Array(copy.buffer) };
  }
  return tensors;
}

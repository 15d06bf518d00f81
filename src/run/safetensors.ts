/**
 * The safetensors format (github.com/huggingface/safetensors): a 64-bit header length, a JSON header, raw little-endian
 * data. PyTorch, JAX and others read it. Only float32 is written here.
 */

import { z } from 'zod';

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
type HeaderEntry = z.output<typeof entrySchema>;

const headerSchema = z.object({ __metadata__: z.unknown().optional() }).catchall(entrySchema);

const ALIGNMENT = 8;

export function encodeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
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
  const header = parseHeader(bytes.subarray(8, 8 + headerLength));
  const data = bytes.subarray(8 + headerLength);
  const tensors: Record<string, NamedTensor> = {};
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (dtype !== 'F32') throw new RangeError(`"${name}" is of type ${dtype}; F32 is needed`);
    const [begin, end] = offsets;
    const size = 4 * shape.reduce((product, length) => product * length, 1);
    if (end - begin !== size)
      throw new RangeError(`"${name}" has shape [${shape}] but ${end - begin} bytes instead of ${size}`);
    if (end > data.length) throw new RangeError(`"${name}" is cut short`);
    // A copy, because the data need not start on a multiple of four bytes; Buffer's own slice makes none.
    const copy = Uint8Array.prototype.slice.call(data, begin, end);
    tensors[name] = { shape, values: new Float32Array(copy.buffer) };
  }
  return tensors;
}

function parseHeader(json: Uint8Array): Record<string, HeaderEntry> {
  try {
    const { __metadata__: _, ...entries } = headerSchema.parse(JSON.parse(new TextDecoder().decode(json)));
    return entries as Record<string, HeaderEntry>;
  } catch (error) {
    throw new RangeError('its header is damaged', { cause: error });
  }
}

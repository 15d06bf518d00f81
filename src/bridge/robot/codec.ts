/** Messages of the robot protocol as they go over the wire: JSON text or CBOR, read with their schema. */
import { decode, encode } from 'cbor2';
import type { z } from 'zod';
import { suggestion } from '../../core/errors.ts';
import {
  type FromRobot,
  fromRobotSchema,
  MAX_MESSAGE_BYTES,
  type ToRobot,
  toRobotSchema,
} from './protocol.ts';

export type Encoding = 'json' | 'cbor';

/** What came is no message of the protocol; the text says why, for whoever sent it. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/** Objects within objects, at most: messages are flat, and a deep one is no message. */
const MAX_DEPTH = 8;
/** Characters of an unknown type that are repeated in an answer. */
const LONGEST_NAME = 40;

export const write = (message: ToRobot | FromRobot, encoding: Encoding): string | Uint8Array =>
  encoding === 'json' ? JSON.stringify(message) : encode(message);

/** @param data a text, or bytes of CBOR @throws MessageError */
export const readToRobot = (data: string | Uint8Array): ToRobot => read(data, toRobotSchema);
/** @throws MessageError */
export const readFromRobot = (data: string | Uint8Array): FromRobot => read(data, fromRobotSchema);

function read<Schema extends typeof toRobotSchema | typeof fromRobotSchema>(
  data: string | Uint8Array,
  schema: Schema,
): z.output<Schema> {
  if (data.length > MAX_MESSAGE_BYTES)
    throw new MessageError(
      `A message of ${data.length} bytes is too large: ${MAX_MESSAGE_BYTES} are the most.`,
    );
  const message = typeof data === 'string' ? fromJson(data) : fromCbor(data);
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data as z.output<Schema>;
  const type = Object(message).type as unknown;
  if (typeof type !== 'string') throw new MessageError('A message has to be an object with a type.');
  const types: readonly string[] = schema.options.map((option) => option.shape.type.value);
  const name = type.slice(0, LONGEST_NAME);
  if (!types.includes(type))
    throw new MessageError(`A message of type "${name}" is not known.${suggestion(name, types)}`);
  const [issue] = parsed.error.issues;
  throw new MessageError(`Message ${[name, ...issue!.path].join('.')}: ${issue!.message}.`);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MessageError(`A text message has to be JSON: ${(error as Error).message}.`);
  }
}

function fromCbor(bytes: Uint8Array): unknown {
  try {
    const message: unknown = decode(bytes, { maxDepth: MAX_DEPTH });
    return message !== null && typeof message === 'object' ? withPlainArrays(message) : message;
  } catch (error) {
    throw new MessageError(`A binary message has to be CBOR: ${(error as Error).message}.`);
  }
}

/** Typed arrays (RFC 8746) are as good as others. */
const withPlainArrays = (message: object): unknown =>
  Array.isArray(message) || message instanceof Map
    ? message
    : Object.fromEntries(
        Object.entries(message).map(([name, value]) => [
          name,
          ArrayBuffer.isView(value) && !(value instanceof DataView)
            ? Array.from(value as Float64Array)
            : value,
        ]),
      );

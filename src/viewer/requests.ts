/** Messages from pages: read, checked, and refused with a sentence that says what is wrong. */
import { suggestion } from '../core/errors.ts';
import { type Request, requestSchema } from './protocol.ts';
import { Refusal } from './source.ts';

const types = requestSchema.options.map((option) => option.shape.type.value);

/** Characters of an unknown type that are repeated in an answer. */
const LONGEST_NAME = 40;

/** @throws Refusal for what is no request, and for values out of range */
export function parseRequest(text: string): Request {
  const message = parseJson(text);
  const parsed = requestSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  const type = Object(message).type as unknown;
  if (typeof type !== 'string') throw new Refusal('E_MESSAGE', 'A message has to be an object with a type.');
  if (!types.includes(type as Request['type'])) {
    const name = type.slice(0, LONGEST_NAME);
    throw new Refusal('E_MESSAGE', `A message of type "${name}" is not known.${suggestion(name, types)}`);
  }
  const [issue] = parsed.error.issues;
  const outOfRange = issue!.code === 'too_big' || issue!.code === 'too_small';
  const where = [type, ...issue!.path].join('.');
  throw new Refusal(outOfRange ? 'E_RANGE' : 'E_MESSAGE', `Message ${where}: ${issue!.message}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal('E_MESSAGE', `A message has to be JSON: ${(error as Error).message}.`);
  }
}

/**
 * Foxglove's WebSocket protocol as far as a read-only server speaks it: JSON for control, binary messages for data,
 * little-endian. Source: https://github.com/foxglove/ws-protocol/blob/main/docs/spec.md
 */
import { z } from 'zod';
import type { Channel } from './channel.ts';

/** Of today's SDK, and of the deprecated client package and older tools; both agree in all that is used here. */
export const SUBPROTOCOLS: readonly string[] = ['foxglove.sdk.v1', 'foxglove.websocket.v1'];

const opcode = { messageData: 1, time: 2 } as const;

const id = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

/** What a client may ask for. */
const requests = {
  subscribe: z.object({
    op: z.literal('subscribe'),
    subscriptions: z.array(z.object({ id, channelId: id })),
  }),
  unsubscribe: z.object({ op: z.literal('unsubscribe'), subscriptionIds: z.array(id) }),
};
export type ClientRequest = z.output<(typeof requests)[keyof typeof requests]>;

/** @throws RangeError when the text is no request that a read-only server knows */
export function parseRequest(text: string): ClientRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RangeError(`The message is not JSON: ${(error as Error).message}`);
  }
  const { op } = (value ?? {}) as { op?: unknown };
  if (op !== 'subscribe' && op !== 'unsubscribe') {
    throw new RangeError(
      `Operation ${JSON.stringify(op) ?? '(none)'} is not known. This server is read-only; it knows "subscribe" and ` +
        '"unsubscribe".',
    );
  }
  const parsed = requests[op].safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RangeError(`"${op}" is malformed. ${problems.join('; ')}`);
}

/** The first message to a client. @param sessionId differs between starts of the server */
export const serverInfo = (name: string, sessionId: string) => ({
  op: 'serverInfo',
  name,
  capabilities: ['time'],
  sessionId,
});

export const advertise = (channels: ReadonlyMap<number, Channel>) => ({
  op: 'advertise',
  channels: [...channels].map(([id, { topic, schemaName, schema }]) => ({
    id,
    topic,
    encoding: 'json',
    schemaName,
    schemaEncoding: 'jsonschema',
    schema,
  })),
});

export const errorStatus = (message: string) => ({ op: 'status', level: 2, message });

/** @param time ns */
export function messageData(subscription: number, time: bigint, data: Uint8Array): Uint8Array {
  const message = new Uint8Array(13 + data.length);
  const view = new DataView(message.buffer);
  view.setUint8(0, opcode.messageData);
  view.setUint32(1, subscription, true);
  view.setBigUint64(5, time, true);
  message.set(data, 13);
  return message;
}

/** @param time ns */
export function timeMessage(time: bigint): Uint8Array {
  const message = new Uint8Array(9);
  const view = new DataView(message.buffer);
  view.setUint8(0, opcode.time);
  view.setBigUint64(1, time, true);
  return message;
}

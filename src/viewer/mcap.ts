/** A recording as an MCAP file, with the channels of live telemetry: for Foxglove, Lichtblick and every MCAP reader. */
import { McapWriter } from '@mcap/core';
import { Subject } from 'rxjs';
import type { Channel, Message } from '../bridge/channel.ts';
import { type TelemetryFrame, telemetryChannels } from '../bridge/telemetry.ts';
import type { EnvEvent } from '../core/events.ts';
import type { Hello, ViewFrame } from './protocol.ts';

/**
 * JSON messages in uncompressed chunks, with an index. Times are those of the frames; where the run starts anew within
 * the recording, the clock runs on.
 * @param frames in the order they were made
 * @param events in the order they happened, each with the place of the frame that shows it first
 * @param oldest place of the first frame
 */
export async function recordingToMcap(
  hello: Hello,
  frames: readonly ViewFrame[],
  events: readonly RecordedEvent[] = [],
  oldest = 0,
): Promise<Uint8Array> {
  const file = new MemoryFile();
  const writer = new McapWriter({ writable: file });
  await writer.start({ profile: '', library: 'proprio' });
  const { env, policy } = hello;
  await writer.addMetadata({
    name: 'proprio',
    metadata: new Map([
      ['environment', env.id],
      ['policy', policy],
      ['controlDt', String(env.controlDt)],
    ]),
  });

  const frames$ = new Subject<TelemetryFrame>();
  const events$ = new Subject<EnvEvent>();
  const channels = telemetryChannels(
    { env, appearance: hello.appearance },
    { frames$, ...(events.length > 0 ? { events$ } : {}) },
  );
  const ids = await register(writer, channels);
  const pending: (Message & { readonly channel: number })[] = [];
  channels.forEach(({ messages$ }, channel) => {
    messages$.subscribe((message) => pending.push({ ...message, channel }));
  });
  const written = channels.map(() => 0);
  let place = oldest;
  for (const frame of withSteadyClock(frames, env.controlDt)) {
    frames$.next(frame);
    for (const event of events) if (event.place === place) events$.next(event);
    place++;
    for (const { channel, time, data } of pending.splice(0)) {
      const sequence = written[channel]!++;
      await writer.addMessage({ channelId: ids[channel]!, sequence, logTime: time, publishTime: time, data });
    }
  }
  await writer.end();
  return file.bytes();
}

/** What happened, and the place of the frame in the recording that shows it first. */
export type RecordedEvent = EnvEvent & { readonly place: number };

/** @returns the channels' ids in the file */
async function register(writer: McapWriter, channels: readonly Channel[]): Promise<number[]> {
  const encoder = new TextEncoder();
  const schemaIds = new Map<string, number>();
  const ids: number[] = [];
  for (const { topic, schemaName, schema } of channels) {
    const schemaId =
      schemaIds.get(schemaName) ??
      (await writer.registerSchema({
        name: schemaName,
        encoding: 'jsonschema',
        data: encoder.encode(schema),
      }));
    schemaIds.set(schemaName, schemaId);
    ids.push(await writer.registerChannel({ topic, schemaId, messageEncoding: 'json', metadata: new Map() }));
  }
  return ids;
}

/** Frames with times that never go back: a fresh start is a control step after what came before. */
function* withSteadyClock(frames: readonly ViewFrame[], controlDt: number): Generator<ViewFrame> {
  let ahead = 0;
  let last = 0;
  for (const frame of frames) {
    if (frame.time < last) ahead += last + controlDt - frame.time;
    last = frame.time;
    yield { ...frame, time: frame.time + ahead };
  }
}

/** What the writer writes to: parts, since a buffer that grows would be copied for each of them. */
class MemoryFile {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  position(): bigint {
    return BigInt(this.#size);
  }

  async write(part: Uint8Array): Promise<void> {
    this.#parts.push(part);
    this.#size += part.length;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/** A topic of messages in JSON, with their schema: what a telemetry server advertises and an MCAP file holds. */
import { map, type Observable, share, shareReplay, withLatestFrom } from 'rxjs';
import { z } from 'zod';
import { nanoseconds } from './schemas.ts';

export interface Channel {
  readonly topic: string;
  readonly schemaName: string;
  /** JSON schema, as text. */
  readonly schema: string;
  /** Nothing is made while nobody listens. */
  readonly messages$: Observable<Message>;
}

export interface Message {
  /** ns */
  readonly time: bigint;
  /** JSON */
  readonly data: Uint8Array;
}

/** What a message says, at a time in s. */
export interface Timed<T> {
  readonly time: number;
  readonly content: T;
}

/** @param schema with the schema's name as its title */
export function channel<T>(topic: string, schema: z.ZodType<T>, contents$: Observable<Timed<T>>): Channel {
  const json = z.toJSONSchema(schema);
  const encoder = new TextEncoder();
  return {
    topic,
    schemaName: json.title!,
    schema: JSON.stringify(json),
    messages$: contents$.pipe(
      map(({ time, content }) => ({
        time: nanoseconds(time),
        data: encoder.encode(JSON.stringify(content)),
      })),
    ),
  };
}

/** A channel with a message for each frame, made once for all listeners; who joins begins with the last one. */
export function stateChannel<F extends { readonly time: number }, T>(
  topic: string,
  schema: z.ZodType<T>,
  frames$: Observable<F>,
  describe: (frame: F) => T,
): Channel {
  const contents$ = frames$.pipe(map((frame) => ({ time: frame.time, content: describe(frame) })));
  const made = channel(topic, schema, contents$);
  return { ...made, messages$: made.messages$.pipe(shareReplay({ bufferSize: 1, refCount: true })) };
}

/** A channel of what happens now and then. @param time$ when it happens, s: the latest one counts */
export function eventChannel<E, T>(
  topic: string,
  schema: z.ZodType<T>,
  events$: Observable<E>,
  time$: Observable<number>,
  describe: (event: E, time: number) => T,
): Channel {
  const contents$ = events$.pipe(
    withLatestFrom(time$),
    map(([event, time]) => ({ time, content: describe(event, time) })),
  );
  const made = channel(topic, schema, contents$);
  return { ...made, messages$: made.messages$.pipe(share()) };
}

/** Recordings as MCAP files: what a reader finds in them is what was recorded. */
import { McapIndexedReader, McapStreamReader, TempBuffer } from '@mcap/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordingToMcap } from '../../src/viewer/mcap.ts';
import type { Hello, ViewFrame } from '../../src/viewer/protocol.ts';
import { type JsonSchema, violations } from '../bridge/json-schema.ts';
import { anyFrame, appearance, decode, env, layout, SCENES, still, withRow } from '../bridge/sample-run.ts';

const hello: Hello = {
  type: 'hello',
  source: 'simulation',
  env: {
    ...env,
    id: 'cart',
    description: 'A cart with a finger.',
    controlDt: 0.02,
    maxEpisodeSteps: 100,
    success: null,
    observation: env.observation.map(({ name }) => ({ name, unit: '1', low: null, high: null })),
    action: env.action.map(({ name }) => ({ name, unit: '1', low: -1, high: 1 })),
  },
  policy: 'scripted controller',
  appearance,
  scenes: SCENES,
  agents: 1,
  controls: [],
  can: { pause: true, restart: true, push: false, intervene: false, contacts: false, value: false },
};

interface ReadMessage {
  readonly topic: string;
  readonly schema: { readonly name: string; readonly encoding: string; readonly data: Uint8Array };
  readonly messageEncoding: string;
  readonly logTime: bigint;
  readonly sequence: number;
  readonly content: ReturnType<typeof decode>;
}

/** All that an indexed reader finds in a file. */
async function read(file: Uint8Array) {
  const reader = await McapIndexedReader.Initialize({ readable: new TempBuffer(file) });
  const messages: ReadMessage[] = [];
  for await (const { channelId, logTime, publishTime, sequence, data } of reader.readMessages()) {
    const { topic, schemaId, messageEncoding } = reader.channelsById.get(channelId)!;
    const schema = reader.schemasById.get(schemaId)!;
    expect(publishTime).toBe(logTime);
    messages.push({ topic, schema, messageEncoding, logTime, sequence, content: decode(data) });
  }
  const of = (topic: string) => messages.filter((message) => message.topic === topic);
  return { reader, messages, of };
}

const record = async (...frames: ViewFrame[]) => read(await recordingToMcap(hello, frames));

describe('a recording', () => {
  test('has a message for each frame on each topic of state, and the scene once', async () => {
    const { reader, messages } = await record(
      still,
      { ...still, time: 0.04, obs: Float32Array.of(4, 5, 6) },
      { ...still, time: 0.06 },
    );
    const counts: Record<string, number> = {};
    for (const { topic } of messages) counts[topic] = (counts[topic] ?? 0) + 1;
    expect(counts).toEqual({
      '/tf': 3,
      '/scene': 1,
      '/scene/changing': 1,
      '/observation/state': 3,
      '/action/state': 3,
      '/reward': 3,
      '/policy/state': 3,
    });
    expect(reader.statistics).toMatchObject({
      messageCount: 17n,
      channelCount: 7,
      schemaCount: 3,
      messageStartTime: 20_000_000n,
      messageEndTime: 60_000_000n,
    });
    expect(reader.header).toMatchObject({ library: 'proprio' });
  });

  test('says of what it is', async () => {
    const reader = new McapStreamReader();
    reader.append(await recordingToMcap(hello, [still]));
    const records = Array.from({ length: 100 }, () => reader.nextRecord());
    const metadata = records.find((entry) => entry?.type === 'Metadata');
    expect(metadata).toMatchObject({
      name: 'proprio',
      metadata: new Map([
        ['environment', 'cart'],
        ['policy', 'scripted controller'],
        ['controlDt', '0.02'],
      ]),
    });
  });

  test('has the numbers and times of its frames, in messages that obey their schemas', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFrame, { minLength: 1, maxLength: 8 }), async (unsorted) => {
        const frames = [...unsorted].sort((a, b) => a.time - b.time);
        const { messages, of } = await record(...frames);
        for (const { topic, schema, messageEncoding, content } of messages) {
          expect(schema.encoding).toBe('jsonschema');
          expect(messageEncoding).toBe('json');
          const checked = decode(schema.data) as JsonSchema;
          expect(checked.title).toBe(schema.name);
          expect(violations(checked, content, topic)).toEqual([]);
        }
        const times = frames.map(({ time }) => BigInt(Math.round(time * 1e9)));
        for (const topic of ['/tf', '/observation/state', '/action/state', '/reward']) {
          expect(of(topic).map(({ logTime }) => logTime)).toEqual(times);
          expect(of(topic).map(({ sequence }) => sequence)).toEqual(frames.map((_, i) => i));
        }
        const valuesOf = (topic: string): number[][] =>
          of(topic).map(({ content }) => content.scalars.map(({ value }: { value: number }) => value));
        expect(valuesOf('/observation/state')).toEqual(frames.map(({ obs }) => [...obs]));
        expect(valuesOf('/action/state')).toEqual(frames.map(({ action }) => [...action]));
        expect(valuesOf('/reward')).toEqual(
          frames.map(({ reward, rewardTerms }) => [reward, ...rewardTerms]),
        );
        expect(
          of('/tf').map(({ content }) =>
            content.transforms
              .slice(1)
              .flatMap(({ translation: { x, y, z }, rotation }: TransformContent) => [
                ...[x, y, z],
                ...[rotation.x, rotation.y, rotation.z, rotation.w],
              ]),
          ),
        ).toEqual(
          frames.map(({ rows, focus }) => [
            ...rows.subarray(focus * layout.size, focus * layout.size + layout.arrows),
          ]),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('can be read from the middle', async () => {
    const frames = Array.from({ length: 3_000 }, (_, i) => ({ ...still, time: i / 100 }));
    const reader = await McapIndexedReader.Initialize({
      readable: new TempBuffer(await recordingToMcap(hello, frames)),
    });
    // Several chunks, each with its own span of time: a reader finds a moment without reading all.
    const { chunkIndexes } = reader;
    expect(chunkIndexes.length).toBeGreaterThan(2);
    for (let i = 1; i < chunkIndexes.length; i++) {
      expect(chunkIndexes[i]!.messageStartTime).toBeGreaterThanOrEqual(chunkIndexes[i - 1]!.messageEndTime);
    }
    const times = [];
    const span = { startTime: 15_000_000_000n, endTime: 15_020_000_000n, topics: ['/tf'] };
    for await (const { logTime } of reader.readMessages(span)) times.push(logTime);
    expect(times).toEqual([15_000_000_000n, 15_010_000_000n, 15_020_000_000n]);
  });

  test('runs on where the run was started anew', async () => {
    const { of } = await record(
      { ...still, time: 0.02 },
      { ...still, time: 0.04 },
      { ...still, time: 0.02 },
      { ...still, time: 0.04 },
      { ...still, time: 0 },
    );
    expect(of('/tf').map(({ logTime }) => Number(logTime) / 1e6)).toEqual([20, 40, 60, 80, 100]);
    expect(of('/scene')).toHaveLength(1);
  });

  test('tells again what has changed in the scene', async () => {
    const windy = withRow(layout.arrows, [0, 0, 1, 2, 0, 0], { time: 0.04 });
    const { of } = await record(still, windy, { ...windy, time: 0.06 });
    const arrows = of('/scene/changing').map(({ logTime, content }) => {
      const { timestamp, arrows } = content.entities.find(({ id }: { id: string }) => id === 'arrow/wind');
      return { logTime, nsec: timestamp.nsec, arrows: arrows.length };
    });
    expect(arrows).toEqual([
      { logTime: 20_000_000n, nsec: 20_000_000, arrows: 0 },
      { logTime: 40_000_000n, nsec: 40_000_000, arrows: 1 },
    ]);
  });

  test('has what happened, at the time of the frame that shows it first', async () => {
    const frames = [0.02, 0.04, 0.06].map((time) => ({ ...still, time }));
    const hit = { scene: 0, kind: 'hit', text: 'finger' };
    const events = [
      { ...hit, age: 9, place: 40 },
      { ...hit, age: 11, place: 42 },
      { ...hit, age: 11, place: 42 },
      { ...hit, age: 12, place: 43 },
    ];
    const { of } = await read(await recordingToMcap(hello, frames, events, 41));
    expect(of('/event').map(({ logTime, content }) => [Number(logTime) / 1e6, content.age])).toEqual([
      [40, 11],
      [40, 11],
      [60, 12],
    ]);
    expect(of('/event')[0]!.content).toEqual({ ...hit, age: 11, scalars: [] });
  });

  test('without a frame is a file without a message', async () => {
    const reader = new McapStreamReader();
    reader.append(await recordingToMcap(hello, []));
    const types = [];
    for (let entry = reader.nextRecord(); entry; entry = reader.nextRecord()) types.push(entry.type);
    expect(reader.done()).toBe(true);
    expect(types).not.toContain('Message');
    expect(types.filter((type) => type === 'Channel')).toHaveLength(7);
  });
});

interface TransformContent {
  readonly translation: { readonly x: number; readonly y: number; readonly z: number };
  readonly rotation: { readonly x: number; readonly y: number; readonly z: number; readonly w: number };
}

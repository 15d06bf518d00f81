/** What a run publishes: its numbers, in the schemas that it advertises, and only when somebody listens. */
import fc from 'fast-check';
import { Observable, of, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Channel, Message } from '../../src/bridge/channel.ts';
import { type TelemetryFrame, telemetryChannels } from '../../src/bridge/telemetry.ts';
import { type JsonSchema, violations } from './json-schema.ts';
import { anyFrame, appearance, decode, env, layout, run, still, withRow } from './sample-run.ts';

const find = (channels: readonly Channel[], topic: string): Channel => {
  const channel = channels.find((candidate) => candidate.topic === topic);
  if (!channel) throw new Error(`no channel ${topic}`);
  return channel;
};

/** What a listener of one topic is told. */
function listen(topic: string, frames: readonly TelemetryFrame[]): Message[] {
  const messages: Message[] = [];
  find(telemetryChannels(run, { frames$: of(...frames) }), topic).messages$.subscribe((m) =>
    messages.push(m),
  );
  return messages;
}

const contents = (topic: string, ...frames: TelemetryFrame[]) =>
  listen(topic, frames).map(({ data }) => decode(data));

const everything = (frames$: Observable<TelemetryFrame>) =>
  telemetryChannels(run, {
    frames$,
    events$: of({ scene: 1, age: 3, kind: 'hit', text: 'finger', values: { speed: 2, spin: Number.NaN } }),
    episodes$: of({ step: 8, scene: 1, return: 2.5, length: 4, success: null }),
    logs$: of({ level: 'error', message: 'A rotor stands still.' }),
  });

describe('channels', () => {
  test('have the topics and schema names that viewers know', () => {
    expect(everything(of(still)).map(({ topic, schemaName }) => [topic, schemaName])).toEqual([
      ['/tf', 'foxglove.FrameTransforms'],
      ['/scene', 'foxglove.SceneUpdate'],
      ['/scene/changing', 'foxglove.SceneUpdate'],
      ['/observation/state', 'proprio.Scalars'],
      ['/action/state', 'proprio.Scalars'],
      ['/reward', 'proprio.Scalars'],
      ['/policy/state', 'proprio.Scalars'],
      ['/event', 'proprio.Event'],
      ['/episode', 'proprio.Episode'],
      ['/log', 'foxglove.Log'],
    ]);
  });

  test('say in their schemas what the published ones ask for', () => {
    const fieldsOf = (topic: string, ...path: string[]): readonly string[] => {
      let schema: JsonSchema = JSON.parse(find(everything(of(still)), topic).schema);
      for (const field of path) {
        schema = schema.properties![field]!;
        schema = schema.items ?? schema;
      }
      return [...schema.required!].sort();
    };
    expect(fieldsOf('/tf', 'transforms')).toEqual([
      'child_frame_id',
      'parent_frame_id',
      'rotation',
      'timestamp',
      'translation',
    ]);
    expect(fieldsOf('/scene')).toEqual(['deletions', 'entities']);
    expect(fieldsOf('/scene', 'entities')).toEqual([
      'arrows',
      'cubes',
      'cylinders',
      'frame_id',
      'frame_locked',
      'id',
      'lifetime',
      'lines',
      'metadata',
      'models',
      'spheres',
      'texts',
      'timestamp',
      'triangles',
    ]);
    expect(fieldsOf('/scene', 'entities', 'lines')).toEqual([
      'color',
      'colors',
      'indices',
      'points',
      'pose',
      'scale_invariant',
      'thickness',
      'type',
    ]);
    expect(fieldsOf('/log')).toEqual(['file', 'level', 'line', 'message', 'name', 'timestamp']);
  });

  test('publish what their schemas promise, whatever the frames', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { minLength: 1, maxLength: 4 }), (frames) => {
        for (const { topic, schema, messages$ } of everything(of(...frames))) {
          const checked: JsonSchema = JSON.parse(schema);
          let count = 0;
          messages$.subscribe(({ data }) => {
            count++;
            expect(violations(checked, decode(data), topic)).toEqual([]);
          });
          expect(count).toBeGreaterThan(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('cost nothing while nobody listens, and are made once for several who do', () => {
    let listeners = 0;
    const frames$ = new Observable<TelemetryFrame>(() => {
      listeners++;
      return () => listeners--;
    });
    const channel = find(telemetryChannels(run, { frames$ }), '/tf');
    expect(listeners).toBe(0);
    const first = channel.messages$.subscribe();
    const second = channel.messages$.subscribe();
    expect(listeners).toBe(1);
    first.unsubscribe();
    expect(listeners).toBe(1);
    second.unsubscribe();
    expect(listeners).toBe(0);
  });

  test('begin with the present state for who comes later', () => {
    const frames$ = new Subject<TelemetryFrame>();
    const channel = find(telemetryChannels(run, { frames$ }), '/action/state');
    channel.messages$.subscribe();
    frames$.next(still);
    const late: unknown[] = [];
    channel.messages$.subscribe(({ data }) => late.push(decode(data)));
    expect(late).toEqual([{ scalars: [{ label: 'force', value: 0.5 }] }]);
  });

  test('are refused where frames of reference would have the same name', () => {
    const named = (...names: string[]) => ({
      env,
      appearance: { ...appearance, bodies: names.map((name) => ({ name, shapes: [] })) },
    });
    const frames$ = of(still);
    expect(() => telemetryChannels(named('a', 'a'), { frames$ })).toThrow(/called "a"/);
    expect(() => telemetryChannels(named('scene'), { frames$ })).toThrow(/called "scene"/);
    expect(() => telemetryChannels(named('a', 'b'), { frames$ })).not.toThrow();
  });
});

describe('transforms', () => {
  test('lead from the world to the bodies of the focused scene', () => {
    const rows = still.rows.slice();
    rows.set([1, 2, 3, 0, 0, 1, 0], layout.size);
    const [message] = contents('/tf', { ...still, time: 3.25, focus: 1, rows });
    const timestamp = { sec: 3, nsec: 250_000_000 };
    const upright = { x: 0, y: 0, z: 0, w: 1 };
    const origin = { x: 0, y: 0, z: 0 };
    expect(message.transforms).toEqual([
      {
        timestamp,
        parent_frame_id: 'world',
        child_frame_id: 'scene',
        translation: origin,
        rotation: upright,
      },
      {
        timestamp,
        parent_frame_id: 'scene',
        child_frame_id: 'cart',
        translation: { x: 1, y: 2, z: 3 },
        rotation: { x: 0, y: 0, z: 1, w: 0 },
      },
      {
        timestamp,
        parent_frame_id: 'scene',
        child_frame_id: 'finger',
        translation: origin,
        rotation: upright,
      },
    ]);
  });

  test('leave out a body that is nowhere', () => {
    const [message] = contents('/tf', withRow(0, [Number.NaN]));
    expect(message.transforms.map((t: { child_frame_id: string }) => t.child_frame_id)).toEqual([
      'scene',
      'finger',
    ]);
  });
});

describe('scalars', () => {
  test('carry values under names without dots', () => {
    expect(contents('/observation/state', still)).toEqual([
      {
        scalars: [
          { label: 'position_x', value: 1 },
          { label: 'velocity_x', value: 2 },
          { label: 'angle', value: 3 },
        ],
      },
    ]);
    expect(contents('/reward', still)).toEqual([
      {
        scalars: [
          { label: 'reward', value: 1 },
          { label: 'upright', value: 1.5 },
          { label: 'effort', value: -0.5 },
        ],
      },
    ]);
  });

  test('leave out what is not finite', () => {
    expect(contents('/policy/state', still, { ...still, value: 7, intervened: true })).toEqual([
      { scalars: [{ label: 'is_intervention', value: 0 }] },
      {
        scalars: [
          { label: 'value', value: 7 },
          { label: 'is_intervention', value: 1 },
        ],
      },
    ]);
  });

  test('come at the time of the frame, to the nanosecond', () => {
    expect(listen('/reward', [{ ...still, time: 12.000000001 }])[0]!.time).toBe(12_000_000_001n);
  });
});

describe('read-outs', () => {
  const readable = {
    env,
    appearance: {
      ...appearance,
      readouts: [
        { name: 'last touch', signal: 'touch', words: ['nobody', 'finger'] },
        { name: 'rotor', signal: 'rotor', unit: 'rad/s' as const },
      ],
    },
  };
  const channelOf = (frames$: Observable<TelemetryFrame>): Channel =>
    find(telemetryChannels(readable, { frames$ }), '/readouts');
  const saidOf = (rotor: number, touch: number) => {
    const said: unknown[] = [];
    const frame = withRow(layout.size + layout.signals, [rotor, touch], { focus: 1 });
    channelOf(of(frame)).messages$.subscribe(({ data }) => said.push(decode(data)));
    return said;
  };

  test('are fields of one message, words and numbers, of the focused scene', () => {
    expect(saidOf(2.5, 1)).toEqual([{ last_touch: 'finger', rotor: 2.5 }]);
    expect(saidOf(-1, 0)).toEqual([{ last_touch: 'nobody', rotor: -1 }]);
  });

  test('leave out what is no number, and keep a value that has no word', () => {
    expect(saidOf(Number.NaN, 7)).toEqual([{ last_touch: '7' }]);
  });

  test('have a schema that tells the fields', () => {
    const { schemaName, schema } = channelOf(of(still));
    expect(schemaName).toBe('proprio.Readouts');
    const { properties, required } = JSON.parse(schema);
    expect(properties).toEqual({ last_touch: { type: 'string' }, rotor: { type: 'number' } });
    expect(required).toBeUndefined();
    expect(violations(JSON.parse(schema), saidOf(2.5, 1)[0], '/readouts')).toEqual([]);
  });

  test('are refused where their signal is not there, and absent where a task has none', () => {
    const unknown = { ...appearance, readouts: [{ name: 'turn', signal: 'server' }] };
    const frames$ = of(still);
    expect(() => telemetryChannels({ env, appearance: unknown }, { frames$ })).toThrow(
      'Read-out "turn" refers to a signal "server"; there are: rotor, touch.',
    );
    expect(telemetryChannels(run, { frames$ }).map(({ topic }) => topic)).not.toContain('/readouts');
  });
});

describe('events', () => {
  const eventOf = (topic: string, frames: readonly TelemetryFrame[]) => {
    const messages: Message[] = [];
    find(everything(of(...frames)), topic).messages$.subscribe((message) => messages.push(message));
    return messages.map(({ time, data }) => ({ time, ...decode(data) }));
  };

  test('come at the time of the last frame', () => {
    const frames = [still, { ...still, time: 1.5 }];
    expect(eventOf('/episode', frames)).toEqual([
      { time: 1_500_000_000n, step: 8, scene: 1, return: 2.5, length: 4 },
    ]);
    expect(eventOf('/event', frames)).toEqual([
      {
        ...{ time: 1_500_000_000n, scene: 1, age: 3, kind: 'hit', text: 'finger' },
        scalars: [{ label: 'speed', value: 2 }],
      },
    ]);
    expect(eventOf('/log', frames)).toEqual([
      {
        time: 1_500_000_000n,
        timestamp: { sec: 1, nsec: 500_000_000 },
        level: 4,
        message: 'A rotor stands still.',
        name: 'proprio',
        file: '',
        line: 0,
      },
    ]);
  });

  test('come at time 0 before there is a frame', () => {
    expect(eventOf('/episode', [])[0]!.time).toBe(0n);
  });

  test('are not there where nothing tells them', () => {
    const topics = telemetryChannels(run, { frames$: of(still) }).map(({ topic }) => topic);
    expect(topics).not.toContain('/episode');
    expect(topics).not.toContain('/event');
    expect(topics).not.toContain('/log');
  });
});

/**
 * What a viewer page and the process that feeds it say to each other: JSON for control, one binary message a frame. Both
 * ends check what they receive with the schemas of this file.
 */
import { z } from 'zod';
import type { Appearance } from '../core/appearance.ts';
import { episodeMarks } from '../rollout/intervention.ts';

/** WebSocket subprotocol. Its version changes with any message that an older end would not understand. */
export const SUBPROTOCOL = 'proprio.view.v2';

/** Least time between two frames, s. */
export const FRAME_TIME = 1 / 30;

/** Most bytes of a message from a page. */
export const MAX_MESSAGE = 64 * 1024;

/** Most controls of a task. */
export const MOST_CONTROLS = 64;

const finite = z.number().refine(Number.isFinite);
const vector3 = z.tuple([finite, finite, finite]);
const index = z.int().min(0);
const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

/** Speed of simulated time against real time. */
export const SPEED = { low: 0.1, high: 10 } as const;

/** From the page. */
export const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('play') }),
  /** Makes control steps while paused. */
  z.strictObject({ type: z.literal('step'), count: z.int().min(1).max(10_000) }),
  z.strictObject({ type: z.literal('speed'), factor: finite.min(SPEED.low).max(SPEED.high) }),
  /** Starts every scene anew. */
  z.strictObject({ type: z.literal('restart'), seed }),
  /** Whose numbers come with a frame, and who is steered: an agent of a scene, the same as before unless told. */
  z.strictObject({ type: z.literal('focus'), scene: index, agent: index.optional() }),
  /** Holds a force, N, at a point, m, both in the scene's frame. A force of zero lets go. */
  z.strictObject({ type: z.literal('push'), scene: index, body: index, force: vector3, point: vector3 }),
  /** Takes over the agent in focus, or gives it back. Sent again at every change of a command. */
  z.strictObject({
    type: z.literal('intervene'),
    active: z.boolean(),
    commands: z.array(finite.min(-1).max(1)).max(MOST_CONTROLS),
  }),
  z.strictObject({ type: z.literal('mark'), mark: z.enum(episodeMarks) }),
  /** Whether contacts come with a frame. */
  z.strictObject({ type: z.literal('contacts'), wanted: z.boolean() }),
]);
export type Request = z.output<typeof requestSchema>;

const component = z.object({
  name: z.string(),
  unit: z.string(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type WireComponent = z.output<typeof component>;

/** The first message to a page: what it is going to see. */
const hello = z.object({
  type: z.literal('hello'),
  /** `simulation`: it can be paused, stepped and restarted. `training`: it is watched. */
  source: z.enum(['simulation', 'training']),
  env: z.object({
    id: z.string(),
    description: z.string(),
    /** s */
    controlDt: z.number(),
    maxEpisodeSteps: z.int(),
    rewardTerms: z.array(z.string()),
    success: z.string().nullable(),
    observation: z.array(component),
    action: z.array(component),
  }),
  /** Who acts, in words: `policy of runs/hover`, `scripted controller`. */
  policy: z.string(),
  /** An `Appearance`; see src/core/appearance.ts. */
  appearance: z.custom<Appearance>(),
  scenes: z.int().min(1),
  /** In each scene. */
  agents: z.int().min(1),
  /** `Control`s for taking over. */
  controls: z.array(
    z.object({
      name: z.string(),
      low: z.string(),
      high: z.string(),
      keys: z.tuple([z.string(), z.string()]).optional(),
      axis: z.object({ index: z.int(), inverted: z.boolean().optional() }).optional(),
      slider: z.object({ start: z.number() }).optional(),
    }),
  ),
  can: z.object({
    pause: z.boolean(),
    restart: z.boolean(),
    push: z.boolean(),
    intervene: z.boolean(),
    contacts: z.boolean(),
    /** Whether frames carry an estimate of the value. */
    value: z.boolean(),
  }),
});
export type Hello = z.output<typeof hello>;

const state = z.object({
  type: z.literal('state'),
  paused: z.boolean(),
  speed: z.number(),
  seed: z.number(),
  focus: z.int(),
  /** Of the focused scene, whose numbers are shown and who is steered. */
  agent: z.int(),
  /** Whether a person steers that agent, and whether it is this page's. */
  intervening: z.enum(['no', 'you', 'another']),
});
export type ViewState = z.output<typeof state>;

/** An episode of the focused scene or, in training, of any. */
const episode = z.object({
  type: z.literal('episode'),
  step: z.number(),
  scene: z.int(),
  return: z.number(),
  length: z.int(),
  success: z.boolean().nullable(),
});
export type ViewEpisode = z.output<typeof episode>;

/** What happened in the focused scene; an `EnvEvent`, see src/core/events.ts. */
const event = z.object({
  type: z.literal('event'),
  scene: z.int(),
  /** Control steps of the episode. */
  age: z.int(),
  kind: z.string(),
  text: z.string(),
});
export type ViewEvent = z.output<typeof event>;

/** A point of training curves, by the names of `metrics.jsonl` and `evaluations.jsonl`. */
const metrics = z.object({
  type: z.literal('metrics'),
  step: z.number(),
  values: z.record(z.string(), z.number()),
});
export type ViewMetrics = z.output<typeof metrics>;

/** Something for a person to read. After a fatal one the connection closes. */
const notice = z.object({
  type: z.literal('notice'),
  level: z.enum(['info', 'error']),
  code: z.enum(['E_MESSAGE', 'E_CANNOT', 'E_RANGE', 'E_BUSY', 'E_ENV', 'RELOADED', 'ENDED']),
  message: z.string(),
});
export type ViewNotice = z.output<typeof notice>;

/** To the page. */
export const reportSchema = z.discriminatedUnion('type', [hello, state, episode, event, metrics, notice]);
export type Report = z.output<typeof reportSchema>;

/** Why a server ends a connection: WebSocket close codes. */
export const closeCode = { away: 1001, policy: 1008, tooBig: 1009, full: 1013, stuck: 4408 } as const;

/**
 * One frame. Times are of the simulation. Rows say how scenes look (`viewLayout`); the rest is of the agent in focus.
 * Shapes: N scenes, W row, A action size, O observation size, T reward terms, C contacts.
 */
export interface ViewFrame {
  /** Control steps so far, summed over scenes. */
  readonly step: number;
  /** Simulated seconds since the start, in one scene. */
  readonly time: number;
  /** Control steps of the focused episode. */
  readonly age: number;
  /** The focused scene, and which of its agents. */
  readonly focus: number;
  readonly agent: number;
  /** Whether a person acted for that agent. */
  readonly intervened: boolean;
  /** Estimate of the return to come; NaN where there is none. */
  readonly value: number;
  readonly reward: number;
  /** `[N, W]` */
  readonly rows: Float32Array;
  readonly action: Float32Array;
  readonly obs: Float32Array;
  readonly rewardTerms: Float32Array;
  /** `[C, 6]` */
  readonly contacts: Float32Array;
}

/** Doubles, then lengths, then floats; little-endian, as every platform that it runs on. */
const DOUBLES = 8;
const ARRAYS = ['rows', 'action', 'obs', 'rewardTerms', 'contacts'] as const;
const HEADER = 8 * DOUBLES + 4 * (ARRAYS.length + 1);

export function encodeFrame(frame: ViewFrame): Uint8Array<ArrayBuffer> {
  const arrays = ARRAYS.map((name) => frame[name]);
  const floats = arrays.reduce((sum, array) => sum + array.length, 0);
  const buffer = new ArrayBuffer(HEADER + 4 * floats);
  const { step, time, age, focus, agent, intervened, value, reward } = frame;
  const doubles = [step, time, age, focus, agent, intervened ? 1 : 0, value, reward];
  new Float64Array(buffer, 0, DOUBLES).set(doubles);
  new Uint32Array(buffer, 8 * DOUBLES, ARRAYS.length).set(arrays.map(({ length }) => length));
  let at = HEADER;
  for (const array of arrays) {
    new Float32Array(buffer, at, array.length).set(array);
    at += 4 * array.length;
  }
  return new Uint8Array(buffer);
}

/** @throws RangeError when the bytes are no frame */
export function decodeFrame(bytes: ArrayBuffer): ViewFrame {
  if (bytes.byteLength < HEADER) throw new RangeError(`A frame of ${bytes.byteLength} bytes is too short.`);
  const [step, time, age, focus, agent, intervened, value, reward] = new Float64Array(
    bytes,
    0,
    DOUBLES,
  ) as unknown as number[];
  const lengths = new Uint32Array(bytes, 8 * DOUBLES, ARRAYS.length);
  const needed = HEADER + 4 * lengths.reduce((sum, length) => sum + length, 0);
  if (bytes.byteLength !== needed) {
    throw new RangeError(`A frame of ${bytes.byteLength} bytes says that it has ${needed}.`);
  }
  let at = HEADER;
  const arrays = Object.fromEntries(
    ARRAYS.map((name, i) => {
      const array = new Float32Array(bytes, at, lengths[i]!);
      at += 4 * lengths[i]!;
      return [name, array];
    }),
  ) as Record<(typeof ARRAYS)[number], Float32Array>;
  return {
    step: step!,
    time: time!,
    age: age!,
    focus: focus!,
    agent: agent!,
    intervened: intervened === 1,
    value: value!,
    reward: reward!,
    ...arrays,
  };
}

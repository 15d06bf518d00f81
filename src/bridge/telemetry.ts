/**
 * The channels of a run: topics, schemas and messages for Foxglove, Lichtblick and MCAP files. They show the focused
 * scene. Frames of reference: `world` → `scene` → one for each body, by its name.
 */
import { defer, filter, map, type Observable, startWith } from 'rxjs';
import { type Appearance, POSE_SIZE, viewLayout } from '../core/appearance.ts';
import type { EnvEvent } from '../core/events.ts';
import { type Channel, channel, eventChannel, stateChannel, type Timed } from './channel.ts';
import { readoutMessages } from './readouts.ts';
import { type Entity, SCENE_FRAME, sceneEntities, xyz, xyzw } from './scene-entities.ts';
import * as schemas from './schemas.ts';

const WORLD_FRAME = 'world';

/** What there is to know of a run beforehand. */
export interface RunDescription {
  readonly env: {
    readonly rewardTerms: readonly string[];
    readonly observation: readonly { readonly name: string }[];
    readonly action: readonly { readonly name: string }[];
  };
  readonly appearance: Appearance;
}

/** A control step. Shapes: N scenes, W row of `viewLayout`, A action size, O observation size, T reward terms. */
export interface TelemetryFrame {
  /** Simulated time, s, from 0. It goes back where a run starts anew. */
  readonly time: number;
  readonly focus: number;
  readonly intervened: boolean;
  /** Estimate of the return to come; NaN where there is none. */
  readonly value: number;
  readonly reward: number;
  /** `[N, W]`; the other arrays are of the focused scene. */
  readonly rows: Float32Array;
  readonly action: Float32Array;
  readonly obs: Float32Array;
  readonly rewardTerms: Float32Array;
}

export interface TelemetryEpisode {
  readonly step: number;
  readonly scene: number;
  readonly return: number;
  readonly length: number;
  readonly success: boolean | null;
}

export interface TelemetryLog {
  readonly level: keyof typeof schemas.logLevel;
  readonly message: string;
}

export interface RunStreams {
  /**
   * Arrays are read inside `next` only. It should begin with the present frame, so that a run that is paused is seen by
   * who comes later. Subscribed to while a channel is.
   */
  readonly frames$: Observable<TelemetryFrame>;
  readonly episodes$?: Observable<TelemetryEpisode>;
  /** What happens in the focused scene. */
  readonly events$?: Observable<EnvEvent>;
  readonly logs$?: Observable<TelemetryLog>;
}

/** @throws RangeError when two frames of reference have the same name, or something refers to an unknown signal */
export function telemetryChannels(run: RunDescription, streams: RunStreams): Channel[] {
  const { env, appearance } = run;
  const { frames$, episodes$, events$, logs$ } = streams;
  requireDistinctFrames(appearance);
  const rowSize = viewLayout(appearance).size;
  const focusedRow = ({ rows, focus }: TelemetryFrame): Float32Array =>
    rows.subarray(focus * rowSize, (focus + 1) * rowSize);
  const entities = sceneEntities(appearance);
  const scene = (topic: string, entitiesOf: (frame: TelemetryFrame) => readonly Entity[]): Channel =>
    channel(topic, schemas.sceneUpdate, sceneUpdates(frames$, entitiesOf));
  const scalars = (
    topic: string,
    names: readonly string[],
    valuesOf: (frame: TelemetryFrame) => ArrayLike<number>,
  ): Channel => stateChannel(topic, schemas.scalars, frames$, scalarsOf(names, valuesOf));
  const readouts = readoutMessages(appearance);
  const time$ = frames$.pipe(
    map(({ time }) => time),
    startWith(0),
  );

  return [
    stateChannel('/tf', schemas.frameTransforms, frames$, (frame) =>
      transformsOf(appearance, focusedRow(frame), frame.time),
    ),
    scene('/scene', () => entities.constant),
    // Apart, and whole each time: a viewer that jumps in time shows the last message of each topic.
    ...(entities.changes ? [scene('/scene/changing', (frame) => entities.changing(focusedRow(frame)))] : []),
    scalars('/observation/state', namesOf(env.observation), ({ obs }) => obs),
    scalars('/action/state', namesOf(env.action), ({ action }) => action),
    scalars('/reward', ['reward', ...env.rewardTerms], ({ reward, rewardTerms }) => [reward, ...rewardTerms]),
    scalars('/policy/state', ['value', 'is_intervention'], ({ value, intervened }) => [
      value,
      intervened ? 1 : 0,
    ]),
    ...(appearance.readouts
      ? [stateChannel('/readouts', readouts.schema, frames$, (frame) => readouts.contents(focusedRow(frame)))]
      : []),
    ...(events$ ? [eventChannel('/event', schemas.event, events$, time$, eventOf)] : []),
    ...(episodes$ ? [eventChannel('/episode', schemas.episode, episodes$, time$, episodeOf)] : []),
    ...(logs$ ? [eventChannel('/log', schemas.log, logs$, time$, logOf)] : []),
  ];
}

function requireDistinctFrames({ bodies }: Appearance): void {
  const names = [WORLD_FRAME, SCENE_FRAME, ...namesOf(bodies)];
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated === undefined) return;
  throw new RangeError(
    `Two frames of reference are called "${repeated}". Give each body of the appearance a name of its own, other than ` +
      `"${WORLD_FRAME}" and "${SCENE_FRAME}".`,
  );
}

const namesOf = (named: readonly { readonly name: string }[]): string[] => named.map(({ name }) => name);

/** JSON has no number for what is not finite: such values are left out. */
function scalarsOf(
  names: readonly string[],
  valuesOf: (frame: TelemetryFrame) => ArrayLike<number>,
): (frame: TelemetryFrame) => schemas.Scalars {
  // A viewer takes a dot in a name for a step in a path.
  const labels = names.map((name) => name.replaceAll('.', '_'));
  return (frame) => {
    const values = valuesOf(frame);
    const scalars = labels.map((label, i) => ({ label, value: values[i]! }));
    return { scalars: scalars.filter(({ value }) => Number.isFinite(value)) };
  };
}

/** Bodies whose pose is not finite are left out, for the same reason. */
function transformsOf({ bodies }: Appearance, row: Float32Array, time: number): schemas.FrameTransforms {
  const timestamp = schemas.timeOf(time);
  const transform = (parent: string, child: string, pose: ArrayLike<number>) => ({
    timestamp,
    parent_frame_id: parent,
    child_frame_id: child,
    translation: xyz(pose),
    rotation: xyzw(pose, 3),
  });
  const poses = bodies
    .map(({ name }, i) => ({ name, pose: row.subarray(POSE_SIZE * i, POSE_SIZE * (i + 1)) }))
    .filter(({ pose }) => pose.every(Number.isFinite));
  return {
    transforms: [
      transform(WORLD_FRAME, SCENE_FRAME, [0, 0, 0, 0, 0, 0, 1]),
      ...poses.map(({ name, pose }) => transform(SCENE_FRAME, name, pose)),
    ],
  };
}

/**
 * Tells each listener all entities at its first frame, again when they have changed, and again when time goes back: a
 * viewer then forgets what it has drawn.
 */
function sceneUpdates(
  frames$: Observable<TelemetryFrame>,
  entitiesOf: (frame: TelemetryFrame) => readonly Entity[],
): Observable<Timed<schemas.SceneUpdate>> {
  return defer(() => {
    let last: { readonly time: number; readonly entities: readonly Entity[] } | undefined;
    return frames$.pipe(
      map((frame) => ({ time: frame.time, entities: entitiesOf(frame) })),
      filter((now) => {
        const told = last && last.time <= now.time && sameEntities(last.entities, now.entities);
        last = now;
        return !told;
      }),
      map(({ time, entities }) => {
        const timestamp = schemas.timeOf(time);
        const stamped = entities.map((entity) => ({ timestamp, ...entity }));
        return { time, content: { deletions: [], entities: stamped } };
      }),
    );
  });
}

const sameEntities = (a: readonly Entity[], b: readonly Entity[]): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

const episodeOf = ({ step, scene, return: total, length, success }: TelemetryEpisode): schemas.Episode => ({
  step,
  scene,
  return: total,
  length,
  ...(success === null ? {} : { success }),
});

const eventOf = ({ scene, age, kind, text, values = {} }: EnvEvent): schemas.Event => {
  const scalars = Object.entries(values).map(([label, value]) => ({ label, value }));
  return { scene, age, kind, text, scalars: scalars.filter(({ value }) => Number.isFinite(value)) };
};

const logOf = ({ level, message }: TelemetryLog, time: number): schemas.Log => ({
  timestamp: schemas.timeOf(time),
  level: schemas.logLevel[level],
  message,
  name: 'proprio',
  file: '',
  line: 0,
});

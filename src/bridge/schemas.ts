/**
 * The messages that a run publishes for Foxglove and Lichtblick, in Foxglove's published schemas as far as they are needed
 * (https://docs.foxglove.dev/docs/sdk/schemas). One definition gives the type and the JSON schema; a title is the name
 * that a viewer knows the schema by. Viewers read plain nested schemas only: no references, no unions.
 */
import { z } from 'zod';

const nsec = z.int().min(0).max(999_999_999);
const time = z.object({ sec: z.int().min(0), nsec }).meta({ title: 'time' });
const duration = z.object({ sec: z.int(), nsec }).meta({ title: 'duration' });

const number = z.number();
const vector3 = z.object({ x: number, y: number, z: number }).meta({ title: 'foxglove.Vector3' });
const point3 = z.object({ x: number, y: number, z: number }).meta({ title: 'foxglove.Point3' });
const quaternion = z
  .object({ x: number, y: number, z: number, w: number })
  .meta({ title: 'foxglove.Quaternion' });
const pose = z.object({ position: vector3, orientation: quaternion }).meta({ title: 'foxglove.Pose' });
/** Each from 0 to 1. */
const color = z.object({ r: number, g: number, b: number, a: number }).meta({ title: 'foxglove.Color' });
const colors = z.array(color);
const indices = z.array(z.int().min(0));
/** A list that the published schema asks for and that is always empty here. */
const none = z.array(z.object({})).max(0);

const arrow = z
  .object({
    /** Of its tail; it points along x. */
    pose,
    shaft_length: number,
    shaft_diameter: number,
    head_length: number,
    head_diameter: number,
    color,
  })
  .meta({ title: 'foxglove.ArrowPrimitive' });

const cube = z.object({ pose, size: vector3, color }).meta({ title: 'foxglove.CubePrimitive' });
const sphere = z.object({ pose, size: vector3, color }).meta({ title: 'foxglove.SpherePrimitive' });
const cylinder = z
  .object({ pose, size: vector3, bottom_scale: number, top_scale: number, color })
  .meta({ title: 'foxglove.CylinderPrimitive' });

export const lineType = { strip: 0, loop: 1 } as const;
const line = z
  .object({
    type: z.int().min(0).max(2),
    pose,
    /** m, or pixels where it is scale-invariant. */
    thickness: number,
    scale_invariant: z.boolean(),
    points: z.array(point3),
    color,
    colors,
    indices,
  })
  .meta({ title: 'foxglove.LinePrimitive' });

const triangles = z
  .object({ pose, points: z.array(point3), color, colors, indices })
  .meta({ title: 'foxglove.TriangleListPrimitive' });

const sceneEntity = z
  .object({
    timestamp: time,
    frame_id: z.string(),
    /** An entity takes the place of the last one with the same id. */
    id: z.string(),
    /** Zero: until it is replaced. */
    lifetime: duration,
    /** Whether it moves with its frame. */
    frame_locked: z.boolean(),
    metadata: none,
    arrows: z.array(arrow),
    cubes: z.array(cube),
    spheres: z.array(sphere),
    cylinders: z.array(cylinder),
    lines: z.array(line),
    triangles: z.array(triangles),
    texts: none,
    models: none,
  })
  .meta({ title: 'foxglove.SceneEntity' });

export const sceneUpdate = z
  .object({ deletions: none, entities: z.array(sceneEntity) })
  .meta({ title: 'foxglove.SceneUpdate' });

const frameTransform = z
  .object({
    timestamp: time,
    parent_frame_id: z.string(),
    child_frame_id: z.string(),
    translation: vector3,
    rotation: quaternion,
  })
  .meta({ title: 'foxglove.FrameTransform' });

export const frameTransforms = z
  .object({ transforms: z.array(frameTransform) })
  .meta({ title: 'foxglove.FrameTransforms' });

export const logLevel = { info: 2, error: 4 } as const;
export const log = z
  .object({
    timestamp: time,
    level: z.int().min(0).max(5),
    message: z.string(),
    name: z.string(),
    file: z.string(),
    line: z.int().min(0),
  })
  .meta({ title: 'foxglove.Log' });

/** LeRobot's shape: the one path `.scalars[:]` plots every component under its label. */
export const scalars = z
  .object({ scalars: z.array(z.object({ label: z.string(), value: number })) })
  .meta({ title: 'proprio.Scalars' });

/** What happened in an episode after so many of its control steps; the numbers behind the words as scalars. */
export const event = z
  .object({
    scene: z.int().min(0),
    age: z.int().min(0),
    kind: z.string(),
    text: z.string(),
    scalars: scalars.shape.scalars,
  })
  .meta({ title: 'proprio.Event' });

/** A field for each read-out of a task, by its name: a word or a number. */
export const readouts = (fields: Readonly<Record<string, 'word' | 'number'>>) =>
  z
    .object(
      Object.fromEntries(
        Object.entries(fields).map(([name, kind]) => [
          name,
          (kind === 'word' ? z.string() : number).optional(),
        ]),
      ),
    )
    .meta({ title: 'proprio.Readouts' });

/** A finished episode. `success` is absent where the task has no such notion. */
export const episode = z
  .object({
    step: z.int().min(0),
    scene: z.int().min(0),
    return: number,
    length: z.int().min(0),
    success: z.boolean().optional(),
  })
  .meta({ title: 'proprio.Episode' });

export type Time = z.output<typeof time>;
export type Pose = z.output<typeof pose>;
export type Color = z.output<typeof color>;
export type SceneEntity = z.output<typeof sceneEntity>;
export type SceneUpdate = z.output<typeof sceneUpdate>;
export type FrameTransforms = z.output<typeof frameTransforms>;
export type Log = z.output<typeof log>;
export type Scalars = z.output<typeof scalars>;
export type Event = z.output<typeof event>;
export type Readouts = z.output<ReturnType<typeof readouts>>;
export type Episode = z.output<typeof episode>;

/** @param time s */
export const nanoseconds = (time: number): bigint => BigInt(Math.round(time * 1e9));

/** @param time s */
export function timeOf(time: number): Time {
  const whole = nanoseconds(time);
  return { sec: Number(whole / 1_000_000_000n), nsec: Number(whole % 1_000_000_000n) };
}

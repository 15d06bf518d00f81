/**
 * How a task looks, as data, so that it is drawn without viewer code of its own. Lengths in m, angles in rad; the frame is
 * the scene's: Z up, ROS's convention (REP 103). What stands still is told once; what moves is one row of numbers a frame.
 */
import type { VectorEnv } from './env.ts';
import type { Unit } from './space.ts';

export type Vector3 = readonly [x: number, y: number, z: number];
export type Quaternion = readonly [x: number, y: number, z: number, w: number];
/** sRGB, `#rrggbb`. */
export type Color = `#${string}`;

export interface Material {
  readonly color: Color;
  /** 0 mirrors, 1 scatters; 0.7 unless told. */
  readonly roughness?: number;
  /** 0 unless told. */
  readonly metalness?: number;
  /** 1 unless told. */
  readonly opacity?: number;
}

export type Geometry =
  /** Edges. */
  | { readonly type: 'box'; readonly size: Vector3 }
  | { readonly type: 'sphere'; readonly radius: number }
  /** Along z. */
  | { readonly type: 'cylinder'; readonly radius: number; readonly halfHeight: number }
  /** Along z; `halfHeight` of the straight part. */
  | { readonly type: 'capsule'; readonly radius: number; readonly halfHeight: number }
  /** About z. */
  | { readonly type: 'ring'; readonly radius: number; readonly thickness: number }
  | { readonly type: 'line'; readonly points: readonly Vector3[]; readonly closed?: boolean }
  /** `vertices` x, y, z of each; `triangles` three of their indices each, counter-clockwise seen from outside. */
  | { readonly type: 'mesh'; readonly vertices: readonly number[]; readonly triangles: readonly number[] };

export interface Shape {
  readonly geometry: Geometry;
  readonly material: Material;
  /** In the frame of the body, or of the scene. */
  readonly position?: Vector3;
  readonly rotation?: Quaternion;
  /** Turns about its z axis, `rate` rad/s for each unit of a signal: a rotor, a wheel. */
  readonly spin?: { readonly signal: string; readonly rate: number };
  /** Takes this colour as a signal goes from 0 to 1: a fingertip that touches. */
  readonly glow?: { readonly signal: string; readonly color: Color };
}

export interface BodyAppearance {
  readonly name: string;
  readonly shapes: readonly Shape[];
  /** What the physics engine collides with, shown on demand. */
  readonly colliders?: readonly {
    readonly geometry: Geometry;
    readonly position?: Vector3;
    readonly rotation?: Quaternion;
  }[];
  /** The path behind it. */
  readonly trail?: { readonly seconds: number; readonly color: Color };
  /** kg, of a body that can be pushed, whose frame is then at its centre of mass; absent of one that cannot. */
  readonly mass?: number;
}

/** A vector that is drawn as an arrow: wind, a force, a commanded velocity. */
export interface ArrowAppearance {
  readonly name: string;
  readonly unit: Unit;
  readonly color: Color;
  /** Length for each unit, m. */
  readonly scale: number;
}

/** A scalar over a rectangle, drawn in colours: the vorticity of a flow. Row by row, x first. */
export interface FieldAppearance {
  readonly name: string;
  readonly unit: Unit;
  readonly cells: readonly [x: number, y: number];
  readonly size: readonly [x: number, y: number];
  /** Of its centre; it lies in the x-y plane of `rotation`. */
  readonly position: Vector3;
  readonly rotation?: Quaternion;
  /** Values of the first and the last colour. */
  readonly range: readonly [low: number, high: number];
}

/** A signal that a person reads on the screen: the score, whose turn it is. */
export interface ReadoutAppearance {
  readonly name: string;
  /** One of the appearance's signals. */
  readonly signal: string;
  /** Of the number; left out where it is told in words. */
  readonly unit?: Unit;
  /** What 0, 1, 2 … mean, where the signal is an index and no number to read. */
  readonly words?: readonly string[];
}

/** An axis that a body turns about, or slides along, shown on demand. */
export interface JointAppearance {
  readonly name: string;
  readonly body: string;
  /** In the body's frame. */
  readonly position: Vector3;
  readonly axis: Vector3;
}

export interface CameraView {
  readonly name: string;
  readonly position: Vector3;
  readonly target: Vector3;
  /** Body that the camera stays with; position and target are then relative to its position. */
  readonly follow?: string;
}

export interface Appearance {
  /** What moves, in the order of its poses in a row. */
  readonly bodies: readonly BodyAppearance[];
  /** What stands still. */
  readonly fixed: readonly Shape[];
  readonly arrows?: readonly ArrowAppearance[];
  readonly fields?: readonly FieldAppearance[];
  /** Names of plain numbers that shapes and read-outs refer to. */
  readonly signals?: readonly string[];
  /** Signals that stand over the picture, from the top. */
  readonly readouts?: readonly ReadoutAppearance[];
  readonly joints?: readonly JointAppearance[];
  /** Edge of the square that a scene takes beside others. */
  readonly extent: number;
  /** Whether there is a floor at z = 0. */
  readonly ground: boolean;
  /** The first one is where a viewer begins. */
  readonly cameras: readonly [CameraView, ...CameraView[]];
}

/** Numbers of a body's pose in a row: position, then quaternion. */
export const POSE_SIZE = 7;
/** Numbers of an arrow in a row: where it begins, then its components. */
export const ARROW_SIZE = 6;

/** Where things stand in the row of numbers that says how a scene looks now. */
export interface ViewLayout {
  readonly bodies: number;
  readonly arrows: number;
  readonly signals: number;
  readonly fields: readonly number[];
  /** Length of a row. */
  readonly size: number;
}

export function viewLayout({ bodies, arrows = [], signals = [], fields = [] }: Appearance): ViewLayout {
  const arrowsAt = POSE_SIZE * bodies.length;
  const signalsAt = arrowsAt + ARROW_SIZE * arrows.length;
  let size = signalsAt + signals.length;
  const fieldsAt = fields.map(({ cells: [x, y] }) => {
    const at = size;
    size += x * y;
    return at;
  });
  return { bodies: 0, arrows: arrowsAt, signals: signalsAt, fields: fieldsAt, size };
}

/**
 * What the read-outs say.
 * @returns takes a scene's row, and gives a word or a number for each; a value that has no word stays a number
 * @throws RangeError for a signal that there is not
 */
export function readoutReader(appearance: Appearance): (row: Float32Array) => (string | number)[] {
  const { signals = [], readouts = [] } = appearance;
  const first = viewLayout(appearance).signals;
  const read = readouts.map(({ name, signal, words }) => {
    const index = signals.indexOf(signal);
    if (index >= 0) return { at: first + index, words };
    throw new RangeError(
      `Read-out "${name}" refers to a signal "${signal}"; there are: ${signals.join(', ')}.`,
    );
  });
  return (row) => read.map(({ at, words }) => words?.[row[at]!] ?? row[at]!);
}

/** What an environment shows of itself, and what can be done to it from outside. A scene is an episode's index, from 0. */
export interface EnvView {
  readonly appearance: Appearance;
  /** Writes how `scene` looks now. @param row as `viewLayout` orders it */
  draw(scene: number, row: Float32Array): void;
  /**
   * Holds a force on a body until the next call for that scene, or its next episode, beside all that acts on it anyway;
   * zero lets go. It stays on the point of the body that it was put on.
   * @param body index among the appearance's bodies
   * @param force N, the scene's frame
   * @param point where it acts, m, the scene's frame
   */
  push?(scene: number, body: number, force: Vector3, point: Vector3): void;
  /** Contacts of the last physics step: point and force along the normal on what is touched, `[C, 6]`, m and N, the scene's frame. */
  contacts?(scene: number): Float32Array;
}

/** Scenes of an environment: episodes that run side by side, each of `spec.agents` rows and seen in one picture. */
export const scenesOf = ({ numEnvs, spec }: Pick<VectorEnv, 'numEnvs' | 'spec'>): number =>
  numEnvs / spec.agents;

/** One thing that a person steers, from −1 to 1, at 0 when left alone. */
export interface Control {
  readonly name: string;
  /** What −1 and 1 do, in a word or two: `left`, `right`. */
  readonly low: string;
  readonly high: string;
  /** `KeyboardEvent.code` of the keys for −1 and 1; absent where no key moves it. */
  readonly keys?: readonly [low: string, high: string];
  /** Index of a standard gamepad's axis, and whether pushing it forward or right means −1. */
  readonly axis?: { readonly index: number; readonly inverted?: boolean };
  /** Of one that stays where it is put instead, as a slider: where it stands at first, from −1 to 1. */
  readonly slider?: { readonly start: number };
}

/** How a person takes over: controls, and what action they come to. */
export interface Teleoperation {
  readonly controls: readonly Control[];
  /**
   * @param commands one for each control, each in [-1, 1]
   * @param obs what is observed in the scene, `[O]`
   * @param action written, `[A]`, every component in [-1, 1]
   */
  act(commands: Float32Array, obs: Float32Array, action: Float32Array): void;
}

/**
 * What a robot and who controls it say to each other, over one WebSocket: JSON text or CBOR binary, the same objects. Both ends
 * check what they receive with the schemas of this file. Units are SI, angles in radians, frames as in ROS (x forward,
 * z up), times in seconds of the sender's own monotonic clock, which is no wall clock.
 *
 * Shapes: J joints, A components of a command.
 */
import { z } from 'zod';

/** WebSocket subprotocol. Its version changes with any message that an older end would not understand. */
export const ROBOT_SUBPROTOCOL = 'proprio.robot.v1';
export const VERSION = 1;

/** Most bytes of a message, and most numbers of a command or an observation. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
export const MAX_NUMBERS = 4_096;

/** A policy commands, and there is one at most; a person beside it may arm, stop and hold the dead-man switch; others look on. */
export const roles = ['policy', 'teleop', 'viewer'] as const;
/** position, velocity, effort: of joints. ctbr: collective thrust and body rates. ee_delta: steps of an end effector. */
export const commandModes = ['position', 'velocity', 'effort', 'ctbr', 'ee_delta'] as const;

const text = z.string().max(1_000);
const name = z.string().min(1).max(100);
const count = z.int().min(0);
const time = z.number();
/** CBOR can carry what is no finite number; what commands it is a fault, and not a message that cannot be read. */
const anyNumber = z.custom<number>((value) => typeof value === 'number', 'must be a number');
const anyNumbers = z.array(anyNumber).max(MAX_NUMBERS);
const numbers = z.array(z.number()).max(MAX_NUMBERS);
/** Infinite where there is no bound. */
const bound = z.number().nullable();
const component = z.object({ name, unit: z.string().max(20), low: bound, high: bound });

/** To the robot. */
export const toRobotSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    v: z.int(),
    role: z.enum(roles),
    name,
    /** Most observations a second that are wanted; all of them unless told. */
    obs_hz: z.number().positive().optional(),
    encoding: z.enum(['json', 'cbor']).optional(),
  }),
  z.object({
    type: z.literal('cmd'),
    /** Counts up; one that is not greater than the last does nothing. */
    seq: count,
    /** The observation that it answers to. */
    obs_seq: count,
    /** As the last `mode` has it: what was sent before a stop does nothing after it. */
    generation: count,
    mode: z.enum(commandModes),
    /** `[A]` */
    data: anyNumbers,
    /** It counts for as long, s. */
    valid_for: anyNumber,
  }),
  z.object({ type: z.literal('arm') }),
  z.object({ type: z.literal('disarm') }),
  /** Held by a person as long as these come. */
  z.object({ type: z.literal('deadman') }),
  /** Anybody may. It stays until it is reset. */
  z.object({ type: z.literal('estop'), reason: text }),
  /** After a fault or a stop, by somebody who has seen its generation. */
  z.object({ type: z.literal('reset'), generation: count }),
  z.object({ type: z.literal('sync'), t0: time }),
  /** The newest observation that has come. */
  z.object({ type: z.literal('ack'), obs_seq: count }),
]);
export type ToRobot = z.output<typeof toRobotSchema>;

export const errorCodes = [
  ...['E_MESSAGE', 'E_VERSION', 'E_AUTH', 'E_ROLE', 'E_MODE', 'E_SHAPE'],
  ...['E_RANGE', 'E_STALE', 'E_RATE', 'E_LIMIT', 'E_HW'],
] as const satisfies readonly `E_${string}`[];

const vector3 = z.tuple([z.number(), z.number(), z.number()]);
const quaternion = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** From the robot. */
export const fromRobotSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    v: z.literal(VERSION),
    session: name,
    robot: z.object({
      name,
      joints: z.array(name).max(MAX_NUMBERS),
      /** What `extra` of an observation holds, in this order. */
      observed: z.array(component).max(MAX_NUMBERS),
      mode: z.enum(commandModes),
      /** What a command holds; its bounds are limits, as are the rates of change, per s and s². */
      commanded: z
        .array(
          component.extend({
            speed: z.number().positive().nullable(),
            acceleration: z.number().positive().nullable(),
          }),
        )
        .max(MAX_NUMBERS),
    }),
    /** s */
    control_dt: z.number().positive(),
    command_timeout: z.number().positive(),
    max_observation_age: z.number().positive(),
  }),
  z.object({
    type: z.literal('obs'),
    seq: count,
    t: time,
    /** Joint positions, velocities and efforts, `[J]`; what is not measured is absent. */
    q: numbers,
    dq: numbers.optional(),
    tau: numbers.optional(),
    /** As named in `welcome`. */
    extra: numbers.optional(),
    /** Body rates and specific force, in the body's frame. */
    imu: z.object({ rates: vector3, force: vector3 }).optional(),
    /** x, y, z, w. */
    pose: z.object({ position: vector3, rotation: quaternion }).optional(),
    /** In the body's frame. */
    twist: z.object({ linear: vector3, angular: vector3 }).optional(),
    /** What the machine was told last, `[A]`, after all limits. */
    applied: numbers,
    /** Observations that were not sent because this client was too slow. */
    dropped: count,
  }),
  z.object({ type: z.literal('mode'), state: name, reason: text, generation: count }),
  z.object({ type: z.literal('sync'), t0: time, t1: time, t2: time }),
  /** Components of a command that were beyond their bounds. */
  z.object({ type: z.literal('clip'), seq: count, fields: z.array(count).max(MAX_NUMBERS) }),
  z.object({
    type: z.literal('error'),
    code: z.enum(errorCodes),
    message: text,
    /** Whether the connection ends with it. */
    fatal: z.boolean(),
    /** `seq` of the command that it is about. */
    ref: count.optional(),
  }),
]);
export type FromRobot = z.output<typeof fromRobotSchema>;
export type ErrorCode = (typeof errorCodes)[number];

/** Why a robot ends a connection, beside what WebSocket has. */
export const closeCodes = {
  goingAway: 1001,
  policy: 1008,
  tooBig: 1009,
  internal: 1011,
  unauthorized: 4401,
  forbidden: 4403,
  silent: 4408,
  secondController: 4409,
  flood: 4429,
} as const;

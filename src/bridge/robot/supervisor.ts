/**
 * The safety supervisor of a robot: it stands between what is asked for and what the machine is told, on the robot's side of
 * the wire and once more on ours. A pure function of its state and what happens: commands, people, the clock. It decides
 * which commands count, holds them to the limits, and brings the machine to rest where they stay away.
 *
 * A software stop does not replace the button that cuts the power.
 */
import { brake, type ComponentLimit, isAtRest, limitCommand, type Setpoint } from './limits.ts';

/**
 * disconnected: nobody controls it. idle: somebody does, and it is not to move. armed: a person has allowed it to move, and
 * the first command is awaited. running: commands are followed. holding: they stay away, and it has come to rest, or is about
 * to. fault, estopped: it comes to rest, and stays there until a person resets it.
 */
export const modes = ['disconnected', 'idle', 'armed', 'running', 'holding', 'fault', 'estopped'] as const;
export type Mode = (typeof modes)[number];

export interface SafetyRules {
  /** Of the robot's control loop, s. */
  readonly controlDt: number;
  readonly limits: readonly ComponentLimit[];
  /** What it is told while nobody commands it, `[A]`, such as no speed, or to hover; to stay where it is unless told. */
  readonly rest?: readonly number[];
  /** A command counts for as long, s; at most 0.5. */
  readonly commandTimeout: number;
  /** What a command answers to may be so old, s. */
  readonly maxObservationAge: number;
  /** From staying to following fully, s. */
  readonly softStart: number;
  /** Somebody who stays away for longer than this after `holding` has begun has to arm it again, s. */
  readonly holdLimit: number;
  /** Whether a dead-man switch is to be held, and how long a refresh of it lasts, s. */
  readonly deadman: boolean;
  readonly deadmanTimeout: number;
  /** So many commands beyond the bounds within so long are a fault. */
  readonly maxClips: number;
  readonly clipWindow: number;
  /** Commands a second, as a multiple of the control rate; what is beyond is dropped, not delayed. */
  readonly burst: number;
}

/** What suits a robot with this control rate. */
export const defaultRules = (controlDt: number, limits: readonly ComponentLimit[]): SafetyRules => ({
  controlDt,
  limits,
  commandTimeout: Math.min(0.5, Math.max(0.1, 3 * controlDt)),
  maxObservationAge: 3 * controlDt,
  softStart: 2,
  holdLimit: 5,
  deadman: false,
  deadmanTimeout: 0.2,
  maxClips: 25,
  clipWindow: 1,
  burst: 1.5,
});

export interface Command {
  readonly seq: number;
  /** Of the mode that the sender knew: what was sent before a stop does nothing after it. */
  readonly generation: number;
  /** `[A]` */
  readonly data: readonly number[];
  /** When what it answers to was observed, s; undefined where that is not known. */
  readonly observedAt: number | undefined;
  /** s; `commandTimeout` at most. */
  readonly validFor: number;
}

export type SupervisorEvent =
  | { readonly kind: 'connect' | 'disconnect' | 'arm' | 'disarm' | 'deadman' }
  | { readonly kind: 'command'; readonly command: Command }
  /** Anybody may; of the machine itself, or of a person. */
  | { readonly kind: 'estop' | 'fault'; readonly reason: string }
  /** @param generation as the mode says it now: who resets has seen this stop, and not only an earlier one */
  | { readonly kind: 'reset'; readonly generation: number }
  /** The control loop asks what to do. @param measured where a machine stands that is told to stay, `[A]` */
  | { readonly kind: 'tick'; readonly measured?: readonly number[] };

/** Why a command, or what somebody asks for, does nothing. */
export type Refusal = 'E_MODE' | 'E_SHAPE' | 'E_RANGE' | 'E_STALE' | 'E_RATE';

export interface SupervisorState {
  readonly mode: Mode;
  /** Why it is in this mode. */
  readonly reason: string;
  /** Whether anybody controls it. */
  readonly connected: boolean;
  /** Counts stops: disarming, faults, emergency stops. */
  readonly generation: number;
  /** Since when, s. */
  readonly since: number;
  /** Of the last command that counted. */
  readonly seq: number;
  /** The newest one, and until when it counts, s: there is one place, and no queue. */
  readonly command?: { readonly data: readonly number[]; readonly until: number } | undefined;
  /** What the machine was told last. */
  readonly setpoints: readonly Setpoint[];
  /** Where following begins from, and when it did, s. */
  readonly start: { readonly from: readonly number[]; readonly time: number };
  /** When somebody last held the switch, s. */
  readonly deadmanAt: number;
  /** Commands that may come at once, and when that was so, s. */
  readonly bucket: { readonly left: number; readonly time: number };
  /** When commands were beyond their bounds, s, within the window. */
  readonly clips: readonly number[];
}

export interface Supervised {
  readonly state: SupervisorState;
  readonly refusal?: Refusal;
  /** Components of the command that were beyond their bounds. */
  readonly clipped?: readonly number[];
}

/** @param at where the machine stands, `[A]`; what it is told at rest, or the middle of its bounds, unless told */
export function initialState(rules: SafetyRules, at = restOf(rules)): SupervisorState {
  return {
    ...{ mode: 'disconnected', reason: 'nobody has connected', connected: false, generation: 0, since: 0 },
    ...{ seq: -1, deadmanAt: -Infinity, clips: [], bucket: { left: burstOf(rules), time: 0 } },
    setpoints: standing(rules, at),
    start: { from: at, time: 0 },
  };
}

/**
 * What comes of an event.
 * @param time of the robot's own clock, which does not go back, s
 */
export function supervise(
  rules: SafetyRules,
  state: SupervisorState,
  event: SupervisorEvent,
  time: number,
): Supervised {
  const to = (mode: Mode, reason: string): Supervised => ({ state: entered(state, mode, reason, time) });
  const refused: Supervised = { state, refusal: 'E_MODE' };
  const { mode } = state;
  switch (event.kind) {
    case 'connect': {
      // Who comes counts anew, and what was sent over an earlier connection comes no more.
      const met = { ...state, connected: true, seq: -1 };
      return { state: mode === 'disconnected' ? entered(met, 'idle', 'connected', time) : met };
    }
    case 'disconnect': {
      const left = { ...state, connected: false };
      const next = isMoving(mode) ? 'holding' : 'disconnected';
      return { state: isLatched(mode) ? left : entered(left, next, 'the connection was lost', time) };
    }
    case 'arm':
      return mode === 'idle' ? to('armed', 'armed by a person') : refused;
    case 'disarm':
      return mode === 'disconnected' || isLatched(mode) ? { state } : to('idle', 'disarmed');
    case 'deadman':
      return { state: { ...state, deadmanAt: time } };
    case 'estop':
      return mode === 'estopped' ? { state } : to('estopped', event.reason);
    case 'fault':
      return isLatched(mode) ? { state } : to('fault', event.reason);
    case 'reset':
      if (!isLatched(mode)) return refused;
      if (event.generation !== state.generation) return { state, refusal: 'E_STALE' };
      return isAtRest(state.setpoints) ? to(free(state), 'reset by a person') : refused;
    case 'command':
      return taken(rules, state, event.command, time);
    case 'tick':
      return told(rules, state, time, event.measured);
  }
}

const isLatched = (mode: Mode): boolean => mode === 'fault' || mode === 'estopped';
const free = ({ connected }: SupervisorState): Mode => (connected ? 'idle' : 'disconnected');
const isMoving = (mode: Mode): boolean => mode === 'running' || mode === 'holding';

function entered(state: SupervisorState, mode: Mode, reason: string, time: number): SupervisorState {
  const stops = mode === 'idle' || mode === 'disconnected' || isLatched(mode);
  return {
    ...state,
    ...{ mode, reason, since: time, generation: state.generation + (stops ? 1 : 0) },
    // Nothing from before counts later.
    ...(mode === 'running' ? {} : { command: undefined }),
    ...(isLatched(mode) ? { clips: [] } : {}),
  };
}

/** A command has come. */
function taken(rules: SafetyRules, state: SupervisorState, command: Command, time: number): Supervised {
  const { mode, generation, seq } = state;
  if (mode !== 'armed' && !isMoving(mode)) return { state, refusal: 'E_MODE' };
  if (command.generation !== generation) return { state, refusal: 'E_STALE' };
  if (command.data.length !== rules.limits.length) return { state, refusal: 'E_SHAPE' };
  if (!command.data.every(Number.isFinite))
    return { ...broken(state, 'a command is not a finite number', time), refusal: 'E_RANGE' };
  // As it is written, nothing that is not a number passes.
  const isFresh = time - (command.observedAt ?? -Infinity) <= rules.maxObservationAge;
  if (!(command.seq > seq) || !isFresh) return { state, refusal: 'E_STALE' };
  if (!(command.validFor > 0)) return { state, refusal: 'E_RANGE' };
  const left = allowance(rules, state, time);
  if (left < 1) return { state, refusal: 'E_RATE' };
  const counted: SupervisorState = {
    ...state,
    seq: command.seq,
    bucket: { left: left - 1, time },
    command: { data: command.data, until: time + Math.min(command.validFor, rules.commandTimeout) },
  };
  if (mode === 'running') return { state: counted };
  const { command: fresh } = counted;
  const start = { from: state.setpoints.map(({ value }) => value), time };
  return { state: { ...entered(counted, 'running', 'commands have come', time), command: fresh, start } };
}

const broken = (state: SupervisorState, reason: string, time: number): Supervised => ({
  state: entered(state, 'fault', reason, time),
});

/** Commands that may come now: those of a fifth of a second at once. */
const burstOf = ({ burst, controlDt }: SafetyRules): number => Math.max(2, (0.2 * burst) / controlDt);
const allowance = (rules: SafetyRules, { bucket }: SupervisorState, time: number): number =>
  Math.min(burstOf(rules), bucket.left + ((time - bucket.time) * rules.burst) / rules.controlDt);

/** What the machine is told now. */
function told(
  rules: SafetyRules,
  state: SupervisorState,
  time: number,
  measured: readonly number[] | undefined,
): Supervised {
  const { mode, since } = state;
  if (measured && !measured.every(Number.isFinite))
    return told(rules, broken(state, 'what is measured is not a finite number', time).state, time, undefined);
  if (mode === 'running') return followed(rules, state, time);
  const setpoints = resting(rules, state);
  // What stands still and is not to move may have been moved by hand: it begins from there.
  const isFree = (mode === 'idle' || mode === 'disconnected') && isAtRest(setpoints);
  const rested: SupervisorState = {
    ...state,
    setpoints: isFree && measured && !rules.rest ? standing(rules, measured) : setpoints,
  };
  if (mode !== 'holding' || time - since < rules.holdLimit) return { state: rested };
  return { state: entered(rested, free(rested), 'no command for too long', time) };
}

function followed(rules: SafetyRules, state: SupervisorState, time: number): Supervised {
  const { command, start } = state;
  const held = !rules.deadman || time - state.deadmanAt <= rules.deadmanTimeout;
  if (!command || time > command.until || !held) {
    const reason = held ? 'commands stay away' : 'the dead-man switch was let go';
    return told(rules, entered(state, 'holding', reason, time), time, undefined);
  }
  const part = rules.softStart > 0 ? Math.min(1, (time - start.time) / rules.softStart) : 1;
  const target = command.data.map((value, i) => part * value + (1 - part) * start.from[i]!);
  const { setpoints } = limitCommand(state.setpoints, target, rules.limits, rules.controlDt);
  const { clipped } = limitCommand(state.setpoints, command.data, rules.limits, rules.controlDt);
  const recent = state.clips.filter((at) => time - at < rules.clipWindow);
  const clips = clipped.length > 0 ? [...recent, time] : recent;
  const followed: SupervisorState = { ...state, setpoints, clips };
  if (clips.length <= rules.maxClips) return { state: followed, clipped };
  return { ...broken(followed, `${clips.length} commands beyond the bounds`, time), clipped };
}

/** A step nearer to rest. */
function resting(
  { rest, limits, controlDt }: SafetyRules,
  { setpoints }: SupervisorState,
): readonly Setpoint[] {
  return rest
    ? limitCommand(setpoints, rest, limits, controlDt).setpoints
    : brake(setpoints, limits, controlDt);
}

const restOf = ({ rest, limits }: SafetyRules): readonly number[] =>
  rest ?? limits.map(({ low, high }) => (Number.isFinite(low + high) ? (low + high) / 2 : 0));

const standing = ({ limits }: SafetyRules, at: readonly number[]): Setpoint[] =>
  at.map((value, i) => ({ value: Math.max(limits[i]!.low, Math.min(limits[i]!.high, value)), speed: 0 }));

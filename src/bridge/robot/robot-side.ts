/**
 * The robot's side of a link, without sockets and without a clock of its own: who is connected, what they may do, what comes
 * of it. The supervisor decides what the machine is told, whoever is connected and whatever they send.
 */
import { type ClientPort, RobotClient } from './client.ts';
import { MessageError } from './codec.ts';
import { type ComponentLimit, isAtRest } from './limits.ts';
import type { Machine, Measurement } from './machine.ts';
import { closeCodes, type ErrorCode, type FromRobot, type ToRobot, VERSION } from './protocol.ts';
import {
  defaultRules,
  initialState,
  type Refusal,
  type SafetyRules,
  type SupervisorEvent,
  type SupervisorState,
  supervise,
} from './supervisor.ts';

/** Who does not say hello within this is sent away, s. */
const HELLO_TIME = 2;
/** Times of so many observations are remembered, for commands that answer to them. */
const REMEMBERED = 256;

/** One connection, as the transport sees it. */
export interface Session {
  /** @param read gives the message. @throws nothing: what cannot be read is answered */
  receive(read: () => ToRobot): void;
  /** The connection has ended, whoever ended it. */
  left(): void;
}

export interface RobotSideOptions {
  readonly machine: Machine;
  /** Those of its limits and its control rate unless told. */
  readonly rules?: SafetyRules;
  /** Monotonic, s. */
  readonly clock: () => number;
  /** Of this process, so that a client sees that a robot was started anew. */
  readonly session: string;
}

export const limitsOf = ({ description: { commanded } }: Machine): ComponentLimit[] =>
  commanded.map(({ low, high, speed, acceleration }) => ({
    low: low ?? -Infinity,
    high: high ?? Infinity,
    ...(speed === null ? {} : { speed }),
    ...(acceleration === null ? {} : { acceleration }),
  }));

export class RobotSide {
  readonly rules: SafetyRules;
  readonly #machine: Machine;
  readonly #clock: () => number;
  readonly #session: string;
  readonly #clients = new Set<RobotClient>();
  /** When observations were made, s, by their number modulo `REMEMBERED`. */
  readonly #observedAt = new Float64Array(REMEMBERED).fill(Number.NEGATIVE_INFINITY);
  #observations = 0;
  #state: SupervisorState;

  constructor({ machine, rules, clock, session }: RobotSideOptions) {
    const plain = defaultRules(machine.controlDt, limitsOf(machine));
    this.rules = rules ?? (machine.rest ? { ...plain, rest: machine.rest } : plain);
    this.#machine = machine;
    this.#clock = clock;
    this.#session = session;
    const stands = machine.stand?.();
    this.#state = stands ? initialState(this.rules, stands) : initialState(this.rules);
  }

  get state(): SupervisorState {
    return this.#state;
  }

  /** Whether what the machine is told stands still. */
  get isAtRest(): boolean {
    return isAtRest(this.#state.setpoints);
  }

  /** Whoever runs this side has had enough. */
  disarm(): void {
    this.#happen({ kind: 'disarm' });
  }

  join(port: ClientPort): Session {
    const client = new RobotClient(port, this.#clock());
    this.#clients.add(client);
    return {
      receive: (read) => this.#receive(client, read),
      left: () => this.#leave(client),
    };
  }

  /** Once in each control step: measures, tells the machine what to do, and everybody what there is. */
  tick(): void {
    const time = this.#clock();
    let measurement: Measurement | undefined;
    try {
      measurement = this.#machine.read();
      const stands = this.#machine.stand?.();
      if (!allFinite(measurement))
        this.#happen({ kind: 'fault', reason: 'what is measured is not a finite number' });
      this.#happen(stands ? { kind: 'tick', measured: stands } : { kind: 'tick' });
    } catch (error) {
      this.#happen({ kind: 'fault', reason: `the machine failed: ${(error as Error).message}` });
      this.#happen({ kind: 'tick' });
    }
    const applied = this.#state.setpoints.map(({ value }) => value);
    try {
      this.#machine.write(applied, this.#state.mode);
    } catch (error) {
      this.#happen({ kind: 'fault', reason: `the machine failed: ${(error as Error).message}` });
    }
    for (const client of this.#clients)
      if (client.role === undefined && time - client.since > HELLO_TIME)
        this.#sendAway(client, closeCodes.policy, 'E_MESSAGE', 'Nobody said hello.');
    if (measurement && allFinite(measurement)) this.#observe(time, measurement, applied);
  }

  #observe(t: number, measurement: Measurement, applied: readonly number[]): void {
    const seq = this.#observations++;
    this.#observedAt[seq % REMEMBERED] = t;
    for (const client of this.#clients)
      client.observe(seq, t, (dropped) => ({
        type: 'obs',
        seq,
        t,
        ...measurement,
        applied: [...applied],
        dropped,
      }));
  }

  #receive(client: RobotClient, read: () => ToRobot): void {
    if (!this.#clients.has(client)) return;
    let message: ToRobot;
    try {
      message = read();
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      client.refuse('E_MESSAGE', error.message);
      return;
    }
    if (message.type === 'hello') this.#welcome(client, message);
    else if (message.type === 'estop') this.#happen({ kind: 'estop', reason: message.reason });
    else if (client.role === undefined) client.refuse('E_ROLE', 'Say hello first.');
    else this.#heard(client, message);
  }

  #welcome(client: RobotClient, hello: Extract<ToRobot, { type: 'hello' }>): void {
    const { v, role } = hello;
    if (client.role !== undefined) {
      client.refuse('E_ROLE', 'You have said hello before.');
      return;
    }
    if (v !== VERSION) {
      const message = `This robot speaks version ${VERSION} of the protocol, not ${v}.`;
      this.#sendAway(client, closeCodes.policy, 'E_VERSION', message);
      return;
    }
    if (role === 'policy' && [...this.#clients].some((each) => each.role === 'policy')) {
      this.#sendAway(client, closeCodes.secondController, 'E_ROLE', 'Another policy controls this robot.');
      return;
    }
    client.greet(hello);
    client.send({
      type: 'welcome',
      v: VERSION,
      session: this.#session,
      robot: this.#machine.description,
      control_dt: this.rules.controlDt,
      command_timeout: this.rules.commandTimeout,
      max_observation_age: this.rules.maxObservationAge,
    });
    client.send(this.#mode());
    if (role === 'policy') this.#happen({ kind: 'connect' });
  }

  #heard(client: RobotClient, message: Exclude<ToRobot, { type: 'hello' | 'estop' }>): void {
    switch (message.type) {
      case 'arm':
      case 'deadman':
        this.#byHand(client, { kind: message.type });
        break;
      case 'reset':
        this.#byHand(client, { kind: 'reset', generation: message.generation });
        break;
      case 'disarm':
        if (client.role === 'viewer') client.refuse('E_ROLE', '"disarm" is not for those who look on.');
        else this.#happen({ kind: 'disarm' });
        break;
      case 'sync': {
        const t1 = this.#clock();
        client.send({ type: 'sync', t0: message.t0, t1, t2: this.#clock() });
        break;
      }
      case 'ack':
        client.acknowledge(message.obs_seq);
        break;
      case 'cmd':
        this.#command(client, message);
    }
  }

  /** What a person alone may do. */
  #byHand(client: RobotClient, event: Extract<SupervisorEvent, { kind: string }>): void {
    if (client.role !== 'teleop') {
      client.refuse('E_ROLE', `"${event.kind}" is for a person: say hello as teleop.`);
      return;
    }
    const refusal = this.#happen(event);
    const { mode, reason } = this.#state;
    if (refusal) client.refuse(refusal, `"${event.kind}" does nothing: ${mode}, ${reason}.`);
  }

  #command(client: RobotClient, message: Extract<ToRobot, { type: 'cmd' }>): void {
    const { seq, obs_seq, generation, mode, data, valid_for } = message;
    const wanted = this.#machine.description.mode;
    if (client.role !== 'policy') {
      client.refuse('E_ROLE', 'Commands are for the policy: say hello as policy.', seq);
      return;
    }
    if (mode !== wanted) {
      client.refuse('E_SHAPE', `This robot takes commands of "${wanted}", not "${mode}".`, seq);
      return;
    }
    const isRemembered = obs_seq < this.#observations && obs_seq >= this.#observations - REMEMBERED;
    const observedAt = isRemembered ? this.#observedAt[obs_seq % REMEMBERED] : undefined;
    const command = { seq, generation, data, observedAt, validFor: valid_for };
    const refusal = this.#happen({ kind: 'command', command });
    if (refusal) client.refuse(refusal, `Command ${seq} does nothing: ${reasons[refusal]}.`, seq);
  }

  /** @returns why it does nothing, where it does */
  #happen(event: SupervisorEvent): Refusal | undefined {
    const before = this.#state;
    const { state, refusal, clipped } = supervise(this.rules, before, event, this.#clock());
    this.#state = state;
    if (state.mode !== before.mode || state.generation !== before.generation)
      for (const client of this.#clients) if (client.role !== undefined) client.send(this.#mode());
    if (clipped && clipped.length > 0)
      for (const client of this.#clients)
        if (client.role === 'policy') client.send({ type: 'clip', seq: state.seq, fields: [...clipped] });
    return refusal;
  }

  #mode(): FromRobot {
    const { mode, reason, generation } = this.#state;
    return { type: 'mode', state: mode, reason, generation };
  }

  #sendAway(client: RobotClient, code: number, error: ErrorCode, message: string): void {
    client.sendAway(code, error, message);
    this.#leave(client);
  }

  #leave(client: RobotClient): void {
    if (!this.#clients.delete(client)) return;
    if (client.role === 'policy') this.#happen({ kind: 'disconnect' });
  }
}

const reasons = {
  E_MODE: 'the robot is not armed',
  E_SHAPE: 'it has another number of components than the robot takes',
  E_RANGE: 'it has a number that is none',
  E_STALE: 'it is too old, or was sent before a stop',
  E_RATE: 'there are too many of them',
} as const;

function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(allFinite);
}

/** One client of a robot: who it is, and how many observations it is sent: the newest wins, and none wait for it. */
import type { ErrorCode, FromRobot, roles, ToRobot } from './protocol.ts';

/** Observations that may be on their way to a client, and bytes that may wait to be sent to it. */
const MOST_ON_THE_WAY = 2;
const MOST_WAITING = 64 * 1024;
/** Observations a second for those who look on. */
const VIEWER_RATE = 30;

export type Role = (typeof roles)[number];

/** The way to it. */
export interface ClientPort {
  send(message: FromRobot): void;
  close(code: number, reason: string): void;
  /** Bytes that wait to be sent. */
  waiting(): number;
}

export class RobotClient {
  /** When it came, s. */
  readonly since: number;
  readonly #port: ClientPort;
  #role: Role | undefined;
  /** Least time between two observations, and when the next one may go, s. */
  #interval = 0;
  #nextAt = Number.NEGATIVE_INFINITY;
  /** Numbers of the observations that it has not acknowledged, in order. */
  #onTheWay: number[] = [];
  #dropped = 0;

  constructor(port: ClientPort, since: number) {
    this.#port = port;
    this.since = since;
  }

  /** Undefined until it has said hello. */
  get role(): Role | undefined {
    return this.#role;
  }

  send(message: FromRobot): void {
    this.#port.send(message);
  }

  greet({ role, obs_hz = Infinity }: Extract<ToRobot, { type: 'hello' }>): void {
    this.#role = role;
    this.#interval = 1 / (role === 'viewer' ? Math.min(VIEWER_RATE, obs_hz) : obs_hz);
  }

  /**
   * Sends an observation, if one is due and the last ones have come.
   * @param observation given how many were left out so far
   */
  observe(seq: number, time: number, observation: (dropped: number) => FromRobot): void {
    if (this.#role === undefined || time < this.#nextAt) return;
    if (this.#onTheWay.length > MOST_ON_THE_WAY || this.#port.waiting() > MOST_WAITING) {
      this.#dropped++;
      return;
    }
    // From when it was due, not from now: a rate that is no part of the control rate is kept on average.
    this.#nextAt = Math.max(this.#nextAt + this.#interval, time);
    this.#onTheWay.push(seq);
    this.#port.send(observation(this.#dropped));
  }

  /** It has the observation with this number, and all before. */
  acknowledge(seq: number): void {
    this.#onTheWay = this.#onTheWay.filter((each) => each > seq);
  }

  /** @param ref number of the command that it is about */
  refuse(code: ErrorCode, message: string, ref?: number): void {
    this.#port.send({ type: 'error', code, message, fatal: false, ...(ref === undefined ? {} : { ref }) });
  }

  sendAway(code: number, error: ErrorCode, message: string): void {
    this.#port.send({ type: 'error', code: error, message, fatal: true });
    this.#port.close(code, message);
  }
}

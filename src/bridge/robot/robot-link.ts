/**
 * A link to a robot, from the side of who controls it or looks on: observations as a stream of which the newest counts,
 * commands that are never kept for later, and a connection that comes back by itself. Node only.
 */
import { BehaviorSubject, type Observable, Subject } from 'rxjs';
import { WebSocket } from 'ws';
import { ProprioError } from '../../core/errors.ts';
import { createRng } from '../../core/rng.ts';
import type { Role } from './client.ts';
import { ClockEstimate } from './clock.ts';
import { type Encoding, MessageError, readFromRobot, write } from './codec.ts';
import { type FromRobot, MAX_MESSAGE_BYTES, ROBOT_SUBPROTOCOL, type ToRobot, VERSION } from './protocol.ts';

type Message<T extends FromRobot['type']> = Extract<FromRobot, { type: T }>;
export type Welcome = Message<'welcome'>;
export type Observation = Message<'obs'>;

/** Time before it connects again, s: doubled after each attempt, up to the second, and up to half of it more by chance. */
const RECONNECT = { least: 0.25, most: 5 } as const;
/** Between two comparisons of the clocks, ms. */
const SYNC_INTERVAL = 1_000;
/** A command is not sent behind so many bytes that still wait: it would come too late. */
const MOST_WAITING = 16 * 1024;

export interface RobotLinkOptions {
  /** Such as `ws://127.0.0.1:9870`. */
  readonly url: string;
  readonly role: Role;
  /** Who connects, for the robot's log. */
  readonly name: string;
  readonly token?: string | undefined;
  /** CBOR unless told. */
  readonly encoding?: Encoding;
  /** Most observations a second; all of them unless told. */
  readonly rate?: number;
}

/** A connection that will not be made however often it is tried. */
export class LinkRefused extends ProprioError {
  override readonly name = 'LinkRefused';
}

export interface LinkStatistics {
  /** The robot's clock less ours, s, and how long a message takes there and back at least; absent before they are known. */
  readonly offset?: number | undefined;
  readonly delay?: number | undefined;
  /** Of the last exchanges, in order, s. */
  readonly delays: readonly number[];
  readonly connections: number;
  readonly observations: number;
  readonly commands: number;
  /** Commands that were not sent because there was no way to send them in time. */
  readonly dropped: number;
}

export class RobotLink {
  readonly #options: RobotLinkOptions;
  readonly #observations = new Subject<Observation>();
  readonly #messages = new Subject<FromRobot>();
  readonly #connected = new BehaviorSubject(false);
  readonly #clock = new ClockEstimate();
  /** So that those whom a robot has lost at once do not all come back at once. */
  readonly #chance = createRng(Math.floor(performance.timeOrigin) % 2 ** 32);
  readonly #counts = { connections: 0, observations: 0, commands: 0, dropped: 0 };
  #socket: WebSocket | undefined;
  #welcome: Welcome | undefined;
  #mode: Message<'mode'> | undefined;
  #newest: Observation | undefined;
  #seq = 0;
  #wait: number = RECONNECT.least;
  #again: NodeJS.Timeout | undefined;
  #syncing: NodeJS.Timeout | undefined;
  /** As `#connected` says, which can no longer be asked once it has ended. */
  #isConnected = false;
  #closed = false;

  /** It begins to connect at once. */
  constructor(options: RobotLinkOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Hot, the newest as it comes. Ends with `LinkRefused` where the robot will not have this client. */
  get obs$(): Observable<Observation> {
    return this.#observations;
  }
  /** All that the robot says. */
  get messages$(): Observable<FromRobot> {
    return this.#messages;
  }
  /** Whether the robot has welcomed this client, now and at each change. */
  get connected$(): Observable<boolean> {
    return this.#connected;
  }

  /** What the robot is; of the last connection. */
  get welcome(): Welcome | undefined {
    return this.#welcome;
  }
  get mode(): Message<'mode'> | undefined {
    return this.#mode;
  }
  get newest(): Observation | undefined {
    return this.#newest;
  }

  get statistics(): LinkStatistics {
    const { offset, delay, delays } = this.#clock;
    return { offset, delay, delays, ...this.#counts };
  }

  /**
   * Sends a command that answers to the newest observation, or drops it: it is never kept for later.
   * @param data `[A]` @param validFor how long it counts, s; as long as the robot allows unless told
   */
  send(data: readonly number[], validFor?: number): 'sent' | 'dropped' {
    const socket = this.#socket;
    if (!this.#isConnected || !this.#newest || !this.#mode || socket!.bufferedAmount > MOST_WAITING) {
      this.#counts.dropped++;
      return 'dropped';
    }
    const { robot, command_timeout } = this.#welcome!;
    this.#counts.commands++;
    this.#say({
      type: 'cmd',
      seq: this.#seq++,
      obs_seq: this.#newest.seq,
      generation: this.#mode.generation,
      mode: robot.mode,
      data: [...data],
      valid_for: validFor ?? command_timeout,
    });
    return 'sent';
  }

  arm(): void {
    this.#say({ type: 'arm' });
  }
  disarm(): void {
    this.#say({ type: 'disarm' });
  }
  /** Holds the dead-man switch for a moment. */
  deadman(): void {
    this.#say({ type: 'deadman' });
  }
  estop(reason: string): void {
    this.#say({ type: 'estop', reason });
  }
  /** Resets the stop that was told of last. */
  reset(): void {
    if (this.#mode) this.#say({ type: 'reset', generation: this.#mode.generation });
  }

  /** Ends the link: the robot comes to rest by itself. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#parted();
    const socket = this.#socket;
    if (socket && socket.readyState !== WebSocket.CLOSED)
      await new Promise((resolve) => {
        socket.once('close', resolve);
        if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
        else socket.close(1000);
      });
    for (const subject of [this.#observations, this.#messages, this.#connected]) subject.complete();
  }

  #connect(): void {
    const { url, token } = this.#options;
    const socket = new WebSocket(url, ROBOT_SUBPROTOCOL, {
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
    });
    this.#socket = socket;
    let last: Message<'error'> | undefined;
    socket.on('open', () => {
      const { role, name, rate, encoding = 'cbor' } = this.#options;
      this.#say({ type: 'hello', v: VERSION, role, name, encoding, ...(rate ? { obs_hz: rate } : {}) });
    });
    socket.on('message', (data, isBinary) => {
      const message = this.#read(isBinary ? new Uint8Array(data as Buffer) : String(data));
      if (!message) return;
      if (message.type === 'error') last = message;
      this.#hear(message);
    });
    socket.on('unexpected-response', (request, response) => {
      const { statusCode = 0 } = response;
      response.resume();
      request.destroy();
      // Too many clients may be fewer later; all else stays as it is.
      if (statusCode === 429 || statusCode >= 500) this.#comeAgain();
      else this.#refused(`The robot at ${url} answers ${statusCode} ${response.statusMessage}.`);
    });
    // Of a connection that cannot be made, or breaks; `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#parted();
      if (last?.fatal) this.#refused(`The robot at ${url} has sent us away: ${last.message}`);
      else this.#comeAgain();
    });
  }

  #read(data: string | Uint8Array): FromRobot | undefined {
    try {
      return readFromRobot(data);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      // A robot of another make; what it can say in our words is enough.
      return undefined;
    }
  }

  #hear(message: FromRobot): void {
    switch (message.type) {
      case 'welcome':
        this.#welcome = message;
        this.#wait = RECONNECT.least;
        this.#seq = 0;
        this.#newest = undefined;
        this.#counts.connections++;
        this.#setConnected(true);
        this.#sync();
        this.#syncing = setInterval(() => this.#sync(), SYNC_INTERVAL);
        break;
      case 'mode':
        this.#mode = message;
        break;
      case 'sync':
        this.#clock.add({ t0: message.t0, t1: message.t1, t2: message.t2, t3: now() });
        break;
      case 'obs':
        this.#newest = message;
        this.#counts.observations++;
        this.#say({ type: 'ack', obs_seq: message.seq });
        this.#observations.next(message);
    }
    this.#messages.next(message);
  }

  #sync(): void {
    this.#say({ type: 'sync', t0: now() });
  }

  #say(message: ToRobot): void {
    const socket = this.#socket;
    if (socket?.readyState === WebSocket.OPEN) socket.send(write(message, this.#options.encoding ?? 'cbor'));
  }

  #parted(): void {
    clearInterval(this.#syncing);
    if (this.#isConnected) this.#setConnected(false);
  }

  #setConnected(is: boolean): void {
    this.#isConnected = is;
    this.#connected.next(is);
  }

  #comeAgain(): void {
    if (this.#closed) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#connect(), 1e3 * this.#wait * this.#chance.uniform(1, 1.5));
    this.#wait = Math.min(RECONNECT.most, 2 * this.#wait);
  }

  #refused(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    const refusal = new LinkRefused(reason);
    for (const subject of [this.#observations, this.#messages, this.#connected]) subject.error(refusal);
  }
}

/** Monotonic, s. */
const now = (): number => performance.now() / 1e3;

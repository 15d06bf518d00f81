/**
 * A source that does nothing by itself: a test says what the page is told, and reads what the page asks. It is served as any
 * other, so that the page is tested as it is shipped.
 */
import { vi } from 'vitest';
import { type Appearance, viewLayout } from '../../../src/core/appearance.ts';
import { buildPage } from '../../../src/viewer/app/build.ts';
import type { Hub, PageLink } from '../../../src/viewer/hub.ts';
import type { Connection } from '../../../src/viewer/page.ts';
import {
  encodeFrame,
  type Hello,
  type Report,
  type Request,
  type ViewFrame,
  type ViewState,
} from '../../../src/viewer/protocol.ts';
import { openViewServer, type ViewServer } from '../../../src/viewer/server.ts';

export const CUBE = 0.4;
export const CUBE_MASS = 2;

/** A red cube and a body without shapes, before a camera that looks along y from 4 m away, 1 m above the ground. */
export const toyAppearance: Appearance = {
  bodies: [
    {
      name: 'cube',
      mass: CUBE_MASS,
      shapes: [{ geometry: { type: 'box', size: [CUBE, CUBE, CUBE] }, material: { color: '#d02818' } }],
      colliders: [{ geometry: { type: 'sphere', radius: CUBE } }],
      trail: { seconds: 2, color: '#2030d0' },
    },
    { name: 'bare', shapes: [] },
  ],
  fixed: [],
  arrows: [{ name: 'wind', unit: 'm/s', color: '#20a030', scale: 1 }],
  joints: [{ name: 'hinge', body: 'cube', position: [0, 0, 0], axis: [1, 0, 0] }],
  extent: 4,
  ground: true,
  cameras: [
    { name: 'front', position: [0, -4, 1], target: [0, 0, 1] },
    { name: 'back', position: [0, 4, 1], target: [0, 0, 1] },
  ],
};

export const toyHello: Hello = {
  type: 'hello',
  source: 'simulation',
  env: {
    id: 'toy',
    description: 'a cube before a camera',
    controlDt: 0.02,
    maxEpisodeSteps: 100,
    rewardTerms: ['near', 'calm'],
    success: null,
    observation: [],
    action: [{ name: 'throttle', unit: '1', low: -1, high: 1 }],
  },
  policy: 'nobody',
  appearance: toyAppearance,
  scenes: 1,
  agents: 1,
  controls: [
    { name: 'forward', low: 'back', high: 'forward', keys: ['KeyS', 'KeyW'], axis: { index: 1 } },
    { name: 'left', low: 'right', high: 'left', keys: ['KeyD', 'KeyA'] },
  ],
  can: { pause: true, restart: true, push: true, intervene: true, contacts: true, value: true },
};

export const toyState: ViewState = {
  type: 'state',
  paused: false,
  speed: 1,
  seed: 3,
  focus: 0,
  agent: 0,
  intervening: 'no',
};

export interface ToyMoment extends Partial<ViewFrame> {
  /** Of the cube, m. */
  readonly cube?: readonly [x: number, y: number, z: number];
  /** Signals and fields, behind all else in the row. */
  readonly more?: readonly number[];
}

/** One scene: the cube where it is said to be, the other body far out of the picture, no wind. */
export function toyFrame({ cube = [0, 0, 1], more = [], ...frame }: ToyMoment): ViewFrame {
  const rows = new Float32Array(viewLayout(toyAppearance).size + more.length);
  rows.set(more, rows.length - more.length);
  rows.set([...cube, 0, 0, 0, 1, 0, 50, 0, 0, 0, 0, 1]);
  return {
    ...{ step: 0, time: 0, age: 0, focus: 0, agent: 0, intervened: false, value: 5, reward: 1.5, rows },
    action: Float32Array.of(0.25),
    obs: new Float32Array(0),
    rewardTerms: Float32Array.of(1, 0.5),
    contacts: new Float32Array(0),
    ...frame,
  };
}

export class ToySource implements Hub {
  hello: Hello = toyHello;
  state: ViewState = toyState;
  /** From all pages, in the order they came. */
  readonly requests: Request[] = [];
  readonly #connections = new Set<Connection>();
  #last: ViewFrame | undefined;
  #server: ViewServer | undefined;
  #port = 0;

  get pages(): number {
    return this.#connections.size;
  }

  /** Serves from now on, on the same port as before. @returns the address */
  async start(): Promise<string> {
    this.#server = await openViewServer({ folder: await buildPage(), port: this.#port, host: '127.0.0.1' });
    this.#server.show(this);
    this.#port = Number(new URL(this.#server.url).port);
    return this.#server.url;
  }

  async stop(): Promise<void> {
    await this.#server?.close('The server goes.');
    this.#server = undefined;
  }

  connect(connection: Connection): PageLink {
    this.#connections.add(connection);
    for (const report of [this.hello, this.state]) connection.send(JSON.stringify(report));
    if (this.#last) connection.send(encodeFrame(this.#last));
    return {
      receive: (message) => this.requests.push(JSON.parse(message!)),
      drained: () => {},
      left: () => this.#connections.delete(connection),
    };
  }

  report(report: Report): void {
    if (report.type === 'state') this.state = report;
    for (const connection of this.#connections) connection.send(JSON.stringify(report));
  }

  frame(frame: ViewFrame): void {
    this.#last = frame;
    for (const connection of this.#connections) connection.send(encodeFrame(frame));
  }

  /** Sends something that is none of the protocol's. */
  sendRaw(message: string | Uint8Array): void {
    for (const connection of this.#connections) connection.send(message);
  }

  close(reason: string): void {
    for (const connection of this.#connections) connection.close(1001, reason);
  }

  /** Ends every connection with a code of the protocol. */
  dismiss(code: number, reason: string): void {
    for (const connection of this.#connections) connection.close(code, reason);
  }

  /** Requests of a type that have come. */
  asked<Type extends Request['type']>(type: Type): Extract<Request, { type: Type }>[] {
    return this.requests.filter((request) => request.type === type) as Extract<Request, { type: Type }>[];
  }

  /** Waits until a request of a type has come that `holds`. @returns the last one */
  async waitFor<Type extends Request['type']>(
    type: Type,
    holds: (request: Extract<Request, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<Request, { type: Type }>> {
    return vi.waitFor(
      () => {
        const found = this.asked(type).findLast(holds);
        if (!found) throw new Error(`No such "${type}" among ${JSON.stringify(this.requests)}.`);
        return found;
      },
      { timeout: 20_000, interval: 30 },
    );
  }
}

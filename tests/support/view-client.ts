/** A page's end of the stream over a real socket, without the page. */
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import {
  decodeFrame,
  type Report,
  type Request,
  SUBPROTOCOL,
  type ViewFrame,
} from '../../src/viewer/protocol.ts';

const clients: ViewClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.terminate();
});

export interface Connecting {
  readonly origin?: string;
  readonly protocols?: readonly string[];
  readonly path?: string;
}

export class ViewClient {
  readonly socket: WebSocket;
  readonly reports: Report[] = [];
  readonly frames: ViewFrame[] = [];
  /** Resolves when the connection has ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  /** @param url of the page, as a server prints it */
  constructor(url: string, { origin, protocols = [SUBPROTOCOL], path = 'stream' }: Connecting = {}) {
    const address = new URL(path, url.replace('http', 'ws'));
    address.hash = '';
    this.socket = new WebSocket(address, [...protocols], origin === undefined ? {} : { origin });
    this.socket.binaryType = 'arraybuffer';
    this.socket.on('message', (data: ArrayBuffer | Buffer, isBinary: boolean) => {
      if (isBinary) this.frames.push(decodeFrame(data as ArrayBuffer));
      else this.reports.push(JSON.parse(new TextDecoder().decode(data)));
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    clients.push(this);
  }

  send(request: Request): void {
    this.socket.send(JSON.stringify(request));
  }

  of<T extends Report['type']>(type: T): Extract<Report, { type: T }>[] {
    return this.reports.filter((report) => report.type === type) as Extract<Report, { type: T }>[];
  }

  /** The newest report of a type, once there is one, that `accepts` likes. */
  async seen<T extends Report['type']>(
    type: T,
    accepts: (report: Extract<Report, { type: T }>) => boolean = () => true,
  ): Promise<Extract<Report, { type: T }>> {
    await this.until(() => this.of(type).some(accepts));
    return this.of(type).findLast(accepts)!;
  }

  /** The first of the frames to come that `accepts` likes. */
  async frame(accepts: (frame: ViewFrame) => boolean = () => true): Promise<ViewFrame> {
    const from = this.frames.length;
    await this.until(() => this.frames.slice(from).some(accepts));
    return this.frames.slice(from).find(accepts)!;
  }

  /** Waits, a message at a time, until `condition` holds. @throws Error when the connection ends first */
  async until(condition: () => boolean): Promise<void> {
    let ended = false;
    void this.closed.then(() => {
      ended = true;
    });
    while (!condition()) {
      if (ended) throw new Error(`The connection ended first, after ${JSON.stringify(this.reports)}.`);
      await Promise.race([new Promise((resolve) => this.socket.once('message', resolve)), this.closed]);
    }
  }
}

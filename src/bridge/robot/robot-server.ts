/**
 * A robot on a WebSocket: its control loop, and the connections of those who control it or look on. Nobody who is slow, gone
 * or absurd holds the loop up. Node only.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { exitCode, ProprioError } from '../../core/errors.ts';
import { refuseUpgrade } from '../upgrade.ts';
import { type RobotAccess, robotDenialOf } from './access.ts';
import { type Encoding, readToRobot, write } from './codec.ts';
import { type ControlLoop, startControlLoop } from './control-loop.ts';
import type { Machine } from './machine.ts';
import { closeCodes, MAX_MESSAGE_BYTES, ROBOT_SUBPROTOCOL } from './protocol.ts';
import { RobotSide } from './robot-side.ts';
import type { SafetyRules } from './supervisor.ts';

/** Time between two pings of each client, ms, and how many may stay without an answer. */
const PING_INTERVAL = 1_000;
const MOST_UNANSWERED = 3;
/** Messages a second from one client that are not a flood: several times what any control rate needs. */
const MOST_MESSAGES = 5_000;
/** How long the machine may take to come to rest where the server is closed, ms. */
const REST_TIMEOUT = 5_000;
/** How long a client may take to part, ms. */
const CLOSE_TIMEOUT = 1_000;

export interface RobotServerOptions {
  readonly machine: Machine;
  readonly rules?: SafetyRules;
  /** Address to listen on; the loopback address unless told. */
  readonly host?: string;
  /** 9870 unless told; 0 takes any that is free. */
  readonly port?: number;
  readonly access?: Partial<RobotAccess>;
}

export interface RobotServer {
  readonly url: string;
  readonly side: RobotSide;
  readonly loop: ControlLoop;
  /** Stops the loop, after the machine has come to rest, parts from all clients and frees the port. */
  close(): Promise<void>;
}

export const ROBOT_PORT = 9870;

/** @throws ProprioError when it cannot listen there */
export async function startRobotServer(options: RobotServerOptions): Promise<RobotServer> {
  const { machine, rules, host = '127.0.0.1', port = ROBOT_PORT } = options;
  const access: RobotAccess = { origins: [], maxClients: 16, maxClientsPerAddress: 8, ...options.access };
  const side = new RobotSide({
    machine,
    ...(rules ? { rules } : {}),
    clock: () => performance.now() / 1e3,
    session: randomUUID(),
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => ROBOT_SUBPROTOCOL,
  });
  const addresses = new Map<WebSocket, string | undefined>();
  const http = createServer((_, response) => {
    response.writeHead(426, { Upgrade: 'websocket' }).end(`A robot, on a WebSocket: ${ROBOT_SUBPROTOCOL}.\n`);
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const from = request.socket.remoteAddress;
    const fromThere = [...addresses.values()].filter((address) => address === from).length;
    const denial = robotDenialOf(request, access, { all: addresses.size, fromThere });
    if (denial) refuseUpgrade(socket, denial.status, denial.reason);
    else
      sockets.handleUpgrade(request, socket, head, (client) => {
        addresses.set(client, from);
        client.on('close', () => addresses.delete(client));
        attach(client, side);
      });
  });
  await listening(http, host, port);
  const loop = startControlLoop(machine.controlDt, () => side.tick());

  const address = http.address() as AddressInfo;
  const hostname = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `ws://${hostname}:${address.port}`,
    side,
    loop,
    async close() {
      side.disarm();
      for (const end = performance.now() + REST_TIMEOUT; !side.isAtRest && performance.now() < end; )
        await new Promise((resolve) => setTimeout(resolve, 1e3 * machine.controlDt));
      loop.stop();
      const closed = new Promise((resolve) => http.close(resolve));
      for (const client of sockets.clients) client.close(closeCodes.goingAway, 'The robot goes away.');
      const patience = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        http.closeAllConnections();
      }, CLOSE_TIMEOUT);
      http.closeIdleConnections();
      await closed;
      clearTimeout(patience);
    },
  };
}

function attach(socket: WebSocket, side: RobotSide): void {
  // Each client is answered in the way in which it speaks.
  let encoding: Encoding = 'json';
  const session = side.join({
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(write(message, encoding));
    },
    close: (code, reason) => socket.close(code, reason),
    waiting: () => socket.bufferedAmount,
  });
  let unanswered = 0;
  let received = 0;
  const heart = setInterval(() => {
    received = 0;
    if (unanswered++ >= MOST_UNANSWERED) {
      socket.close(closeCodes.silent, 'No answer to pings.');
      socket.terminate();
    } else socket.ping();
  }, PING_INTERVAL);
  // Of a connection that breaks, or of a frame that is too large; `close` follows.
  socket.on('error', () => {});
  socket.on('pong', () => {
    unanswered = 0;
  });
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (++received > MOST_MESSAGES) {
      socket.close(closeCodes.flood, 'Too many messages.');
      session.left();
      return;
    }
    encoding = isBinary ? 'cbor' : 'json';
    session.receive(() => readToRobot(isBinary ? bytesOf(data) : String(data)));
  });
  socket.on('close', () => {
    clearInterval(heart);
    session.left();
  });
}

const bytesOf = (data: RawData): Uint8Array =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data;

function listening(http: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', ({ message }: Error) =>
      reject(new ProprioError(`The robot cannot listen on ${host}:${port}: ${message}.`, exitCode.failure)),
    );
    http.listen(port, host, resolve);
  });
}

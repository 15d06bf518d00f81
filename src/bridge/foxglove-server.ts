/**
 * A WebSocket server that Foxglove and Lichtblick connect to. Whoever connects may look and nothing else, so what it
 * guards is who may look (other web pages may not) and the run, which no client can slow down.
 */
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { exitCode, ProprioError } from '../core/errors.ts';
import type { Channel } from './channel.ts';
import { ClientSession } from './client-session.ts';
import { advertise, SUBPROTOCOLS, serverInfo } from './foxglove-protocol.ts';
import { Outbox } from './outbox.ts';

/** Where Foxglove looks first. */
export const FOXGLOVE_PORT = 8765;
export const MAX_CLIENTS = 32;

/** Foxglove in a browser. */
const FOXGLOVE_ORIGINS = ['https://app.foxglove.dev', 'https://studio.foxglove.dev'];
/** Most bytes of a message from a client. */
const MAX_MESSAGE = 64 * 1024;
/** How long a client may take to part, ms. */
const CLOSE_TIMEOUT = 1_000;

export interface FoxgloveServerOptions {
  /** What is seen here, in words. */
  readonly name: string;
  readonly channels: readonly Channel[];
  /** Address to listen on; the loopback address unless told. */
  readonly host?: string;
  /** 8765 unless told; 0 takes any that is free. */
  readonly port?: number;
  /** Origins of further web pages that may connect, such as `https://lichtblick.example.org`. */
  readonly origins?: readonly string[];
  /** Where lines for the person who runs it go; to the standard error output unless told. */
  readonly log?: (line: string) => void;
}

export interface FoxgloveServer {
  readonly port: number;
  /** What to enter in Foxglove. */
  readonly url: string;
  /** Parts from all clients and frees the port. */
  close(): Promise<void>;
}

/** @throws ProprioError when it cannot listen there */
export async function startFoxgloveServer(options: FoxgloveServerOptions): Promise<FoxgloveServer> {
  const { name, host = '127.0.0.1', port = FOXGLOVE_PORT, log = console.error } = options;
  const channels = new Map(options.channels.map((channel, i) => [i + 1, channel]));
  const origins = [...FOXGLOVE_ORIGINS, ...(options.origins ?? [])];
  const sessionId = new Date().toISOString();

  const server = new WebSocketServer({
    host,
    port,
    maxPayload: MAX_MESSAGE,
    handleProtocols: (offered) => SUBPROTOCOLS.find((known) => offered.has(known)) ?? false,
    verifyClient: ({ req }, answer) => {
      const refusal = refusalOf(req, { host, origins, clients: sessions.size });
      if (refusal) answer(false, refusal.status, refusal.reason);
      else answer(true);
    },
  });
  const sessions = new Map<WebSocket, ClientSession>();
  server.on('connection', (socket, request) => {
    const from = `${request.socket.remoteAddress}:${request.socket.remotePort}`;
    const session = openSession(socket, channels, (lost) =>
      log(`The telemetry client ${from} reads too slowly: ${lost} messages dropped.`),
    );
    sessions.set(socket, session);
    socket.on('close', () => {
      session.close();
      sessions.delete(socket);
    });
    session.tell(serverInfo(name, sessionId));
    session.tell(advertise(channels));
  });
  await listening(server, host, port);

  const address = server.address() as AddressInfo;
  const hostname = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    port: address.port,
    url: `ws://${hostname}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        const patience = setTimeout(() => {
          for (const socket of sessions.keys()) socket.terminate();
        }, CLOSE_TIMEOUT);
        server.close(() => {
          clearTimeout(patience);
          resolve();
        });
        for (const [socket, session] of sessions) {
          session.close();
          socket.close(1001, 'The run has ended.');
        }
      }),
  };
}

function openSession(
  socket: WebSocket,
  channels: ReadonlyMap<number, Channel>,
  report: (lost: number) => void,
): ClientSession {
  const outbox = new Outbox({
    send: ({ data, binary }, done) => socket.send(data, { binary }, done),
    report,
  });
  const session = new ClientSession(channels, outbox);
  socket.on('message', (data, binary) => session.receive(data as Buffer, binary));
  // A broken connection or a message that is no WebSocket message: `ws` closes the socket, and that is all there is to do.
  socket.on('error', () => {});
  return session;
}

interface Gate {
  readonly host: string;
  readonly origins: readonly string[];
  /** Connected now. */
  readonly clients: number;
}

/** Why a client may not connect; nothing when it may. */
function refusalOf({ headers }: IncomingMessage, { host, origins, clients }: Gate) {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!offered.some((protocol) => SUBPROTOCOLS.includes(protocol))) {
    return { status: 400, reason: `Offer one of the subprotocols ${SUBPROTOCOLS.join(', ')}.` };
  }
  const { origin } = headers;
  if (origin !== undefined && !origins.includes(origin) && !isSameHost(origin, headers.host, host)) {
    return { status: 403, reason: 'Pages of this origin may not connect.' };
  }
  if (clients >= MAX_CLIENTS) return { status: 503, reason: `There are ${clients} clients already.` };
  return undefined;
}

/**
 * Whether a page was served by the machine it connects to. The name has to be an address, `localhost` or the one listened
 * on: any other name can be made to lead here by whoever owns it.
 */
function isSameHost(origin: string, requested: string | undefined, listenedOn: string): boolean {
  const target = `http://${requested}`;
  if (!URL.canParse(origin) || !URL.canParse(target)) return false;
  const { hostname } = new URL(target);
  const known =
    hostname === 'localhost' || hostname === listenedOn || isIP(hostname.replace(/^\[|\]$/g, '')) > 0;
  return known && new URL(origin).hostname === hostname;
}

function listening(server: WebSocketServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.on('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE'
          ? 'another program uses that port. End it, or choose another port.'
          : `${error.message}. Choose another address or port.`;
      reject(
        new ProprioError(`Telemetry cannot be served on ${host}, port ${port}: ${reason}`, exitCode.failure, {
          cause: error,
        }),
      );
    });
  });
}

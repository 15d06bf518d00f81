/** Page and stream on one port, on this machine alone unless told otherwise. Node only. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type WebSocket, WebSocketServer } from 'ws';
import { refuseUpgrade } from '../bridge/upgrade.ts';
import { type Access, createToken, denialOf, isLoopback } from './access.ts';
import type { Hub, PageLink } from './hub.ts';
import { listen } from './listen.ts';
import { MAX_MESSAGE, SUBPROTOCOL } from './protocol.ts';
import { answer, serveFile } from './static-files.ts';

export interface ViewServerOptions {
  /** Files of the page. */
  readonly folder: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly host: string;
}

export interface ViewServer {
  /** Where the page is, with the token where one is demanded. */
  readonly url: string;
  /** What is seen from now on. Before, everybody is asked to come again. */
  show(hub: Hub): void;
  /** Sends every page away. @param reason for people */
  close(reason: string): Promise<void>;
}

/** Time between two pings of each page, ms; … */
const PING_INTERVAL = 10_000;
/** … and how many may stay without an answer. */
const MOST_UNANSWERED = 3;
/** Time that a page has to say goodbye, ms. */
const GOODBYE = 2_000;

/** The page comes again by itself. */
const NOTHING_YET = 'There is nothing to be seen yet; come again.';

/** @throws ProprioError where the port cannot be had, with one that can */
export async function openViewServer({ folder, port, host }: ViewServerOptions): Promise<ViewServer> {
  const loopback = isLoopback(host);
  const access: Access = { loopback, token: loopback ? undefined : createToken() };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  let hub: Hub | undefined;

  const http = createServer((request, response) => {
    if (!hub) answer(response, 503, NOTHING_YET, { 'Retry-After': '1', Refresh: '1' });
    else serveFile(folder, request, response).catch((error: Error) => answer(response, 500, error.message));
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const showing = hub;
    const denial = showing ? denialOf(request, access) : { status: 503, reason: NOTHING_YET };
    if (denial) refuseUpgrade(socket, denial.status, denial.reason);
    else sockets.handleUpgrade(request, socket, head, (page) => attach(page, showing!));
  });
  await listen(http, port, host);

  return {
    url: urlOf(http.address() as AddressInfo, access.token),
    show(shown) {
      hub = shown;
    },
    async close(reason) {
      hub?.close(reason);
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeIdleConnections();
      const giveUp = setTimeout(() => {
        for (const page of sockets.clients) page.terminate();
        http.closeAllConnections();
      }, GOODBYE);
      await closed;
      clearTimeout(giveUp);
    },
  };
}

function attach(page: WebSocket, hub: Hub): void {
  let link: PageLink | undefined;
  // Of a connection that breaks, or of a message that is none of the protocol's; `close` follows.
  page.on('error', () => {});
  link = hub.connect({
    send: (message) => page.send(message, () => link?.drained()),
    get bufferedAmount() {
      return page.bufferedAmount;
    },
    close(code, reason) {
      page.close(code, reason);
      setTimeout(() => page.terminate(), GOODBYE).unref();
    },
  });
  let unanswered = 0;
  const heartbeat = setInterval(() => {
    if (unanswered++ < MOST_UNANSWERED) page.ping();
    else page.terminate();
  }, PING_INTERVAL);
  page.on('pong', () => {
    unanswered = 0;
  });
  page.on('message', (data, isBinary) => link.receive(isBinary ? undefined : String(data)));
  page.on('close', () => {
    clearInterval(heartbeat);
    link.left();
  });
}

/** An address of all this machine's is shown as one that others can reach. */
function urlOf({ address, family, port }: AddressInfo, token?: string): string {
  const named = address === '0.0.0.0' || address === '::' ? ownAddress() : address;
  const host = family === 'IPv6' && named === address ? `[${named}]` : named;
  return `http://${host}:${port}/${token === undefined ? '' : `#token=${token}`}`;
}

const ownAddress = (): string =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'localhost';

/** Telemetry servers and clients that are gone after each test. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import {
  type Channel as AdvertisedChannel,
  FoxgloveClient,
  type MessageData,
  type ServerInfo,
  type StatusMessage,
} from '@foxglove/ws-protocol';
import { Observable, ReplaySubject } from 'rxjs';
import { afterEach, expect, vi } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { Channel } from '../../src/bridge/channel.ts';
import {
  type FoxgloveServer,
  type FoxgloveServerOptions,
  startFoxgloveServer,
} from '../../src/bridge/foxglove-server.ts';
import { type TelemetryFrame, telemetryChannels } from '../../src/bridge/telemetry.ts';
import { run } from './sample-run.ts';

/** Waits until a check passes, also on a machine that is busy. */
export const until = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { timeout: 20_000, interval: 2 });

export const SDK = 'foxglove.sdk.v1';

const servers: FoxgloveServer[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const server of servers.splice(0)) await server.close();
});

export async function serve(channels: readonly Channel[], options: Partial<FoxgloveServerOptions> = {}) {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const server = await startFoxgloveServer({ name: 'cart', channels, port: 0, log, ...options });
  servers.push(server);
  return { server, lines };
}

/** The same, and how many listen to it. */
export function counted<T>(source: Observable<T>) {
  let count = 0;
  const counted$ = new Observable<T>((subscriber) => {
    count++;
    subscriber.add(() => count--);
    return source.subscribe(subscriber);
  });
  return { counted$, listeners: () => count };
}

/** A server of the sample run, and how to make it go on. */
export async function serveRun(options: Partial<FoxgloveServerOptions> = {}) {
  const source = new ReplaySubject<TelemetryFrame>(1);
  const { counted$, listeners } = counted(source);
  const channels = telemetryChannels(run, { frames$: counted$ });
  const { server } = await serve(channels, options);
  return {
    server,
    channels,
    listeners,
    step: (frame: TelemetryFrame) => source.next(frame),
  };
}

export function dial(
  { url }: FoxgloveServer,
  protocols: string[] = [SDK],
  options: ClientOptions = {},
): WebSocket {
  const socket = new WebSocket(url, protocols, options);
  sockets.push(socket);
  return socket;
}

/** HTTP status of the answer to a handshake: 101 where it succeeds. */
export async function handshake(
  server: FoxgloveServer,
  protocols: string[],
  options?: ClientOptions,
): Promise<number> {
  const socket = dial(server, protocols, options);
  socket.on('error', () => {});
  return Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => (response as IncomingMessage).statusCode!),
  ]);
}

/** The published client, with all that it is told. */
export function foxglove(server: FoxgloveServer, protocol = SDK) {
  const socket = dial(server, [protocol]);
  const client = new FoxgloveClient({ ws: socket as never });
  const told = {
    infos: [] as ServerInfo[],
    channels: [] as AdvertisedChannel[],
    statuses: [] as StatusMessage[],
    /** Data and times in the order they came. */
    messages: [] as (MessageData | { readonly time: bigint })[],
  };
  client.on('serverInfo', (info) => told.infos.push(info));
  client.on('advertise', (channels) => told.channels.push(...channels));
  client.on('status', (status) => told.statuses.push(status));
  client.on('time', ({ timestamp }) => told.messages.push({ time: timestamp }));
  client.on('message', (message) => told.messages.push(message));
  const advertised = () => until(() => expect(told.channels.length).toBeGreaterThan(0));
  const channelId = (topic: string): number => told.channels.find((channel) => channel.topic === topic)!.id;
  const data = () => told.messages.filter((message): message is MessageData => 'data' in message);
  return { client, socket, told, advertised, channelId, data };
}

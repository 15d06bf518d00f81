/**
 * `bench view --soak`: a simulation with one page that reads and others that come, stop reading and stay.
 * What waits for them must not grow, nor the process, and the page that reads must miss nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { envs } from '../../../envs/index.ts';
import { directTeleoperation } from '../../../src/core/teleoperation.ts';
import { createHub, type Hub } from '../../../src/viewer/hub.ts';
import type { Connection } from '../../../src/viewer/page.ts';
import { closeCode, SUBPROTOCOL } from '../../../src/viewer/protocol.ts';
import { openViewServer } from '../../../src/viewer/server.ts';
import { createSimulation } from '../../../src/viewer/simulation.ts';

/** Frames of this many pendulums are large enough to fill what a kernel keeps for a socket within seconds. */
const [ENV, SCENES] = ['pendulum', 1_024] as const;
/** Time between two pages that stop reading, s, and how many of them stay. */
const [ARRIVAL, STALLED] = [5, 8] as const;
const MIB = 2 ** 20;

export interface SoakResult {
  /** Most bytes that waited for one page, at any moment. */
  readonly mostBacklog: number;
  /** Pages that were closed because they did not read. */
  readonly closed: number;
  /** Of the page that reads. */
  readonly framesPerSecond: number;
  /** Growth of the process between the second quarter and the last, MiB. */
  readonly growth: number;
}

export async function soakView(seconds: number, tell: (line: string) => void): Promise<SoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'proprio-soak-'));
  const definition = envs[ENV]!;
  const env = definition.create(SCENES, definition.settings.parse({}));
  const simulation = createSimulation({
    env,
    policy: () => ({ act: async () => {} }),
    policyName: 'nobody',
    teleoperation: directTeleoperation(env.actionSpace),
    seed: 0,
  });
  const { hub, connections, closed } = observed(createHub(simulation));
  const server = await openViewServer({ folder, port: 0, host: '127.0.0.1' });
  server.show(hub);
  const stop = new AbortController();
  const ended = simulation.run(stop.signal);
  const address = new URL('stream', server.url.replace('http', 'ws'));
  const connect = (): WebSocket => new WebSocket(address, [SUBPROTOCOL]).on('error', () => {});

  let frames = 0;
  const reading = connect().on('message', (_, isBinary) => {
    if (isBinary) frames++;
  });
  const stalled: WebSocket[] = [];
  const sizes: number[] = [];
  let mostBacklog = 0;
  for (let second = 0; second < seconds; second++) {
    if (second % ARRIVAL === 0) {
      const page = connect();
      page.once('message', () => page.pause());
      stalled.push(page);
      if (stalled.length > STALLED) stalled.shift()!.terminate();
    }
    await passed(1_000);
    mostBacklog = Math.max(mostBacklog, ...connections.map(({ bufferedAmount }) => bufferedAmount));
    sizes.push(process.memoryUsage().rss / MIB);
    if (second % 10 === 9) {
      tell(
        `${second + 1} s  ${frames} frames read, ${(mostBacklog / 1024).toFixed(0)} KiB waiting at most, ${closed()} pages closed, ${sizes.at(-1)!.toFixed(0)} MiB resident`,
      );
    }
  }
  for (const page of [reading, ...stalled]) page.terminate();
  stop.abort();
  await ended;
  await server.close('The soak has ended.');
  env.close();
  rmSync(folder, { recursive: true, force: true });
  const quarter = Math.floor(sizes.length / 4);
  const most = (from: number, to: number): number => Math.max(...sizes.slice(from, to));
  return {
    mostBacklog,
    closed: closed(),
    framesPerSecond: frames / seconds,
    growth: most(3 * quarter, sizes.length) - most(quarter, 2 * quarter),
  };
}

/** The hub, its connections, and how many of them it has closed as stuck. */
function observed(hub: Hub): { hub: Hub; connections: Connection[]; closed: () => number } {
  const connections: Connection[] = [];
  let closed = 0;
  const connect: Hub['connect'] = (connection) => {
    connections.push(connection);
    const close: Connection['close'] = (code, reason) => {
      if (code === closeCode.stuck) closed++;
      connection.close(code, reason);
    };
    return hub.connect({
      send: (message) => connection.send(message),
      get bufferedAmount() {
        return connection.bufferedAmount;
      },
      close,
    });
  };
  return { hub: { ...hub, connect }, connections, closed: () => closed };
}

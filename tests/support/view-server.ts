/** A server with a simulation of the toy behind it, ten times as fast as real time. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createHub, type Hub } from '../../src/viewer/hub.ts';
import { openViewServer, type ViewServer, type ViewServerOptions } from '../../src/viewer/server.ts';
import { createSimulation, type Simulation } from '../../src/viewer/simulation.ts';
import { drawingPolicy } from './rollouts.ts';
import { temporaryFolder } from './temporary.ts';
import { type ToyView, toyTeleoperation, toyView } from './toy-view.ts';

/** A page of two files. */
export function pageFolder(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'export {};');
  return folder;
}

export interface ToyServer extends ToyView {
  readonly server: ViewServer;
  readonly simulation: Simulation;
  readonly hub: Hub;
  close(): Promise<void>;
}

const opened: ToyServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

export interface ToyServerOptions extends Partial<ViewServerOptions> {
  readonly toy?: ToyView;
}

export async function serveToy({ toy = toyView(2), ...options }: ToyServerOptions = {}): Promise<ToyServer> {
  const server = await openViewServer({ folder: pageFolder(), port: 0, host: '127.0.0.1', ...options });
  const simulation = createSimulation({
    env: toy.env,
    policy: drawingPolicy,
    policyName: 'random',
    teleoperation: toyTeleoperation,
    seed: 3,
  });
  simulation.handle({ type: 'speed', factor: 10 });
  const hub = createHub(simulation);
  server.show(hub);
  const stop = new AbortController();
  const ended = simulation.run(stop.signal);
  const served: ToyServer = {
    ...toy,
    server,
    simulation,
    hub,
    async close() {
      stop.abort();
      await ended;
      await server.close('The test has ended.');
    },
  };
  opened.push(served);
  return served;
}

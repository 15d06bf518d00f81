/** `bench view`: control steps per second of a training run while a page watches it, and while none does. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, share } from 'rxjs';
import { agents } from '../../agents/index.ts';
import { tunedDefaults } from '../../envs/defaults.ts';
import { envs } from '../../envs/index.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { resolveSettings, schemasFor, trainingSettings } from '../../src/run/config.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { train } from '../../src/run/training.ts';
import { openViewServer } from '../../src/viewer/server.ts';
import { watchTraining } from '../view/watch-training.ts';
import { machine, median } from './machine.ts';
import type { ClientOrder } from './view/client.ts';

const [ENV, AGENT] = ['drone-hover', 'sac'] as const;
/** Part of the speed that a watched run has to keep. */
const TARGET = 0.95;
/** Time after a page has come or gone before it is measured, ms. */
const SETTLING = 1_000;
const NEVER = 1e9;

export interface ViewBenchOptions {
  /** Pairs of windows, one with a page and one without, which of them first in turn. */
  readonly rounds: number;
  /** Length of a window, s. */
  readonly seconds: number;
}

export interface ViewBenchResult {
  /** Control steps per second, medians over the rounds. */
  readonly alone: number;
  readonly watched: number;
  /** Median over the rounds of watched to alone. */
  readonly ratio: number;
  readonly framesPerSecond: number;
}

export async function benchView({ rounds, seconds }: ViewBenchOptions): Promise<ViewBenchResult> {
  const path = mkdtempSync(join(tmpdir(), 'proprio-bench-'));
  const client = startClient();
  const server = await openViewServer({ folder: path, port: 0, host: '127.0.0.1' });
  const stop = new AbortController();
  try {
    const { config, events$ } = training(path, server, stop.signal);
    console.log(
      `${AGENT} on ${ENV}, ${config.numEnvs} scenes, ${rounds} rounds of ${seconds} s each; ${machine()}`,
    );
    let step = 0;
    const ended = lastValueFrom(events$, { defaultValue: undefined });
    const learning = new Promise<void>((resolve, reject) => {
      events$.subscribe({
        error: reject,
        next: (event) => {
          step = event.step;
          if (step >= 2 * Number(config.training.learningStarts)) resolve();
        },
      });
    });
    await learning;
    const speed = async (): Promise<number> => {
      await passed(SETTLING);
      await client.frames();
      const [from, started] = [step, performance.now()];
      await passed(1e3 * seconds);
      return ((step - from) / (performance.now() - started)) * 1e3;
    };
    const watched = async (): Promise<{ speed: number; frames: number }> => {
      client.order({ connect: new URL('stream', server.url.replace('http', 'ws')).href });
      const result = { speed: await speed(), frames: (await client.frames()) / seconds };
      client.order('leave');
      return result;
    };
    const pairs: { alone: number; watched: number; frames: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = round % 2 === 0 ? await speed() : undefined;
      const { speed: seen, frames } = await watched();
      const pair = { alone: before ?? (await speed()), watched: seen, frames };
      pairs.push(pair);
      console.log(
        `round ${round + 1}  ${pair.alone.toFixed(0)} steps/s alone, ${seen.toFixed(0)} watched at ${frames.toFixed(1)} frames/s`,
      );
    }
    stop.abort();
    await ended;
    return report(pairs);
  } finally {
    stop.abort();
    client.process.kill();
    await server.close('The benchmark has ended.');
    rmSync(path, { recursive: true, force: true });
  }
}

function report(pairs: readonly { alone: number; watched: number; frames: number }[]): ViewBenchResult {
  const result = {
    alone: median(pairs.map(({ alone }) => alone)),
    watched: median(pairs.map(({ watched }) => watched)),
    ratio: median(pairs.map(({ alone, watched }) => watched / alone)),
    framesPerSecond: median(pairs.map(({ frames }) => frames)),
  };
  console.log(
    `median ${result.alone.toFixed(0)} steps/s alone, ${result.watched.toFixed(0)} watched: ${result.ratio.toFixed(3)} of it (to reach: ${TARGET})`,
  );
  return result;
}

/** A run of the defaults without evaluations and checkpoints, which goes on until it is stopped. */
function training(path: string, server: Parameters<typeof watchTraining>[0], stop: AbortSignal) {
  const [definition, agent] = [envs[ENV]!, agents[AGENT]!];
  const tuned = tunedDefaults[ENV]![AGENT]!;
  const endless = {
    training: {
      ...{ randomSteps: 1_000, learningStarts: 1_000, replayCapacity: 100_000 },
      ...{ evaluationInterval: NEVER, evaluationEpisodes: 1, checkpointInterval: NEVER },
    },
  };
  const resolved = resolveSettings(schemasFor(definition, agent), tuned as object, endless);
  const folder = RunFolder.create(join(path, 'run'), {
    format: 1,
    env: { id: ENV, settings: resolved.env },
    agent: { name: AGENT, settings: resolved.agent },
    training: resolved.training,
    numEnvs: tuned.numEnvs!,
    steps: NEVER,
    seed: 0,
    device: 'cpu',
    versions: {},
  });
  const events$ = train({
    folder,
    env: definition,
    agent,
    training: parseSettings('training', trainingSettings['off-policy'], folder.config.training),
    device: 'cpu',
    resume: false,
    stop,
    ...{ attendant: watchTraining(server, definition, folder.config) },
  }).pipe(share());
  return { config: folder.config, events$ };
}

function startClient() {
  const file = import.meta.url.endsWith('.ts') ? './view/client.ts' : './view/client.js';
  const process: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)));
  const order = (told: ClientOrder): void => void process.send(told);
  return {
    process,
    order,
    /** Since this was asked last. */
    async frames(): Promise<number> {
      const answered = once(process, 'message');
      order('frames');
      return (await answered)[0];
    },
  };
}

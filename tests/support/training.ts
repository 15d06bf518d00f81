/** Small training runs within the test's own process. */
import { lastValueFrom, tap, toArray } from 'rxjs';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { type RunConfig, resolveSettings, schemasFor, type TrainingSettings } from '../../src/run/config.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { type RunEvent, train } from '../../src/run/training.ts';
import { small } from './agents.ts';
import { mortal } from './mortal-env.ts';

/** Where the threads of these runs begin. */
const threads = new URL(process.env.RUN_THREAD ?? './run-thread.ts', import.meta.url);
/** Environments of runs in tests. */
const known: Readonly<Record<string, EnvDefinition>> = { ...envs, mortal: mortal as EnvDefinition };

export interface SmallRun {
  readonly env?: string;
  readonly envSettings?: Readonly<Record<string, unknown>>;
  readonly actors?: number;
  readonly offline?: boolean;
  readonly base?: RunConfig['base'];
  readonly expert?: RunConfig['expert'];
  readonly reference?: string;
  readonly numEnvs?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly agentName?: string;
  readonly agent?: Readonly<Record<string, unknown>>;
  readonly training?: Readonly<Record<string, unknown>>;
}

const NEVER = 1e9;
const common = {
  logInterval: 100,
  evaluationInterval: NEVER,
  evaluationEpisodes: 2,
  checkpointInterval: NEVER,
  threads: 1,
};
const schedules = {
  'off-policy': {
    batchSize: 32,
    replayCapacity: 450,
    randomSteps: 100,
    learningStarts: 60,
    updatesPerStep: 0.5,
  },
  'on-policy': { rolloutSteps: 32 },
} as const;

/** Networks, batches and intervals are small; the replay buffer is, too, so that it wraps around. */
export function createRun(path: string, run: SmallRun = {}): RunFolder {
  const { env = 'pendulum', agentName = 'sac', numEnvs = 4, steps = 600, seed = 3 } = run;
  const agent = agents[agentName]!;
  const resolved = resolveSettings(schemasFor(known[env]!, agent), {
    env: { ...run.envSettings },
    agent: { ...small(agent, [16, 16]), ...run.agent },
    training: { ...common, ...schedules[agent.kind], ...run.training },
  });
  const config: RunConfig = {
    format: 1,
    env: { id: env, settings: resolved.env },
    agent: { name: agentName, settings: resolved.agent },
    training: resolved.training,
    numEnvs,
    ...(run.actors ? { actors: run.actors } : {}),
    ...(run.offline ? { offline: true as const } : {}),
    ...(run.base ? { base: run.base } : {}),
    ...(run.expert ? { expert: run.expert } : {}),
    ...(run.reference ? { reference: run.reference } : {}),
    steps,
    seed,
    device: 'cpu',
    versions: {},
  };
  return RunFolder.create(path, config);
}

export interface TrainingChanges {
  readonly resume?: boolean;
  /** Instead of the listed environment. */
  readonly env?: EnvDefinition;
  /** Called with every event and what stops the run. */
  readonly onEvent?: (event: RunEvent, stop: AbortController) => void;
}

/** Trains to the end. @returns all events */
export function trainRun(folder: RunFolder, { resume = false, env, onEvent }: TrainingChanges = {}) {
  const stop = new AbortController();
  const { config } = folder;
  const events$ = train({
    folder,
    env: env ?? known[config.env.id]!,
    agent: agents[config.agent.name]!,
    training: config.training as TrainingSettings,
    device: 'cpu',
    resume,
    stop: stop.signal,
    agents,
    threads,
  });
  return lastValueFrom(
    events$.pipe(
      tap((event) => onEvent?.(event, stop)),
      toArray(),
    ),
  );
}

/** Stops a run after the step that reaches `step`. */
export const stopAt =
  (step: number) =>
  (event: RunEvent, stop: AbortController): void => {
    if (event.kind === 'step' && event.step >= step) stop.abort();
  };

/** `bench train`: wall-clock and control steps until `drone-hover` is solved with the defaults, for three seeds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, map } from 'rxjs';
import { agents } from '../../agents/index.ts';
import { tunedDefaults } from '../../envs/defaults.ts';
import { envs } from '../../envs/index.ts';
import {
  type RunConfig,
  resolveSettings,
  type TrainingSettings,
  trainingSettings,
} from '../../src/run/config.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { train } from '../../src/run/training.ts';
import { machine } from './machine.ts';

const ENV = 'drone-hover';
const AGENT = 'sac';
const SEEDS = [0, 1, 2];
/** Solved: this part of 100 evaluation episodes. */
const SOLVED = 0.95;

export async function benchTrain(): Promise<Record<string, { seconds: number; steps: number } | null>> {
  console.log(`${ENV} with ${AGENT} until ${100 * SOLVED} of 100 evaluation episodes succeed; ${machine()}`);
  const results: Record<string, { seconds: number; steps: number } | null> = {};
  for (const seed of SEEDS) {
    const result = await timeToSolve(seed);
    results[seed] = result;
    const text = result ? `${result.seconds.toFixed(0)} s, ${result.steps} control steps` : 'not solved';
    console.log(`seed ${seed}: ${text} (to reach: 300 s, 300000 control steps)`);
  }
  return results;
}

async function timeToSolve(seed: number): Promise<{ seconds: number; steps: number } | null> {
  const path = mkdtempSync(join(tmpdir(), 'proprio-bench-'));
  const stop = new AbortController();
  try {
    const folder = RunFolder.create(path, configOf(seed));
    const started = performance.now();
    const events$ = train({
      folder,
      env: envs[ENV]!,
      agent: agents[AGENT]!,
      training: folder.config.training as TrainingSettings,
      device: 'cpu',
      resume: false,
      stop: stop.signal,
    });
    const solved$ = events$.pipe(
      filter((event) => event.kind === 'evaluation' && (event.evaluation.successRate ?? 0) >= SOLVED),
      map(({ step }) => ({ seconds: (performance.now() - started) / 1e3, steps: step })),
    );
    return await firstValueFrom(solved$, { defaultValue: null });
  } finally {
    stop.abort();
    rmSync(path, { recursive: true, force: true });
  }
}

function configOf(seed: number): RunConfig {
  const tuned = tunedDefaults[ENV]![AGENT]!;
  const schemas = { agent: agents[AGENT]!.settings, env: envs[ENV]!.settings, training: trainingSettings };
  const { agent, env, training } = resolveSettings(schemas, tuned as object);
  return {
    format: 1,
    env: { id: ENV, settings: env },
    agent: { name: AGENT, settings: agent },
    training: { ...training, evaluationInterval: 10_000 },
    numEnvs: tuned.numEnvs!,
    steps: tuned.steps!,
    seed,
    device: 'cpu',
    versions: {},
  };
}

/**
 * `bench train`: wall-clock and control steps until the drone tasks are solved with the defaults, and the return that
 * `pendulum` ends with; three seeds each.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { agents } from '../../agents/index.ts';
import { tunedDefaults } from '../../envs/defaults.ts';
import { envs } from '../../envs/index.ts';
import { parseSettings } from '../../src/core/settings.ts';
import type { Evaluation } from '../../src/rollout/evaluate.ts';
import { type RunConfig, resolveSettings, schemasFor, trainingSettings } from '../../src/run/config.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { train } from '../../src/run/training.ts';
import { machine } from './machine.ts';

const AGENT = 'sac';
const SEEDS = [0, 1, 2];
/** Solved: this part of 100 evaluation episodes. */
const SOLVED = 0.95;

interface Outcome {
  /** When an evaluation first was solved; null where none was. */
  readonly solved: { readonly seconds: number; readonly step: number } | null;
  readonly last: Evaluation;
}

export async function benchTrain(): Promise<Record<string, Outcome[]>> {
  console.log(
    `${AGENT} with the defaults; solved means ${100 * SOLVED} of 100 evaluation episodes; ${machine()}`,
  );
  const results: Record<string, Outcome[]> = {};
  for (const [env, target] of Object.entries(targets)) {
    results[env] = [];
    for (const seed of SEEDS) {
      const outcome = await learn(env, seed);
      results[env].push(outcome);
      console.log(`${env} seed ${seed}: ${describe(outcome)} (to reach: ${target})`);
    }
  }
  return results;
}

const targets: Readonly<Record<string, string>> = {
  'drone-hover': 'solved within 300 s and 300000 steps',
  'drone-track': 'solved',
  pendulum: 'return of at least -160 after 20000 steps',
};

function describe({ solved, last }: Outcome): string {
  const end = `at the end return ${last.returnMean.toFixed(1)} ± ${last.returnStd.toFixed(1)}`;
  if (last.successRate === null) return end;
  const when = solved ? `solved after ${solved.seconds.toFixed(0)} s and ${solved.step} steps` : 'not solved';
  return `${when}; ${end}, success ${(100 * last.successRate).toFixed(0)} %`;
}

/** Trains to the end of the default steps. Seconds count training alone, without the evaluations. */
async function learn(env: string, seed: number): Promise<Outcome> {
  const path = mkdtempSync(join(tmpdir(), 'proprio-bench-'));
  try {
    const folder = RunFolder.create(path, configOf(env, seed));
    let solved: Outcome['solved'] = null;
    let last: Evaluation | undefined;
    const events$ = train({
      folder,
      env: envs[env]!,
      agent: agents[AGENT]!,
      training: parseSettings('training', trainingSettings['off-policy'], folder.config.training),
      device: 'cpu',
      resume: false,
      stop: new AbortController().signal,
    }).pipe(
      tap((event) => {
        if (event.kind !== 'evaluation') return;
        last = event.evaluation;
        if ((last.successRate ?? 0) >= SOLVED) solved ??= { seconds: event.time, step: event.step };
      }),
    );
    await lastValueFrom(events$);
    return { solved, last: last! };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function configOf(env: string, seed: number): RunConfig {
  const tuned = tunedDefaults[env]![AGENT]!;
  const schemas = schemasFor(envs[env]!, agents[AGENT]!);
  const resolved = resolveSettings(schemas, tuned as object);
  // Evaluating more often than the defaults do changes nothing of what is learnt: it has seeds of its own.
  const often = { evaluationInterval: Math.min(10_000, tuned.steps! / 4), evaluationEpisodes: 100 };
  return {
    format: 1,
    env: { id: env, settings: resolved.env },
    agent: { name: AGENT, settings: resolved.agent },
    training: { ...resolved.training, ...often },
    numEnvs: tuned.numEnvs!,
    steps: tuned.steps!,
    seed,
    device: 'cpu',
    versions: {},
  };
}

/**
 * `bench actors`: what asynchronous actors gain where a step of the environment is costly. The same training of `ks`, each
 * step held up for some milliseconds, with one thread for everything, with actors in lockstep, and with actors that never wait.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { agents } from '../../agents/index.ts';
import { tunedDefaults } from '../../envs/defaults.ts';
import { envs } from '../../envs/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { loadPolicy } from '../../src/learner/index.ts';
import { evaluate } from '../../src/rollout/evaluate.ts';
import { type RunConfig, resolveSettings, schemasFor, trainingSettings } from '../../src/run/config.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { train } from '../../src/run/training.ts';
import { threadEntry } from '../thread-entry.ts';
import { machine } from './machine.ts';
import { mean, median } from './statistics.ts';

const ENV = 'ks';
const AGENT = 'sac';
/** Episodes that the last return is the mean of. */
const EPISODES = 32;
/** Control steps of the training whose episodes have to reach the target in the mean: one episode each of eight actors. */
const WINDOW = 3_200;

export interface ActorsOptions {
  /** Numbers of actors. */
  readonly actors: readonly number[];
  /** Control steps of each run. */
  readonly steps: number;
  /** By which a control step is held up, s. */
  readonly delay: number;
  readonly seeds: number;
  /** Return of training episodes that counts as learnt. */
  readonly target: number;
  readonly out: string;
}

/** How actors and learner go on. */
type Mode = 'serial' | 'lockstep' | 'asynchronous';

export interface ActorsResult {
  readonly mode: Mode;
  readonly actors: number;
  readonly seed: number;
  readonly steps: number;
  readonly delay: number;
  /** Of the whole training but the start of its threads and its evaluation. */
  readonly seconds: number;
  /** Until the target was reached; null where it was not. */
  readonly secondsToTarget: number | null;
  readonly updates: number;
  readonly lagMean: number;
  readonly lagMax: number;
  /** Of the last policy, without the delay, on episodes that training did not see. */
  readonly returnMean: number;
}

/** Runs what has no line in the results yet. */
export async function benchActors(options: ActorsOptions): Promise<ActorsResult[]> {
  const { seeds, out } = options;
  mkdirSync(out, { recursive: true });
  const file = join(out, 'results.jsonl');
  const known: ActorsResult[] = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const results = known.filter(({ steps, delay }) => steps === options.steps && delay === options.delay);
  const variants: [Mode, number][] = [
    ['serial', 1],
    ...options.actors.filter((count) => count > 1).map((count): [Mode, number] => ['lockstep', count]),
    ...options.actors.map((count): [Mode, number] => ['asynchronous', count]),
  ];
  console.log(
    `${AGENT} on ${ENV}, ${options.steps} steps held up by ${1e3 * options.delay} ms each; ${machine()}`,
  );
  for (let seed = 0; seed < seeds; seed++) {
    for (const [mode, actors] of variants) {
      const done = results.some(
        (result) => result.mode === mode && result.actors === actors && result.seed === seed,
      );
      if (done) continue;
      const result = await measure(options, mode, actors, seed);
      appendFileSync(file, `${JSON.stringify(result)}\n`);
      results.push(result);
      console.log(describe(result));
    }
  }
  console.log(`\n${table(results, variants)}`);
  return results;
}

const describe = ({ mode, actors, seed, seconds, secondsToTarget, returnMean }: ActorsResult): string =>
  `${mode} ${actors}, seed ${seed}: ${seconds.toFixed(1)} s, to the target ${secondsToTarget?.toFixed(1) ?? '-'} s, return ${returnMean.toFixed(1)}`;

async function measure(
  { steps, delay, target, out }: ActorsOptions,
  mode: Mode,
  actors: number,
  seed: number,
): Promise<ActorsResult> {
  const path = join(out, `${mode}-${actors}-${seed}`);
  rmSync(path, { recursive: true, force: true });
  const folder = RunFolder.create(path, configOf(mode, actors, seed, steps, delay));
  let [first, last, updates, lagMax] = [0, 0, 0, 0];
  let secondsToTarget: number | null = null;
  const lags: number[] = [];
  const returns: { step: number; value: number }[] = [];
  const events$ = train({
    folder,
    env: envs[ENV]!,
    agent: agents[AGENT]!,
    training: parseSettings('training', trainingSettings['off-policy'], folder.config.training),
    device: 'cpu',
    resume: false,
    stop: new AbortController().signal,
    threads: threadEntry,
  }).pipe(
    tap((event) => {
      const now = performance.now() / 1e3;
      // The first step of all ends what threads need to begin.
      if (event.kind === 'step' && event.step > 0) {
        first ||= now;
        last = now;
      }
      if (event.kind !== 'metrics') return;
      const { values } = event;
      updates = values['train/n_updates']!;
      lagMax = Math.max(lagMax, values['actors/lag_max'] ?? 0);
      lags.push(values['actors/lag_mean'] ?? 0);
      const ended = values['rollout/ep_rew_mean'];
      if (ended !== undefined) returns.push({ step: event.step, value: ended });
      const recent = returns.filter(({ step }) => step > event.step - WINDOW).map(({ value }) => value);
      if (event.step > WINDOW && mean(recent) >= target) secondsToTarget ??= now - first;
    }),
  );
  await lastValueFrom(events$);
  return {
    mode,
    actors,
    seed,
    steps,
    delay,
    seconds: last - first,
    secondsToTarget,
    updates,
    lagMean: mean(lags),
    lagMax,
    returnMean: await score(folder),
  };
}

/** Return of the run's policy without the delay. */
async function score(folder: RunFolder): Promise<number> {
  const policy = await loadPolicy(folder.policy);
  const env = envs[ENV]!.create(EPISODES, { stepDelay: 0 });
  const { returnMean } = await evaluate(env, policy, EPISODES, createRng(0).split('bench actors').bits());
  env.close();
  await policy.dispose();
  return returnMean;
}

function configOf(mode: Mode, actors: number, seed: number, steps: number, delay: number): RunConfig {
  const tuned = tunedDefaults[ENV]![AGENT]!;
  const resolved = resolveSettings(schemasFor(envs[ENV]!, agents[AGENT]!), tuned as object, {
    env: { stepDelay: delay },
    training: {
      threads: 1,
      lockstep: mode === 'lockstep',
      logInterval: 400,
      // Once, at the end, and only because a run ends with an evaluation.
      evaluationInterval: 1e9,
      checkpointInterval: 1e9,
      evaluationEpisodes: 1,
    },
  });
  return {
    format: 1,
    env: { id: ENV, settings: resolved.env },
    agent: { name: AGENT, settings: resolved.agent },
    training: resolved.training,
    numEnvs: 1,
    ...(mode === 'serial' ? {} : { actors }),
    steps,
    seed,
    device: 'cpu',
    versions: {},
  };
}

function table(results: readonly ActorsResult[], variants: readonly [Mode, number][]): string {
  const of = (mode: Mode, actors: number): ActorsResult[] =>
    results.filter((result) => result.mode === mode && result.actors === actors);
  const serial = median(of('serial', 1).map(({ seconds }) => seconds));
  const rows = variants.map(([mode, actors]) => {
    const runs = of(mode, actors);
    const seconds = median(runs.map((run) => run.seconds));
    const reached = runs.flatMap(({ secondsToTarget }) =>
      secondsToTarget === null ? [] : [secondsToTarget],
    );
    const returns = runs.map(({ returnMean }) => returnMean);
    return [
      `${mode}${mode === 'serial' ? '' : `, ${actors}`}`,
      seconds.toFixed(1),
      `${(serial / seconds).toFixed(2)}`,
      reached.length > 0 ? `${median(reached).toFixed(1)} (${reached.length} of ${runs.length})` : '-',
      `${median(returns).toFixed(1)} (${Math.min(...returns).toFixed(1)} to ${Math.max(...returns).toFixed(1)})`,
      median(runs.map(({ updates }) => updates)).toFixed(0),
      median(runs.map(({ lagMean }) => lagMean)).toFixed(2),
      String(Math.max(...runs.map(({ lagMax }) => lagMax))),
    ].join(' | ');
  });
  return `| actors | seconds | times faster | seconds to the target | last return | updates | mean lag | largest lag |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}`;
}

/**
 * `bench fin-compare`: policies that runs have kept beside the best sinusoids of their tasks and objectives, on the episodes
 * that "proprio evaluate --episodes 20" plays.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sinusoidPlayer } from '../../../envs/fin-ray/sinusoid-player.ts';
import { finRay } from '../../../robots/fin-ray/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { explaining, writeFileAtomic } from '../../../src/run/files.ts';
import { FRESH_SEED } from '../../commands/evaluate.ts';
import { loadRunPolicy } from '../../view/run-policy.ts';
import { currentCommit } from '../agents/commit.ts';
import { showProgress } from '../sinusoid/progress.ts';
import { traceEpisode } from '../sinusoid/waveform.ts';
import {
  type Comparison,
  compare,
  gainOver,
  type Summary,
  scoringSettings,
  summarize,
} from './comparison.ts';
import { type Entrant, findEntrant, type Stage } from './entrant.ts';
import { measuredFront, thrustAt } from './equal-power.ts';
import { type Played, playEpisodes } from './play.ts';
import { comparisonTable } from './report.ts';
import { drawWaveforms } from './waveforms.ts';

export interface FinCompareOptions {
  /** Run folders. */
  readonly runs: readonly string[];
  readonly stage: Stage;
  /** One in each scene. */
  readonly episodes: number;
  /** Folder with the measurements of "proprio bench sinusoid". */
  readonly sinusoids: string;
  /** File that a line is appended to for each run. */
  readonly out?: string | undefined;
  /** Folder of the pictures. */
  readonly waveforms?: string | undefined;
}

export interface FinCompareReport {
  readonly runs: readonly Comparison[];
  readonly summaries: readonly Summary[];
}

/** A run and what it came to. */
interface Compared {
  readonly entrant: Entrant;
  readonly comparison: Comparison;
}

export async function benchFinCompare(options: FinCompareOptions): Promise<FinCompareReport> {
  const { runs, stage, out, waveforms, sinusoids } = options;
  const entrants = [...new Set(runs)].map((path) => findEntrant(path, stage));
  for (const folder of [waveforms, out === undefined ? undefined : dirname(out)])
    if (folder !== undefined) explaining(folder, () => mkdirSync(folder, { recursive: true }));
  const compared = await compareAll(entrants, options);
  const summaries = groupsBy(compared, variantOf).map((group) => {
    const comparisons = group.map(({ comparison }) => comparison);
    const summary = summarize(comparisons);
    console.log(comparisonTable(comparisons, summary, sinusoids));
    return summary;
  });
  if (waveforms !== undefined)
    for (const group of groupsBy(compared, pictureName)) await draw(group, waveforms);
  return { runs: compared.map(({ comparison }) => comparison), summaries };
}

/** Where a sinusoid has played, and policies play the same episodes. */
interface Arena {
  readonly env: VectorEnv;
  readonly sinusoid: Played;
}

const arenaName = ({ playedIn, settings }: Entrant): string => JSON.stringify([playedIn, settings]);

async function compareAll(
  entrants: readonly Entrant[],
  { episodes, sinusoids, out }: FinCompareOptions,
): Promise<Compared[]> {
  const arenas = new Map<string, Arena>();
  const progress = showProgress('fin-compare');
  const players = entrants.length + new Set(entrants.map(arenaName)).size;
  let done = 0;
  const play = (env: VectorEnv, policy: Policy): Promise<Played> => {
    const total = players * env.spec.maxEpisodeSteps;
    return playEpisodes(env, policy, FRESH_SEED, () =>
      progress.show({ stage: 'control steps', done: ++done, total }),
    );
  };
  const openArena = async ({ definition, settings, wave }: Entrant): Promise<Arena> => {
    const env = definition.create(episodes, settings);
    return { env, sinusoid: await play(env, sinusoidPlayer(env, wave, finRay.limits)) };
  };
  const commit = currentCommit();
  const compared: Compared[] = [];
  try {
    for (const entrant of entrants) {
      const name = arenaName(entrant);
      const { env, sinusoid } = arenas.get(name) ?? (await openArena(entrant));
      arenas.set(name, { env, sinusoid });
      const policy = await loadRunPolicy(entrant.run, env);
      const comparison = comparisonOf(entrant, sinusoid, await play(env, policy), sinusoids, commit);
      await policy.dispose();
      if (out !== undefined) explaining(out, () => appendFileSync(out, `${JSON.stringify(comparison)}\n`));
      compared.push({ entrant, comparison });
    }
    return compared;
  } finally {
    progress.end();
    for (const { env } of arenas.values()) env.close();
  }
}

function comparisonOf(
  { run, task, playedIn, settings, objective, wave, waveOf }: Entrant,
  sinusoid: Played,
  policy: Played,
  sinusoids: string,
  commit: string | null,
): Comparison {
  const result = compare(objective, sinusoid, policy);
  const thrust = thrustAt(measuredFront(sinusoids, playedIn), result.policy.power);
  const { agent, seed, steps } = run.config;
  return {
    ...{ run: nameOf(run.path), task, playedIn, settings, objective, agent: agent.name, seed, steps },
    ...{ episodes: policy.scores.objective!.length, wave, waveOf },
    ...result,
    equalPower: thrust === undefined ? null : { thrust, gain: gainOver(thrust, result.policy.thrust) },
    commit,
  };
}

/** A run of "proprio bench agents" lies in `run` of a folder with its name. */
function nameOf(path: string): string {
  const last = basename(path);
  return last === 'run' ? basename(dirname(path)) : last;
}

/** What runs have in common that differ in their seed only. */
const variantOf = ({ entrant: { run, task, playedIn, settings } }: Compared): string =>
  JSON.stringify([task, playedIn, scoringSettings(settings), run.config.agent, run.config.training]);

const pictureName = ({ entrant: { task, playedIn, objective } }: Compared): string =>
  `${task}${playedIn === task ? '' : `-in-${playedIn}`}-${objective}-waveforms.svg`;

function groupsBy(all: readonly Compared[], nameOf: (one: Compared) => string): Compared[][] {
  const groups = new Map<string, Compared[]>();
  for (const one of all) groups.set(nameOf(one), [...(groups.get(nameOf(one)) ?? []), one]);
  return [...groups.values()];
}

/** The best of the runs beside the sinusoid, in one episode that begins alike for both. */
async function draw(group: readonly Compared[], folder: string): Promise<void> {
  const best = group.reduce((a, b) => (b.comparison.gain > a.comparison.gain ? b : a));
  const { entrant, comparison } = best;
  const { definition, settings, wave, run, task, playedIn, objective } = entrant;
  const env = definition.create(1, settings);
  try {
    const policy = await loadRunPolicy(run, env);
    const learned = await traceEpisode(env, policy, FRESH_SEED);
    await policy.dispose();
    const sine = await traceEpisode(env, sinusoidPlayer(env, wave, finRay.limits), FRESH_SEED);
    const file = join(folder, pictureName(best));
    const title = `${playedIn}, ${objective}: the best sinusoid and a learned policy`;
    const trainedIn = task === playedIn ? '' : ` trained in ${task}`;
    const name = `${comparison.agent}${trainedIn}, seed ${comparison.seed}`;
    const drawing = drawWaveforms(title, [
      { name: 'sinusoid', figures: comparison.sinusoid, waveform: sine },
      { name, figures: comparison.policy, waveform: learned },
    ]);
    writeFileAtomic(file, drawing);
    console.log(`Wrote ${file}`);
  } finally {
    env.close();
  }
}

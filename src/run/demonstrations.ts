/** Transitions that a run learns from beside its own: of the scripted controller, or of a data set. */
import type { VectorEnv } from '../core/env.ts';
import { ConfigurationError } from '../core/errors.ts';
import { spacesOfEnv } from '../core/policy.ts';
import type { Rng } from '../core/rng.ts';
import { parseSettings } from '../core/settings.ts';
import { agentsOf } from '../core/teams.ts';
import { assertFits } from '../datasets/fit.ts';
import { readDataSet } from '../datasets/read.ts';
import type { RecordedEpisode } from '../replay/recorded-episode.ts';
import type { ReplayBuffer } from '../replay/replay-buffer.ts';
import {
  collectEpisodes,
  type DemonstrationReplay,
  episodesWithBase,
  replayOf,
} from '../rollout/demonstrations.ts';
import type { AssembleOptions } from './assembled-run.ts';
import { openBase } from './base.ts';
import type { OffPolicyTraining } from './config.ts';

/** Made or read anew at each start of a run, always the same ones, so a checkpoint need not hold them. */
export async function demonstrate(
  options: AssembleOptions,
  schedule: OffPolicyTraining,
  replay: DemonstrationReplay,
  rng: Rng,
): Promise<ReplayBuffer | undefined> {
  const { config, definition, env } = options;
  const settings = parseSettings('env', definition.settings, config.env.settings);
  const alone = definition.create(agentsOf(definition, settings), settings);
  try {
    const shown = await showEpisodes(options, schedule, { settings, env: alone, rng });
    if (!shown) return undefined;
    const base = await openBase(options, definition, settings, alone);
    const episodes = base ? await episodesWithBase(shown, base, spacesOfEnv(alone)) : shown;
    await base?.dispose?.();
    return replayOf(episodes, spacesOfEnv(env), replay);
  } finally {
    alone.close();
  }
}

/** @returns undefined where nobody shows anything */
async function showEpisodes(
  { definition }: AssembleOptions,
  { demonstrationData, demonstrationEpisodes, demonstrationNoise, demonstrationsKept }: OffPolicyTraining,
  { settings, env, rng }: { settings: Record<string, unknown>; env: VectorEnv; rng: Rng },
): Promise<readonly RecordedEpisode[] | undefined> {
  if (demonstrationData !== '') {
    const dataSet = await readDataSet(demonstrationData);
    assertFits(dataSet, { env, settings }, demonstrationData);
    return demonstrationsKept === 'all'
      ? dataSet.episodes
      : successesOf(dataSet.episodes, env.spec.agents, demonstrationData);
  }
  if (demonstrationEpisodes === 0) return undefined;
  const { episodes } = await collectEpisodes({
    definition,
    settings,
    episodes: demonstrationEpisodes,
    noise: demonstrationNoise,
    seed: rng.split('demonstrations').bits(),
  });
  return episodes;
}

/** @throws ConfigurationError where there are none */
function successesOf(
  episodes: readonly RecordedEpisode[],
  agents: number,
  path: string,
): readonly RecordedEpisode[] {
  // A team stays together.
  const hasSucceeded = (i: number): boolean => {
    const first = i - (i % agents);
    return episodes.slice(first, first + agents).some(({ success }) => success);
  };
  const kept = episodes.filter((_, i) => hasSucceeded(i));
  if (kept.length > 0) return kept;
  const labelled = episodes.some(({ success }) => success !== undefined);
  throw new ConfigurationError(
    `Setting training.demonstrationsKept=successes: of the ${episodes.length} episodes of ${path} ${labelled ? 'none succeeded' : 'nobody has said which succeeded'}; use demonstrationsKept=all.`,
  );
}

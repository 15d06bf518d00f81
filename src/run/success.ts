/** The classifier that a run takes its rewards from, fitted to recorded episodes before the run begins, the same one each time. */
import { createBatch } from '../core/batch.ts';
import type { EnvDefinition } from '../core/env.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { Rng } from '../core/rng.ts';
import type { Space } from '../core/space.ts';
import { agentsOf } from '../core/teams.ts';
import { assertFits } from '../datasets/fit.ts';
import { readDataSet } from '../datasets/read.ts';
import { classifierSettings, createClassifier, viceSettings } from '../learner/index.ts';
import type { RecordedEpisode } from '../replay/recorded-episode.ts';
import {
  drawBalanced,
  type SuccessExamples,
  type SuccessReward,
  successReward,
} from '../rollout/success-reward.ts';
import type { OffPolicyTraining } from './config.ts';

const BATCH = 256;

interface Task {
  readonly definition: EnvDefinition;
  /** Of the environment, already parsed. */
  readonly settings: Record<string, unknown>;
  /** Whether a base's action is observed, too, which is no part of what is judged. */
  readonly hasBase: boolean;
  readonly rng: Rng;
}

export interface OpenedSuccess extends SuccessReward {
  dispose(): Promise<void>;
}

/** @throws ConfigurationError for a data set that does not fit the environment, or in which all or none is success */
export async function openSuccess(
  { rewards, successData, classifierUpdates, rewardScale }: OffPolicyTraining,
  { definition, settings, hasBase, rng }: Task,
): Promise<OpenedSuccess | undefined> {
  if (rewards !== 'classifier' && rewards !== 'vice') return undefined;
  const dataSet = await readDataSet(successData);
  const env = definition.create(agentsOf(definition, settings), settings);
  const { observationSpace: observation, actionSpace } = env;
  try {
    assertFits(dataSet, { env, settings }, successData);
  } finally {
    env.close();
  }
  const examples = examplesOf(dataSet.episodes, observation, successData);
  const isLearning = rewards === 'vice';
  const classifier = await createClassifier({
    observation,
    settings: classifierSettings.parse(isLearning ? viceSettings : {}),
    batchSize: BATCH,
    rng: rng.split('classifier'),
  });
  const drawing = rng.split('examples');
  for (let i = 0; i < classifierUpdates; i++) {
    drawBalanced(classifier, examples, drawing);
    await classifier.update();
  }
  const reward = successReward({
    classifier,
    ...(isLearning ? { successes: examples.successes } : {}),
    reward: rewardScale,
    recent: createBatch(
      BATCH / 2,
      hasBase ? observation.size + actionSpace.size : observation.size,
      actionSpace.size,
    ),
    rng: drawing,
  });
  return { ...reward, dispose: classifier.dispose };
}

/** Where each success ended the task was done, and it was not in whatever else was seen. */
export function examplesOf(
  episodes: readonly RecordedEpisode[],
  { size }: Space,
  path: string,
): SuccessExamples {
  const [successes, others]: [Float32Array[], Float32Array[]] = [[], []];
  for (const { length, observations, success } of episodes)
    for (let t = 0; t <= length; t++)
      (t === length && success ? successes : others).push(observations.subarray(t * size, (t + 1) * size));
  if (successes.length === 0)
    throw new ConfigurationError(
      `${path}: none of its ${episodes.length} episodes is labelled as a success, so there is nothing to tell apart: record some with "proprio demos".`,
    );
  if (successes.length === episodes.length && others.length === 0)
    throw new ConfigurationError(`${path}: it holds successes alone, so there is nothing to tell them from.`);
  const joined = (rows: readonly Float32Array[]): Float32Array => {
    const all = new Float32Array(rows.length * size);
    rows.forEach((row, i) => {
      all.set(row, i * size);
    });
    return all;
  };
  return { successes: joined(successes), others: joined(others) };
}

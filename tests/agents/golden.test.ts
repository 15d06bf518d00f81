/** Whole updates of every agent against independent implementations in PyTorch with float64. */
import { describe, expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import { estimateAdvantages } from '../../src/learner/index.ts';
import {
  type Errors,
  type GoldenRollout,
  goldenCases,
  offPolicyErrors,
  onPolicyErrors,
  trajectoriesOf,
} from '../support/golden.ts';
import { relativeError } from '../support/tensors.ts';

/**
 * Of a vector's greatest magnitude. float32 rounds at 6e-8, so this leaves room for some hundred and fifty roundings.
 */
const TOLERANCE = 1e-5;

const replayed = [
  'sac',
  'sac-variants',
  'dsac-t',
  'dsac-t-ablations',
  'td3',
  'crossq',
  'tqc',
  'mdpo',
  'maddpg',
  'bc',
  'iql',
  'cal-ql',
  'expo',
  'residual',
];
const offPolicy = replayed.flatMap((file) => goldenCases(file));
const onPolicy = ['ppo', 'mdpo-on-policy', 'mappo'].flatMap((file) => goldenCases<GoldenRollout>(file));

const beyond = (errors: Errors): [string, number][] =>
  Object.entries(errors).filter(([, error]) => !(error <= TOLERANCE));

describe.each(['reference', 'cpu'] as const)('on %s', (device) => {
  test.each(offPolicy)('%s', async (_, golden) => {
    const errors = await offPolicyErrors(golden, device);
    expect(beyond(errors)).toEqual([]);
  });

  test.each(onPolicy)('%s', async (_, golden) => {
    const errors = await onPolicyErrors(golden, device);
    expect(beyond(errors)).toEqual([]);
  });
});

test('every listed agent has golden numbers', () => {
  const covered = [...offPolicy, ...onPolicy].map(([, { agent }]) => agent);
  expect(new Set(covered)).toEqual(new Set(Object.keys(agents)));
});

test.each(onPolicy)('advantages and returns of the rollouts of %s', (_, { settings, updates }) => {
  const { discount, traceDecay } = settings as { discount: number; traceDecay: number };
  for (const rollout of updates) {
    const { value, nextValue, ...expected } = rollout.columns;
    const estimates = estimateAdvantages(trajectoriesOf(rollout), value, nextValue, discount, traceDecay);
    expect(relativeError(estimates.advantage, expected.advantage)).toBeLessThan(1e-6);
    expect(relativeError(estimates.return, expected.return)).toBeLessThan(1e-6);
  }
});

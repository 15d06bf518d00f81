/** Settings that contradict each other are refused, saying which, why and what to change. */
import { describe, expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import type { OffPolicyDefinition } from '../../src/learner/index.ts';
import { parseAssignments, type RunConfig, resolveSettings, schemasFor } from '../../src/run/config.ts';
import { assertConsistent } from '../../src/run/consistency.ts';

function check(
  agent: string,
  assignments: readonly string[],
  env = 'pendulum',
  numEnvs = 4,
  run: Partial<RunConfig> = {},
): void {
  const [definition, algorithm] = [envs[env]!, agents[agent]!];
  const schemas = schemasFor(definition, algorithm);
  const resolved = resolveSettings(
    schemas,
    { training: algorithm.training ?? {} },
    parseAssignments(assignments, schemas),
  );
  const config: RunConfig = {
    format: 1,
    env: { id: env, settings: resolved.env },
    agent: { name: agent, settings: resolved.agent },
    training: resolved.training,
    numEnvs,
    steps: 1_000,
    seed: 0,
    device: 'cpu',
    versions: {},
    ...run,
  };
  assertConsistent(config, definition, algorithm);
}

test.each(Object.keys(agents))('the defaults of %s do not contradict each other', (agent) => {
  const { corrects, offline, guided } = agents[agent] as OffPolicyDefinition;
  const shown = offline ? ['demonstrationEpisodes=2'] : [];
  const run = {
    ...(corrects && { base: 'policy' as const }),
    ...(offline && { offline: true as const }),
    ...(guided && { expert: 'policy' as const }),
  };
  expect(() => check(agent, shown, offline ? 'drone-hover' : 'pendulum', 4, run)).not.toThrow();
});

describe('refused', () => {
  test.each([
    ['sac', ['targetSubset=3'], /targetSubset=3 asks for more critics than .*critics=2.*at most 2/],
    ['redq', ['critics=1'], /targetSubset=2 asks for more critics than .*critics=1/],
    ['tqc', ['quantiles=2'], /droppedQuantiles=2 leaves nothing of agent.quantiles=2/],
    ['td3', ['multiStep=3', 'discount=0'], /multiStep=3 .* agent.discount=0 leaves nothing/],
    ['cal-ql', ['discount=1', 'leastReward=-1'], /leastReward=-1 for ever has no sum at agent.discount=1/],
    ['sac', ['multiStep=3', 'replayCapacity=8'], /needs training.replayCapacity of at least 12, not 8/],
    ['ppo', ['minibatches=7'], /8192 transitions, which cannot be shared equally among 7 minibatches/],
    [
      'ppo',
      ['demonstrationEpisodes=20'],
      /demonstrationEpisodes has no meaning for "ppo": on-policy agents learn only from what their present policy has just done/,
    ],
    ['mdpo-on-policy', ['training.batchSize=64'], /training.batchSize has no meaning for "mdpo-on-policy"/],
    [
      'sac',
      ['rolloutSteps=64'],
      /rolloutSteps has no meaning for "sac": off-policy agents learn from replayed/,
    ],
    ['bc', [], /"bc" learns nothing from what it does itself: train it with "proprio train"/],
    ['bc', [], /"bc" learns offline from recorded transitions alone: name a data set/, { offline: true }],
    ['sac', [], /"sac" learns offline .* demonstrationEpisodes/, { offline: true }],
    ['ppo', [], /--offline is for off-policy agents, and "ppo"/, { offline: true }],
    ['dagger', [], /labels=expert: .* there is none: name one with --expert/],
    ['hg-dagger', ['horizon=4'], /horizon=4: .* single steps, and no plans/, { expert: 'policy' }],
    [
      'rlif',
      ['intervention=value'],
      /intervention=value: .* name a trained run with --reference/,
      { expert: 'policy' },
    ],
    ['rlif', [], /--reference tells an expert when .* there is none/, { reference: 'runs/sac' }],
    ['rlif', [], /--actors does not go with --expert/, { expert: 'policy', actors: 2 }],
    ['sac', ['rewards=classifier'], /rewards=classifier: .* name a data set with --set successData/],
    [
      'sac',
      ['rewards=vice', 'successData=data', 'multiStep=3'],
      /rewards=vice: it judges single transitions, and training.multiStep=3 adds up several/,
    ],
    ['cal-ql', ['rewards=interventions'], /returns to go are known of the rewards of the task alone/],
    ['residual', [], /--base does not go with --expert/, { expert: 'policy', base: 'policy' }],
    ['sac', ['residualScale=0.3'], /residualScale=0.3 corrects a base, and there is none/],
    ['residual', [], /"residual" corrects a base and needs one: name it with --base/],
    ['residual', [], /actors do not carry a base with them yet/, { base: 'policy', actors: 2 }],
    ['sac', ['inFrameOf=wrist'], /inFrameOf=wrist: its place and rotation are not observed/],
    ['sac', ['twoAgentsBy=side'], /twoAgentsBy=side: nothing of this name is observed/],
    ['sac', ['twoAgentsBy=sine'], /does not go with --actors 2 yet/, { actors: 2 }],
    ['bc', [], /--actors 2: nobody acts where "bc" learns offline/, { offline: true, actors: 2 }],
    [
      'rlpd',
      ['demonstrationEpisodes=20'],
      /needs a scripted controller, and environment "pendulum" has none/,
    ],
  ] as readonly [string, string[], RegExp, Partial<RunConfig>?][])(
    '%s with %j',
    (agent, assignments, message, run) => {
      expect(() => check(agent, assignments, 'pendulum', 4, run)).toThrow(ConfigurationError);
      expect(() => check(agent, assignments, 'pendulum', 4, run)).toThrow(message);
    },
  );
});

test('demonstrations are fine where there is a scripted controller', () => {
  expect(() => check('rlpd', ['demonstrationEpisodes=20'], 'drone-hover')).not.toThrow();
});

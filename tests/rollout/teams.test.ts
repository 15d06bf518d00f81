/** Teams in demonstrations, in evaluations and in off-policy training. */
import { describe, expect, test } from 'vitest';
import type { EnvDefinition } from '../../src/core/env.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import { collectDemonstrations } from '../../src/rollout/demonstrations.ts';
import { evaluate, evaluationScenes } from '../../src/rollout/evaluate.ts';
import { TOY_OBSERVATION, TOY_STEPS, toyColumn } from '../support/toy-env.ts';
import { toyTeam } from '../support/toy-team.ts';

const definition = toyTeam as EnvDefinition;

describe('demonstrations of a team', () => {
  const collect = (agents: number, teamSize?: number, steps = 1) =>
    collectDemonstrations({
      definition,
      settings: { agents },
      episodes: 4,
      replay: { rewardScale: 1, multiStep: { steps, discount: 0.5 }, teamSize },
      seed: 3,
    });

  test.each([1, 2, 3])(
    'of %i are whole episodes of all agents, in which one of them had success',
    async (agents) => {
      const { columns, rows } = (await collect(agents)).contents();
      const at = (name: keyof typeof toyColumn, row: number): number =>
        columns.obs![row * TOY_OBSERVATION + toyColumn[name]]!;
      const ends = Array.from({ length: rows }, (_, row) => row).filter(
        (row) => columns.terminated![row] === 1,
      );
      expect(ends).toHaveLength(4 * agents);
      let age = 0;
      for (let first = 0; first < rows; first += agents) {
        const team = Array.from({ length: agents }, (_, agent) => first + agent);
        for (const row of team) expect(at('age', row)).toBe(age);
        const [ended, ...others] = team.map((row) => columns.terminated![row]);
        expect(new Set([ended, ...others]).size).toBe(1);
        const reached = team.map((row) => columns.nextObs![row * TOY_OBSERVATION + toyColumn.x]! >= 1);
        expect(reached.includes(true)).toBe(ended === 1);
        age = ended === 1 ? 0 : age + 1;
      }
      expect(age).toBe(0);
    },
  );

  test('are stored to be sampled as the experience is', async () => {
    expect((await collect(2, 2)).teamSize).toBe(2);
    expect((await collect(2)).teamSize).toBe(1);
  });
});

describe('scenes of an evaluation', () => {
  test.each([
    [50, 2, 50],
    [48, 3, 48],
    [256, 2, 128],
    [300, 12, 60],
    [6, 6, 6],
    [262, 2, 2],
  ])('of %i episodes in teams of %i are %i', (episodes, agents, scenes) => {
    expect(evaluationScenes(episodes, agents)).toBe(scenes);
  });

  test.each([
    [50, 3, 51],
    [50, 12, 48],
    [1, 6, 6],
  ])('are refused for %i episodes in teams of %i, naming %i', (episodes, agents, nearest) => {
    expect(() => evaluationScenes(episodes, agents)).toThrow(ConfigurationError);
    expect(() => evaluationScenes(episodes, agents)).toThrow(`multiple of ${agents} is ${nearest}.`);
  });
});

test('an evaluation counts the episodes of every agent, all of a team as long', async () => {
  const settings = { agents: 3 };
  const env = definition.create(evaluationScenes(12, 3), settings);
  const result = await evaluate(env, definition.scripted!(env, settings), 12, 5);
  env.close();
  expect(result.episodes).toBe(12);
  expect(result.episodeLengthMean).toBeLessThanOrEqual(TOY_STEPS);
  // Four teams, of as whole a length each.
  expect((12 * result.episodeLengthMean) % 3).toBe(0);
});

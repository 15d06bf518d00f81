/** Teams, and how `checkEnv` tells what is wrong with one. */
import { expect, test } from 'vitest';
import { checkEnv } from '../../src/core/check-env.ts';
import type { EnvDefinition, VectorEnv } from '../../src/core/env.ts';
import { integer, settings } from '../../src/core/settings.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { broken, expectProblems } from '../support/broken-env.ts';
import { TOY_ACTION, toyTask } from '../support/toy-env.ts';

/** Each agent is pushed by what the one before it burns, within the team; the first one at 1 ends the task for all. */
function team(rows: number, agents: number, neighbour = (row: number) => cyclic(row, agents)): VectorEnv {
  const task = toyTask(rows);
  const arrived = new Uint8Array(rows);
  return createVectorEnv({
    ...task,
    spec: { ...task.spec, agents },
    advance(actions) {
      task.advance(
        actions.map((value, i) =>
          i % TOY_ACTION === 0 ? actions[TOY_ACTION * neighbour(i / TOY_ACTION) + 1]! : value,
        ),
      );
      for (let row = 0; row < rows; row++) arrived[row] = task.succeeded!(row) ? 1 : 0;
    },
    judge(row, terms) {
      task.judge(row, terms);
      const first = row - (row % agents);
      return arrived.subarray(first, first + agents).includes(1);
    },
  });
}

const cyclic = (row: number, agents: number): number => row - (row % agents) + ((row + agents - 1) % agents);

const definition: EnvDefinition<{ agents: number }> = {
  id: 'toy',
  description: 'a point on a line for each agent',
  settings: settings({ agents: integer(2, 1, 9, 'agents of a team') }),
  agents: ({ agents }) => agents,
  create: (numEnvs, { agents }) => team(numEnvs, agents),
};

test.each([1, 2, 3, 5])('of %i may affect each other, and are created whole', (agents) => {
  expect(checkEnv(definition as EnvDefinition, { settings: { agents } })).toEqual([]);
});

test('that affect another team are told', () => {
  expectProblems(
    'scenes-coupled',
    /^Scene 2 went another way when only the actions of scenes 0 to 1, which are a team, were changed/,
    team(6, 2, (row) => (row + 5) % 6),
  );
});

test('that depend on how many teams there are are told', () => {
  const crowded: EnvDefinition<{ agents: number }> = {
    ...definition,
    create: (numEnvs, { agents }) =>
      broken(
        {
          snapshot: undefined as never,
          restore: undefined as never,
          step: (batch) => {
            batch.finalObs[2]! += 0.01 * numEnvs;
            batch.obs.set(batch.finalObs.subarray(0, 4));
          },
        },
        team(numEnvs, agents),
      ),
  };
  const found = checkEnv(crowded as EnvDefinition, { seed: 2 });
  expect(found.map(({ message }) => message).join('\n')).toMatch(
    /Scene 0 went another way with its team alone than beside 2 others/,
  );
});

test('whose rows end apart are told, with the step', () => {
  const apart = broken(
    {
      step(batch) {
        batch.truncated[1] = 0;
      },
    },
    team(4, 2),
  );
  const found = checkEnv(apart).find(({ rule }) => rule === 'team-apart');
  expect(found?.message).toMatch(
    /^Rows 0 and 1 are agents of one episode, and had terminated 0 and truncated 1, terminated 0 and truncated 0 in scene 1 at step \d/,
  );
});

test('that are not whole are told before anything else', () => {
  expectProblems(
    'member',
    /numEnvs is 5, and an episode takes 2 rows, .* a multiple of 2/,
    broken({ spec: { ...team(5, 1).spec, agents: 2 } }, team(5, 1)),
  );
});

test('of another size than the definition says are told', () => {
  const { agents: _, ...silent } = definition;
  expectProblems(
    'spec',
    /spec.agents is 2 and the definition says 1 for these settings/,
    silent as EnvDefinition,
  );
});

/**
 * A team small enough to work out by hand. The points of its agents start at 0 and move by a quarter of each one's push;
 * once one of them is at 1 the episode ends for all, with success of those that are there, and after six steps time is up.
 */
import type { EnvDefinition } from '../../src/core/env.ts';
import { integer, settings } from '../../src/core/settings.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { TOY_ACTION, toyColumn, toyTask } from './toy-env.ts';

const schema = settings({ agents: integer(2, 1, 9, 'agents of a team') });

export const toyTeam: EnvDefinition<ReturnType<typeof schema.parse>> = {
  id: 'toy-team',
  description: 'points on a line, one for each agent',
  settings: schema,
  agents: ({ agents }) => agents,
  create(numEnvs, { agents }) {
    const task = toyTask(numEnvs);
    const arrived = new Uint8Array(numEnvs);
    return createVectorEnv({
      ...task,
      spec: { ...task.spec, id: 'toy-team', agents },
      advance(actions) {
        task.advance(actions);
        for (let row = 0; row < numEnvs; row++) arrived[row] = task.succeeded!(row) ? 1 : 0;
      },
      judge(row, terms) {
        task.judge(row, terms);
        const first = row - (row % agents);
        return arrived.subarray(first, first + agents).includes(1);
      },
    });
  },
  // Each pushes as hard as its random number of the episode says, so that some arrive and some do not.
  scripted: (env) => ({
    async act(obs, actions) {
      const { size } = env.observationSpace;
      for (let row = 0; row < env.numEnvs; row++) {
        actions[TOY_ACTION * row] = 0.5 + 0.5 * obs[size * row + toyColumn.episode]!;
        actions[TOY_ACTION * row + 1] = 0;
      }
    },
  }),
};

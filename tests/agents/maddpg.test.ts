/** Multi-agent DDPG of one agent. */
import { expect, test } from 'vitest';
import { maddpg } from '../../agents/maddpg.ts';
import { td3 } from '../../agents/td3.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import type { AgentDefinition } from '../../src/learner/index.ts';
import { createTrainee } from '../support/trainee.ts';

test('of one agent, with the settings of TD3, is TD3 to the last bit', async () => {
  const spaces = {
    observation: space(vector('position', 'm', 3), symmetric('speed', 'm/s', Number.POSITIVE_INFINITY)),
    action: space(vector('push', '1', 1, ['x', 'y'])),
    agents: 1,
  };
  const settings = td3.settings.parse({ hidden: [16, 16], normalizeObservations: true });
  const run = async (agent: AgentDefinition) => {
    const { learner, learn } = await createTrainee(agent, agent.settings.parse(settings), spaces, 3);
    const metrics = [await learn(), await learn(), await learn()];
    const vectors = structuredClone(learner.vectors());
    await learner.dispose();
    return { metrics, vectors };
  };
  expect(await run(maddpg as never)).toEqual(await run(td3 as never));
});

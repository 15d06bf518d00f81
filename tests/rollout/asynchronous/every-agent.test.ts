/** Whatever the off-policy agent, an actor that has nothing but the mailbox acts as the learner does. */
import { expect, test } from 'vitest';
import { createRng } from '../../../src/core/rng.ts';
import { parseSettings } from '../../../src/core/settings.ts';
import { space, symmetric } from '../../../src/core/space.ts';
import { createActor } from '../../../src/learner/index.ts';
import { layoutSize } from '../../../src/nn/index.ts';
import { createMailboxMemory, Mailbox } from '../../../src/rollout/asynchronous/mailbox.ts';
import { experiencingAgents, settingsOf, small } from '../../support/agents.ts';
import { createTrainee } from '../../support/trainee.ts';

const spaces = {
  observation: space(symmetric('a', '1', 1), symmetric('b', '1', 1)),
  action: space(symmetric('c', '1', 1)),
  agents: 2,
};
const ROWS = 6;

test.each(experiencingAgents.map((agent) => [agent.name, agent] as const))('%s', async (_, agent) => {
  const wanted = { ...small(agent, [8]), ...settingsOf(agent, { normalizeObservations: true }) };
  const settings = parseSettings('agent', agent.settings, wanted);
  const { learner, learn } = await createTrainee(agent, settings as Record<string, unknown>, spaces, 3);
  await learn();
  await learn();

  const maths = agent.build(spaces, settings);
  const vectors = Object.fromEntries(
    maths.policyState.map((name) => [name, new Float32Array(layoutSize(maths.state[name]!))]),
  );
  const size = Object.values(vectors).reduce((sum, { length }) => sum + length, 0);
  const memory = createMailboxMemory(size);
  const present = maths.policyState.map((name) => learner.vectors()[name]!);
  new Mailbox(memory).publish(present, 2);
  new Mailbox(memory).receive(Object.values(vectors));

  const actor = await createActor(maths, spaces, () => vectors, createRng(0));
  const obs = createRng(1).fillNormal(new Float32Array(ROWS * 2));
  const [learned, acted] = [new Float32Array(ROWS), new Float32Array(ROWS)];
  await learner.act(obs, learned, 'exploit');
  await actor.act(obs, acted, 'exploit');
  expect(acted).toEqual(learned);
  expect(new Set(acted).size).toBeGreaterThan(1);
  await actor.dispose();
  await learner.dispose();
});

/**
 * Two agents of one kind as one: the sign of something observed says whose turn it is, and each learns from its own steps
 * alone. One may undo what the other does, so that nobody has to put things back between episodes (forward-backward
 * learning; Eysenbach et al. 2018, arXiv:1711.06782; SERL, arXiv:2401.16013, section IV).
 *
 * Shapes: N rows, B rows of a minibatch, G minibatches of an update of one agent.
 */
import { ConfigurationError } from '../core/errors.ts';
import { type Tensor, tf } from '../tensor/index.ts';
import type {
  BatchTensors,
  OffPolicyDefinition,
  OffPolicyMaths,
  Tensors,
  UpdateResult,
} from './definition.ts';
import { mapValues, prefixed, unprefixed } from './records.ts';

/** Whose turn it is where the component is above 0, and where it is not. */
const AGENTS = ['forward.', 'backward.'] as const;

/** @param component name of what is observed */
export const twoAgents = (agent: OffPolicyDefinition, component: string): OffPolicyDefinition => ({
  ...agent,
  build(spaces, settings) {
    const { components } = spaces.observation;
    const column = components.findIndex(({ name }) => name === component);
    if (column < 0)
      throw new ConfigurationError(
        `Setting training.twoAgentsBy=${component}: nothing of this name is observed; there are ${components.map(({ name }) => name).join(', ')}.`,
      );
    return together(agent.build(spaces, settings), column);
  },
});

/** @param maths of each of them @param column of what is observed */
function together(maths: OffPolicyMaths, column: number): OffPolicyMaths {
  const { minibatches = 1, copies, value, teamSize = 1 } = maths;
  if (teamSize > 1)
    throw new ConfigurationError(
      'Setting training.twoAgentsBy is for agents that act alone, and this one learns in teams: leave it away.',
    );
  const ofEach = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.assign({}, ...AGENTS.map((agent) => prefixed(agent, record)));

  /** @param of what each of them says, `[N, …]` */
  function whoseTurn(obs: Tensor, of: (agent: string) => Tensor): Tensor {
    const [forward, backward] = AGENTS.map(of) as [Tensor, Tensor];
    const turn = tf.greater(tf.slice(obs, [0, column], [-1, 1]), 0);
    return tf.where(forward.rank === 1 ? tf.reshape(turn, [-1]) : turn, forward, backward);
  }

  /** What one of them learns from: every second minibatch. */
  function share(batch: BatchTensors, agent: number): BatchTensors {
    return Object.fromEntries(
      Object.entries(batch).map(([name, tensor]: [string, Tensor]) => {
        const parts = tf.split(tensor, 2 * minibatches).filter((_, part) => part % 2 === agent);
        return [name, parts.length > 1 ? tf.concat(parts) : parts[0]!];
      }),
    ) as unknown as BatchTensors;
  }

  return {
    ...maths,
    state: ofEach(maths.state),
    ...(copies && {
      copies: Object.assign(
        {},
        ...AGENTS.map((agent) =>
          prefixed(
            agent,
            mapValues(copies, (source) => agent + source),
          ),
        ),
      ),
    }),
    policyState: AGENTS.flatMap((agent) => maths.policyState.map((name) => agent + name)),
    minibatches: 2 * minibatches,
    turnColumn: column,
    noise: (batchSize) => ofEach(maths.noise(batchSize)),
    policy: (state, obs, noise) =>
      whoseTurn(obs, (agent) => maths.policy(unprefixed(agent, state), obs, noise)),
    ...(value && {
      value: (state: Tensors, obs: Tensor, action: Tensor) =>
        whoseTurn(obs, (agent) => value(unprefixed(agent, state), obs, action)),
    }),
    update(state, batch, noise, progress) {
      const made = AGENTS.map((agent, i): UpdateResult => {
        const own = unprefixed(agent, noise);
        const { state: changed, metrics } = maths.update(
          unprefixed(agent, state),
          share(batch, i),
          own,
          progress,
        );
        return { state: prefixed(agent, changed), metrics: prefixed(agent.replace('.', '_'), metrics) };
      });
      return {
        state: Object.assign({}, ...made.map(({ state }) => state)),
        metrics: Object.assign({}, ...made.map(({ metrics }) => metrics)),
      };
    },
  };
}

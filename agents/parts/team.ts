/**
 * What an agent of a team sees of the others: their rows beside its own, in cyclic order, so that one network can value
 * every agent's place.
 *
 * Shapes: B rows of a minibatch, whole teams one after another; D agents of a team; F features.
 */
import { type Tensor, tf } from '../../src/tensor/index.ts';

/**
 * Of each row those of its team-mates: agent d's are of agents d + 1, d + 2, … modulo D.
 * @param x `[B, F]`
 * @returns `[B, (D − 1)·F]`; nothing where a team is one agent
 */
export function teammates(x: Tensor, agents: number): Tensor | undefined {
  if (agents === 1) return undefined;
  const [rows, features] = x.shape as [number, number];
  const agent = tf.split(tf.reshape(x, [rows / agents, agents * features]), agents, 1);
  const others = agent.flatMap((_, d) => [...agent.slice(d + 1), ...agent.slice(0, d)]);
  return tf.reshape(tf.concat(others, 1), [rows, (agents - 1) * features]);
}

/** Each row's own features, then its team-mates'. @param x `[B, F]` @returns `[B, D·F]` */
export const teamView = (x: Tensor, agents: number): Tensor => besideTeammates(x, x, agents);

/** Each row of `own` beside its team-mates' rows of `team`, `[B, F]` both. @returns `[B, D·F]` */
export function besideTeammates(own: Tensor, team: Tensor, agents: number): Tensor {
  const others = teammates(team, agents);
  return others ? tf.concat([own, others], 1) : own;
}

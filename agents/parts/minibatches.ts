/**
 * Several critic updates in one compiled call, each on a minibatch and with random numbers of its own, before one update
 * of the actor on the last minibatch: delayed policy updates (TD3), high update-to-data ratios (REDQ, RLPD).
 *
 * Shapes: B rows of a minibatch, G minibatches.
 */
import { type BatchTensors, inParts, type Tensors } from '../../src/learner/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';

export interface CriticStep {
  /** Vectors that changed. */
  readonly state: Tensors;
  readonly metrics: Tensors;
}

/** Names noise after what it is for: `critic.nextAction`. Leading axes of the critics' noise are multiples of G. */
export const noiseFor = <T>(use: string, noise: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(noise).map(([name, value]) => [`${use}.${name}`, value]));

/** What `noiseFor` named. */
export const noiseOf = <T>(noise: Readonly<Record<string, T>>, use: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(noise)
      .filter(([name]) => name.startsWith(`${use}.`))
      .map(([name, value]) => [name.slice(use.length + 1), value]),
  );

/**
 * Makes `step` on each of `count` minibatches in turn, each with the state that the one before left and with its share of
 * the noise for `critic`.
 * @returns the state afterwards, the last minibatch, and the means of the metrics
 */
export function updateInTurn(
  state: Tensors,
  batch: BatchTensors,
  noise: Tensors,
  count: number,
  step: (state: Tensors, batch: BatchTensors, noise: Tensors) => CriticStep,
): CriticStep & { readonly last: BatchTensors } {
  const { obs, action, reward, nextObs, terminated, discount, returnToGo } = batch;
  const columns = { obs, action, reward, nextObs, terminated, discount, ...(returnToGo && { returnToGo }) };
  const batches = inParts(columns, count) as unknown[];
  const noises = inParts(noiseOf(noise, 'critic'), count);
  const metrics: Tensors[] = [];
  let present = state;
  batches.forEach((part, i) => {
    const made = step(present, part as BatchTensors, noises[i]!);
    present = { ...present, ...made.state };
    metrics.push(made.metrics);
  });
  return { state: present, metrics: meansOf(metrics), last: batches.at(-1) as BatchTensors };
}

function meansOf(metrics: readonly Tensors[]): Tensors {
  if (metrics.length === 1) return metrics[0]!;
  const mean = (name: string): Tensor =>
    tf.div(tf.addN(metrics.map((values) => values[name]!)), metrics.length);
  return Object.fromEntries(Object.keys(metrics[0]!).map((name) => [name, mean(name)]));
}

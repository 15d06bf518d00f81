/** What an update computes: spaces, networks, and how much work that is. */
import type { Spaces } from '../../../src/core/policy.ts';
import { space, vector } from '../../../src/core/space.ts';
import type { AgentDefinition } from '../../../src/learner/index.ts';
import type { Layout } from '../../../src/nn/index.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

/** As large as those of a simulated walker: 17 observations, 6 actions. */
export const spaces: Spaces = {
  observation: space(vector('observation', '1', 10, names(17))),
  action: space(vector('action', '1', 1, names(6))),
};

interface TrainedNetwork {
  readonly name: string;
  /** Shapes of its kernels, `[in, out]`, or `[E, in, out]` of an ensemble. */
  readonly kernels: readonly (readonly number[])[];
}

/** The networks that an agent trains under its default settings. */
// biome-ignore lint/suspicious/noExplicitAny: each definition has settings of its own
export function trainedNetworks(agent: AgentDefinition<any>): TrainedNetwork[] {
  const { state } = agent.build(spaces, agent.settings.parse({}));
  return Object.entries(state)
    .filter(([name]) => `${name}.adam.step` in state)
    .map(([name, layout]) => ({ name, kernels: kernelsOf(layout) }))
    .filter(({ kernels }) => kernels.length > 0);
}

const kernelsOf = (layout: Layout): (readonly number[])[] =>
  layout.filter(({ name }) => name.endsWith('kernel')).map(({ shape }) => shape);

/** `actor 17·256·256·12, 2 critics 23·256·256·1` */
export const describeNetworks = (networks: readonly TrainedNetwork[]): string =>
  networks
    .map(({ name, kernels }) => {
      const members = kernels[0]!.length === 3 ? `${kernels[0]![0]} ` : '';
      const widths = [kernels[0]!.at(-2), ...kernels.map((shape) => shape.at(-1))];
      return `${members}${name} ${widths.join('·')}`;
    })
    .join(', ');

/** A round is as much work as this many updates of SAC at a batch of 256, some 200,000 weights. */
const UPDATES_PER_ROUND = 150;
const ROUND_WORK = UPDATES_PER_ROUND * 256 * 200_000;

/** Updates of a round: fewer of large networks and batches, so that no agent takes much longer to measure than another. */
export function updatesPerRound(networks: readonly TrainedNetwork[], batchSize: number): number {
  const weights = networks
    .flatMap(({ kernels }) => kernels.map((shape) => shape.reduce((n, size) => n * size, 1)))
    .reduce((sum, size) => sum + size, 0);
  const updates = Math.round(ROUND_WORK / (weights * batchSize));
  return Math.min(Math.max(updates, 1), UPDATES_PER_ROUND);
}

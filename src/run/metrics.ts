/** Gathers what happens between two lines of metrics. Names of tags are those of Stable-Baselines3. */
import type { EnvSpec } from '../core/env.ts';
import type { Episode } from '../core/frame.ts';
import type { Metrics } from '../core/policy.ts';

/** Sums and counts of the interval under way, by tag. */
export interface MetricsState {
  readonly sums: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly updates: number;
}

export class MetricsInterval {
  #sums: Record<string, number> = {};
  #counts: Record<string, number> = {};
  #updates = 0;
  readonly #spec: EnvSpec;

  /** @param spec of the environment whose episodes are gathered */
  constructor(spec: EnvSpec) {
    this.#spec = spec;
  }

  addEpisode(episode: Episode): void {
    this.#add('rollout/ep_rew_mean', episode.return);
    this.#add('rollout/ep_len_mean', episode.length);
    const { success, scores = [], rewardTerms } = this.#spec;
    if (success !== undefined) this.#add('rollout/success_rate', episode.success ? 1 : 0);
    scores.forEach(({ name }, i) => {
      this.#add(`rollout/${name}`, episode.scores[i]!);
    });
    if (rewardTerms.length < 2) return;
    rewardTerms.forEach((name, i) => {
      this.#add(`reward/${name}`, episode.rewardTerms[i]!);
    });
  }

  /** @param updates gradient updates that the metrics are of */
  addUpdate(metrics: Metrics, updates: number): void {
    this.#updates += updates;
    for (const name in metrics) this.#add(`train/${name}`, metrics[name]!);
  }

  /** Means of the interval, which begins anew. */
  take(): Record<string, number> {
    const means: Record<string, number> = {};
    for (const tag in this.#sums) means[tag] = this.#sums[tag]! / this.#counts[tag]!;
    means['train/n_updates'] = this.#updates;
    this.#sums = {};
    this.#counts = {};
    return means;
  }

  state(): MetricsState {
    return { sums: { ...this.#sums }, counts: { ...this.#counts }, updates: this.#updates };
  }

  restore({ sums, counts, updates }: MetricsState): void {
    this.#sums = { ...sums };
    this.#counts = { ...counts };
    this.#updates = updates;
  }

  #add(tag: string, value: number): void {
    this.#sums[tag] = (this.#sums[tag] ?? 0) + value;
    this.#counts[tag] = (this.#counts[tag] ?? 0) + 1;
  }
}

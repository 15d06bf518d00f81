/** The evaluations of a run: asked for in order, written down in order, and the best policy kept. */
import type { EnvDefinition } from '../core/env.ts';
import type { Policy } from '../core/policy.ts';
import { createRng } from '../core/rng.ts';
import { parseSettings } from '../core/settings.ts';
import { agentsOf } from '../core/teams.ts';
import type { PolicyDescription } from '../learner/index.ts';
import { type Evaluation, evaluationScenes, isBetter } from '../rollout/evaluate.ts';
import { openScenes } from './base.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import type { RunFolder } from './run-folder.ts';
import { createEvaluatorThread } from './threads/evaluator.ts';

/** A `policy.onnx`, and what `policy.json` says of it. */
export interface PolicyModel {
  readonly model: Uint8Array;
  readonly description: PolicyDescription;
}

export interface EvaluationsOptions {
  readonly folder: RunFolder;
  readonly evaluator: Evaluator;
  /** The present policy. */
  readonly exportPolicy: () => PolicyModel;
  /** Called when an evaluation has been written down. @param best whether it is the best so far */
  readonly onRecord: (step: number, evaluation: Evaluation, best: boolean) => void;
  /** Seconds of training so far. */
  readonly time: () => number;
}

export interface OpenEvaluatorOptions {
  readonly folder: RunFolder;
  readonly env: EnvDefinition;
  readonly training: { readonly evaluationEpisodes: number };
  /** Module that calls `serveThread`, for runs with actors. */
  readonly threads?: URL | undefined;
}

/** With actors in a thread of its own, else on an environment of its own. Its seed is the run's own for evaluations. */
export async function openEvaluator(
  { folder, env, training, threads }: OpenEvaluatorOptions,
  policy: Policy,
): Promise<Evaluator> {
  const { config } = folder;
  const episodes = training.evaluationEpisodes;
  const plan = { episodes, seed: createRng(config.seed).split('evaluation').bits() };
  if (config.actors && threads) return createEvaluatorThread(config, plan, threads);
  const settings = parseSettings('env', env.settings, config.env.settings);
  const scenes = evaluationScenes(episodes, agentsOf(env, settings));
  return createEvaluator(await openScenes(folder, env, settings, scenes), policy, plan);
}

export class Evaluations {
  readonly #options: EvaluationsOptions;
  #best: Evaluation | undefined;
  /** The last one that goes on beside the training. */
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(options: EvaluationsOptions) {
    this.#options = options;
  }

  /** Goes on from what the folder has. */
  resume(): void {
    this.#best = this.#options.folder.bestEvaluation();
  }

  /** Evaluates the present policy. Where that goes on beside the training, nobody waits for it here. @param step of it */
  async evaluate(step: number): Promise<void> {
    const { evaluator, exportPolicy } = this.#options;
    const now = evaluator.beside ? exportPolicy() : undefined;
    const exported = (): PolicyModel => now ?? exportPolicy();
    const recorded = evaluator
      .evaluate(() => exported().model)
      .then((evaluation) => this.#record(step, evaluation, exported));
    if (!evaluator.beside) return recorded;
    const earlier = this.#last;
    this.#last = recorded
      .catch((error) => {
        this.#failure ??= { error };
      })
      .then(() => earlier);
  }

  /** @throws what one of those that went on beside the training has thrown */
  assertSound(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** Waits for all of them. @throws what one of them has thrown */
  async finish(): Promise<void> {
    await this.#last;
    this.assertSound();
  }

  /** Keeps the present policy where there has been no evaluation to keep one by. */
  keepUnlessEvaluated(): void {
    if (!this.#best) this.#keep(this.#options.exportPolicy());
  }

  #record(step: number, evaluation: Evaluation, exported: () => PolicyModel): void {
    const { folder, time, onRecord } = this.#options;
    const best = !this.#best || isBetter(evaluation, this.#best);
    if (best) {
      this.#best = evaluation;
      this.#keep(exported());
    }
    folder.appendEvaluation(step, time(), evaluation);
    onRecord(step, evaluation, best);
  }

  #keep({ model, description }: PolicyModel): void {
    this.#options.folder.savePolicy(model, description);
  }
}

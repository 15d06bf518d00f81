/** Learning from recorded transitions alone: nobody acts, and a step is a gradient update. */
import { NEVER, Observable } from 'rxjs';
import type { Metrics, OffPolicyLearner } from '../core/policy.ts';
import type { Rng, RngState } from '../core/rng.ts';
import { type Source, sampleMixture } from '../replay/mixture.ts';
import type { TrainingRun } from './rollout.ts';

export interface OfflineOptions {
  readonly learner: OffPolicyLearner;
  /** What minibatches are drawn from, in turns. */
  readonly sources: readonly Source[];
  /** Source of sampling. */
  readonly rng: Rng;
  /** Gradient updates of the critics, or of the policy where there are none. */
  readonly steps: number;
  readonly onUpdate?: (metrics: Metrics, updates: number) => void;
  /** Called with the number of updates so far, and awaited before the next one. */
  readonly afterStep?: (step: number) => Promise<void>;
}

export interface OfflineState {
  readonly updates: number;
  readonly rngStates: Readonly<Record<string, RngState>>;
}

export function trainOffline(options: OfflineOptions): TrainingRun<OfflineState> {
  const { learner, sources, rng, steps, onUpdate, afterStep } = options;
  const sampling = rng.split('sampling');
  let updates = 0;

  let lastLoop = Promise.resolve();
  const run$ = new Observable<number>((subscriber) => {
    const loop = async (): Promise<void> => {
      while (updates < steps && !subscriber.closed) {
        sampleMixture(learner.batch, learner.minibatches, sources, sampling);
        const metrics = await learner.update(Math.min(1, updates / steps));
        updates += learner.minibatches;
        onUpdate?.(metrics, learner.minibatches);
        await afterStep?.(updates);
        subscriber.next(updates);
      }
      subscriber.complete();
    };
    lastLoop = lastLoop.then(loop).catch((error) => subscriber.error(error));
  });

  return {
    frames$: NEVER,
    episodes$: NEVER,
    run$,
    ages: new Uint32Array(0),
    step: () => updates,
    snapshot: () => new Uint8Array(0),
    restore() {},
    state: () => ({ updates, rngStates: { sampling: sampling.state() } }),
    restoreState(state) {
      updates = state.updates;
      sampling.restore(state.rngStates.sampling!);
    },
  };
}

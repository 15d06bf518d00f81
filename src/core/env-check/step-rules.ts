/** Every rule that looks at one step after the other: of arrays, numbers, episodes and values. */
import type { StepBatch } from '../env.ts';
import { checkObservations, checkShapes, checkStartShape, checkStep } from './batch.ts';
import type { Check } from './driver.ts';
import { Episodes } from './episodes.ts';
import { arraysOf } from './replay.ts';
import { checkTogether } from './teams.ts';
import { Values } from './values.ts';

export class StepRules {
  readonly #check: Check;
  readonly #episodes: Episodes;
  readonly #values: Values;
  #previous: ReturnType<typeof arraysOf> | undefined;

  constructor(check: Check) {
    this.#check = check;
    this.#episodes = new Episodes(check);
    this.#values = new Values(check);
  }

  /** @returns `[N, O]`; undefined where it is not that */
  reset(seed: number): Float32Array | undefined {
    const obs = this.#check.driver.reset(seed);
    if (!checkStartShape(this.#check, obs)) return undefined;
    checkObservations(this.#check, 'obs', obs);
    this.#episodes.begin(obs);
    this.#values.begin(obs);
    return obs;
  }

  /** @param actions `[N, A]`, this call's own @returns undefined where an array is missing or of a wrong length */
  step(actions: Float32Array): StepBatch | undefined {
    const copy = actions.slice();
    const batch = this.#check.driver.step(actions);
    if (!checkShapes(this.#check, batch)) return undefined;
    checkStep(this.#check, batch, actions, copy);
    actions.set(copy);
    this.#seeArrays(batch);
    checkTogether(this.#check, batch);
    this.#episodes.see(batch);
    this.#values.see(batch);
    return batch;
  }

  #seeArrays(batch: StepBatch): void {
    const arrays = arraysOf(batch);
    const fresh = arrays.findIndex(([, array], i) => this.#previous && array !== this.#previous[i]![1]);
    this.#previous = arrays;
    if (fresh < 0) return;
    const [name] = arrays[fresh]!;
    this.#check.findings.add(
      'arrays-allocated',
      () =>
        `step() returned a new array for ${name}. Make the arrays once and write into them: what is allocated in every step has to be collected, and that takes time.`,
    );
  }

  /** Tells what all steps together have shown. */
  conclude(): void {
    this.#episodes.conclude();
    this.#values.conclude();
  }
}

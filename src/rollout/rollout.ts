/**
 * The loop in which a policy acts in an environment, as streams. It is a plain pull loop inside: the next step starts
 * when everybody has seen the last one, and a learner is awaited, so simulation loses nothing.
 */
import { Observable, Subject } from 'rxjs';
import { packBytes, restoreArray, unpackBytes } from '../core/bytes.ts';
import type { StepBatch, SteppedEnv } from '../core/env.ts';
import type { Episode, Frame } from '../core/frame.ts';
import type { ActMode, Metrics, Policy } from '../core/policy.ts';

export interface RolloutOptions {
  /** Seed of the environment's first episodes. */
  readonly seed: number;
  /** The run ends at the first frame with at least this many control steps, summed over scenes. */
  readonly steps: number;
  readonly mode?: ActMode;
  /**
   * Awaited before each step, with the observations that are going to be acted on, `[N, O]`, a view: the
   * place for a clock. False ends the run there.
   */
  readonly beforeStep?: (obs: Float32Array) => Promise<boolean>;
  /** Takes each frame, before it is seen on `frames$`. What it throws ends the run, as nothing does that an observer throws. */
  readonly store?: (frame: Frame) => void;
  /**
   * Called with the number of control steps so far, once a frame has been seen by everybody, and awaited before the next
   * step: the place for learning, evaluating and saving.
   */
  readonly afterStep?: (step: number) => Promise<void>;
}

export interface Rollout {
  /** Hot: one frame a control step. Its arrays are valid only inside the synchronous `next`. */
  readonly frames$: Observable<Frame>;
  /** Hot: one value a finished episode. */
  readonly episodes$: Observable<Episode>;
  /**
   * Cold: subscribing starts the loop, unsubscribing stops it within one step. Emits the number of control steps so far
   * after each step and what `afterStep` did, then completes. A later subscription continues where the loop stopped,
   * after the step under way.
   */
  readonly run$: Observable<number>;
  /**
   * Control steps of the episode under way in each scene, `[N]`, a view. While a frame is delivered its step
   * is counted, and an episode that it ended is still the one under way.
   */
  readonly ages: Uint32Array;
  /** Control steps made so far, summed over scenes. */
  step(): number;
  /** State between two steps, environment included; with `restore` the loop continues bit for bit. */
  snapshot(): Uint8Array;
  restore(snapshot: Uint8Array): void;
}

/** A loop that learns; `State` is what a checkpoint has to hold of it beside the rollout itself. */
export interface TrainingRun<State> extends Rollout {
  /** Keeps it as it is, to be saved, until the returned function is called; absent where only the caller can change it. */
  hold?(): () => void;
  /** What stands beside the metrics of the interval that ends with this call. */
  gauges?(): Metrics;
  state(): State & { readonly updates: number };
  restoreState(state: State): void;
}

/** Runs until `isDone` says so after a step, or to the run's end. @throws what the run throws */
export const runUntil = ({ run$ }: Rollout, isDone: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const running = run$.subscribe({
      error: reject,
      complete: resolve,
      next: () => {
        if (!isDone()) return;
        running.unsubscribe();
        resolve();
      },
    });
  });

/** @throws RangeError through `run$` when the policy's action or an observation is not finite */
export function rollout(env: SteppedEnv, policy: Policy, options: RolloutOptions): Rollout {
  const { seed, steps, mode = 'explore', beforeStep, store, afterStep } = options;
  const { numEnvs } = env;
  const terms = env.spec.rewardTerms.length;
  const scores = env.spec.scores?.length ?? 0;
  const frames = new Subject<Frame>();
  const episodes = new Subject<Episode>();

  const obs = new Float32Array(numEnvs * env.observationSpace.size);
  const actions = new Float32Array(numEnvs * env.actionSpace.size);
  // Of the episode under way in each scene.
  const returns = new Float64Array(numEnvs);
  const termReturns = new Float64Array(numEnvs * terms);
  const ages = new Uint32Array(numEnvs);
  const nobody = new Uint8Array(numEnvs);
  const counter = new Float64Array(1);
  let started = false;

  function account(result: StepBatch, step: number): void {
    for (let scene = 0; scene < numEnvs; scene++) {
      returns[scene]! += result.reward[scene]!;
      const row = scene * terms;
      for (let t = 0; t < terms; t++) termReturns[row + t]! += result.info.rewardTerms[row + t]!;
      if (!result.terminated[scene] && !result.truncated[scene]) continue;
      episodes.next({
        step,
        scene,
        return: returns[scene]!,
        length: ages[scene]!,
        terminated: result.terminated[scene] === 1,
        success: result.info.success[scene] === 1,
        rewardTerms: [...termReturns.subarray(row, row + terms)],
        scores: [...(result.info.scores?.subarray(scene * scores, (scene + 1) * scores) ?? [])],
      });
      returns[scene] = 0;
      ages[scene] = 0;
      termReturns.fill(0, row, row + terms);
    }
  }

  /** @param first whether an episode begins in a scene with what is now seen there */
  function begin(first: (scene: number) => boolean): void {
    if (!policy.begin) return;
    const { size } = env.observationSpace;
    for (let scene = 0; scene < numEnvs; scene++)
      if (first(scene)) policy.begin(scene, obs.subarray(scene * size, (scene + 1) * size));
  }

  async function makeStep(): Promise<void> {
    await policy.act(obs, actions, mode);
    const result = await env.step(actions);
    counter[0]! += numEnvs;
    for (let scene = 0; scene < numEnvs; scene++) ages[scene]!++;
    const frame: Frame = {
      step: counter[0]!,
      time: performance.now() / 1e3,
      numEnvs,
      obs,
      action: result.appliedActions,
      reward: result.reward,
      rewardTerms: result.info.rewardTerms,
      nextObs: result.finalObs,
      terminated: result.terminated,
      truncated: result.truncated,
      intervened: policy.intervened ?? nobody,
    };
    store?.(frame);
    frames.next(frame);
    account(result, frame.step);
    obs.set(result.obs);
    begin((scene) => result.terminated[scene] === 1 || result.truncated[scene] === 1);
    await afterStep?.(frame.step);
  }

  /** The loop of the last subscription: the next one waits for it, so that two never step the same scenes. */
  let lastLoop = Promise.resolve();
  const run$ = new Observable<number>((subscriber) => {
    const loop = async (): Promise<void> => {
      if (!started) {
        obs.set(await env.reset(seed));
        begin(() => true);
      }
      started = true;
      while (counter[0]! < steps && !subscriber.closed) {
        if (beforeStep && !(await beforeStep(obs))) break;
        if (subscriber.closed) break;
        await makeStep();
        subscriber.next(counter[0]!);
      }
      subscriber.complete();
    };
    lastLoop = lastLoop.then(loop).catch((error) => subscriber.error(error));
  });

  const state = [obs, returns, termReturns, ages, counter];
  return {
    frames$: frames.asObservable(),
    episodes$: episodes.asObservable(),
    run$,
    ages,
    step: () => counter[0]!,
    snapshot() {
      if (!env.snapshot)
        throw new Error(`Environment "${env.spec.id}" cannot be saved; only its start can be repeated.`);
      return packBytes([env.snapshot(), ...state]);
    },
    restore(snapshot) {
      const [environment, ...arrays] = unpackBytes(snapshot);
      env.restore!(environment!);
      state.forEach((array, i) => {
        restoreArray(array, arrays[i] ?? new Uint8Array(0));
      });
      started = true;
    },
  };
}

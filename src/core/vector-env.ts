/**
 * A `VectorEnv` from a task: episodes, time limits, restarts, clipping, checks and snapshots are the same for every
 * environment, so they stand here once, and a task says only what is its own.
 */
import { Subject } from 'rxjs';
import { type EnvView, scenesOf } from './appearance.ts';
import { type BinaryArray, packBytes, restoreArray, unpackBytes } from './bytes.ts';
import type { EnvSpec, StepBatch, VectorEnv } from './env.ts';
import type { EnvEvent, Tell } from './events.ts';
import { withCheckedPush } from './push.ts';
import { createRng, type Rng } from './rng.ts';
import { assertFinite, clipRow, type Space } from './space.ts';

/** N scenes of one task. Rows that it writes are views of the environment's arrays. */
export interface Task {
  readonly spec: EnvSpec;
  readonly numEnvs: number;
  readonly observationSpace: Space;
  /** Every component in [-1, 1]. */
  readonly actionSpace: Space;
  readonly view?: EnvView;
  /** Starts an episode in `scene`. */
  start(scene: number, rng: Rng): void;
  /** Starts an episode in `scene` where the last one has ended, with nothing put back; as `start` unless told. */
  goOn?(scene: number, rng: Rng): void;
  /** Makes one control step in every scene. @param actions `[N, A]`, in [-1, 1] */
  advance(actions: Float32Array): void;
  /** Writes what is seen in `scene` now; values beyond the bounds are clipped afterwards, and have to be finite. @param obs `[O]` */
  observe(scene: number, obs: Float32Array, rng: Rng): void;
  /** Writes the parts of the last step's reward, `[T]`. @returns whether the task has ended (not: run out of time) */
  judge(scene: number, rewardTerms: Float32Array): boolean;
  /** Whether the episode of `scene`, which has just ended, was a success. */
  succeeded?(scene: number): boolean;
  /** Writes the scores of the episode of `scene`, which has just ended, `[S]`. */
  score?(scene: number, scores: Float32Array): void;
  /**
   * Tells what happened in the last step of an episode, in order: called after `judge` and before the next `start`, and only
   * while somebody listens. Draws no random numbers.
   * @param episode its index: `scene` where an episode has one agent
   */
  tell?(episode: number, tell: Tell): void;
  /** All that the task keeps between steps. */
  readonly state: readonly BinaryArray[];
  /** The state of a physics engine, where the task has one. */
  readonly world?: {
    snapshot(): Uint8Array;
    restore(snapshot: Uint8Array): void;
    clear(): void;
    /** Makes no more steps in `scene` before it is started again. */
    leave?(scene: number): void;
  };
  close?(): void;
}

export function createVectorEnv(task: Task): VectorEnv {
  const { spec, numEnvs, observationSpace, actionSpace } = task;
  const episodes = scenesOf(task);
  const [observation, action, terms] = [observationSpace.size, actionSpace.size, spec.rewardTerms.length];
  const batch: StepBatch = {
    obs: new Float32Array(numEnvs * observation),
    reward: new Float32Array(numEnvs),
    terminated: new Uint8Array(numEnvs),
    truncated: new Uint8Array(numEnvs),
    finalObs: new Float32Array(numEnvs * observation),
    appliedActions: new Float32Array(numEnvs * action),
    info: {
      rewardTerms: new Float32Array(numEnvs * terms),
      success: new Uint8Array(numEnvs),
      ...(spec.scores ? { scores: new Float32Array(numEnvs * spec.scores.length) } : {}),
    },
  };
  const { obs, reward, terminated, truncated, finalObs, appliedActions, info } = batch;
  const obsRows = rowsOf(obs, observation);
  const finalRows = rowsOf(finalObs, observation);
  const termRows = rowsOf(info.rewardTerms, terms);
  const scoreRows = info.scores && rowsOf(info.scores, spec.scores!.length);
  const events = new Subject<EnvEvent>();
  const age = new Uint32Array(numEnvs);
  const interrupted = new Uint8Array(numEnvs);
  const rngStates = new Uint32Array(4 * numEnvs);
  let rngs = Array.from({ length: numEnvs }, () => createRng(0));
  let started = false;
  let closed = false;

  function start(scene: number, continued = false): void {
    age[scene] = 0;
    if (continued && task.goOn) task.goOn(scene, rngs[scene]!);
    else task.start(scene, rngs[scene]!);
    look(scene, obs, obsRows);
  }

  function look(scene: number, out: Float32Array, rows: readonly Float32Array[]): void {
    task.observe(scene, rows[scene]!, rngs[scene]!);
    assertFinite('Observation', rows[scene]!, observationSpace, scene); // Before clipping, which would hide infinity.
    clipRow(out, scene, observationSpace);
  }

  function conclude(scene: number): void {
    terminated[scene] = task.judge(scene, termRows[scene]!) ? 1 : 0;
    age[scene]!++;
    const over = age[scene]! >= spec.maxEpisodeSteps || interrupted[scene] === 1;
    truncated[scene] = terminated[scene] === 0 && over ? 1 : 0;
    interrupted[scene] = 0;
    reward[scene] = sum(termRows[scene]!);
    look(scene, finalObs, finalRows);
    info.success[scene] = hasEnded(scene) && task.succeeded?.(scene) ? 1 : 0;
    if (scoreRows && hasEnded(scene)) task.score!(scene, scoreRows[scene]!);
  }

  const hasEnded = (scene: number): boolean => terminated[scene] === 1 || truncated[scene] === 1;

  function goOn(scene: number): void {
    if (hasEnded(scene)) start(scene, true);
    else obsRows[scene]!.set(finalRows[scene]!);
  }

  function tellEvents(episode: number): void {
    task.tell!(episode, (kind, text, values) => {
      const told = { scene: episode, age: age[spec.agents * episode]!, kind, text };
      events.next(values ? { ...told, values } : told);
    });
  }

  function assertOpen(): void {
    if (closed) throw new Error(`Environment "${spec.id}" has been closed; create another one.`);
  }

  function assertFiniteRewards(): void {
    const at = info.rewardTerms.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return;
    const name = spec.rewardTerms[at % terms];
    throw new RangeError(
      `Reward term "${name}" of scene ${Math.floor(at / terms)} is ${info.rewardTerms[at]}; it must be a finite number.`,
    );
  }

  return {
    spec,
    numEnvs,
    observationSpace,
    actionSpace,
    ...(task.view ? { view: withCheckedPush(task.view, episodes) } : {}),
    ...(task.tell ? { events$: events.asObservable() } : {}),
    ...(task.world?.leave && { leave: (scene: number) => task.world!.leave!(scene) }),
    interrupt(scene) {
      interrupted.fill(1, spec.agents * scene, spec.agents * (scene + 1));
    },
    reset(seed) {
      assertOpen();
      task.world?.clear();
      const rng = createRng(seed);
      // A stream for each scene: how many there are beside it changes nothing for one.
      rngs = rngs.map((_, scene) => rng.split(`scene ${scene}`));
      interrupted.fill(0);
      for (let scene = 0; scene < numEnvs; scene++) start(scene);
      started = true;
      return obs;
    },
    step(actions) {
      assertOpen();
      if (!started) throw new Error(`Environment "${spec.id}" was stepped before its first reset(seed).`);
      if (actions.length !== appliedActions.length) {
        throw new RangeError(
          `Environment "${spec.id}" was given ${actions.length} action values; ${numEnvs} scenes of ${action} need ${appliedActions.length}.`,
        );
      }
      assertFinite('Action', actions, actionSpace);
      for (let i = 0; i < actions.length; i++) appliedActions[i] = Math.max(-1, Math.min(1, actions[i]!));
      task.advance(appliedActions);
      for (let scene = 0; scene < numEnvs; scene++) conclude(scene);
      if (events.observed) for (let episode = 0; episode < episodes; episode++) tellEvents(episode);
      for (let scene = 0; scene < numEnvs; scene++) goOn(scene);
      assertFiniteRewards();
      return batch;
    },
    snapshot() {
      rngs.forEach((rng, scene) => {
        rngStates.set(rng.state(), 4 * scene);
      });
      const world = task.world ? [task.world.snapshot()] : [];
      return packBytes([obs, age, rngStates, ...task.state, ...world]);
    },
    restore(snapshot) {
      const parts = unpackBytes(snapshot);
      const arrays = [obs, age, rngStates, ...task.state];
      arrays.forEach((array, i) => {
        restoreArray(array, parts[i] ?? new Uint8Array(0));
      });
      rngs.forEach((rng, scene) => {
        rng.restore([...rngStates.subarray(4 * scene, 4 * scene + 4)] as [number, number, number, number]);
      });
      task.world?.restore(parts[arrays.length]!);
      started = true;
    },
    close() {
      if (!closed) task.close?.();
      closed = true;
    },
  };
}

const rowsOf = (values: Float32Array, size: number): Float32Array[] =>
  Array.from({ length: values.length / size }, (_, row) => values.subarray(row * size, (row + 1) * size));

function sum(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

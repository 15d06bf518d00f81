/** The rules that tell one trajectory twice: seeds, snapshots, arrays that are kept, actions beyond their limits. */
import type { StepBatch } from '../env.ts';
import { checkApplied } from './batch.ts';
import { hasTimeLimit } from './description.ts';
import { type Check, copyBatch, type Driver, type Recording } from './driver.ts';
import { compareBatches, replay } from './replay.ts';

/** Steps of the comparisons that need not reach the end of an episode. */
const SHORT = 60;
/** Recorded actions times this lie beyond [-1, 1]. */
const BEYOND = 2.5;

/** @returns whether `reset` shows what it has started */
export function checkOtherSeed({ driver, findings }: Check, recording: Recording): boolean {
  const { start, seed } = recording;
  const last = driver.step(recording.actions[0]!.slice()).obs.slice();
  const other = driver.reset(seed + 1).slice();
  const equal = (a: Float32Array, b: Float32Array): boolean => a.every((value, i) => value === b[i]);
  if (equal(other, start)) {
    findings.add(
      'seeds-alike',
      () =>
        `reset(${seed}) and reset(${seed + 1}) start with equal observations. An agent learns little from one start: draw the first state from the rng of the seed.`,
    );
    return true;
  }
  if (equal(other, last)) {
    findings.add(
      'stale-obs',
      () =>
        `reset(${seed + 1}) returned the observations of before the reset. Write obs after the scenes have been started anew.`,
    );
    return false;
  }
  const { numEnvs } = driver.env;
  const size = start.length / numEnvs;
  if (numEnvs > 1 && start.every((value, i) => value === start[i % size])) {
    findings.add(
      'scenes-alike',
      () =>
        `After reset(${seed}) all ${numEnvs} scenes have equal observations, so they would all live through the same. Give each scene random numbers of its own, such as createRng(seed).split(\`scene \${scene}\`).`,
    );
  }
  return true;
}

/**
 * @param again where the same seed led to something else in the same instance
 * @param twin another instance, absent where there is no way to create one
 */
export function checkRepeat(
  { driver, findings }: Check,
  recording: Recording,
  again: string | undefined,
  twin: Driver | undefined,
): void {
  // Stepped in turn with the first instance, so that what the two share shows.
  driver.reset(recording.seed + 1);
  const other = twin && replay(twin, recording, { before: (step) => driver.step(recording.actions[step]!) });
  const seed = `reset(${recording.seed})`;
  if (again && twin && !other) {
    findings.add(
      'reset-incomplete',
      () =>
        `After ${seed} the same actions led elsewhere than the first time: ${again}. A new instance repeats the first time, so reset leaves something behind: set every variable anew for each episode.`,
    );
  } else if (again) {
    findings.add(
      'unseeded',
      () =>
        `After ${seed} the same actions led elsewhere than the first time: ${again}. Look for Math.random and clocks, draw from the seed's rng instead, and let reset set every variable anew. Snapshots and scenes are checked once this repeats.`,
    );
  } else if (other) {
    findings.add(
      'instances-differ',
      () =>
        `A second instance led elsewhere than the first with the same seed and actions: ${other}. Look for variables outside of create, which instances share, and for random draws while creating.`,
    );
  }
}

/** @param twin an instance that has never been reset */
export function checkSnapshot(check: Check, recording: Recording, twin: Driver | undefined): void {
  const { driver, findings } = check;
  const { env } = driver;
  if (!env.snapshot || !env.restore) return;
  const recorded = recording.actions.length;
  const limit = hasTimeLimit(env.spec) ? env.spec.maxEpisodeSteps : recorded;
  const from = Math.floor(Math.min(limit, recorded) / 3);
  // Beyond the end of an episode: how the next one begins has to be in the snapshot too.
  const until = Math.min(recorded, from + limit + 5);
  replay(driver, recording, { until: from });
  const snapshot = driver.snapshot();
  const kind = Object.prototype.toString.call(snapshot).slice(8, -1);
  if (kind !== 'Uint8Array') {
    findings.add('array-type', () => `${findings.call} returned ${kind}; it must be a Uint8Array.`, {
      group: 'snapshot',
    });
    return;
  }
  const kept = snapshot.slice();
  const tell = (when: string, difference: string | undefined, remedy: string): boolean => {
    if (!difference) return false;
    findings.add('snapshot-differs', () => `${when}: ${difference}. ${remedy}`);
    return true;
  };
  const taken = replay(driver, recording, { from, until });
  if (kept.some((value, i) => value !== snapshot[i])) {
    findings.add(
      'snapshot-view',
      () =>
        'A snapshot changed while the environment went on. Return a copy, which nothing writes to afterwards.',
    );
  }
  if (tell('Taking a snapshot changes what follows', taken, 'Let snapshot() only read.')) return;
  const here = `After a snapshot at step ${from} was restored, the same actions led elsewhere`;
  const remedy =
    'Put everything that outlives a step into the snapshot: ages of episodes, random generators, filters and delays too. In a Task that is `state`.';
  driver.restore(kept, from);
  if (tell(here, replay(driver, recording, { from, until }), remedy) || !twin) return;
  twin.restore(kept, from);
  const there = `After a snapshot at step ${from} was restored in a new instance, the same actions led elsewhere`;
  tell(there, replay(twin, recording, { from, until }), remedy);
}

/** Arrays that pass between the environment and its caller, after the call. */
export function checkKeptArrays({ driver, findings }: Check, recording: Recording): void {
  const until = Math.min(SHORT, recording.actions.length);
  const kept = replay(driver, recording, { until, reuseActions: true });
  if (kept) {
    findings.add(
      'actions-kept',
      () =>
        `When the array of actions was written to after step() had returned, something changed: ${kept}. That array is the caller's and will be used again: copy what is needed of it.`,
    );
    return;
  }
  const read = replay(driver, recording, { until, spoilReturned: true });
  if (!read) return;
  findings.add(
    'returned-arrays-read',
    () =>
      `When returned arrays were written to between two steps, something changed: ${read}. Keep state in arrays of its own, which callers never see.`,
  );
}

/** Actions beyond [-1, 1] have to act as the clipped ones do. */
export function checkClipping(check: Check, recording: Recording): void {
  const { driver, findings } = check;
  const beyond = recording.actions.slice(0, SHORT).map((actions) => actions.map((value) => BEYOND * value));
  const clipped = beyond.map((actions) => actions.map((value) => Math.max(-1, Math.min(1, value))));
  driver.reset(recording.seed);
  const expected: StepBatch[] = clipped.map((actions) => copyBatch(driver.step(actions)));
  driver.reset(recording.seed);
  for (const [step, actions] of beyond.entries()) {
    const batch = driver.step(actions.slice());
    checkApplied(check, batch.appliedActions, actions);
    const difference = compareBatches(driver.env, expected[step]!, batch);
    if (!difference) continue;
    findings.add(
      'actions-unclipped',
      () =>
        `Actions beyond [-1, 1] act otherwise than clipped ones: ${difference} at step ${step + 1}. Clip actions before they act: a policy may go beyond.`,
    );
    return;
  }
}

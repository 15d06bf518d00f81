/** The rules for episodes: time limits, restarts, and which observation stands in `finalObs`. */
import type { StepBatch } from '../env.ts';
import { hasTimeLimit } from './description.ts';
import type { Check, Driver } from './driver.ts';

/** How often something was seen, and where first. */
class Tally {
  count = 0;
  first = '';

  add(driver: Driver, scene: number): void {
    if (this.count++ === 0) this.first = driver.at(scene);
  }
}

/** Observations of which most change from step to step: more than this part. */
const MOSTLY = 0.9;

export class Episodes {
  readonly #check: Check;
  readonly #limit: number;
  /** Control steps of the episode under way, of each scene. */
  readonly #age: Uint32Array;
  readonly #finished: Uint32Array;
  /** Observations before the step, `[N, O]`. */
  readonly #before: Float32Array;
  /** What the step before led to, `[N, O]`. */
  readonly #finalBefore: Float32Array;

  readonly #early = new Tally();
  #earlyAge = 0;
  readonly #missed = new Tally();
  readonly #terminatedAtLimit = new Tally();
  #truncatedAtLimit = 0;
  #longest = 0;

  readonly #going = { steps: 0, moved: 0, unfilled: new Tally(), stale: new Tally(), differs: new Tally() };
  readonly #ends = {
    terminated: { count: 0, unfilled: new Tally(), old: new Tally(), moved: 0, fresh: new Tally() },
    truncated: { count: 0, unfilled: new Tally(), old: new Tally(), moved: 0, fresh: new Tally() },
  };
  /** Episodes that began in a step, and those of them that ended in the next. */
  #later = 0;
  readonly #laterAtOnce = new Tally();

  constructor(check: Check) {
    const { env } = check.driver;
    this.#check = check;
    this.#limit = hasTimeLimit(env.spec) ? env.spec.maxEpisodeSteps : Number.POSITIVE_INFINITY;
    this.#age = new Uint32Array(env.numEnvs);
    this.#finished = new Uint32Array(env.numEnvs);
    this.#before = new Float32Array(env.numEnvs * env.observationSpace.size);
    this.#finalBefore = this.#before.slice();
  }

  /** @param start what `reset` returned */
  begin(start: Float32Array): void {
    this.#age.fill(0);
    this.#finished.fill(0);
    this.#before.set(start);
    this.#finalBefore.set(start);
  }

  see(batch: StepBatch): void {
    const { driver } = this.#check;
    for (let scene = 0; scene < this.#age.length; scene++) {
      const age = ++this.#age[scene]!;
      this.#longest = Math.max(this.#longest, age);
      this.#seeLimit(batch, scene);
      const ended = batch.terminated[scene] !== 0 || batch.truncated[scene] !== 0;
      this.#seeFinal(batch, scene, ended);
      if (!ended) continue;
      if (this.#finished[scene]! > 0) {
        this.#later++;
        if (age === 1) this.#laterAtOnce.add(driver, scene);
      }
      this.#finished[scene]!++;
      this.#age[scene] = 0;
    }
    this.#before.set(batch.obs);
    this.#finalBefore.set(batch.finalObs);
  }

  #seeLimit({ terminated, truncated }: StepBatch, scene: number): void {
    const { driver } = this.#check;
    const age = this.#age[scene]!;
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    if (truncated[scene] && !terminated[scene] && age < this.#limit) {
      if (this.#early.count === 0) this.#earlyAge = age;
      this.#early.add(driver, scene);
    }
    if (age !== this.#limit) return;
    if (truncated[scene]) this.#truncatedAtLimit++;
    else if (terminated[scene]) this.#terminatedAtLimit.add(driver, scene);
    else this.#missed.add(driver, scene);
  }

  #seeFinal({ obs, finalObs, terminated }: StepBatch, scene: number, ended: boolean): void {
    const { driver } = this.#check;
    const size = obs.length / this.#age.length;
    const row = (values: Float32Array) => values.subarray(scene * size, (scene + 1) * size);
    const [before, now, final] = [row(this.#before), row(obs), row(finalObs)];
    const unfilled = isZero(final) && !isZero(now);
    if (!ended) {
      this.#going.steps++;
      if (!same(before, final)) this.#going.moved++;
      if (same(now, final)) return;
      this.#going.differs.add(driver, scene);
      if (unfilled) this.#going.unfilled.add(driver, scene);
      else if (same(now, before) || same(now, row(this.#finalBefore))) this.#going.stale.add(driver, scene);
      return;
    }
    const ends = this.#ends[terminated[scene] ? 'terminated' : 'truncated'];
    ends.count++;
    if (unfilled && !isZero(before)) ends.unfilled.add(driver, scene);
    if (same(final, before)) ends.old.add(driver, scene);
    // Where nothing has moved since the start, a last observation may well equal a first one.
    if (same(now, before)) return;
    ends.moved++;
    if (same(final, now)) ends.fresh.add(driver, scene);
  }

  /** Tells what all steps together show. */
  conclude(): void {
    const restarted = this.#concludeRestarts();
    this.#concludeFinal(restarted);
    this.#concludeLimit(restarted);
  }

  #concludeRestarts(): boolean {
    const { terminated, truncated } = this.#ends;
    const [moved, fresh] = [
      terminated.moved + truncated.moved,
      terminated.fresh.count + truncated.fresh.count,
    ];
    const stayed = moved > 0 && fresh === moved;
    const never = this.#limit > 1 && this.#later > 0 && this.#laterAtOnce.count === this.#later && stayed;
    if (never) {
      this.#check.findings.add(
        'not-restarted',
        () =>
          `After an episode ended, the next step ended one again (first${this.#laterAtOnce.first}). Begin a new episode within the step that ends one, and return its first observation in obs; nobody calls reset in between.`,
      );
    }
    return !never;
  }

  #concludeFinal(restarted: boolean): void {
    const { findings } = this.#check;
    const { unfilled, stale, differs } = this.#going;
    if (differs.count > 0) {
      if (unfilled.count === differs.count) {
        findings.add(
          'final-obs-unfilled',
          () =>
            `finalObs is all zeros${unfilled.first}. Fill it in every step, not only where an episode ends.`,
        );
      } else if (stale.count === differs.count) {
        findings.add(
          'stale-obs',
          () =>
            `obs is still the observation of before the step${stale.first}, and finalObs is not. Write obs after the scene has moved.`,
        );
      } else {
        findings.add(
          'final-obs-differs',
          () =>
            `obs and finalObs differ${differs.first}, where the episode goes on. Both are what the step led to; observe once and copy.`,
        );
      }
    }
    const changing = this.#going.moved > MOSTLY * this.#going.steps;
    for (const [flag, ends] of Object.entries(this.#ends)) {
      if (ends.count === 0) continue;
      if (ends.unfilled.count === ends.count) {
        findings.add(
          'final-obs-unfilled',
          () =>
            `finalObs is all zeros where an episode was ${flag} (first${ends.unfilled.first}). Fill it with the last observation of that episode.`,
        );
      } else if (restarted && ends.moved > 0 && ends.fresh.count === ends.moved) {
        findings.add(
          'final-obs-fresh',
          () =>
            `obs and finalObs are equal wherever an episode was ${flag} (first${ends.fresh.first}). finalObs has to show where the old episode ended, obs how the new one begins: fill finalObs before the scene is started anew.`,
          { group: flag },
        );
      } else if (changing && ends.old.count === ends.count) {
        findings.add(
          'final-obs-old',
          () =>
            `finalObs is the observation of before the step wherever an episode was ${flag} (first${ends.old.first}). Write it after the scene has moved.`,
          { group: flag },
        );
      }
    }
  }

  #concludeLimit(restarted: boolean): void {
    const { findings } = this.#check;
    const limit = `spec.maxEpisodeSteps, ${this.#limit}`;
    if (this.#early.count > 0 && restarted) {
      findings.add(
        'truncated-early',
        () =>
          `An episode was truncated after ${this.#earlyAge} control steps${this.#early.first}, before ${limit}. Count the steps of each scene from its own last start; an end for any other reason is terminated.`,
      );
    }
    if (this.#missed.count > 0) {
      const longest = this.#longest > this.#limit ? ` The longest went on for ${this.#longest}.` : '';
      findings.add(
        'time-limit-missed',
        () =>
          `An episode went on after control step ${this.#limit}${this.#missed.first}, although this is ${limit}.${longest} Set truncated in that step, and start anew.`,
      );
    } else if (this.#limit > 1 && this.#terminatedAtLimit.count > 2 && this.#truncatedAtLimit === 0) {
      findings.add(
        'time-limit-terminated',
        () =>
          `All ${this.#terminatedAtLimit.count} episodes that reached ${limit}, were terminated there (first${this.#terminatedAtLimit.first}). Running out of time is truncated: what follows still has a value.`,
      );
    }
    const seen = this.#truncatedAtLimit + this.#terminatedAtLimit.count + this.#missed.count;
    if (seen > 0 || this.#limit === Number.POSITIVE_INFINITY || this.#early.count > 0) return;
    findings.add(
      'time-limit-unseen',
      () =>
        `No episode reached ${limit}, so the time limit has not been checked: the longest took ${this.#longest} control steps. Give options.controller, something that keeps an episode going, or more options.steps.`,
    );
  }
}

const isZero = (row: Float32Array): boolean => row.every((value) => value === 0);

function same(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++)
    if (a[i] !== b[i] && !(Number.isNaN(a[i]) && Number.isNaN(b[i]))) return false;
  return true;
}

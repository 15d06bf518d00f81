/**
 * Off-policy training in which actors and learner never wait for each other, but for the ratio of updates to steps that
 * keeps experience from being wasted or worn out. In lockstep they take turns, and a seed determines the whole run.
 */
import { NEVER, Observable, Subject } from 'rxjs';
import { packBytes, unpackBytes } from '../../core/bytes.ts';
import type { Episode } from '../../core/frame.ts';
import type { Metrics, OffPolicyLearner } from '../../core/policy.ts';
import type { Rng, RngState } from '../../core/rng.ts';
import type { Experience } from '../../replay/experience.ts';
import { type Demonstrations, sampleMixture } from '../../replay/mixture.ts';
import { type OffPolicySchedule, type OffPolicyState, ROUNDING } from '../off-policy.ts';
import type { TrainingRun } from '../rollout.ts';
import type { LearnerGate } from './gate.ts';
import type { Mailbox } from './mailbox.ts';

/** Whoever runs the actors, such as threads. */
export interface Crew {
  readonly count: number;
  /** Scenes of each actor. */
  readonly numEnvs: number;
  /** Actors that were started again after they had died. */
  readonly restarts: number;
  /** Starts every actor. @param snapshots of each one, where there is one to continue from */
  start(snapshots: readonly (Uint8Array | undefined)[]): void;
  /**
   * Episodes that have ended since the last call, by actor, and where each one stood in the last hold.
   * @throws ProprioError when an actor cannot be kept running
   */
  collect(): {
    readonly episodes: readonly Episode[];
    readonly snapshots: readonly (Uint8Array | undefined)[];
  };
}

export interface AsynchronousSchedule extends OffPolicySchedule {
  readonly publishInterval: number;
  readonly leastUpdates: number;
  readonly lockstep: boolean;
}

export interface AsynchronousOptions {
  readonly crew: Crew;
  readonly gate: LearnerGate;
  readonly mailbox: Mailbox;
  readonly learner: OffPolicyLearner;
  /** The present parameters of its policy, as the actors know them. */
  readonly policy: () => readonly Float32Array[];
  readonly experience: Experience;
  readonly demonstrations?: Demonstrations | undefined;
  readonly schedule: AsynchronousSchedule;
  readonly rng: Rng;
  readonly steps: number;
  readonly onUpdate?: (metrics: Metrics, updates: number) => void;
  readonly afterStep?: (step: number) => Promise<void>;
}

interface AsynchronousState extends OffPolicyState {
  readonly made: readonly number[];
}

/** How long a learner without work waits for news before it looks whether it is to stop, ms. */
const PATIENCE = 50;
/** How long a save waits for actors that are in the middle of a step, ms … */
const HOLD_TIMEOUT = 700;
/** … and in lockstep, where each is about to rest, and a run without one of them would not go on as it would have. */
const LOCKSTEP_HOLD_TIMEOUT = 10_000;

export function trainAsynchronously(options: AsynchronousOptions): TrainingRun<AsynchronousState> {
  const { crew, gate, mailbox, learner, policy, experience, demonstrations, schedule, rng, steps } = options;
  const { updatesPerStep, learningStarts, publishInterval, leastUpdates, lockstep } = schedule;
  const sampling = rng.split('sampling');
  const episodes = new Subject<Episode>();
  const round = crew.count * crew.numEnvs;
  let snapshots: readonly (Uint8Array | undefined)[] = [];
  let step = 0;
  let updates = 0;
  let dueUpdates = 0;
  let published = Number.NEGATIVE_INFINITY;
  let started = false;

  function collect(): void {
    const told = crew.collect();
    for (const episode of told.episodes) episodes.next({ ...episode, step });
    snapshots = told.snapshots;
  }

  /** Control steps that count: in lockstep those of whole rounds. */
  function arrived(): number {
    const made = gate.made();
    return lockstep ? crew.count * Math.min(...made) : made.reduce((sum, each) => sum + each, 0);
  }

  async function learn(): Promise<boolean> {
    if (dueUpdates <= learner.minibatches - ROUNDING) return false;
    sampleMixture(learner.batch, learner.minibatches, [{ experience, demonstrations }], sampling);
    const metrics = await learner.update(Math.min(1, step / steps));
    updates += learner.minibatches;
    dueUpdates -= learner.minibatches;
    mailbox.countUpdates(updates);
    options.onUpdate?.(metrics, learner.minibatches);
    if (!lockstep && updates - published >= publishInterval) publish();
    return true;
  }

  function publish(): void {
    mailbox.publish(policy(), updates);
    published = updates;
  }

  /** Lets actors go on as far as the updates have come. */
  function allow(): void {
    const least = leastUpdates * updatesPerStep;
    // As many as the next update asks for, and two rounds more, so that nobody waits where the ratio holds.
    const kept = least > 0 ? learningStarts + (updates + learner.minibatches) / least + 2 * round : steps;
    gate.allow(Math.min(steps, lockstep ? step + round : kept));
  }

  /** @returns control steps that have arrived since the last call */
  function takeIn(): number {
    collect();
    const fresh = arrived() - step;
    step += fresh;
    // Rounds before the one in which learning starts owe nothing, even where they are seen together with later ones.
    if (step >= learningStarts) dueUpdates += updatesPerStep * Math.min(fresh, step - learningStarts + round);
    return fresh;
  }

  async function advance(): Promise<void> {
    // First, not last: between two of these calls a run may be saved, and in lockstep nobody has gone on then.
    allow();
    const seen = gate.news();
    const fresh = takeIn();
    let learnt = await learn();
    while (lockstep && learnt) learnt = await learn();
    if (lockstep && fresh > 0) publish();
    if (fresh > 0) await options.afterStep?.(step);
    if (fresh === 0 && !learnt) await gate.awaitNews(seen, PATIENCE);
  }

  let lastLoop = Promise.resolve();
  const run$ = new Observable<number>((subscriber) => {
    const loop = async (): Promise<void> => {
      if (!started) {
        publish();
        crew.start(snapshots);
      }
      started = true;
      while (step < steps && !subscriber.closed) {
        await advance();
        subscriber.next(step);
      }
      subscriber.complete();
    };
    lastLoop = lastLoop.then(loop).catch((error) => subscriber.error(error));
  });

  return {
    frames$: NEVER,
    episodes$: episodes.asObservable(),
    run$,
    ages: new Uint32Array(0),
    step: () => step,
    hold() {
      const held = gate.hold(lockstep ? LOCKSTEP_HOLD_TIMEOUT : HOLD_TIMEOUT);
      takeIn();
      snapshots = snapshots.map((snapshot, actor) => (held[actor] ? snapshot : undefined));
      return () => gate.release();
    },
    snapshot: () => packBytes(snapshots.map((snapshot) => snapshot ?? new Uint8Array(0))),
    restore(snapshot) {
      snapshots = unpackBytes(snapshot).map((part) => (part.length > 0 ? part : undefined));
    },
    gauges: () => {
      const lag = gate.takeLag();
      return {
        'actors/restarts': crew.restarts,
        ...(lag && { 'actors/lag_mean': lag.mean, 'actors/lag_max': lag.max }),
      };
    },
    state: () => ({
      updates,
      dueUpdates,
      made: gate.made(),
      rngStates: { sampling: sampling.state() } as Readonly<Record<string, RngState>>,
    }),
    restoreState(state) {
      updates = state.updates;
      dueUpdates = state.dueUpdates;
      sampling.restore(state.rngStates.sampling!);
      state.made.forEach((made, actor) => {
        gate.setMade(actor, made);
      });
      step = arrived();
    },
  };
}

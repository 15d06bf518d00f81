/**
 * An environment with a policy in real time, for pages to watch and to lay hands on. Needs nothing of Node.
 */
import { BehaviorSubject, lastValueFrom, type Observable, Subject, Subscription } from 'rxjs';
import type { Teleoperation } from '../core/appearance.ts';
import type { SteppedEnv } from '../core/env.ts';
import type { Frame } from '../core/frame.ts';
import type { Policy } from '../core/policy.ts';
import { type Intervention, intervene } from '../rollout/intervention.ts';
import { type Rollout, rollout } from '../rollout/rollout.ts';
import { createHands } from './hands.ts';
import { LastStep } from './last-step.ts';
import { type Clock, createPace, realClock } from './pace.ts';
import {
  describeSource,
  episodeReport,
  eventsOf,
  Refusal,
  type SourceReport,
  type SourceState,
  type ValueEstimate,
  type ViewSource,
  withValue,
} from './source.ts';

export interface SimulationOptions {
  /** It has to say how it looks. */
  readonly env: SteppedEnv;
  /** Who acts, made anew at each start, so that a seed repeats everything. */
  readonly policy: (seed: number) => Policy;
  /** Who acts, in words. */
  readonly policyName: string;
  readonly teleoperation: Teleoperation;
  readonly seed: number;
  readonly value?: ValueEstimate | undefined;
  readonly clock?: Clock;
}

export interface Simulation extends ViewSource {
  /** Hot: every control step, across restarts. */
  readonly frames$: Observable<Frame>;
  /** Hot: who took over where, and what was said about episodes. */
  readonly interventions$: Observable<Intervention>;
  /** Runs until `stop` is aborted. Errors of environment and policy are told to the pages, and pause it. */
  run(stop: AbortSignal): Promise<void>;
}

/** @throws ProprioError when the environment does not say how it looks */
export function createSimulation(options: SimulationOptions): Simulation {
  const { env, teleoperation, value, clock = realClock } = options;
  const state = new BehaviorSubject<SourceState>({
    paused: false,
    speed: 1,
    seed: options.seed,
    focus: 0,
    agent: 0,
  });
  const steps = new Subject<number>();
  const rests = new Subject<void>();
  const reports = new Subject<SourceReport>();
  const frames = new Subject<Frame>();
  const last = new LastStep(env);
  const pace = createPace({ period: env.spec.controlDt, onRest: () => rests.next(), clock });

  let policy: Policy;
  let loop: Rollout | undefined;
  const intervention = intervene({
    policy: {
      begin: (scene, obs) => policy.begin?.(scene, obs),
      act: (obs, actions, mode) => policy.act(obs, actions, mode),
    },
    teleoperation,
    spaces: { observation: env.observationSpace, action: env.actionSpace },
    numEnvs: env.numEnvs,
    step: () => loop?.step() ?? 0,
  });
  const hands = createHands(env, { intervention });

  const change = (changes: Partial<SourceState>): void => state.next({ ...state.value, ...changes });
  const refresh = (): void => {
    if (pace.resting) rests.next();
  };

  function fail(error: Error): void {
    pace.pause();
    change({ paused: true });
    const message = `${error.message} It is paused now: play tries again, restart begins anew.`;
    reports.next({ type: 'notice', level: 'error', code: 'E_ENV', message });
  }

  /** One loop, from its start until the pace is interrupted. */
  async function runFrom(seed: number): Promise<void> {
    policy = options.policy(seed);
    const started = rollout(env, intervention, {
      seed,
      steps: Number.POSITIVE_INFINITY,
      mode: 'exploit',
      beforeStep(obs) {
        if (started.step() === 0) {
          last.begin(obs);
          steps.next(clock.now());
        }
        return pace.wait();
      },
    });
    loop = started;
    const followed = new Subscription();
    followed.add(
      started.frames$.subscribe((frame) => {
        last.keep(frame, started.ages);
        frames.next(frame);
        steps.next(clock.now());
      }),
    );
    followed.add(
      started.episodes$.subscribe((episode) => {
        if (episode.scene === hands.row) reports.next(episodeReport(env, episode));
      }),
    );
    for (let goesOn = true; goesOn; ) {
      const error = await lastValueFrom(started.run$, { defaultValue: 0 }).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      if (error) fail(error);
      goesOn = error !== undefined && (await pace.wait());
    }
    followed.unsubscribe();
  }

  return {
    hello: describeSource(env, teleoperation, {
      source: 'simulation',
      policy: options.policyName,
      can: { pause: true, restart: true, intervene: true, value: value !== undefined },
    }),
    state$: state,
    steps$: steps,
    rests$: rests,
    reports$: reports,
    events$: eventsOf(env, () => hands.focus),
    frames$: frames,
    interventions$: intervention.interventions$,
    capture: (contacts) => withValue(last.show(hands, contacts), last.observations(hands.focus), value),
    refresh,
    handle(request) {
      switch (request.type) {
        case 'pause':
          pace.pause();
          change({ paused: true });
          break;
        case 'play':
          pace.play();
          change({ paused: false });
          break;
        case 'step':
          if (!pace.paused) throw new Refusal('E_CANNOT', 'Single steps are made in a pause; pause first.');
          pace.step(request.count);
          break;
        case 'speed':
          pace.setSpeed(request.factor);
          change({ speed: request.factor });
          break;
        case 'restart':
          change({ seed: request.seed });
          pace.interrupt();
          break;
        default:
          hands.handle(request);
          if (request.type !== 'focus') break;
          change({ focus: hands.focus, agent: hands.agent });
          refresh();
      }
    },
    async run(stop) {
      stop.addEventListener('abort', pace.interrupt, { once: true });
      while (!stop.aborted) await runFrom(state.value.seed);
    },
  };
}

/**
 * A training run under way, for pages to watch: it neither waits for them nor does anything for those that
 * are not there.
 */
import { BehaviorSubject, map, NEVER } from 'rxjs';
import type { Teleoperation } from '../core/appearance.ts';
import type { SteppedScenes } from '../core/env.ts';
import type { Frame } from '../core/frame.ts';
import type { IntervenedPolicy } from '../rollout/intervention.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { createHands } from './hands.ts';
import { LastStep } from './last-step.ts';
import {
  describeSource,
  episodeReport,
  eventsOf,
  Refusal,
  type SourceState,
  type ValueEstimate,
  type ViewSource,
  withValue,
} from './source.ts';

export interface TrainingOptions {
  /** It has to say how it looks. */
  readonly env: SteppedScenes;
  readonly run: Pick<Rollout, 'frames$' | 'episodes$' | 'ages'>;
  /** Who acts, in words. */
  readonly policyName: string;
  readonly seed: number;
  readonly teleoperation: Teleoperation;
  /**
   * What acts in the run, where a person may take it over: not in a run that learns from its own actions
   * alone.
   */
  readonly intervention?: IntervenedPolicy | undefined;
  readonly value?: ValueEstimate | undefined;
}

/** @throws ProprioError when the environment does not say how it looks */
export function createTraining(options: TrainingOptions): ViewSource {
  const { env, run, intervention, teleoperation, value, seed } = options;
  const state = new BehaviorSubject<SourceState>({ paused: false, speed: 1, seed, focus: 0, agent: 0 });
  const last = new LastStep(env);
  const hands = createHands(env, {
    ...(intervention ? { intervention } : {}),
    refusal: 'Nobody can take over: this agent learns from its own actions alone.',
  });
  let frame: Frame;

  return {
    hello: describeSource(env, teleoperation, {
      source: 'training',
      policy: options.policyName,
      can: {
        pause: false,
        restart: false,
        intervene: intervention !== undefined,
        value: value !== undefined,
      },
    }),
    state$: state,
    steps$: run.frames$.pipe(
      map((present) => {
        frame = present;
        return present.time;
      }),
    ),
    rests$: NEVER,
    reports$: run.episodes$.pipe(map((episode) => episodeReport(env, episode))),
    events$: eventsOf(env, () => hands.focus),
    capture(contacts) {
      last.keep(frame, run.ages);
      return withValue(last.show(hands, contacts), last.observations(hands.focus), value);
    },
    // The next step is not far.
    refresh: () => {},
    handle(request) {
      switch (request.type) {
        case 'pause':
        case 'play':
        case 'step':
        case 'speed':
        case 'restart':
          throw new Refusal('E_CANNOT', 'This is a training run: it cannot be paused, slowed or restarted.');
        default:
          hands.handle(request);
          if (request.type !== 'focus') break;
          state.next({ ...state.value, focus: hands.focus, agent: hands.agent });
      }
    },
  };
}

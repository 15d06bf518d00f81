/** What pages are shown and what they ask of it: a simulation of their own, or a training run under way. */
import { EMPTY, filter, type Observable } from 'rxjs';
import { scenesOf, type Teleoperation } from '../core/appearance.ts';
import type { SteppedScenes } from '../core/env.ts';
import { ProprioError } from '../core/errors.ts';
import type { EnvEvent } from '../core/events.ts';
import type { Episode } from '../core/frame.ts';
import type { Space } from '../core/space.ts';
import type {
  Hello,
  Request,
  ViewEpisode,
  ViewFrame,
  ViewNotice,
  ViewState,
  WireComponent,
} from './protocol.ts';

export type SourceReport = ViewEpisode | ViewNotice;

/** The part of the state that is the same for every page. */
export type SourceState = Omit<ViewState, 'type' | 'intervening'>;

export interface ViewSource {
  readonly hello: Hello;
  /** The present state, then every change of it. */
  readonly state$: Observable<SourceState>;
  /** After every control step: the frame's time, s. It may be captured within `next`, and not later. */
  readonly steps$: Observable<number>;
  /** The loop is at rest, and what is to be seen has changed: to be captured whatever the rate. */
  readonly rests$: Observable<void>;
  readonly reports$: Observable<SourceReport>;
  /** Hot: what happens in the focused scene, before the step that it happens in. Nothing is told while nobody listens. */
  readonly events$: Observable<EnvEvent>;
  /** What is seen now. Everything is copied before it returns, whatever is awaited afterwards. */
  capture(contacts: boolean): Promise<ViewFrame>;
  /** Lets `rests$` emit, where the loop is at rest. */
  refresh(): void;
  /** @throws Refusal saying why not */
  handle(request: SourceRequest): void;
}

/** Whether contacts are wanted is between a page and its hub. */
export type SourceRequest = Exclude<Request, { type: 'contacts' }>;

/** A request that is not carried out; its page is told why. */
export class Refusal extends Error {
  readonly code: ViewNotice['code'];

  constructor(code: ViewNotice['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Estimates the returns to come of the agents of one scene.
 * @param obs `[D, O]`, left alone until the promise resolves
 * @returns `[D]`
 */
export type ValueEstimate = (obs: Float32Array) => Promise<Float32Array>;

/** In the environment's rewards, what was learnt from rewards times `rewardScale`. */
export const unscaledValue =
  (value: { readonly estimate: ValueEstimate }, rewardScale: number): ValueEstimate =>
  async (obs) =>
    (await value.estimate(obs)).map((scaled) => scaled / rewardScale);

/**
 * The frame with what `estimate` says of its agent.
 * @param obs that the agents of its scene have acted on, `[D, O]`
 */
export const withValue = async (
  frame: ViewFrame,
  obs: Float32Array,
  estimate: ValueEstimate | undefined,
): Promise<ViewFrame> => (estimate ? { ...frame, value: (await estimate(obs))[frame.agent]! } : frame);

/** @param focus which scene is in focus */
export const eventsOf = (env: SteppedScenes, focus: () => number): Observable<EnvEvent> =>
  env.events$?.pipe(filter(({ scene }) => scene === focus())) ?? EMPTY;

export const episodeReport = (env: SteppedScenes, episode: Episode): ViewEpisode => ({
  type: 'episode',
  step: episode.step,
  scene: Math.floor(episode.scene / env.spec.agents),
  return: episode.return,
  length: episode.length,
  success: env.spec.success === undefined ? null : episode.success,
});

/** @throws ProprioError when the environment does not say how it looks */
export function viewOf({ view, spec }: SteppedScenes): NonNullable<SteppedScenes['view']> {
  if (view) return view;
  throw new ProprioError(
    `Environment "${spec.id}" cannot be shown, because it does not say how it looks: give it a \`view\`.`,
  );
}

/**
 * The first message to a page. `can` says what else than this environment's own abilities limits the source.
 */
export function describeSource(
  env: SteppedScenes,
  { controls }: Teleoperation,
  about: Pick<Hello, 'source' | 'policy'> & {
    readonly can: Pick<Hello['can'], 'pause' | 'restart' | 'intervene' | 'value'>;
  },
): Hello {
  const view = viewOf(env);
  const { id, description, controlDt, maxEpisodeSteps, rewardTerms, success = null } = env.spec;
  return {
    type: 'hello',
    source: about.source,
    policy: about.policy,
    env: {
      id,
      description,
      controlDt,
      maxEpisodeSteps,
      rewardTerms: [...rewardTerms],
      success,
      observation: onTheWire(env.observationSpace),
      action: onTheWire(env.actionSpace),
    },
    appearance: view.appearance,
    scenes: scenesOf(env),
    agents: env.spec.agents,
    controls: controls.map(({ name, low, high, keys, axis, slider }) => ({
      name,
      low,
      high,
      ...(keys ? { keys: [...keys] } : {}),
      ...(axis ? { axis } : {}),
      ...(slider ? { slider } : {}),
    })),
    can: {
      ...about.can,
      push: view.push !== undefined && view.appearance.bodies.some(({ mass }) => mass !== undefined),
      contacts: view.contacts !== undefined,
    },
  };
}

const bound = (value: number): number | null => (Number.isFinite(value) ? value : null);

const onTheWire = ({ components }: Space): WireComponent[] =>
  components.map(({ name, unit, low, high }) => ({ name, unit, low: bound(low), high: bound(high) }));

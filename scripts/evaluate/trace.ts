/** What happened in the episodes of an evaluation, to be read line by line. */
import { scenesOf } from '../../src/core/appearance.ts';
import type { AsyncVectorEnv, StepBatch, SteppedEnv } from '../../src/core/env.ts';
import type { EnvEvent } from '../../src/core/events.ts';

export interface TracedEvent extends EnvEvent {
  /** Of its scene, counted from 1. */
  readonly episode: number;
  /** Since the beginning of the episode, s. */
  readonly time: number;
}

export interface TraceOptions {
  /** Scenes that are listened to: the first ones. */
  readonly scenes: number;
  /** Episodes of each of them; what happens in later ones does not count. */
  readonly episodes: number;
}

export interface Trace {
  /** The environment, of which the trace sees where episodes end; to be stepped in its place. */
  readonly env: AsyncVectorEnv;
  /** What has happened so far, in the order of scenes, and within a scene of time. */
  events(): TracedEvent[];
}

export function trace(env: SteppedEnv, { scenes, episodes }: TraceOptions): Trace {
  const { agents, controlDt } = env.spec;
  const listened = Math.min(scenes, scenesOf(env));
  const happened: TracedEvent[][] = Array.from({ length: listened }, () => []);
  const episode = new Uint32Array(listened).fill(1);
  env.events$?.subscribe((event) => {
    const { scene, age } = event;
    if (scene < listened && episode[scene]! <= episodes)
      happened[scene]!.push({ ...event, episode: episode[scene]!, time: age * controlDt });
  });
  const countEnds = ({ terminated, truncated }: StepBatch): void => {
    for (let scene = 0; scene < listened; scene++)
      if (terminated[agents * scene] || truncated[agents * scene]) episode[scene]!++;
  };
  return {
    env: {
      ...env,
      reset: async (seed) => env.reset(seed),
      async step(actions) {
        const batch = await env.step(actions);
        countEnds(batch);
        return batch;
      },
    },
    events: () => happened.flat(),
  };
}

/**
 * One line for each event: `scene 3  2.46 s  hit: drone 0, ball at 2.1 m/s`.
 * @param severalEpisodes whether it has to be told which one of its scene an event was in
 */
export const traceLine = (
  { scene, episode, time, kind, text }: TracedEvent,
  severalEpisodes: boolean,
): string => {
  const where = severalEpisodes ? `scene ${scene}, episode ${episode}` : `scene ${scene}`;
  return `${where}  ${time.toFixed(2)} s  ${text === '' ? kind : `${kind}: ${text}`}`;
};

/**
 * The last control step of a loop, copied, so that it can be shown between two steps, whichever scene is
 * asked for.
 */
import { scenesOf, viewLayout } from '../core/appearance.ts';
import type { SteppedScenes } from '../core/env.ts';
import type { Frame } from '../core/frame.ts';
import type { Hands } from './hands.ts';
import type { ViewFrame } from './protocol.ts';
import { viewOf } from './source.ts';

const NO_CONTACTS = new Float32Array(0);

type Kept = Pick<Frame, 'step' | 'obs' | 'action' | 'reward' | 'rewardTerms' | 'intervened'>;

export class LastStep {
  readonly #env: SteppedScenes;
  /** Length of a scene's row. */
  readonly #width: number;
  #kept: Kept;
  /** Control steps of the episode that each row is part of, `[N]`. */
  #ages: Uint32Array;

  constructor(env: SteppedScenes) {
    this.#env = env;
    this.#width = viewLayout(viewOf(env).appearance).size;
    this.#ages = new Uint32Array(env.numEnvs);
    this.#kept = this.#beginning(new Float32Array(env.numEnvs * env.observationSpace.size));
  }

  /** Of a loop that has made no step yet. @param obs `[N, O]` */
  begin(obs: Float32Array): void {
    this.#kept = this.#beginning(obs);
    this.#ages.fill(0);
  }

  /** @param ages control steps of each episode with this step, `[N]` */
  keep(frame: Frame, ages: Uint32Array): void {
    const { step, obs, action, reward, rewardTerms, intervened, terminated, truncated } = frame;
    this.#kept = {
      step,
      obs: obs.slice(),
      action: action.slice(),
      reward: reward.slice(),
      rewardTerms: rewardTerms.slice(),
      intervened: intervened.slice(),
    };
    // Where an episode has ended, the first moment of the next one is seen.
    this.#ages = ages.map((age, row) => (terminated[row] || truncated[row] ? 0 : age));
  }

  /** How every scene looks now, and what the agent in focus last did. */
  show({ focus, agent, row }: Pick<Hands, 'focus' | 'agent' | 'row'>, contacts: boolean): ViewFrame {
    const { spec, numEnvs, observationSpace, actionSpace } = this.#env;
    const view = viewOf(this.#env);
    const { step, obs, action, reward, rewardTerms, intervened } = this.#kept;
    const scenes = scenesOf(this.#env);
    const rows = new Float32Array(scenes * this.#width);
    for (let scene = 0; scene < scenes; scene++) {
      view.draw(scene, rows.subarray(scene * this.#width, (scene + 1) * this.#width));
    }
    const ofFocus = (values: Float32Array, size: number): Float32Array =>
      values.slice(row * size, (row + 1) * size);
    return {
      step,
      time: (step / numEnvs) * spec.controlDt,
      age: this.#ages[row]!,
      focus,
      agent,
      intervened: intervened[row] === 1,
      value: Number.NaN,
      reward: reward[row]!,
      rows,
      action: ofFocus(action, actionSpace.size),
      obs: ofFocus(obs, observationSpace.size),
      rewardTerms: ofFocus(rewardTerms, spec.rewardTerms.length),
      contacts: contacts ? (view.contacts?.(focus).slice() ?? NO_CONTACTS) : NO_CONTACTS,
    };
  }

  /** What the agents of a scene acted on, `[D, O]`. */
  observations(scene: number): Float32Array {
    const { spec, observationSpace } = this.#env;
    const size = spec.agents * observationSpace.size;
    return this.#kept.obs.slice(scene * size, (scene + 1) * size);
  }

  #beginning(obs: Float32Array): Kept {
    const { numEnvs, actionSpace, spec } = this.#env;
    return {
      step: 0,
      obs: obs.slice(),
      action: new Float32Array(numEnvs * actionSpace.size),
      reward: new Float32Array(numEnvs),
      rewardTerms: new Float32Array(numEnvs * spec.rewardTerms.length),
      intervened: new Uint8Array(numEnvs),
    };
  }
}

/** What a demonstrator does to the fingers, whatever drives them: they close less far than they should, or are forced. */
import {
  curlOf,
  jointRanges,
  rightHand,
  synergyNames,
  writeSynergy,
} from '../../../robots/humanoid-hand/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import { actTowards } from '../control.ts';
import type { TabletopPlayerSettings } from './tabletop-hand.ts';

const OPPOSITION = synergyNames.indexOf('thumb.opposition');
/** Inputs of the synergy: open and closed, with the thumb opposite to the fingers. */
const postures = {
  open: Float32Array.from(synergyNames, (_, i) => (i === OPPOSITION ? 0.85 : 0)),
  close: Float32Array.from(synergyNames, (_, i) => (i === OPPOSITION ? 0.85 : 0.95)),
} as const;

export class Fingers {
  readonly #settings: TabletopPlayerSettings;
  readonly #slack: number;
  readonly #ranges = jointRanges(rightHand);
  /** Angles of an open hand, `[J]` rad, and the joints that bend as it closes: 1 for those. */
  readonly #open = new Float32Array(this.#ranges.length);
  readonly #bends: Uint8Array;
  readonly #targets: number;
  readonly #curl: number;

  /**
   * @param slack part of the way to which they close; the player does not see that it is not all of it
   * @param hand before the names of what is seen of it, where there are several
   */
  constructor(
    { observationSpace: { components } }: VectorEnv,
    settings: TabletopPlayerSettings,
    slack: number,
    hand = '',
  ) {
    this.#settings = settings;
    this.#slack = slack;
    const closed = new Float32Array(this.#ranges.length);
    writeSynergy(postures.open, 0, this.#open, 0);
    writeSynergy(postures.close, 0, closed, 0);
    this.#bends = Uint8Array.from(closed, (angle, joint) => (angle === this.#open[joint] ? 0 : 1));
    this.#targets = components.findIndex(({ name }) => name === `${hand}index.abduction.target`);
    this.#curl = components.findIndex(({ name }) => name === `${hand}index.mcp.target`);
  }

  /** Curl that the fingers are at, or on their way to. @param obs `[O]` */
  curl(obs: Float32Array): number {
    return curlOf(obs[this.#curl]!);
  }

  /** Has the targets look as the player meant them. @param obs `[O]`, changed */
  see(obs: Float32Array): void {
    if (this.#slack === 1) return;
    this.#open.forEach((open, joint) => {
      const i = this.#targets + joint;
      if (this.#bends[joint]) obs[i] = open + (obs[i]! - open) / this.#slack;
    });
  }

  /** Has the fingers go less far than the player means. @param action of the hand, changed */
  act(action: Float32Array): void {
    const slack = this.#slack;
    if (slack === 1) return;
    if (this.#settings.fingers === 'synergy') {
      for (let input = 0; input < synergyNames.length; input++)
        if (input !== OPPOSITION) action[input] = slack * (1 + action[input]!) - 1;
      return;
    }
    this.#ranges.forEach(([low, high], joint) => {
      if (!this.#bends[joint]) return;
      if (this.#settings.fingers === 'increments') {
        action[joint]! *= slack;
        return;
      }
      const meant = low + ((1 + action[joint]!) / 2) * (high - low);
      const reached = this.#open[joint]! + slack * (meant - this.#open[joint]!);
      action[joint] = (2 * (reached - low)) / (high - low) - 1;
    });
  }

  /** Opens or closes the hand as fast as it can. @param obs `[O]` @param action of the hand, changed */
  force(how: 'open' | 'close', obs: Float32Array, action: Float32Array): void {
    const targets = obs.subarray(this.#targets, this.#targets + this.#ranges.length);
    actTowards(this.#settings, this.#ranges, postures[how], targets, action);
  }
}

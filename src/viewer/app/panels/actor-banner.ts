/** Over the picture, who acts: the policy, the person before this page, or another one. */
import type { ViewState } from '../../protocol.ts';
import { element, setText } from './element.ts';

type Actor = ViewState['intervening'];

const words: Readonly<Record<Actor, string>> = {
  no: 'The policy acts',
  you: 'You act',
  another: 'Another person acts',
};

export class ActorBanner {
  readonly element = element('p', { class: 'actor', role: 'status' });

  /** @param agent for whom a person acts; left out where there is one only */
  show(actor: Actor, agent?: number): void {
    const whom = actor === 'no' || agent === undefined ? '' : ` for agent ${agent}`;
    setText(this.element, words[actor] + whom);
    this.element.dataset.actor = actor;
  }
}

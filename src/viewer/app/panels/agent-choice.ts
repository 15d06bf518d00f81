/** Which agent of the focused scene is steered and plotted, where a scene has several. */
import type { Handlers } from '../logic/commands.ts';
import { element, setPressed, titleOf } from './element.ts';

export class AgentChoice {
  readonly element: HTMLElement;
  readonly handlers: Handlers<'nextAgent'>;
  readonly #buttons: readonly HTMLButtonElement[];
  #agent = 0;

  /** @param choose asks for an agent @param say why there is none to be chosen */
  constructor(agents: number, choose: (agent: number) => void, say: (message: string) => void) {
    this.#buttons = Array.from({ length: agents }, (_, agent) => {
      const button = element('button', { type: 'button', 'aria-label': `Agent ${agent}` }, String(agent));
      button.addEventListener('click', () => choose(agent));
      return button;
    });
    this.element = element(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': 'Agent', title: titleOf('nextAgent') },
      'Agent',
      ...this.#buttons,
    );
    this.element.hidden = agents === 1;
    this.handlers = {
      nextAgent: () =>
        agents > 1 ? choose((this.#agent + 1) % agents) : say('There is one agent in each scene.'),
    };
    this.show(0);
  }

  show(agent: number): void {
    this.#agent = agent;
    this.#buttons.forEach((button, i) => {
      setPressed(button, i === agent);
    });
  }
}

/**
 * Taking over: whom, what each control is on keyboard and gamepad, how far it is deflected or a slider for it, and what can
 * be said of an episode.
 */
import type { EpisodeMark } from '../../../rollout/intervention.ts';
import type { Hello } from '../../protocol.ts';
import { type Handlers, keyName } from '../logic/commands.ts';
import type { WireControl } from '../logic/take-over.ts';
import { AgentChoice } from './agent-choice.ts';
import { commandButton, element, section, setPressed, toggleButton } from './element.ts';

const marks: Readonly<Record<'success' | 'failure' | 'rerecord' | 'terminate', EpisodeMark>> = {
  success: 'success',
  failure: 'failure',
  rerecord: 'rerecord_episode',
  terminate: 'terminate_episode',
};

/** Names of the standard gamepad's axes. */
const axisNames = ['left stick ↔', 'left stick ↕', 'right stick ↔', 'right stick ↕'];

/** Of the whole way from −1 to 1: finer than anybody can see. */
const SLIDER_STEP = 1 / 512;

/** What the panel asks of the page. */
export interface TakeOverHost {
  readonly hello: Hello;
  /** Takes over and stays, or gives back. */
  keep(): void;
  /** Puts the slider of a control somewhere, from −1 to 1. */
  place(control: number, command: number): void;
  mark(mark: EpisodeMark): void;
  /** Puts an agent of the focused scene in focus. */
  choose(agent: number): void;
  say(message: string): void;
}

export class TakeOverPanel {
  readonly element: HTMLElement;
  readonly handlers: Handlers<keyof typeof marks | 'nextAgent'>;
  readonly #agents: AgentChoice;
  readonly #keep: HTMLButtonElement;
  readonly #gauges: readonly HTMLElement[];

  constructor({ hello: { agents, controls, can }, keep, place, mark, choose, say }: TakeOverHost) {
    const rows = controls.map((control, i) =>
      controlRow(control, control.slider ? slider(control, (command) => place(i, command)) : bar()),
    );
    this.#gauges = rows.map(({ gauge }) => gauge);
    this.#keep = toggleButton('keepControl', keep, 'Take over and stay');
    this.#agents = new AgentChoice(agents, choose, say);
    this.handlers = {
      ...this.#agents.handlers,
      success: () => mark(marks.success),
      failure: () => mark(marks.failure),
      rerecord: () => mark(marks.rerecord),
      terminate: () => mark(marks.terminate),
    };
    const buttons = (Object.keys(marks) as (keyof typeof marks)[]).map((id) =>
      commandButton(id, () => this.handlers[id](true)),
    );
    const how = controls.every((control) => control.slider)
      ? 'Move a slider to take over; the button gives back.'
      : 'Hold Shift, or the right trigger of a gamepad, and steer. Let go to give back.';
    const hint = can.intervene ? how : 'Nobody can take over here.';
    this.element = section(
      'Take over',
      can.intervene,
      element('p', { class: 'hint' }, hint),
      this.#agents.element,
      ...(can.intervene
        ? [
            element('div', { class: 'controls' }, ...rows.map(({ row }) => row)),
            element('div', { class: 'buttons' }, this.#keep),
            element('div', { class: 'buttons', role: 'group', 'aria-label': 'The episode' }, ...buttons),
          ]
        : []),
    );
  }

  /** @param agent the one in focus */
  show(agent: number): void {
    this.#agents.show(agent);
  }

  /** @param commands one for each control, −1 to 1 @param kept whether control stays without holding anything */
  update(commands: readonly number[], kept: boolean): void {
    this.#gauges.forEach((gauge, i) => {
      gauge.style.setProperty('--deflection', String(commands[i]));
    });
    setPressed(this.#keep, kept);
  }
}

/** Shows how far a control is deflected. */
const bar = (): HTMLElement => element('div', { class: 'deflection' }, element('i'));

function slider({ name, slider }: WireControl, place: (command: number) => void): HTMLElement {
  const range = { type: 'range', min: -1, max: 1, step: SLIDER_STEP, value: slider!.start };
  const input = element('input', { ...range, 'aria-label': name });
  input.addEventListener('input', () => place(input.valueAsNumber));
  return input;
}

function controlRow(
  { name, low, high, keys, axis }: WireControl,
  gauge: HTMLElement,
): { readonly row: HTMLElement; readonly gauge: HTMLElement } {
  const [lowKey = [], highKey = []] = (keys ?? []).map((code) => [element('kbd', {}, keyName(code))]);
  const stick = axis ? (axisNames[axis.index] ?? `axis ${axis.index}`) : '';
  const row = element(
    'div',
    { class: 'control' },
    element('span', { class: 'control-name' }, name, ' ', element('small', {}, stick)),
    element('span', { class: 'control-end' }, ...lowKey, ` ${low}`),
    gauge,
    element('span', { class: 'control-end' }, `${high} `, ...highKey),
  );
  return { row, gauge };
}

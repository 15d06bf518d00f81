/** Over the picture, in words and numbers: the read-outs of the task, and what happened last in the focused scene. */
import { readoutReader } from '../../../core/appearance.ts';
import type { Hello, ViewEvent, ViewFrame } from '../../protocol.ts';
import { readable } from '../logic/format.ts';
import { element, setText } from './element.ts';

/** Events that are listed. */
export const LISTED = 8;

export class Readouts {
  readonly element: HTMLElement;
  readonly #hello: Hello;
  readonly #read: ReturnType<typeof readoutReader>;
  readonly #values: readonly HTMLElement[];
  readonly #events = element('ol', { 'aria-label': 'What happened last' });
  #listed = '';

  constructor(hello: Hello) {
    const { readouts = [] } = hello.appearance;
    this.#hello = hello;
    this.#read = readoutReader(hello.appearance);
    this.#values = readouts.map(() => element('dd'));
    const rows = readouts.map(({ name }, i) => element('div', {}, element('dt', {}, name), this.#values[i]!));
    // They change all the time: who listens to the page asks for them.
    const list = element('dl', { 'aria-live': 'off' }, ...rows);
    list.hidden = rows.length === 0;
    this.element = element('section', { class: 'readouts', 'aria-label': 'Read-outs' }, list, this.#events);
    this.element.hidden = list.hidden;
  }

  /** @param events of the scene in focus up to the frame, newest first */
  draw({ rows, focus }: ViewFrame, events: readonly ViewEvent[]): void {
    const { readouts = [] } = this.#hello.appearance;
    const width = rows.length / this.#hello.scenes;
    const said = this.#read(rows.subarray(focus * width, (focus + 1) * width));
    said.forEach((value, i) => {
      setText(this.#values[i]!, typeof value === 'string' ? value : withUnit(value, readouts[i]!.unit));
    });
    this.#list(events);
  }

  #list(events: readonly ViewEvent[]): void {
    const lines = events.map(({ age, kind, text }) => {
      const time = `${(age * this.#hello.env.controlDt).toFixed(2)} s`;
      return { time, said: text === '' ? kind : `${kind}: ${text}` };
    });
    const all = JSON.stringify(lines);
    if (all === this.#listed) return;
    this.#listed = all;
    const items = lines.map(({ time, said }) => element('li', {}, element('time', {}, time), ` ${said}`));
    this.#events.replaceChildren(...items);
    this.element.hidden = this.#values.length === 0 && lines.length === 0;
  }
}

function withUnit(value: number, unit = '1'): string {
  if (unit !== '1') return `${readable(value)} ${unit}`;
  // A count is read as one.
  return Number.isInteger(value) ? String(value).replace('-', '−') : readable(value);
}

/** Messages for the person: shown over the picture for a while, told to screen readers, and kept in a small log. */
import type { ViewNotice } from '../../protocol.ts';
import { element, section } from './element.ts';

type Level = ViewNotice['level'];

const KEPT = 50;
/** How long one is shown, ms. */
const SHOWN: Readonly<Record<Level, number>> = { info: 5_000, error: 15_000 };

export class Notices {
  /** Over the picture. */
  readonly overlay = element('div', { class: 'notices' });
  /** In the side column. */
  readonly log: HTMLElement;
  readonly #list = element('ol', { class: 'log' });
  // Live regions have to be there before their text is.
  readonly #polite = element('div', { role: 'status', class: 'notice-region' });
  readonly #urgent = element('div', { role: 'alert', class: 'notice-region' });

  constructor() {
    this.overlay.append(this.#urgent, this.#polite);
    this.log = section('Messages', false, this.#list);
  }

  readonly say = (message: string, level: Level = 'info'): void => {
    const region = level === 'error' ? this.#urgent : this.#polite;
    const same = [...region.children].find(({ textContent }) => textContent === message);
    same?.remove();
    const notice = element('p', { class: `notice ${level}` }, message);
    region.append(notice);
    setTimeout(() => notice.remove(), SHOWN[level]);
    // The same again only stays longer.
    if (same) return;
    const time = new Date().toLocaleTimeString();
    this.#list.prepend(element('li', { class: level }, element('time', {}, time), ` ${message}`));
    while (this.#list.children.length > KEPT) this.#list.lastChild!.remove();
  };
}

/** The list of all keys, from the table that binds them and the controls of the task. */
import { commandGroups, commandIds, commandOf, type Handlers, keyName } from '../logic/commands.ts';
import type { WireControl } from '../logic/take-over.ts';
import { commandButton, element } from './element.ts';

export class Help {
  readonly dialog: HTMLDialogElement;
  readonly button: HTMLButtonElement;
  readonly handlers: Handlers<'help'>;

  constructor(controls: readonly WireControl[]) {
    const close = element('button', { type: 'button', class: 'close' }, 'Close');
    this.dialog = element(
      'dialog',
      { class: 'help', 'aria-label': 'All keys' },
      element('header', {}, element('h2', {}, 'Keys'), close),
      element('div', { class: 'key-groups' }, ...commandGroups.map(groupOf), steering(controls)),
    );
    close.addEventListener('click', () => this.dialog.close());
    this.handlers = {
      help: () => (this.dialog.open ? this.dialog.close() : this.dialog.showModal()),
    };
    this.button = commandButton('help', () => this.handlers.help(true), 'Keys');
  }
}

function groupOf(group: (typeof commandGroups)[number]): HTMLElement {
  const rows = commandIds
    .map(commandOf)
    .filter((command) => command.group === group)
    .map(({ keys, label, held }) => row(keys.map(keyName), held ? `${label} (hold)` : label));
  return element('section', {}, element('h3', {}, group), element('dl', {}, ...rows));
}

function steering(controls: readonly WireControl[]): HTMLElement {
  const rows = controls.flatMap(({ name, low, high, keys }) =>
    [low, high].map((meaning, i) => row(keys ? [keyName(keys[i]!)] : [], `${name}: ${meaning}`)),
  );
  return element(
    'section',
    {},
    element('h3', {}, 'Steering, while you have taken over'),
    element('dl', {}, ...rows),
  );
}

const row = (keys: readonly string[], label: string): HTMLElement =>
  element(
    'div',
    {},
    element('dt', {}, ...keys.map((key) => element('kbd', {}, key))),
    element('dd', {}, label),
  );

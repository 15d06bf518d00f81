/** Elements of the page, built from plain values. */
import { ariaShortcuts, type CommandId, commandOf, keyName } from '../logic/commands.ts';

type Child = Node | string;

/** An element with attributes; those that are `false` are left out, those that are `true` stand without a value. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(name, value === true ? '' : String(value));
  made.append(...children);
  return made;
}

/** Its text, changed only where it differs, so that screen readers are not told the same again. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** What its key is, for the title of a control: `Pause or play (Space)`. */
export const titleOf = (id: CommandId): string =>
  `${commandOf(id).label} (${commandOf(id).keys.map(keyName).join(', ')})`;

const described = (id: CommandId): Record<string, string> => ({
  title: titleOf(id),
  'aria-keyshortcuts': ariaShortcuts(id),
  'data-command': id,
});

/** A button that does what the key of a command does. */
export function commandButton(
  id: CommandId,
  run: () => void,
  label = commandOf(id).label,
): HTMLButtonElement {
  const button = element('button', { type: 'button', ...described(id) }, label);
  button.addEventListener('click', run);
  return button;
}

/** A button that is on or off. */
export function toggleButton(id: CommandId, run: () => void, label = commandOf(id).label): HTMLButtonElement {
  const button = commandButton(id, run, label);
  button.setAttribute('aria-pressed', 'false');
  return button;
}

export const setPressed = (button: HTMLButtonElement, pressed: boolean): void =>
  button.setAttribute('aria-pressed', String(pressed));

/** An input that a command focuses or changes, with its label before it. */
export function commandInput(
  id: CommandId,
  label: string,
  attributes: Readonly<Record<string, string | number>>,
): { readonly label: HTMLLabelElement; readonly input: HTMLInputElement } {
  const input = element('input', { ...described(id), ...attributes });
  return { label: element('label', { class: 'field' }, element('span', {}, label), input), input };
}

/** A part of the side column that can be folded. */
export function section(title: string, open: boolean, ...children: readonly Child[]): HTMLDetailsElement {
  return element('details', { class: 'section', open }, element('summary', {}, title), ...children);
}

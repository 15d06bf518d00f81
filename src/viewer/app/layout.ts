/** Where the parts of the page stand: the order in which they are read and reached by Tab; style.css gives them places. */
import type { Hello } from '../protocol.ts';
import { element } from './panels/element.ts';

export interface Parts {
  readonly canvas: HTMLCanvasElement;
  /** Over the picture. */
  readonly overlays: readonly HTMLElement[];
  /** Above and beneath the picture. */
  readonly tools: HTMLElement;
  readonly hands: HTMLElement;
  readonly time: HTMLElement;
  /** In the side column, from the top. */
  readonly panels: readonly HTMLElement[];
  readonly help: { readonly button: HTMLElement; readonly dialog: HTMLElement };
}

/** Fills `root`. @returns what holds the picture and gives it its size */
export function layPage(root: HTMLElement, { env, policy }: Hello, parts: Parts): HTMLElement {
  parts.canvas.setAttribute('role', 'img');
  parts.canvas.setAttribute('aria-label', `${env.id}: ${env.description}`);
  const frame = element(
    'main',
    { class: 'picture', 'aria-label': 'Picture' },
    parts.canvas,
    ...parts.overlays,
  );
  root.replaceChildren(
    element(
      'header',
      { class: 'top' },
      element('h1', {}, env.id),
      element('p', { class: 'description' }, env.description),
      element('p', { class: 'policy' }, policy),
      parts.help.button,
    ),
    parts.tools,
    frame,
    parts.hands,
    element('aside', { class: 'side', 'aria-label': 'Panels' }, ...parts.panels),
    parts.time,
    parts.help.dialog,
  );
  return frame;
}

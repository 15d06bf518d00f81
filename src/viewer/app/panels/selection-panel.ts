/** The selected body: which one, where it is, and with what force it is pushed. The force also stands beside its arrow. */
import { Vector3 } from 'three';
import type { Hands } from '../hands.ts';
import { readable } from '../logic/format.ts';
import type { Pull } from '../pull.ts';
import type { World } from '../scene/world.ts';
import { commandButton, element, setPressed, setText, toggleButton } from './element.ts';

export class SelectionPanel {
  readonly element: HTMLElement;
  /** Over the picture, beside the arrow. */
  readonly label = element('span', { class: 'force' });
  readonly #name = element('strong');
  readonly #where = element('span', { class: 'where' });
  readonly #hint: string;
  readonly #drag: HTMLButtonElement;
  readonly #hands: Hands;
  readonly #pull: Pull;
  readonly #world: World;
  readonly #position = new Vector3();

  constructor(hands: Hands, pull: Pull, world: World, scenes: number, canPush: boolean) {
    this.#hands = hands;
    this.#pull = pull;
    this.#world = world;
    this.label.hidden = true;
    this.#drag = toggleButton('dragToPush', () => {
      hands.handlers.dragToPush(true);
      this.draw();
    });
    const next = [
      commandButton('nextBody', () => hands.handlers.nextBody(true)),
      ...(scenes > 1 ? [commandButton('nextScene', () => hands.handlers.nextScene(true))] : []),
      commandButton('deselect', () => hands.handlers.deselect(true)),
    ];
    this.#hint = canPush
      ? 'Click a body to select it; drag it with Ctrl to push it.'
      : 'Click a body to select it. Nothing can be pushed here.';
    this.element = element(
      'div',
      { class: 'hands', role: 'group', 'aria-label': 'Selected body' },
      element('p', {}, this.#name, ' ', this.#where),
      ...next,
      ...(canPush ? [this.#drag] : []),
    );
  }

  /** @param project from a point, m, to the place on the picture, px */
  drawLabel(project: (point: Vector3) => readonly [x: number, y: number]): void {
    const { force, target } = this.#pull;
    this.label.hidden = force === null;
    if (force === null) return;
    const [x, y] = project(target);
    this.label.style.transform = `translate(${Math.round(x + 12)}px, ${Math.round(y - 10)}px)`;
    setText(this.label, `${readable(force)} N`);
  }

  draw(): void {
    setPressed(this.#drag, this.#hands.dragPushes);
    const { selection } = this.#hands;
    const body = selection && this.#world.appearance.bodies[selection.body];
    if (!selection || !body) {
      setText(this.#name, '');
      setText(this.#where, this.#hint);
      return;
    }
    const { offsets } = this.#world.grid;
    const many = offsets.length > 1 ? `, scene ${selection.scene}` : '';
    setText(this.#name, `${body.name}${many}`);
    const [dx, dy] = offsets[selection.scene]!;
    const { x, y, z } = this.#world.positionOf(selection.scene, selection.body, this.#position);
    const mass = body.mass === undefined ? '' : `${readable(body.mass)} kg, `;
    setText(this.#where, `${mass}at ${[x - dx, y - dy, z].map((value) => value.toFixed(2)).join(', ')} m`);
  }
}

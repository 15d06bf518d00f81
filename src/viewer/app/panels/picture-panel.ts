/** What of the picture is shown, and from where: cameras, layers, scenes, and what the colours of fields mean. */
import type { Appearance, FieldAppearance } from '../../../core/appearance.ts';
import { viridis } from '../logic/colormap.ts';
import type { CommandId, Handlers } from '../logic/commands.ts';
import { readable } from '../logic/format.ts';
import { type Layer, layers } from '../logic/shape-list.ts';
import type { CameraRig } from '../scene/camera-rig.ts';
import type { World } from '../scene/world.ts';
import { commandButton, element, setPressed, toggleButton } from './element.ts';

const LEGEND_COLORS = 128;

const cameraIds = ['camera1', 'camera2', 'camera3', 'camera4'] as const;
type PictureCommand =
  | (typeof cameraIds)[number]
  | Layer
  | 'turnLeft'
  | 'turnRight'
  | 'turnUp'
  | 'turnDown'
  | 'closer'
  | 'farther'
  | 'orthographic'
  | 'follow'
  | 'frameAll';

export interface PictureHost {
  readonly world: World;
  readonly rig: CameraRig;
  /** Whether contacts can be had. */
  readonly hasContacts: boolean;
  /** Scene that cameras look at. */
  focus(): number;
  /** Body that a camera is to stay with. */
  bodyToFollow(): number;
  /** The page needs to be drawn again. */
  changed(): void;
  layerChanged(layer: Layer, shown: boolean): void;
  say(message: string): void;
}

export class PicturePanel {
  readonly element: HTMLElement;
  readonly handlers: Handlers<PictureCommand>;
  readonly #host: PictureHost;
  readonly #toggles = new Map<CommandId, HTMLButtonElement>();

  constructor(host: PictureHost) {
    this.#host = host;
    const { rig, world } = host;
    const { cameras, fields = [] } = world.appearance;
    const turn = (right: number, up: number) => () => this.#moved(() => rig.turn(right, up));
    const zoom = (closer: boolean) => () => this.#moved(() => rig.zoom(closer));
    const camera = (index: number) => () => this.showCamera(index);
    const toggle = (layer: Layer) => () => this.#toggleLayer(layer);
    this.handlers = {
      camera1: camera(0),
      camera2: camera(1),
      camera3: camera(2),
      camera4: camera(3),
      colliders: toggle('colliders'),
      contacts: toggle('contacts'),
      joints: toggle('joints'),
      trails: toggle('trails'),
      arrows: toggle('arrows'),
      grid: toggle('grid'),
      turnLeft: turn(-1, 0),
      turnRight: turn(1, 0),
      turnUp: turn(0, 1),
      turnDown: turn(0, -1),
      closer: zoom(true),
      farther: zoom(false),
      orthographic: () => this.#moved(() => rig.setOrthographic(!rig.orthographic)),
      follow: () => this.#moved(() => this.#toggleFollow()),
      frameAll: () => this.#moved(() => rig.showAll()),
    };
    const run = (id: PictureCommand) => () => this.handlers[id](true);
    const toggled = (id: PictureCommand): HTMLButtonElement => {
      const button = toggleButton(id, run(id));
      this.#toggles.set(id, button);
      return button;
    };
    const presets = cameras.map(({ name }, i) =>
      cameraIds[i]
        ? commandButton(cameraIds[i], run(cameraIds[i]), name)
        : extraCamera(name, () => this.showCamera(i)),
    );
    const available = layers.filter((layer) => this.#has(layer));
    const group = (label: string, ...buttons: readonly HTMLElement[]): HTMLElement =>
      element('div', { class: 'buttons', role: 'group', 'aria-label': label }, ...buttons);
    this.element = element(
      'div',
      { class: 'tools', role: 'group', 'aria-label': 'Picture' },
      group('Cameras', ...presets, commandButton('frameAll', run('frameAll'))),
      group('Camera', toggled('follow'), toggled('orthographic')),
      group('Shown', ...available.map(toggled)),
      ...fields.map(fieldLegend),
    );
    this.draw();
  }

  showCamera(index: number): void {
    const { rig, world } = this.#host;
    const view = world.appearance.cameras[index];
    if (view) this.#moved(() => rig.show(view, this.#host.focus(), this.#positionOf));
    else this.#host.say(`There are only ${world.appearance.cameras.length} cameras here.`);
  }

  /** The camera goes on with what it follows. @returns whether it has moved */
  update(): boolean {
    return this.#host.rig.update(this.#positionOf);
  }

  /** Brings the buttons up to date. */
  draw(): void {
    const { rig, world } = this.#host;
    for (const [id, button] of this.#toggles) {
      const pressed =
        id === 'follow'
          ? rig.followed !== null
          : id === 'orthographic'
            ? rig.orthographic
            : world.isShown(id as Layer);
      setPressed(button, pressed);
    }
  }

  readonly #positionOf: Parameters<CameraRig['update']>[0] = (body, out) => {
    const { world } = this.#host;
    const index = world.appearance.bodies.findIndex(({ name }) => name === body);
    return world.positionOf(this.#host.focus(), Math.max(0, index), out);
  };

  #moved(change: () => void): void {
    change();
    this.draw();
    this.#host.changed();
  }

  #toggleFollow(): void {
    const { rig, world } = this.#host;
    const body = world.appearance.bodies[this.#host.bodyToFollow()];
    if (body) rig.follow(rig.followed === null ? body.name : null, this.#positionOf);
    else this.#host.say('There is no body to stay with.');
  }

  #toggleLayer(layer: Layer): void {
    if (!this.#has(layer)) {
      this.#host.say(`There are no ${names[layer]} here.`);
      return;
    }
    const shown = !this.#host.world.isShown(layer);
    this.#host.layerChanged(layer, shown);
    this.#moved(() => this.#host.world.show(layer, shown));
  }

  /** Whether there is anything of a kind to be shown. */
  #has(layer: Layer): boolean {
    const { bodies, arrows = [], joints = [] }: Appearance = this.#host.world.appearance;
    const present: Readonly<Record<Layer, boolean>> = {
      colliders: bodies.some(({ colliders = [] }) => colliders.length > 0),
      contacts: this.#host.hasContacts,
      joints: joints.length > 0,
      trails: bodies.some(({ trail }) => trail !== undefined),
      arrows: arrows.length > 0,
      grid: true,
    };
    return present[layer];
  }
}

const names: Readonly<Record<Layer, string>> = {
  colliders: 'colliders',
  contacts: 'contacts',
  joints: 'joint axes',
  trails: 'trails',
  arrows: 'arrows',
  grid: 'grid lines',
};

/** A camera beyond those that have a key. */
function extraCamera(name: string, show: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button' }, name);
  button.addEventListener('click', show);
  return button;
}

function fieldLegend({ name, unit, range: [low, high] }: FieldAppearance): HTMLElement {
  const bar = element('canvas', { class: 'color-bar', width: LEGEND_COLORS, height: 1, 'aria-hidden': true });
  const context = bar.getContext('2d')!;
  for (let x = 0; x < LEGEND_COLORS; x++) {
    context.fillStyle = `rgb(${viridis(x / (LEGEND_COLORS - 1)).join(' ')})`;
    context.fillRect(x, 0, 1, 1);
  }
  return element(
    'div',
    { class: 'field-legend' },
    element('span', {}, `${name} (${unit})`),
    element('span', {}, readable(low)),
    bar,
    element('span', {}, readable(high)),
  );
}

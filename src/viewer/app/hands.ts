/** Hands on bodies: selecting one by click or key, and pulling at it by dragging or by arrow keys. */
import { Vector3 } from 'three';
import type { Hello } from '../protocol.ts';
import type { Handlers } from './logic/commands.ts';
import type { Pull, Selection } from './pull.ts';
import type { CameraRig } from './scene/camera-rig.ts';
import { facingPlane, type Hit, pickBody, pointOnPlane } from './scene/picking.ts';
import type { World } from './scene/world.ts';

/** What the rest of the page does for the hands. */
export interface HandsHost {
  readonly hello: Hello;
  readonly world: World;
  readonly rig: CameraRig;
  readonly canvas: HTMLCanvasElement;
  /** Scene that is focused now. */
  focus(): number;
  /** Whether what is shown is the present, which alone can be pushed. */
  live(): boolean;
  selected(selection: Selection | null): void;
  /** The picture has to be drawn again. */
  changed(): void;
  say(message: string): void;
}

/** How far a key pulls, m: a shove that what balances itself may survive. */
const KEY_REACH = 0.25;
/** A pointer that moved less than this was a click, px. */
const CLICK_SLOP = 4;

type PushKey = 'pushLeft' | 'pushRight' | 'pushUp' | 'pushDown';
type HandsCommand = PushKey | 'nextBody' | 'nextScene' | 'deselect' | 'dragToPush';

export class Hands {
  readonly handlers: Handlers<HandsCommand>;
  /** Touch screens have no Ctrl key: then dragging pushes by itself. */
  dragPushes = false;
  readonly #host: HandsHost;
  readonly #pull: Pull;
  readonly #keys = new Set<PushKey>();
  #selection: Selection | null = null;

  constructor(host: HandsHost, pull: Pull, signal: AbortSignal) {
    this.#host = host;
    this.#pull = pull;
    const push = (key: PushKey) => (down: boolean) => this.#pushByKey(key, down);
    this.handlers = {
      pushLeft: push('pushLeft'),
      pushRight: push('pushRight'),
      pushUp: push('pushUp'),
      pushDown: push('pushDown'),
      nextBody: () => this.#selectNextBody(),
      nextScene: () => this.#selectNextScene(),
      deselect: () => this.#select(null),
      dragToPush: () => {
        this.dragPushes = !this.dragPushes;
      },
    };
    this.#listen(signal);
  }

  get selection(): Selection | null {
    return this.#selection;
  }

  /** The key or pointer went up, or the person looks elsewhere. */
  letGo(): void {
    this.#keys.clear();
    this.#pull.end();
    this.#host.rig.controls.enabled = true;
    this.#host.changed();
  }

  #select(selection: Selection | null): void {
    this.letGo();
    this.#selection = selection;
    this.#host.selected(selection);
  }

  /** Goes through the bodies of the focused scene, those that can be pushed first. */
  #selectNextBody(): void {
    const { bodies } = this.#host.world.appearance;
    const fixedLast = (body: number): number => (bodies[body]!.mass === undefined ? 1 : 0);
    const order = bodies.map((_, body) => body).sort((a, b) => fixedLast(a) - fixedLast(b));
    if (order.length === 0) return;
    const next = this.#selection ? (order.indexOf(this.#selection.body) + 1) % order.length : 0;
    this.#select({ scene: this.#host.focus(), body: order[next]! });
  }

  #selectNextScene(): void {
    const { hello, focus } = this.#host;
    this.#select({ scene: (focus() + 1) % hello.scenes, body: this.#selection?.body ?? 0 });
  }

  /** Why the selected body cannot be pushed now; null when it can. */
  #refusal(): string | null {
    const { hello, world, live } = this.#host;
    const body = this.#selection && world.appearance.bodies[this.#selection.body];
    if (!hello.can.push || !body) return 'Nothing can be pushed here.';
    if (body.mass === undefined) return `"${body.name}" cannot be pushed.`;
    return live() ? null : 'Only the present can be pushed: go back to live first.';
  }

  #canPush(): boolean {
    const refusal = this.#refusal();
    if (refusal) this.#host.say(refusal);
    return refusal === null;
  }

  #pushByKey(key: PushKey, down: boolean): void {
    if (!down) {
      this.#keys.delete(key);
      if (this.#keys.size === 0) this.letGo();
      return;
    }
    if (!this.#selection) this.#selectNextBody();
    if (!this.#canPush()) return;
    this.#keys.add(key);
    if (this.#keys.size === 1) this.#pull.begin(this.#selection!, null, (out) => this.#aimByKeys(out));
  }

  /** To the sides and up and down as the camera sees it. */
  #aimByKeys(out: Vector3): void {
    const { matrixWorld } = this.#host.rig.camera;
    const has = (key: PushKey): number => (this.#keys.has(key) ? 1 : 0);
    const right = new Vector3().setFromMatrixColumn(matrixWorld, 0);
    const up = new Vector3().setFromMatrixColumn(matrixWorld, 1);
    out
      .copy(this.#pull.grip)
      .addScaledVector(right, KEY_REACH * (has('pushRight') - has('pushLeft')))
      .addScaledVector(up, KEY_REACH * (has('pushUp') - has('pushDown')));
  }

  #listen(signal: AbortSignal): void {
    const { canvas, rig } = this.#host;
    let pressed: PointerEvent | null = null;
    let pointer: PointerEvent;
    const onDown = (event: PointerEvent): void => {
      pointer = event;
      pressed = event;
      if (event.button !== 0 || !(event.ctrlKey || event.metaKey || this.dragPushes)) return;
      const hit = this.#pick(event);
      if (!hit) return;
      this.#select({ scene: hit.scene, body: hit.body });
      if (!this.#canPush()) return;
      pressed = null;
      canvas.setPointerCapture(event.pointerId);
      rig.controls.enabled = false;
      const plane = facingPlane(rig.camera, hit.point);
      this.#pull.begin(this.#selection!, hit.point, (out) => {
        if (!pointOnPlane(plane, rig.camera, canvas, pointer.clientX, pointer.clientY, out))
          out.copy(this.#pull.grip);
      });
    };
    const onUp = (event: PointerEvent): void => {
      if (this.#pull.force !== null && this.#keys.size === 0) this.letGo();
      if (!pressed) return;
      const moved = Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY);
      pressed = null;
      if (moved < CLICK_SLOP) this.#select(this.#pick(event));
    };
    // Before the orbit controls, which would turn the camera.
    canvas.addEventListener('pointerdown', onDown, { capture: true, signal });
    canvas.addEventListener('pointerup', onUp, { signal });
    canvas.addEventListener('pointercancel', () => this.letGo(), { signal });
    const follow = (event: PointerEvent): void => {
      pointer = event;
    };
    canvas.addEventListener('pointermove', follow, { signal });
  }

  #pick({ clientX, clientY }: PointerEvent): Hit | null {
    const { world, rig, canvas } = this.#host;
    return pickBody(world, rig.camera, canvas, clientX, clientY);
  }
}

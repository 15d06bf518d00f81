/**
 * Who holds what: only one page steers at a time, and only one pushes in a scene. Who leaves gives back what
 * it held.
 */
import { Refusal, type SourceRequest, type ViewSource } from './source.ts';

/** @typeParam Holder what tells one page from another */
export class Custody<Holder> {
  readonly #source: Pick<ViewSource, 'handle'>;
  #steering: Holder | undefined;
  /** Who pushes which body, by scene. */
  readonly #pushing = new Map<number, { readonly holder: Holder; readonly body: number }>();

  constructor(source: Pick<ViewSource, 'handle'>) {
    this.#source = source;
  }

  /** Who has taken over the agent in focus. */
  get steering(): Holder | undefined {
    return this.#steering;
  }

  /**
   * Hands a request on to the source, unless another page holds what it asks for.
   * @throws Refusal saying why not
   */
  handle(holder: Holder, request: SourceRequest): void {
    switch (request.type) {
      case 'focus':
        this.#assertFree(holder);
        // Who looks elsewhere lets go of what they steered.
        this.#stopSteering();
        break;
      case 'mark':
        this.#assertFree(holder);
        break;
      case 'intervene':
        this.#assertFree(holder);
        break;
      case 'push':
        this.#assertFreeToPush(holder, request.scene);
        break;
    }
    this.#source.handle(request);
    if (request.type === 'intervene') this.#steering = request.active ? holder : undefined;
    if (request.type === 'push') this.#notePush(holder, request);
  }

  giveBack(holder: Holder): void {
    for (const [scene, pushing] of this.#pushing) {
      if (pushing.holder !== holder) continue;
      this.#pushing.delete(scene);
      const { body } = pushing;
      this.#source.handle({ type: 'push', scene, body, force: [0, 0, 0], point: [0, 0, 0] });
    }
    if (this.#steering === holder) this.#stopSteering();
  }

  #notePush(holder: Holder, { scene, body, force }: Extract<SourceRequest, { type: 'push' }>): void {
    if (Math.hypot(...force) > 0) this.#pushing.set(scene, { holder, body });
    else this.#pushing.delete(scene);
  }

  #assertFreeToPush(holder: Holder, scene: number): void {
    const other = this.#pushing.get(scene);
    if (other === undefined || other.holder === holder) return;
    throw new Refusal('E_BUSY', `Another page is pushing in scene ${scene}.`);
  }

  #assertFree(holder: Holder): void {
    if (this.#steering === undefined || this.#steering === holder) return;
    throw new Refusal('E_BUSY', 'Another page has taken over; it has to give back first.');
  }

  #stopSteering(): void {
    if (this.#steering === undefined) return;
    this.#steering = undefined;
    this.#source.handle({ type: 'intervene', active: false, commands: [] });
  }
}

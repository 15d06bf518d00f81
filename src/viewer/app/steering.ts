/** From keys and gamepad to the requests that take over and give back. */
import type { Hello } from '../protocol.ts';
import type { Handlers } from './logic/commands.ts';
import type { Outbox } from './logic/outbox.ts';
import { TakeOver } from './logic/take-over.ts';

const seconds = (): number => performance.now() / 1e3;

export class Steering {
  readonly takeOver: TakeOver;
  readonly handlers: Handlers<'takeOver' | 'keepControl'>;
  readonly #outbox: Outbox;
  readonly #began: () => void;
  readonly #possible: boolean;
  #wasActive = false;

  /** @param began somebody has taken over @param refused says that nobody can */
  constructor({ controls, can }: Hello, outbox: Outbox, began: () => void, refused: () => void) {
    this.takeOver = new TakeOver(controls);
    this.#possible = can.intervene;
    this.#outbox = outbox;
    this.#began = began;
    this.handlers = {
      // Shift alone is no request that deserves an answer: it is part of many chords.
      takeOver: (down) => can.intervene && this.takeOver.hold(down, seconds()),
      keepControl: () => (can.intervene ? this.takeOver.toggleKept() : refused()),
    };
  }

  /** Once a drawing. @param now s */
  update(now: number): void {
    const { takeOver } = this;
    // A gamepad is read without being asked, so it counts only while the person is here.
    const reads = this.#possible && document.hasFocus();
    const gamepad = reads ? navigator.getGamepads().find((pad) => pad?.mapping === 'standard') : null;
    if (takeOver.update(now, gamepad ?? null)) this.#tell();
  }

  /** Lets go of everything at once. */
  letGo(): void {
    this.takeOver.letGo();
    this.update(seconds());
  }

  #tell(): void {
    const { active, commands } = this.takeOver;
    const request = { type: 'intervene' as const, active, commands: [...commands] };
    if (active !== this.#wasActive) {
      this.#outbox.sendNow(request);
      if (active) this.#began();
    } else if (active) this.#outbox.offer(request);
    this.#wasActive = active;
  }
}

/**
 * Whether a person has taken over, and what they command: from keys that are down, a gamepad and sliders. A hold is a key
 * that is held, or the trigger; it ends when it is let go, and whenever the page loses the person's attention.
 */
import type { Hello } from '../../protocol.ts';

/** What a person steers, as the page is told of it. */
export type WireControl = Hello['controls'][number];

/** Deflections below this are a stick at rest. */
const DEAD_ZONE = 0.1;
/** How long the hold key has to be down alone, s: before that it may be half of a chord, as in Shift+Tab. */
const HOLD_DELAY = 0.2;
/** Of a trigger that counts as pulled. */
const TRIGGER = 0.5;
/** The right trigger of the standard gamepad. */
const RIGHT_TRIGGER = 7;

export interface GamepadState {
  readonly axes: readonly number[];
  readonly buttons: readonly { readonly value: number }[];
}

/** Beyond the dead zone, from 0 to ±1. */
export function deflection(value: number): number {
  const beyond = Math.max(0, Math.abs(value) - DEAD_ZONE) / (1 - DEAD_ZONE);
  return Math.sign(value) * Math.min(1, beyond);
}

/** Vertical axes of a gamepad are positive backwards; forward and right mean 1 here unless a control says otherwise. */
function axisCommand({ axis }: WireControl, { axes }: GamepadState): number {
  if (!axis) return 0;
  const forwardOrRight = (axis.index % 2 === 1 ? -1 : 1) * (axes[axis.index] ?? 0);
  return deflection(axis.inverted ? -forwardOrRight : forwardOrRight);
}

export class TakeOver {
  readonly #controls: readonly WireControl[];
  readonly #controlKeys: ReadonlySet<string>;
  readonly #down = new Set<string>();
  readonly commands: number[];
  /** Where controls are while nothing is deflected: 0, or where a slider was put. */
  readonly #places: number[];
  /** When the hold key went down, s; null when it is up or was part of a chord. */
  #heldSince: number | null = null;
  /** The trigger was pulled when the person looked elsewhere; it counts again once it has been let go. */
  #triggerSpent = false;
  #kept = false;
  #active = false;

  constructor(controls: readonly WireControl[]) {
    this.#controls = controls;
    this.#controlKeys = new Set(controls.flatMap(({ keys }) => keys ?? []));
    this.#places = controls.map(({ slider }) => slider?.start ?? 0);
    this.commands = [...this.#places];
  }

  get active(): boolean {
    return this.#active;
  }

  /** Whether control stays with the person although nothing is held. */
  get kept(): boolean {
    return this.#kept;
  }

  steersWith(code: string): boolean {
    return this.#controlKeys.has(code);
  }

  /** @param now s */
  hold(down: boolean, now: number): void {
    this.#heldSince = down ? (this.#heldSince ?? now) : null;
  }

  /** A key other than the hold key went down. */
  press(code: string): void {
    if (this.steersWith(code)) this.#down.add(code);
    // Steering means it at once; any other key makes the hold key part of a chord.
    if (this.#heldSince === null || this.#active) return;
    this.#heldSince = this.steersWith(code) ? Number.NEGATIVE_INFINITY : null;
  }

  lift(code: string): void {
    this.#down.delete(code);
  }

  /** Puts a slider somewhere, from −1 to 1, and takes over until control is given back. */
  place(control: number, command: number): void {
    this.#places[control] = command;
    this.#kept = true;
  }

  /** Takes over until it is called again. */
  toggleKept(): void {
    this.#kept = !this.#kept;
  }

  /** Lets go of everything: the person looks elsewhere. Sliders stay where they are. */
  letGo(): void {
    this.#down.clear();
    this.#heldSince = null;
    this.#triggerSpent = true;
    this.#kept = false;
  }

  /**
   * Brings `active` and `commands` up to date.
   * @param now s
   * @param gamepad as it is now, where there is one
   * @returns whether either has changed
   */
  update(now: number, gamepad: GamepadState | null): boolean {
    const pulled = (gamepad?.buttons[RIGHT_TRIGGER]?.value ?? 0) > TRIGGER;
    if (gamepad && !pulled) this.#triggerSpent = false;
    const held = this.#heldSince !== null && now - this.#heldSince >= HOLD_DELAY;
    const active = held || (pulled && !this.#triggerSpent) || this.#kept;
    let changed = active !== this.#active;
    this.#active = active;
    this.#controls.forEach((control, i) => {
      const [low, high] = (control.keys ?? []).map((key) => (this.#down.has(key) ? 1 : 0));
      const keys = (high ?? 0) - (low ?? 0);
      const deflected = keys + (gamepad ? axisCommand(control, gamepad) : 0);
      const command = Math.max(-1, Math.min(1, this.#places[i]! + deflected));
      changed ||= command !== this.commands[i];
      this.commands[i] = command;
    });
    return changed;
  }
}

/** Keys of the whole page: they run commands, steer, and stop doing either when the page loses the person's attention. */
import { type CommandId, chordOf, commandFor, commandOf, type Handlers } from './logic/commands.ts';
import type { TakeOver } from './logic/take-over.ts';

/** Keys that a focused control has a use for of its own. */
const sliderKeys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];
const buttonKeys = ['Space', 'Enter', 'NumpadEnter'];

function isOwnKeyOf(target: EventTarget | null, code: string): boolean {
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return sliderKeys.includes(code);
    return target.type !== 'checkbox' || buttonKeys.includes(code);
  }
  return target instanceof Element && target.matches('button, summary') && buttonKeys.includes(code);
}

export interface KeyboardHost {
  readonly handlers: Handlers;
  readonly takeOver: TakeOver;
  /** The window lost the focus, or is hidden. */
  lookedAway(): void;
}

export function listenToKeys({ handlers, takeOver, lookedAway }: KeyboardHost, signal: AbortSignal): void {
  /** Held commands by the code of the key that is down. */
  const held = new Map<string, CommandId>();

  function letGo(code: string): void {
    const id = held.get(code);
    held.delete(code);
    if (id) handlers[id](false);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const { code, target, repeat } = event;
    if (event.altKey || event.metaKey || isOwnKeyOf(target, code)) return;
    const id = commandFor(chordOf(event));
    if (target instanceof Element && target.closest('dialog') && id !== 'help') return;
    if (id !== 'takeOver' && !repeat) takeOver.press(code);
    // While somebody steers, the keys of the controls do nothing else.
    const steers = takeOver.active && takeOver.steersWith(code) && !event.ctrlKey;
    if (id || steers) event.preventDefault();
    if (!id || steers) return;
    const command = commandOf(id);
    if (repeat && !command.repeats) return;
    if (command.held) held.set(code, id);
    handlers[id](true);
  }

  function onKeyUp({ code, key }: KeyboardEvent): void {
    takeOver.lift(code);
    letGo(code);
    if (key === 'Control')
      for (const [other, id] of held)
        if (commandOf(id).keys.some((chord) => chord.startsWith('Ctrl+'))) letGo(other);
  }

  function lookAway(): void {
    for (const code of [...held.keys()]) letGo(code);
    lookedAway();
  }

  window.addEventListener('keydown', onKeyDown, { signal });
  window.addEventListener('keyup', onKeyUp, { signal });
  window.addEventListener('blur', lookAway, { signal });
  window.addEventListener('pagehide', lookAway, { signal });
  document.addEventListener('visibilitychange', () => document.hidden && lookAway(), { signal });
}

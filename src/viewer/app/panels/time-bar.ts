/** Time: pause and step the simulation, set its speed, start it anew, go back in what was recorded, and save that. */
import { type Hello, type Request, SPEED, type ViewState } from '../../protocol.ts';
import type { Handlers } from '../logic/commands.ts';
import type { EventLog } from '../logic/event-log.ts';
import { duration, times } from '../logic/format.ts';
import type { Outbox } from '../logic/outbox.ts';
import type { Playhead } from '../logic/playhead.ts';
import type { Recording } from '../logic/recording.ts';
import { commandButton, commandInput, element, setPressed, setText, toggleButton } from './element.ts';
import { EventMarks } from './event-marks.ts';

/** Of a key, in powers of ten. */
const SPEED_STEP = 0.1;
const MAX_SEED = 2 ** 32 - 1;

type TimeCommand =
  | 'pause'
  | 'step'
  | 'stepBack'
  | 'secondBack'
  | 'secondOn'
  | 'live'
  | 'slower'
  | 'faster'
  | 'restart'
  | 'seed';

export interface TimeHost {
  readonly hello: Hello;
  readonly recording: Recording;
  readonly events: EventLog;
  readonly playhead: Playhead;
  readonly outbox: Outbox;
  say(message: string): void;
}

export class TimeBar {
  readonly element: HTMLElement;
  readonly handlers: Handlers<TimeCommand>;
  readonly #host: TimeHost;
  readonly #pause: HTMLButtonElement;
  readonly #live: HTMLButtonElement;
  readonly #scrubber = element('input', {
    type: 'range',
    class: 'scrubber',
    'aria-label': 'Recorded time',
    min: 0,
    max: 0,
    list: 'event-marks',
  });
  readonly #marks = new EventMarks();
  readonly #time = element('span', { class: 'time' });
  readonly #speed = commandInput('faster', 'Speed', {
    type: 'range',
    min: Math.log10(SPEED.low),
    max: Math.log10(SPEED.high),
    step: SPEED_STEP,
    value: 0,
  });
  readonly #factor = element('span', { class: 'factor' }, times(1));
  readonly #seed = commandInput('seed', 'Seed', { type: 'number', min: 0, max: MAX_SEED, step: 1, value: 0 });
  #state: ViewState = {
    ...{ type: 'state', paused: false, speed: 1, seed: 0 },
    ...{ focus: 0, agent: 0, intervening: 'no' },
  };

  /** @param exports buttons that save what was recorded */
  constructor(host: TimeHost, exports: readonly HTMLElement[]) {
    this.#host = host;
    const { playhead } = host;
    this.handlers = {
      pause: () => this.#request('pause', { type: this.#state.paused ? 'play' : 'pause' }),
      step: () => this.#step(),
      stepBack: () => playhead.seek(playhead.place - 1),
      secondBack: () => playhead.skip(-1),
      secondOn: () => playhead.skip(1),
      live: () => playhead.follow(),
      slower: () => this.#setSpeed(Math.log10(this.#state.speed) - SPEED_STEP),
      faster: () => this.#setSpeed(Math.log10(this.#state.speed) + SPEED_STEP),
      restart: () => this.#restart(),
      seed: () => this.#seed.input.select(),
    };
    const button = (id: TimeCommand, label?: string): HTMLButtonElement =>
      commandButton(id, () => this.handlers[id](true), label);
    this.#pause = button('pause', 'Pause');
    this.#live = toggleButton('live', () => this.handlers.live(true));
    this.#listen();
    this.element = element(
      'footer',
      { class: 'time-bar', 'aria-label': 'Time' },
      element(
        'div',
        { class: 'row' },
        this.#pause,
        button('stepBack', 'Step back'),
        button('step', 'Step'),
        this.#scrubber,
        this.#marks.element,
        this.#time,
        this.#live,
      ),
      element(
        'div',
        { class: 'row' },
        this.#speed.label,
        this.#factor,
        this.#seed.label,
        button('restart'),
        ...exports,
      ),
    );
    for (const control of this.element.querySelectorAll<HTMLButtonElement | HTMLInputElement>(
      '[data-command]',
    ))
      control.disabled =
        control.dataset.command !== 'step' && this.#refusal(control.dataset.command!) !== null;
  }

  setState(state: ViewState): void {
    this.#state = state;
    setText(this.#pause, state.paused ? 'Play' : 'Pause');
    // What the person is just changing is not changed back by an answer to what it was before.
    if (!this.#speed.input.matches(':active')) this.#speed.input.value = String(Math.log10(state.speed));
    if (!this.#seed.input.matches(':focus')) this.#seed.input.value = String(state.seed);
    setText(this.#factor, times(state.speed));
  }

  /** After the recording or what is shown of it has changed. */
  draw(): void {
    const { recording, playhead, events } = this.#host;
    const { oldest, newest } = recording;
    if (newest < oldest) return;
    const shown = recording.at(playhead.place);
    const behind = recording.at(newest).time - shown.time;
    this.#scrubber.min = String(oldest);
    this.#scrubber.max = String(newest);
    this.#scrubber.value = String(playhead.place);
    const text = playhead.live ? duration(shown.time) : `${duration(shown.time)} (−${duration(behind)})`;
    this.#scrubber.setAttribute('aria-valuetext', playhead.live ? 'live' : `${duration(behind)} ago`);
    setText(this.#time, text);
    this.#marks.draw(events, recording, shown.focus);
    setPressed(this.#live, playhead.live);
  }

  #listen(): void {
    const { playhead } = this.#host;
    this.#scrubber.addEventListener('input', () => {
      const place = Number(this.#scrubber.value);
      if (place >= this.#host.recording.newest) playhead.follow();
      else playhead.seek(place);
    });
    this.#speed.input.addEventListener('input', () => this.#setSpeed(Number(this.#speed.input.value)));
    this.#seed.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#restart();
      if (event.key === 'Escape' || event.key === 'Enter') this.#seed.input.blur();
    });
  }

  /** On in what was recorded; at its end, on in the simulation. */
  #step(): void {
    const { playhead, recording, outbox } = this.#host;
    if (!playhead.live) {
      playhead.seek(playhead.place + 1);
      if (playhead.place >= recording.newest) playhead.follow();
      return;
    }
    if (!this.#allows('step')) return;
    if (!this.#state.paused) outbox.sendNow({ type: 'pause' });
    outbox.sendNow({ type: 'step', count: 1 });
  }

  /** @param exponent of ten */
  #setSpeed(exponent: number): void {
    if (!this.#allows('faster')) return;
    const factor = 10 ** (Math.round(exponent / SPEED_STEP) * SPEED_STEP);
    const within = Math.max(SPEED.low, Math.min(SPEED.high, factor));
    setText(this.#factor, times(within));
    // The next press counts from here, even before it is answered.
    this.#state = { ...this.#state, speed: within };
    this.#host.outbox.offer({ type: 'speed', factor: within });
  }

  #restart(): void {
    const { value, validity } = this.#seed.input;
    if (value === '' || !validity.valid) this.#host.say(`A seed is a whole number from 0 to ${MAX_SEED}.`);
    else if (this.#request('restart', { type: 'restart', seed: Number(value) })) this.#host.playhead.follow();
  }

  #request(id: string, request: Request): boolean {
    if (!this.#allows(id)) return false;
    this.#host.outbox.sendNow(request);
    return true;
  }

  #allows(id: string): boolean {
    const refusal = this.#refusal(id);
    if (refusal) this.#host.say(refusal);
    return refusal === null;
  }

  /** Why a command has no effect here; null where it has. */
  #refusal(id: string): string | null {
    const { can } = this.#host.hello;
    if (!can.pause && ['pause', 'slower', 'faster'].includes(id))
      return 'What is watched here goes at its own pace.';
    if (!can.pause && id === 'step' && this.#host.playhead.live)
      return 'What is watched here makes its own steps.';
    if (!can.restart && (id === 'restart' || id === 'seed'))
      return 'What is watched here cannot be started anew.';
    return null;
  }
}

/** One task as it is seen and handled on the page, from the `hello` that describes it until the next one. */
import type { EpisodeMark } from '../../rollout/intervention.ts';
import type { Hello, Report, Request, ViewFrame, ViewState } from '../protocol.ts';
import { Hands } from './hands.ts';
import { listenToKeys } from './keyboard.ts';
import { layPage } from './layout.ts';
import { EventLog } from './logic/event-log.ts';
import { FrameClock } from './logic/frame-clock.ts';
import { Outbox } from './logic/outbox.ts';
import { Playhead } from './logic/playhead.ts';
import { Recording } from './logic/recording.ts';
import type { Layer } from './logic/shape-list.ts';
import { schemeChanges$ } from './media.ts';
import { ActorBanner } from './panels/actor-banner.ts';
import { Curves } from './panels/curves.ts';
import { Help } from './panels/help.ts';
import type { Notices } from './panels/notices.ts';
import { PicturePanel } from './panels/picture-panel.ts';
import { Plots } from './panels/plots.ts';
import { LISTED, Readouts } from './panels/readouts.ts';
import { Save } from './panels/save.ts';
import { SelectionPanel } from './panels/selection-panel.ts';
import { TakeOverPanel } from './panels/take-over-panel.ts';
import { TimeBar } from './panels/time-bar.ts';
import { Picture } from './picture.ts';
import { Pull, type Selection } from './pull.ts';
import { Steering } from './steering.ts';

/** Numbers and curves are brought up to date this often, s: more could not be read. */
const PANEL_INTERVAL = 0.1;

const nobodyCan = 'Nobody can take over here.';

export class Session {
  readonly #hello: Hello;
  readonly #notices: Notices;
  readonly #ending = new AbortController();
  readonly #recording = new Recording();
  readonly #events = new EventLog();
  readonly #playhead = new Playhead(this.#recording);
  readonly #clock = new FrameClock();
  readonly #outbox: Outbox;
  readonly #picture: Picture;
  readonly #pull: Pull;
  readonly #hands: Hands;
  readonly #steering: Steering;
  readonly #actor = new ActorBanner();
  readonly #time: TimeBar;
  readonly #save: Save;
  readonly #view: PicturePanel;
  readonly #selection: SelectionPanel;
  readonly #takeOver: TakeOverPanel;
  readonly #plots: Plots;
  readonly #curves = new Curves();
  readonly #readouts: Readouts;
  #focus = 0;
  #intervening: ViewState['intervening'] = 'no';
  #panelsAt = 0;

  /** @throws Error when the browser cannot draw */
  constructor(root: HTMLElement, hello: Hello, send: (request: Request) => void, notices: Notices) {
    const { say } = notices;
    this.#hello = hello;
    this.#notices = notices;
    this.#outbox = new Outbox(send);
    this.#picture = new Picture(hello.appearance, hello.scenes);
    const shared = {
      hello,
      recording: this.#recording,
      events: this.#events,
      playhead: this.#playhead,
      outbox: this.#outbox,
      world: this.#picture.world,
      rig: this.#picture.rig,
      canvas: this.#picture.canvas,
      hasContacts: hello.can.contacts,
      focus: () => this.#focus,
      live: () => this.#playhead.live,
      bodyToFollow: () => this.#hands.selection?.body ?? 0,
      changed: () => this.#picture.changed(),
      selected: (selection: Selection | null) => this.#selected(selection),
      keep: () => this.#steering.handlers.keepControl(true),
      place: (control: number, command: number) => this.#steering.takeOver.place(control, command),
      mark: (mark: EpisodeMark) => this.#mark(mark),
      choose: (agent: number) => this.#outbox.sendNow({ type: 'focus', scene: this.#focus, agent }),
      layerChanged: (layer: Layer, shown: boolean) => this.#layerChanged(layer, shown),
      say,
    };
    this.#pull = new Pull(this.#picture.world, this.#outbox);
    this.#hands = new Hands(shared, this.#pull, this.#ending.signal);
    this.#steering = new Steering(
      hello,
      this.#outbox,
      () => this.#playhead.follow(),
      () => say(nobodyCan),
    );
    this.#save = new Save(shared);
    this.#time = new TimeBar(shared, this.#save.buttons);
    this.#view = new PicturePanel(shared);
    this.#selection = new SelectionPanel(
      this.#hands,
      this.#pull,
      this.#picture.world,
      hello.scenes,
      hello.can.push,
    );
    this.#takeOver = new TakeOverPanel(shared);
    this.#readouts = new Readouts(hello);
    this.#plots = new Plots(hello);
    const help = new Help(hello.controls);
    const frame = layPage(root, hello, {
      canvas: this.#picture.canvas,
      overlays: [this.#actor.element, this.#selection.label, this.#readouts.element],
      tools: this.#view.element,
      hands: this.#selection.element,
      time: this.#time.element,
      panels: [this.#takeOver.element, this.#curves.element, this.#plots.element, notices.log],
      help,
    });
    this.#fill(frame);
    listenToKeys(
      {
        handlers: {
          ...this.#hands.handlers,
          ...this.#steering.handlers,
          ...this.#save.handlers,
          ...this.#time.handlers,
          ...this.#view.handlers,
          ...this.#takeOver.handlers,
          ...help.handlers,
        },
        takeOver: this.#steering.takeOver,
        lookedAway: () => this.letGo(),
      },
      this.#ending.signal,
    );
    this.#view.showCamera(0);
    const colors = schemeChanges$.subscribe(() => this.#applyColors());
    this.#ending.signal.addEventListener('abort', () => colors.unsubscribe());
    requestAnimationFrame(this.#tick);
  }

  receive(report: Report): void {
    if (report.type === 'state') this.#setState(report);
    else if (report.type === 'episode') this.#plots.addEpisode(report);
    else if (report.type === 'event') this.#events.add(report, this.#recording.newest + 1);
    else if (report.type === 'metrics') this.#curves.add(report);
    // Somebody else is faster, or nobody may: then nothing is held here either.
    else if (report.type === 'notice' && (report.code === 'E_BUSY' || report.code === 'E_CANNOT'))
      this.letGo();
  }

  addFrame(frame: ViewFrame): void {
    const { scenes, env } = this.#hello;
    const expected = scenes * this.#picture.world.layout.size;
    if (frame.rows.length === expected && frame.action.length === env.action.length) {
      this.#plots.add(this.#recording.add(frame));
      this.#clock.arrived(performance.now() / 1e3);
      return;
    }
    const message = `A frame of ${frame.rows.length} numbers came, where ${expected} were expected. Load the page again.`;
    this.#notices.say(message, 'error');
  }

  /** The same task comes from a new connection, which knows nothing of what was asked before. */
  resume(): void {
    if (this.#picture.world.isShown('contacts')) this.#layerChanged('contacts', true);
  }

  /** Gives back what is held: nobody is there, or nobody can be told. */
  letGo(): void {
    this.#hands.letGo();
    this.#steering.letGo();
  }

  close(): void {
    this.letGo();
    this.#ending.abort();
    this.#save.stop();
    for (const part of [this.#plots, this.#curves, this.#pull, this.#picture]) part.dispose();
  }

  readonly #tick = (): void => {
    if (this.#ending.signal.aborted) return;
    const now = performance.now() / 1e3;
    this.#steering.update(now);
    // Nobody may act on what they do not see.
    if (!this.#playhead.live && (this.#steering.takeOver.active || this.#pull.force !== null)) this.letGo();
    const drawn = this.#picture.update(this.#recording, this.#playhead, this.#clock, now);
    const moved = this.#view.update();
    this.#pull.update();
    this.#outbox.flush(now);
    if (drawn || moved || this.#pull.force !== null || this.#save.filming) {
      this.#picture.render(this.#hands.selection);
      this.#selection.drawLabel(this.#picture.project);
    }
    if (now - this.#panelsAt >= PANEL_INTERVAL) this.#drawPanels(now);
    requestAnimationFrame(this.#tick);
  };

  #drawPanels(now: number): void {
    this.#panelsAt = now;
    const { takeOver } = this.#steering;
    const { place, live } = this.#playhead;
    this.#time.draw();
    this.#selection.draw();
    this.#takeOver.update(takeOver.commands, takeOver.kept);
    this.#curves.draw();
    const shown = place < this.#recording.oldest ? null : this.#recording.at(place);
    this.#plots.draw(live || !shown ? null : shown.time);
    if (shown) this.#readouts.draw(shown, this.#events.until(place, shown.focus, LISTED));
  }

  /** The picture is as large as its frame. */
  #fill(frame: HTMLElement): void {
    const resize = (): void => this.#picture.resize(frame.clientWidth, frame.clientHeight);
    const size = new ResizeObserver(resize);
    size.observe(frame);
    this.#ending.signal.addEventListener('abort', () => size.disconnect());
    resize();
  }

  #setState(state: ViewState): void {
    this.#focus = state.focus;
    this.#time.setState(state);
    this.#actor.show(state.intervening, this.#hello.agents > 1 ? state.agent : undefined);
    this.#takeOver.show(state.agent);
    // Who looks at another agent has let go of the one that they steered.
    if (this.#intervening === 'you' && state.intervening !== 'you') this.#steering.letGo();
    this.#intervening = state.intervening;
  }

  #selected(selection: Selection | null): void {
    if (selection && selection.scene !== this.#focus)
      this.#outbox.sendNow({ type: 'focus', scene: selection.scene });
    this.#picture.changed();
  }

  #layerChanged(layer: Layer, shown: boolean): void {
    if (layer === 'contacts') this.#outbox.sendNow({ type: 'contacts', wanted: shown });
  }

  #mark(mark: EpisodeMark): void {
    if (this.#hello.can.intervene) this.#outbox.sendNow({ type: 'mark', mark });
    else this.#notices.say(nobodyCan);
  }

  #applyColors(): void {
    this.#picture.applyColors();
    this.#plots.applyColors();
    this.#curves.applyColors();
  }
}

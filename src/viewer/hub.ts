/**
 * Many pages at one source. Frames go out at most thirty times a second, encoded once, and a page that does
 * not keep up misses some; what a page does wrong is told to that page alone, and the loop goes on. Needs
 * nothing of Node.
 */
import { Subscription } from 'rxjs';
import { Curves } from './curves.ts';
import { Custody } from './custody.ts';
import { type Clock, realClock } from './pace.ts';
import { type Connection, MOST_MESSAGES, Page } from './page.ts';
import {
  closeCode,
  encodeFrame,
  FRAME_TIME,
  type Report,
  type Request,
  type ViewMetrics,
  type ViewNotice,
} from './protocol.ts';
import { parseRequest } from './requests.ts';
import { Refusal, type SourceState, type ViewSource } from './source.ts';

/** Pages at a time. */
export const MOST_PAGES = 32;

/** What a page's connection tells of it. */
export interface PageLink {
  /** @param message text; undefined for a binary message, which no page has reason to send */
  receive(message: string | undefined): void;
  /** Some of the backlog has left. */
  drained(): void;
  /** The connection has ended. */
  left(): void;
}

export interface Hub {
  /** Pages that are connected now. */
  readonly pages: number;
  /** A page that has come. It is closed at once where there are too many. */
  connect(connection: Connection): PageLink;
  /** Tells every page; points of curves also those that come later. */
  report(report: ViewMetrics | ViewNotice): void;
  /** Tells every page why, closes it, and lets go of the source. */
  close(reason: string): void;
}

const complaint = (code: ViewNotice['code'], message: string): ViewNotice => ({
  type: 'notice',
  level: 'error',
  code,
  message,
});

export function createHub(source: ViewSource, clock: Clock = realClock): Hub {
  const pages = new Set<Page>();
  const curves = new Curves();
  const custody = new Custody<Page>(source);
  let state: SourceState;
  /** When the next frame may be sent, s; never while nobody watches. */
  let due = Number.POSITIVE_INFINITY;
  /** Whether a frame is going to be sent when it is due, step or no step. */
  let promised = false;
  /** Ends when the last page leaves: nothing is told while nobody watches. */
  let listening = Subscription.EMPTY;

  const broadcast = (report: Report): void => {
    for (const page of pages) page.report(report);
  };
  const stateFor = (page: Page): Report => {
    const { steering } = custody;
    const intervening = steering === undefined ? 'no' : steering === page ? 'you' : 'another';
    return { type: 'state', ...state, intervening };
  };
  const broadcastState = (): void => {
    for (const page of pages) page.report(stateFor(page));
  };

  function listen(): void {
    listening = source.events$.subscribe(({ scene, age, kind, text }) =>
      broadcast({ type: 'event', scene, age, kind, text }),
    );
  }

  function sendFrame(bytes: Uint8Array): void {
    for (const page of pages) {
      if (page.frame(bytes, clock.now())) continue;
      drop(page);
      page.close(closeCode.stuck, 'The page does not read what it is sent.');
    }
  }

  /** What is seen is taken before this returns; it is sent when its value has been estimated. */
  function capture(time: number): void {
    due = time < due + FRAME_TIME ? due + FRAME_TIME : time + FRAME_TIME;
    source.capture([...pages].some(({ wantsContacts }) => wantsContacts)).then(
      (frame) => sendFrame(encodeFrame(frame)),
      (error: Error) => broadcast(complaint('E_ENV', `A frame could not be drawn: ${error.message}`)),
    );
  }

  function afterStep(time: number): void {
    if (time >= due) capture(time);
  }

  function atRest(): void {
    if (pages.size === 0 || promised) return;
    const now = clock.now();
    if (now >= due) {
      capture(now);
      return;
    }
    promised = true;
    clock.after(due - now, () => {
      promised = false;
      if (pages.size > 0) capture(clock.now());
    });
  }

  function handle(page: Page, request: Request): void {
    if (request.type === 'contacts') {
      if (request.wanted && !source.hello.can.contacts) {
        throw new Refusal('E_CANNOT', `"${source.hello.env.id}" does not tell of contacts.`);
      }
      page.wantsContacts = request.wanted;
      source.refresh();
      return;
    }
    const before = custody.steering;
    custody.handle(page, request);
    if (custody.steering !== before) broadcastState();
  }

  /** Does what may fail; what goes wrong is told to `page`. */
  function attempt(page: Page, action: () => void): void {
    try {
      action();
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'E_ENV';
      page.report(complaint(code, (error as Error).message));
    }
  }

  function drop(page: Page): void {
    if (!pages.delete(page)) return;
    if (pages.size === 0) {
      due = Number.POSITIVE_INFINITY;
      listening.unsubscribe();
    }
    const before = custody.steering;
    attempt(page, () => custody.giveBack(page));
    if (custody.steering !== before) broadcastState();
  }

  function receive(page: Page, message: string | undefined): void {
    if (!pages.has(page)) return;
    if (!page.mayStillSend(clock.now())) {
      drop(page);
      page.close(closeCode.policy, `More than ${MOST_MESSAGES} messages a second.`);
      return;
    }
    attempt(page, () => {
      if (message === undefined) throw new Refusal('E_MESSAGE', 'Messages are JSON text, not binary.');
      handle(page, parseRequest(message));
    });
  }

  const following = new Subscription();
  following.add(source.steps$.subscribe(afterStep));
  following.add(source.rests$.subscribe(atRest));
  following.add(source.reports$.subscribe(broadcast));
  following.add(
    source.state$.subscribe((present) => {
      state = present;
      broadcastState();
    }),
  );

  return {
    get pages() {
      return pages.size;
    },
    connect(connection) {
      const page = new Page(connection);
      if (pages.size >= MOST_PAGES) {
        page.close(closeCode.full, `There are ${MOST_PAGES} pages already, which is the most at a time.`);
      } else {
        pages.add(page);
        if (pages.size === 1) {
          due = 0;
          listen();
        }
        page.welcome([source.hello, stateFor(page), ...curves.points]);
        source.refresh();
      }
      return {
        receive: (message) => receive(page, message),
        drained: () => page.drained(),
        left: () => drop(page),
      };
    },
    report(report) {
      if (report.type === 'metrics') curves.add(report);
      broadcast(report);
    },
    close(reason) {
      following.unsubscribe();
      broadcast({ type: 'notice', level: 'info', code: 'ENDED', message: reason });
      for (const page of pages) {
        drop(page);
        page.close(closeCode.away, reason);
      }
    },
  };
}

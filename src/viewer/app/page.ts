/** The page: the states of the connection, and a session for what is seen through it. */
import './style.css';
import type { Hello, Report } from '../protocol.ts';
import type { ConnectionStatus, ViewConnection } from './connection.ts';
import { element, setText } from './panels/element.ts';
import { Notices } from './panels/notices.ts';
import { Session } from './session.ts';

/**
 * Shows what a connection sends, in `root`, until it is taken down.
 * @returns takes it down and closes the connection
 */
export function startPage(root: HTMLElement, connection: ViewConnection): () => void {
  const notices = new Notices();
  const cover = element('p', { class: 'cover', role: 'status' });
  const holder = element('div', { class: 'session' });
  root.classList.add('page');
  root.replaceChildren(holder, notices.overlay, cover);

  let session: Session | null = null;
  /** As text: of a server that comes back with the same task, everything recorded stays. */
  let described = '';
  let status: ConnectionStatus = 'connecting';
  let since = '';
  /** Why nothing is seen, or what went wrong last; and what the server said when it went. */
  let reason = '';
  let farewell = '';

  function greet(hello: Hello): void {
    const text = JSON.stringify(hello);
    reason = '';
    farewell = '';
    if (text === described && session) {
      session.resume();
      return;
    }
    described = text;
    session?.close();
    session = null;
    document.title = `${hello.env.id} · proprio`;
    if (!hello.appearance) {
      reason = `"${hello.env.id}" does not say how it looks. Give the environment a "view"; docs/extending.md shows how.`;
      return;
    }
    try {
      session = new Session(holder, hello, connection.send, notices);
    } catch (error) {
      reason = `This browser cannot draw the picture: ${(error as Error).message}`;
    }
  }

  function receive(report: Report): void {
    if (report.type === 'hello') greet(report);
    else session?.receive(report);
    if (report.type === 'notice') {
      notices.say(report.message, report.level);
      if (report.level === 'error') reason = report.message;
      if (report.code === 'ENDED') farewell = report.message;
    }
  }

  function become(next: ConnectionStatus): void {
    if (next !== 'open') session?.letGo();
    if (next === 'lost' && status !== 'lost') since = new Date().toLocaleTimeString();
    status = next;
    root.dataset.status = next;
    showState();
  }

  function showState(): void {
    const texts: Readonly<Record<ConnectionStatus, string>> = {
      connecting: 'Connecting …',
      open: session ? '' : reason,
      lost: `${session ? 'Connection lost' : 'No connection'} since ${since}. Trying again … ${farewell}`,
      refused: `Refused. ${reason}`,
    };
    setText(cover, texts[status].trim());
  }

  const subscriptions = [
    connection.reports$.subscribe((report) => {
      receive(report);
      showState();
    }),
    connection.frames$.subscribe((frame) => session?.addFrame(frame)),
    connection.status$.subscribe(become),
  ];
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
    session?.close();
    connection.close();
    root.replaceChildren();
  };
}

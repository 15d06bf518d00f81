/** The line between a page and what feeds it: a WebSocket, or a port of a worker. Both carry the same messages. */
import './no-eval.ts';
import { BehaviorSubject, type Observable, Subject } from 'rxjs';
import { createRng } from '../../core/rng.ts';
import {
  closeCode,
  decodeFrame,
  type Report,
  type Request,
  reportSchema,
  SUBPROTOCOL,
  type ViewFrame,
} from '../protocol.ts';
import { reconnectDelay } from './logic/reconnect.ts';

/** `lost`: it will be tried again. `refused`: it will not; the last error notice says why. */
export type ConnectionStatus = 'connecting' | 'open' | 'lost' | 'refused';

export interface ViewConnection {
  /** Hot; errors of the line itself come as notices. */
  readonly reports$: Observable<Report>;
  /** Hot. Frames own their data. */
  readonly frames$: Observable<ViewFrame>;
  /** The present one, then every change. */
  readonly status$: Observable<ConnectionStatus>;
  /** Does nothing while the line is not open: what a person does then has no effect. */
  send(request: Request): void;
  close(): void;
}

const otherVersion =
  'The page does not understand what it was sent: page and server are of different versions. Load the page again.';
const notAdmitted =
  'The server does not admit this page. Open the address that it printed when it started, with all that is behind "#".';

/** What both kinds of line do with what they receive. */
class Receiver {
  readonly reports = new Subject<Report>();
  readonly frames = new Subject<ViewFrame>();
  readonly status = new BehaviorSubject<ConnectionStatus>('connecting');

  /** @returns whether it was understood */
  receive(data: string | ArrayBuffer): boolean {
    const message = understood(data);
    if (message === null) return false;
    if ('rows' in message) this.frames.next(message);
    else this.reports.next(message);
    return true;
  }

  refuse(message: string): void {
    this.reports.next({ type: 'notice', level: 'error', code: 'E_MESSAGE', message });
    this.become('refused');
  }

  become(status: ConnectionStatus): void {
    if (this.status.value !== status) this.status.next(status);
  }
}

function understood(data: string | ArrayBuffer): Report | ViewFrame | null {
  try {
    return typeof data === 'string' ? reportSchema.parse(JSON.parse(data)) : decodeFrame(data);
  } catch {
    return null;
  }
}

/**
 * Connects, and connects again whenever the line is lost.
 * @param url of the stream, `ws:` or `wss:`
 * @param token where the server demands one
 */
export function connectSocket(url: string | URL, token?: string): ViewConnection {
  const receiver = new Receiver();
  const rng = createRng(Date.now()).split('reconnect');
  let socket: WebSocket | undefined;
  let attempt = 0;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    const protocols = token ? [SUBPROTOCOL, `token.${token}`] : [SUBPROTOCOL];
    const opening = new WebSocket(url, protocols);
    let opened = false;
    opening.binaryType = 'arraybuffer';
    opening.addEventListener('open', () => {
      opened = true;
    });
    opening.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (receiver.receive(data)) {
        attempt = 0;
        receiver.become('open');
      } else {
        receiver.refuse(otherVersion);
        opening.close();
      }
    });
    opening.addEventListener('close', (event) => void ended(event, opened));
    socket = opening;
  }

  async function ended({ code, reason }: CloseEvent, opened: boolean): Promise<void> {
    if (closed || receiver.status.value === 'refused') return;
    if (code === closeCode.policy || code === closeCode.full) {
      receiver.refuse(reason || 'The server ended the connection.');
      return;
    }
    receiver.become('lost');
    // A browser does not tell why a server refused. One that serves pages but no stream, twice, does not want this page.
    const unwanted = !opened && attempt > 0 && (await servesPages(url));
    if (closed) return;
    if (unwanted) receiver.refuse(notAdmitted);
    else timer = setTimeout(connect, 1e3 * reconnectDelay(attempt++, rng));
  }

  // Of other characters than these the browser makes no request at all.
  if (token && !/^[\w.~+-]+$/.test(token)) queueMicrotask(() => receiver.refuse(notAdmitted));
  else connect();
  return {
    reports$: receiver.reports,
    frames$: receiver.frames,
    status$: receiver.status,
    send(request) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

async function servesPages(stream: string | URL): Promise<boolean> {
  const page = new URL('.', stream);
  page.protocol = page.protocol.replace('ws', 'http');
  try {
    return (await fetch(page, { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** Talks to a worker, or to whatever holds the other end of the port: reports as JSON text, frames as bytes. */
export function connectPort(port: MessagePort): ViewConnection {
  const receiver = new Receiver();
  port.addEventListener(
    'message',
    ({ data }: MessageEvent<string | ArrayBuffer | Uint8Array<ArrayBuffer>>) => {
      const bytes = ArrayBuffer.isView(data)
        ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)
        : data;
      if (receiver.receive(bytes)) receiver.become('open');
      else receiver.refuse(otherVersion);
    },
  );
  port.start();
  return {
    reports$: receiver.reports,
    frames$: receiver.frames,
    status$: receiver.status,
    send: (request) => port.postMessage(JSON.stringify(request)),
    close: () => port.close(),
  };
}

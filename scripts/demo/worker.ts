/**
 * The half of the demo that computes, off the page's thread: what a server does elsewhere. All that takes
 * time to load is imported when it is wanted, because a worker that is still loading loses the messages that
 * come meanwhile.
 */
import '../../src/viewer/app/no-eval.ts';
import type { Hub, PageLink } from '../../src/viewer/hub.ts';
import type { Lesson } from './lesson.ts';
import type { WorkerReport, WorkerRequest } from './messages.ts';

let hub: Promise<Hub>;
let lesson: Promise<Lesson> | undefined;
let link: PageLink | undefined;

const report = (message: WorkerReport): void => self.postMessage(message);
const fail = (error: Error): void => report({ type: 'failed', message: error.message });

/**
 * Page and worker live and freeze together, so nothing piles up in a port, which could not tell of it anyway.
 */
async function watch(port: MessagePort): Promise<void> {
  const present = await hub;
  link?.left();
  const connected = present.connect({
    send: (message) => port.postMessage(message),
    bufferedAmount: 0,
    close: () => port.close(),
  });
  port.onmessage = ({ data }) => connected.receive(data);
  link = connected;
}

function handle(request: WorkerRequest, port: MessagePort | undefined): void {
  switch (request.type) {
    case 'fly':
      hub = import('./flight.ts').then(({ startFlight }) => startFlight(request));
      hub.catch(fail);
      return;
    case 'learn':
      lesson = import('./lesson.ts').then(({ startLesson }) => startLesson(request.seed, report));
      hub = lesson.then((started) => started.hub);
      hub.catch(fail);
      return;
    case 'watch':
      // Where there is no hub, it has been told why.
      watch(port!).catch(() => {});
      return;
    case 'pause':
      void lesson?.then((started) => started.pause());
      return;
    case 'resume':
      void lesson?.then((started) => started.resume());
  }
}

self.onmessage = ({ data, ports }: MessageEvent<WorkerRequest>) => handle(data, ports[0]);

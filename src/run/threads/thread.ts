/** A thread of a run, as the one that started it sees it. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { ProprioError } from '../../core/errors.ts';
import type { LearnerGate } from '../../rollout/asynchronous/gate.ts';

/** How long a thread that was told to stop may take to end by itself, ms. */
const GRACE = 500;
/** Deaths in a row, with nothing done in between, after which a thread is given up. */
const MOST_FAILURES = 3;

export class Thread {
  readonly port: MessagePort;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #alive = true;

  /**
   * @param entry module that calls `serveThread`
   * @param data cloned, but for shared memory
   * @param onDeath called when it ends without having been told to, with the reason
   */
  constructor(entry: URL, data: object, onDeath: (reason: string) => void) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.#worker = new Worker(loaderOf(entry), {
      eval: true,
      workerData: { ...data, port: port2 },
      transferList: [port2],
    });
    let reason: string | undefined;
    this.#worker.on('error', (error: Error) => {
      reason = error.message;
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#alive = false;
        resolve();
        if (reason !== undefined || code !== 0) onDeath(reason ?? `it ended with code ${code}`);
      });
    });
  }

  /** Messages that have come since the last call, without waiting for the event loop. */
  collect<Message>(): Message[] {
    const messages: Message[] = [];
    for (let next = receiveMessageOnPort(this.port); next; next = receiveMessageOnPort(this.port))
      messages.push(next.message as Message);
    return messages;
  }

  /** Ends it, once its gate has been stopped. @param place its number at the gate */
  async end(gate: LearnerGate, place: number): Promise<void> {
    await Promise.race([this.#exited, wait(GRACE)]);
    // A thread that is ended while the inference runtime works in it takes the whole process with it.
    while (this.#alive && !gate.mayBeEnded(place)) await wait(5);
    await this.#worker.terminate();
    this.port.close();
  }
}

/** Counts how often threads die, and gives one up that does nothing else. */
export class Failures {
  readonly #what: string;
  #inARow = 0;
  #lastProgress = Number.NaN;
  total = 0;

  /** @param what it is whose deaths are counted, in words */
  constructor(what: string) {
    this.#what = what;
  }

  /** @param progress any number that grows while the thread does its work @throws ProprioError when it is given up */
  add(reason: string, progress: number): void {
    this.total++;
    this.#inARow = progress === this.#lastProgress ? this.#inARow + 1 : 1;
    this.#lastProgress = progress;
    if (this.#inARow < MOST_FAILURES) return;
    throw new ProprioError(
      `${this.#what} failed ${this.#inARow} times in a row without a step in between: ${reason}`,
    );
  }
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/** Source of a script that runs `entry`, through tsx where it is TypeScript: Node's loaders do not reach threads. */
function loaderOf(entry: URL): string {
  const load = `import(${JSON.stringify(entry.href)})`;
  if (!entry.pathname.endsWith('.ts')) return load;
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${tsx}).then(({ register }) => { register(); return ${load}; })`;
}

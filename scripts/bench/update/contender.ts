/**
 * Contenders of a benchmark. Each has a process of its own, so that no other's threads are awake beside it, and rounds are
 * interleaved, so that a machine whose speed drifts drifts for all.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What to start, as `agent-update.ts` and `updates_pytorch.py` take it. */
export interface Entry {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

export interface Times {
  /** Gradient updates of one call. */
  readonly updatesPerCall: number;
  /** Milliseconds per update, one for each round. */
  readonly rounds: readonly number[];
}

export interface Competition {
  /** Of those that ran to the end, by name. */
  readonly times: ReadonlyMap<string, Times>;
  /** Why the others did not, by name: a device or a library is missing. */
  readonly missing: ReadonlyMap<string, string>;
}

/** A process that runs a round for each line it is sent, and answers with milliseconds per update. */
interface Contender {
  readonly name: string;
  readonly updatesPerCall: number;
  /** @returns NaN where the process has ended */
  round(): Promise<number>;
  /** The last error that the process printed. */
  reason(): string;
  close(): void;
}

/** Runs `rounds` rounds of each, in turn, after one that does not count. */
export async function compete(entries: readonly Entry[], rounds: number): Promise<Competition> {
  const started = await Promise.all(entries.map(start));
  const times = new Map<string, Times & { rounds: number[] }>();
  const missing = new Map<string, string>();
  for (const { name, updatesPerCall, reason } of started) {
    if (updatesPerCall > 0) times.set(name, { updatesPerCall, rounds: [] });
    else missing.set(name, reason());
  }
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const contender of started.filter(({ name }) => times.has(name))) {
        const { name } = contender;
        const time = await contender.round();
        if (Number.isFinite(time)) {
          if (round > 0) times.get(name)!.rounds.push(time);
        } else {
          times.delete(name);
          missing.set(name, contender.reason());
        }
      }
    }
  } finally {
    for (const contender of started) contender.close();
  }
  return { times, missing };
}

/** @returns one with 0 updates in a call where the process does not get ready */
async function start({ name, command, args }: Entry): Promise<Contender> {
  const child = spawn(command, args, { stdio: 'pipe' });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdin.on('error', () => {}); // Where the process has ended, its silence says so.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const greeting = await new Promise<string>((resolve) => {
    child.on('error', ({ message }) => {
      errors = `Error: ${message}`;
      resolve('');
    });
    lines.next().then(({ value }) => resolve(value ?? ''));
  });
  const [word, count] = greeting.split(' ');
  return {
    name,
    updatesPerCall: word === 'ready' ? Number(count) : 0,
    async round() {
      child.stdin.write('round\n');
      return Number((await lines.next()).value);
    },
    reason: () => /^\w*Error.*/m.exec(errors)?.[0].replace(/^\w*Error: /, '') ?? 'it ended without a word',
    close: () => void child.kill(),
  };
}

export interface Sizes {
  /** 0 lets our runtime take every core. */
  readonly threads: number;
  /** At least so many updates make a round. */
  readonly updates: number;
  /** Transitions of a minibatch or, for on-policy agents, of a rollout. */
  readonly batchSize: number;
}

export const ourEntry = (
  name: string,
  agent: string,
  device: string,
  { threads, updates, batchSize, updatesPerCall = 1 }: Sizes & { readonly updatesPerCall?: number },
): Entry => ({
  name,
  command: process.execPath,
  args: [
    ...process.execArgv,
    scriptPath('../agent-update.ts'),
    ...[agent, device],
    ...[threads, updates, batchSize, updatesPerCall].map(String),
  ],
});

/** The same update in PyTorch eager, by a `python3` with `torch`; `PYTHON` names another one. */
export const pytorchEntry = (name: string, agent: string, { threads, updates, batchSize }: Sizes): Entry => ({
  name,
  command: process.env.PYTHON ?? 'python3',
  args: [scriptPath('../updates_pytorch.py'), agent, ...[threads, updates, batchSize].map(String)],
});

/** The path of a script relative to this one; built, ours end in `.js`. */
const scriptPath = (name: string): string =>
  fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? name : name.replace(/\.ts$/, '.js'), import.meta.url),
  );

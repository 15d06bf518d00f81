/** The command line as a user runs it: a process of its own, in the repository's root. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until the output holds `text`, or something that matches it. @throws Error when the process ends first */
  seen(text: string | RegExp): Promise<void>;
}

// A test that fails midway must not leave a run behind.
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** The program as the package has it, which `build-program.ts` has built. */
export const startProprio = (...args: readonly string[]): Running =>
  start('dist/scripts/proprio.js', ...args);

/** The program as a clone of the repository has it. */
export const startFromSource = (...args: readonly string[]): Running =>
  start('--import', 'tsx', 'scripts/proprio.ts', ...args);

function start(...args: readonly string[]): Running {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    seen: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (typeof text === 'string' ? stdout.includes(text) : text.test(stdout)) resolve();
        };
        child.stdout.on('data', look);
        look();
        ended.then(() => reject(new Error(`Ended before it wrote ${text}:\n${stdout}\n${stderr}`)), reject);
      }),
  };
}

export const proprio = (...args: readonly string[]): Promise<Ended> => startProprio(...args).ended;

/** That a command failed with `code`, and told why in words, not with a stack trace. */
export function expectFailure({ code, stderr }: Ended, expected: number): void {
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr).not.toContain('fault of proprio');
  expect(code, stderr).toBe(expected);
}

/** The JSON value on the last line. */
export const lastJson = ({ stdout }: Ended): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1)!);

/** Flags that make a run of `pendulum` small. */
export const smallRun = (run: string, steps: number, ...set: readonly string[]): string[] => [
  'train',
  'pendulum',
  ...['--run', run, '--steps', String(steps)],
  ...[
    'hidden=[16,16]',
    'batchSize=32',
    'learningStarts=50',
    'threads=1',
    'evaluationEpisodes=4',
    ...set,
  ].flatMap((assignment) => ['--set', assignment]),
];

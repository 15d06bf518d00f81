/** One run of a benchmark in a process of its own: the command line that users have, with its output in files. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchmarkRun } from './plan.ts';

/** `failed` says why, in the last error that the run printed. */
export type Outcome =
  | { readonly kind: 'finished' | 'interrupted' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Trains the run to its end, from its checkpoint where it has one.
 * @param stop ends it early, with a checkpoint
 */
export async function trainRun(
  run: BenchmarkRun,
  commit: string | null,
  stop: AbortSignal,
): Promise<Outcome> {
  const other = livingProcess(run.processFile);
  if (other !== undefined) {
    return { kind: 'failed', reason: `process ${other} is training it; wait until that has ended` };
  }
  const ended = await runProcess(run, run.prepare(commit), stop);
  if (run.isFinished) return { kind: 'finished' };
  return stop.aborted ? { kind: 'interrupted' } : { kind: 'failed', reason: lastError(run.errors) ?? ended };
}

/** @returns how the process ended, in words */
async function runProcess(run: BenchmarkRun, args: readonly string[], stop: AbortSignal): Promise<string> {
  // Files, not pipes: the run goes on even if this process is killed.
  const [output, errors] = [openSync(run.output, 'a'), openSync(run.errors, 'w')];
  try {
    // Detached, Ctrl-C reaches it once, from here, and not a second time from the terminal, which would end it at once.
    const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
      stdio: ['ignore', output, errors],
      detached: true,
    });
    const interrupt = (): void => void child.kill('SIGINT');
    stop.addEventListener('abort', interrupt);
    if (child.pid !== undefined) writeFileSync(run.processFile, String(child.pid));
    const ended = await new Promise<string>((resolve) => {
      child.on('error', ({ message }) => resolve(message));
      child.on('close', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`));
    });
    stop.removeEventListener('abort', interrupt);
    rmSync(run.processFile, { force: true });
    return ended;
  } finally {
    closeSync(output);
    closeSync(errors);
  }
}

/** The program's own file; built, it ends in `.js`. */
const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../proprio.ts' : '../../proprio.js', import.meta.url),
);

/** The process whose number a file holds, such as one that an earlier benchmark has left behind, where it still lives. */
export function livingProcess(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const id = Number(readFileSync(file, 'utf8'));
  try {
    process.kill(id, 0);
    return id;
  } catch {
    return undefined;
  }
}

/** The last line that begins with "Error", else the last one; undefined where nothing was printed. */
function lastError(file: string): string | undefined {
  const lines = readFileSync(file, 'utf8').trim().split('\n').reverse();
  const line = lines.find((line) => /^\w*Error/.test(line)) ?? lines[0]!;
  return line.replace(/^Error: /, '') || undefined;
}

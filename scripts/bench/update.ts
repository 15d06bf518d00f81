/**
 * `bench update`: one SAC update (batch 256, two layers of 256, 17 observations, 6 actions) on each device that loads
 * and, where `python3` has `torch`, the same update in PyTorch eager. Each contender has a process of its own, so that no
 * other's threads are awake beside it, and rounds are interleaved, so that a machine whose speed drifts drifts for all.
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { machine, median } from './machine.ts';

const ROUNDS = 12;
const UPDATES_PER_ROUND = 150;

const ONE_THREAD = 'cpu, one thread';
const ALL_CORES = 'cpu, all cores';
const PYTORCH_ONE_THREAD = 'pytorch, one thread';
const PYTORCH_ALL_CORES = 'pytorch, all cores';

/** A process that runs a round for each line it is sent, and answers with milliseconds per update. */
interface Contender {
  readonly name: string;
  round(): Promise<number>;
  close(): void;
}

export async function benchUpdate(): Promise<Record<string, number>> {
  const python = process.env.PYTHON ?? 'python3';
  const contenders: Contender[] = [];
  const enter = async (name: string, command: string, args: readonly string[]): Promise<void> => {
    const contender = await start(name, command, args);
    if (contender) contenders.push(contender);
    else console.log(`${name}: does not run here`);
  };
  const [ours, pytorch] = ['./sac-update.ts', './sac_update_pytorch.py'].map(scriptPath);
  // 0 lets the runtime take every core, each thread bound to one; as many unbound threads are slower.
  await enter(ONE_THREAD, process.execPath, [...process.execArgv, ours!, 'cpu', '1']);
  await enter(PYTORCH_ONE_THREAD, python, [pytorch!, '1']);
  await enter(ALL_CORES, process.execPath, [...process.execArgv, ours!, 'cpu', '0']);
  await enter(PYTORCH_ALL_CORES, python, [pytorch!, String(cpus().length)]);
  for (const device of ['webgpu', 'cuda', 'tensorflow']) {
    await enter(device, process.execPath, [...process.execArgv, ours!, device, '0']);
  }

  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (const contender of contenders) await contender.round();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) times.get(contender.name)!.push(await contender.round());
  }
  for (const contender of contenders) contender.close();

  console.log(`SAC update, batch 256, 256 × 256, 17 observations, 6 actions; ${machine()}`);
  for (const [name, values] of times) {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    console.log(
      `${name.padEnd(22)} ${median(values).toFixed(2)} ms (${least.toFixed(2)} to ${most.toFixed(2)})`,
    );
  }
  reportRatios(times);
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
}

function reportRatios(times: ReadonlyMap<string, readonly number[]>): void {
  const ratio = (a: readonly number[], b: readonly number[]): string =>
    median(a.map((time, i) => time / b[i]!)).toFixed(2);
  const [one, all] = [times.get(PYTORCH_ONE_THREAD), times.get(PYTORCH_ALL_CORES)];
  if (!one || !all) {
    console.log('No ratio to PyTorch: it needs a python3 with torch (or PYTHON=path of one).');
    return;
  }
  const best = median(one) < median(all) ? one : all;
  console.log(
    `ratio to PyTorch, one thread each:     ${ratio(times.get(ONE_THREAD)!, one)} (to reach: 0.85)`,
  );
  console.log(
    `ratio to PyTorch's best, all cores:    ${ratio(times.get(ALL_CORES)!, best)} (to reach: 0.50)`,
  );
}

/** The path of a script beside this one; built, ours end in `.js`. */
const scriptPath = (name: string): string =>
  fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? name : name.replace(/\.ts$/, '.js'), import.meta.url),
  );

/** @returns undefined where the process does not get ready: a device or a library is missing */
async function start(name: string, command: string, args: readonly string[]): Promise<Contender | undefined> {
  const child = spawn(command, [...args, String(UPDATES_PER_ROUND)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = await new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    lines.next().then(({ value }) => resolve(value === 'ready'));
  });
  if (!ready) {
    child.kill();
    return undefined;
  }
  return {
    name,
    async round() {
      child.stdin.write('round\n');
      return Number((await lines.next()).value);
    },
    close: () => void child.kill(),
  };
}

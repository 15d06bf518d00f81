/**
 * `bench update`: one SAC update (batch 256, two layers of 256, 17 observations, 6 actions) on each device that loads
 * and, where `python3` has `torch`, the same update in PyTorch eager. Rounds are interleaved, so that a machine whose
 * speed drifts drifts for all.
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { agents } from '../../agents/index.ts';
import { MissingError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import { createLearner } from '../../src/learner/index.ts';
import type { Device } from '../../src/tensor/index.ts';
import { machine, median } from './machine.ts';

const OBSERVATIONS = 17;
const ACTIONS = 6;
const BATCH = 256;
const ROUNDS = 15;
const UPDATES_PER_ROUND = 25;

interface Contender {
  readonly name: string;
  /** Runs a round. @returns milliseconds per update */
  round(): Promise<number>;
  close(): Promise<void>;
}

export async function benchUpdate(): Promise<Record<string, number>> {
  const cores = cpus().length;
  const threadCounts = [...new Set([1, cores])];
  const contenders: Contender[] = [];
  for (const threads of threadCounts) contenders.push(await ours('cpu', threads));
  for (const device of ['webgpu', 'cuda', 'tensorflow'] as const) {
    try {
      contenders.push(await ours(device, cores));
    } catch (error) {
      if (!(error instanceof MissingError)) throw error;
      console.log(`${device}: not measured. ${error.message.split('\n')[0]}`);
    }
  }
  for (const threads of threadCounts) {
    const torch = await pytorch(threads);
    if (torch) contenders.push(torch);
  }

  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (const contender of contenders) await contender.round();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) times.get(contender.name)!.push(await contender.round());
  }
  for (const contender of contenders) await contender.close();

  console.log(
    `SAC update, batch ${BATCH}, 256 × 256, ${OBSERVATIONS} observations, ${ACTIONS} actions; ${machine()}`,
  );
  const medians = Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
  for (const [name, values] of times) {
    console.log(
      `${name.padEnd(26)} ${median(values).toFixed(2)} ms (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`,
    );
  }
  reportRatios(times, cores);
  return medians;
}

function reportRatios(times: ReadonlyMap<string, readonly number[]>, cores: number): void {
  const ratio = (a: readonly number[], b: readonly number[]): string =>
    median(a.map((time, i) => time / b[i]!)).toFixed(2);
  const torch = [1, cores].map((threads) => times.get(`pytorch, ${threads} threads`));
  if (!torch[0] || !torch[1]) {
    console.log('PyTorch: not measured; it needs a python3 with torch (or PYTHON=path of one).');
    return;
  }
  const best = median(torch[0]) < median(torch[1]) ? torch[0] : torch[1];
  console.log(
    `ratio to PyTorch, one thread each:        ${ratio(times.get('cpu, 1 threads')!, torch[0])} (to reach: 0.85)`,
  );
  console.log(
    `ratio to PyTorch's best, all ${cores} cores:     ${ratio(times.get(`cpu, ${cores} threads`)!, best)} (to reach: 0.50)`,
  );
}

async function ours(device: Device, threads: number): Promise<Contender> {
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
  const spaces = {
    observation: space(vector('observation', '1', 10, names(OBSERVATIONS))),
    action: space(vector('action', '1', 1, names(ACTIONS))),
  };
  const sac = agents.sac!;
  const rng = createRng(0);
  const maths = sac.build(spaces, sac.settings.parse({}));
  const learner = await createLearner({ maths, spaces, batchSize: BATCH, rng, device, threads });
  const { obs, action, reward, nextObs } = learner.batch;
  for (const column of [obs, action, reward, nextObs]) rng.fillNormal(column);
  return {
    name: device === 'cpu' ? `cpu, ${threads} threads` : device,
    async round() {
      const started = performance.now();
      for (let i = 0; i < UPDATES_PER_ROUND; i++) await learner.update();
      return (performance.now() - started) / UPDATES_PER_ROUND;
    },
    close: () => learner.dispose(),
  };
}

/** PyTorch in a process of its own, which answers each line with the milliseconds of a round. */
async function pytorch(threads: number): Promise<Contender | undefined> {
  const script = fileURLToPath(new URL('./sac_update_pytorch.py', import.meta.url));
  const child = spawn(process.env.PYTHON ?? 'python3', [script, String(threads), String(UPDATES_PER_ROUND)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const started = await new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    lines.next().then(({ value }) => resolve(value === 'ready'));
  });
  if (!started) return undefined;
  return {
    name: `pytorch, ${threads} threads`,
    async round() {
      child.stdin.write('round\n');
      return Number((await lines.next()).value);
    },
    async close() {
      child.kill();
    },
  };
}

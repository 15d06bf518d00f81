/**
 * `bench update`: the update of each agent under its default settings, on the CPU with one thread and with all cores and,
 * where `python3` has `torch`, the same update in PyTorch eager. Ratios are those of rounds beside each other.
 */
import { cpus } from 'node:os';
import { agents } from '../../agents/index.ts';
import { lookUp } from '../../src/core/errors.ts';
import { decimal, wholeNumber } from './agents/text.ts';
import { machine, median } from './machine.ts';
import { type Competition, compete, ourEntry, pytorchEntry, type Times } from './update/contender.ts';
import { describeNetworks, trainedNetworks, updatesPerRound } from './update/networks.ts';
import { medianRatio, printRow } from './update/table.ts';

/** Those with a ratio to reach. */
export const DEFAULT_AGENTS = ['sac', 'td3', 'dsac-t', 'rlpd'];

const ROUNDS = 12;
const BATCH_SIZE = 256;
const ROLLOUT_SIZE = 2_048;

const ONE_THREAD = 'cpu, one thread';
const ALL_CORES = 'cpu, all cores';
const PYTORCH_ONE_THREAD = 'PyTorch, one thread';
const PYTORCH_ALL_CORES = 'PyTorch, all cores';
const CONTENDERS = [ONE_THREAD, PYTORCH_ONE_THREAD, ALL_CORES, PYTORCH_ALL_CORES];

/** What `updates_pytorch.py` has. */
const IN_PYTORCH = ['sac', 'td3', 'dsac-t', 'tqc', 'redq', 'droq', 'rlpd'];

interface Ratios {
  /** With one thread each. */
  readonly oneThread?: number;
  /** With all cores, to PyTorch with as many threads as suit it best. */
  readonly allCores?: number;
}

const toReach: Readonly<Record<string, Ratios>> = {
  sac: { oneThread: 0.85, allCores: 0.5 },
  td3: { allCores: 0.5 },
  'dsac-t': { allCores: 0.5 },
  rlpd: { allCores: 0.6 },
};

export interface UpdateOptions {
  readonly agents?: readonly string[] | undefined;
  readonly rounds?: number | undefined;
  /** Updates of a round; by default so many that rounds of all agents take about as long. */
  readonly updates?: number | undefined;
}

interface Outcome {
  readonly networks: string;
  /** Transitions of a minibatch or, for on-policy agents, of a rollout. */
  readonly batchSize: number;
  readonly updatesPerCall: number;
  /** Per update, by contender. */
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly ratios: Ratios;
}

/** Prints a row for each agent as soon as it is measured. */
export async function benchUpdate(options: UpdateOptions = {}): Promise<Record<string, Outcome>> {
  const { agents: names = DEFAULT_AGENTS, rounds = ROUNDS, updates } = options;
  console.log(
    `Milliseconds per gradient update: medians (least to most) of ${rounds} interleaved rounds; ${machine()}\n`,
  );
  const titles = ['agent', 'update', ...CONTENDERS, 'ratio, one thread each', 'ratio, all cores to best'];
  printRow(titles);
  printRow(titles.map(() => '---'));

  const outcomes: Record<string, Outcome> = {};
  const notes = new Set<string>();
  for (const name of names) {
    const { times, missing, description, batchSize } = await measure(name, rounds, updates);
    const ratios = ratiosOf(times);
    const updatesPerCall = [...times.values()][0]?.updatesPerCall ?? 1;
    outcomes[name] = {
      networks: description,
      batchSize,
      updatesPerCall,
      milliseconds: Object.fromEntries([...times].map(([title, { rounds }]) => [title, median(rounds)])),
      ratios,
    };
    printRow([
      name,
      description + (updatesPerCall > 1 ? `, ${updatesPerCall} updates a call` : ''),
      ...CONTENDERS.map((title) => describeTimes(times.get(title))),
      describeRatio(ratios.oneThread, toReach[name]?.oneThread),
      describeRatio(ratios.allCores, toReach[name]?.allCores),
    ]);
    for (const [title, reason] of missing) {
      notes.add(
        title.startsWith('PyTorch')
          ? `No ratio to PyTorch: it needs a python3 with torch, or PYTHON=path of one (${reason}).`
          : `${name} on ${title} does not run here: ${reason}`,
      );
    }
  }
  for (const note of notes) console.log(`\n${note}`);
  return outcomes;
}

async function measure(
  name: string,
  rounds: number,
  updates: number | undefined,
): Promise<Competition & { readonly description: string; readonly batchSize: number }> {
  const agent = lookUp('agent', agents, name);
  const networks = trainedNetworks(agent);
  const onPolicy = agent.kind === 'on-policy';
  const batchSize = onPolicy ? ROLLOUT_SIZE : BATCH_SIZE;
  const sizes = { updates: updates ?? updatesPerRound(networks, BATCH_SIZE), batchSize };
  const pytorch = (title: string, threads: number) =>
    IN_PYTORCH.includes(name) ? [pytorchEntry(title, name, { ...sizes, threads })] : [];
  const competition = await compete(
    [
      ourEntry(ONE_THREAD, name, 'cpu', { ...sizes, threads: 1 }),
      ...pytorch(PYTORCH_ONE_THREAD, 1),
      // 0 lets the runtime take every core, each thread bound to one; as many unbound threads are slower.
      ourEntry(ALL_CORES, name, 'cpu', { ...sizes, threads: 0 }),
      ...pytorch(PYTORCH_ALL_CORES, cpus().length),
    ],
    rounds,
  );
  const rows = onPolicy ? `rollout of ${wholeNumber(batchSize)}` : `batch ${batchSize}`;
  return { ...competition, description: `${describeNetworks(networks)}, ${rows}`, batchSize };
}

function ratiosOf(times: ReadonlyMap<string, Times>): Ratios {
  const [ourOne, one, ourAll, all] = CONTENDERS.map((title) => times.get(title)?.rounds);
  if (!ourOne || !one || !ourAll || !all) return {};
  const best = median(one) < median(all) ? one : all;
  return { oneThread: medianRatio(ourOne, one), allCores: medianRatio(ourAll, best) };
}

function describeTimes(times: Times | undefined): string {
  if (!times) return '–';
  const { rounds, updatesPerCall } = times;
  const [typical, least, most] = [median(rounds), Math.min(...rounds), Math.max(...rounds)];
  const text = `${decimal(typical, 2)} (${decimal(least, 2)} to ${decimal(most, 2)})`;
  return updatesPerCall > 1 ? `${text}, a call ${decimal(typical * updatesPerCall)}` : text;
}

function describeRatio(value: number | undefined, goal: number | undefined): string {
  if (value === undefined) return '–';
  return decimal(value, 2) + (goal === undefined ? '' : ` (to reach: ${decimal(goal, 2)})`);
}

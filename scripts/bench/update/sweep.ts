/**
 * `bench update --sweep`: SAC's update at growing batches on each device that loads, with one update in a call and with
 * several, which keep the parameters on the device between them.
 */
import { agents } from '../../../agents/index.ts';
import { decimal, wholeNumber } from '../agents/text.ts';
import { machine, median } from '../machine.ts';
import { compete, ourEntry, type Times } from './contender.ts';
import { describeNetworks, trainedNetworks, updatesPerRound } from './networks.ts';
import { medianRatio, printRow } from './table.ts';

export const BATCH_SIZES = [256, 512, 1_024, 2_048, 4_096, 8_192, 16_384];

const AGENT = 'sac';
/** The others are compared with the first. */
const DEVICES = ['cpu', 'webgpu', 'cuda'] as const;
const UPDATES_PER_CALL = [1, 8];

interface Column {
  readonly name: string;
  readonly device: string;
  readonly updatesPerCall: number;
}

const allColumns: readonly Column[] = DEVICES.flatMap((device) =>
  UPDATES_PER_CALL.map((count) => ({ name: `${device}, ${count} a call`, device, updatesPerCall: count })),
);

/** Large batches take long, and little of their time is noise. */
const roundsOf = (batchSize: number): number => (batchSize < 1_024 ? 8 : batchSize < 4_096 ? 5 : 3);

export interface SweepOptions {
  readonly batchSizes: readonly number[];
  /** Of every batch; by default fewer of larger ones. */
  readonly rounds?: number | undefined;
  /** Updates of a round; by default so many that rounds of all batches take about as long. */
  readonly updates?: number | undefined;
}

/**
 * Prints a row for each batch as soon as it is measured.
 * @returns milliseconds per update, by batch size, device and updates per call
 */
export async function sweepUpdate({ batchSizes, rounds, updates }: SweepOptions) {
  const networks = trainedNetworks(agents[AGENT]!);
  console.log(`SAC, milliseconds per update: medians of interleaved rounds, all cores; ${machine()}`);
  console.log(`Networks: ${describeNetworks(networks)}.\n`);

  const outcomes: Record<number, Record<string, number>> = {};
  const notes = new Set<string>();
  let columns = allColumns;
  for (const batchSize of batchSizes) {
    const sizes = { threads: 0, updates: updates ?? updatesPerRound(networks, batchSize), batchSize };
    const { times, missing } = await compete(
      columns.map(({ name, device, updatesPerCall }) =>
        ourEntry(name, AGENT, device, { ...sizes, updatesPerCall }),
      ),
      rounds ?? roundsOf(batchSize),
    );
    for (const { name, device } of columns) {
      const reason = missing.get(name);
      const task = batchSize === batchSizes[0] ? '' : ` a batch of ${wholeNumber(batchSize)}`;
      if (reason) notes.add(`${device} does not run${task} here: ${reason}`);
    }
    if (batchSize === batchSizes[0]) {
      // What cannot do the first batch is not asked for the others.
      columns = columns.filter(({ name }) => times.has(name));
      printHead(columns);
    }
    outcomes[batchSize] = Object.fromEntries([...times].map(([name, { rounds }]) => [name, median(rounds)]));
    printRow([wholeNumber(batchSize), ...cellsOf(columns, times)]);
  }
  for (const note of notes) console.log(`\n${note}`);
  return outcomes;
}

function printHead(columns: readonly Column[]): void {
  const ratios = comparedDevices(columns).map((device) => `${device}/${DEVICES[0]}, best of each`);
  const titles = ['batch', ...columns.map(({ name }) => name), ...ratios];
  printRow(titles);
  printRow(titles.map(() => '---'));
}

function cellsOf(columns: readonly Column[], times: ReadonlyMap<string, Times>): string[] {
  const best = (device: string): readonly number[] | undefined =>
    columns
      .filter((column) => column.device === device)
      .flatMap(({ name }) => times.get(name) ?? [])
      .map(({ rounds }) => rounds)
      .sort((a, b) => median(a) - median(b))[0];
  const write = (value: number | undefined): string => (value === undefined ? '–' : decimal(value, 2));
  const reference = best(DEVICES[0]);
  return [
    ...columns.map(({ name }) => times.get(name)).map((found) => write(found && median(found.rounds))),
    ...comparedDevices(columns)
      .map(best)
      .map((rounds) => write(rounds && reference && medianRatio(rounds, reference))),
  ];
}

const comparedDevices = (columns: readonly Column[]): string[] =>
  DEVICES.slice(1).filter((device) => columns.some((column) => column.device === device));

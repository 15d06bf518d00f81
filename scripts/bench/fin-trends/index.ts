/** `bench fin-trends`: the trends that flapping foils have in common, as pictures, and whether fin rays in the fast flow show them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { explaining, writeFileAtomic } from '../../../src/run/files.ts';
import { decimal } from '../agents/text.ts';
import { type Chart, type ChartLine, drawChart } from './chart.ts';
import { efficiencyOverStrouhal, peakOf, REYNOLDS_NUMBERS, thrustOverFrequency } from './trends.ts';

/** A peak of one line, and where it is to be. */
export interface PeakCheck {
  readonly trend: string;
  readonly line: string;
  readonly peakAt: number;
  readonly peak: number;
  /** Absent where nothing is known. */
  readonly range?: readonly [from: number, to: number];
  readonly within?: boolean;
}

/** St, and f/f₁. */
const CRUISE = [0.2, 0.4] as const;
const RESONANCE = [0.8, 1.25] as const;

/** Writes the pictures into `folder`, and prints where the peaks are. */
export async function benchFinTrends(folder: string): Promise<PeakCheck[]> {
  const efficiency: Chart = {
    title: 'Efficiency over Strouhal number',
    subtitle:
      'Fin ray, heave of 0.25 L and a pitch that leaves an incidence of 15°; shaded: where animals cruise',
    xTitle: 'Strouhal number 2fA/U, A the amplitude of the tip',
    yTitle: 'efficiency',
    yDomain: [0, 0.5],
    marked: CRUISE,
    lines: await efficiencyOverStrouhal(),
  };
  const thrust: Chart = {
    title: 'Thrust over frequency',
    subtitle: 'Fin ray, small motions of its base; shaded: about the frequency at which it bends by itself',
    xTitle: 'frequency over the lowest bending frequency in the fluid',
    yTitle: 'C_T',
    marked: RESONANCE,
    lines: await thrustOverFrequency(),
  };
  explaining(folder, () => mkdirSync(folder, { recursive: true }));
  // Animals cruise at the greatest of the Reynolds numbers, and beyond.
  const isAnimals = (line: number): boolean => line === REYNOLDS_NUMBERS.length - 1;
  const checks = [
    ...efficiency.lines.map((line, i) => check(efficiency, line, isAnimals(i) ? CRUISE : undefined)),
    ...thrust.lines.map((line) => check(thrust, line, RESONANCE)),
  ];
  for (const [name, chart] of Object.entries({ 'fin-efficiency': efficiency, 'fin-thrust': thrust })) {
    const file = join(folder, `${name}.svg`);
    writeFileAtomic(file, drawChart(chart));
    console.log(`Wrote ${file}`);
  }
  for (const each of checks) console.log(told(each));
  return checks;
}

function check({ title }: Chart, { name, points }: ChartLine, range: PeakCheck['range']): PeakCheck {
  const [peakAt, peak] = peakOf(points);
  const found = { trend: title, line: name, peakAt, peak };
  return range ? { ...found, range, within: peakAt >= range[0] && peakAt <= range[1] } : found;
}

function told({ trend, line, peakAt, peak, range, within }: PeakCheck): string {
  const expected = range ? `; expected from ${range[0]} to ${range[1]}${within ? '' : '  MISSED'}` : '';
  return `${trend}, ${line}: peak ${decimal(peak, 3)} at ${peakAt.toFixed(2)}${expected}`;
}

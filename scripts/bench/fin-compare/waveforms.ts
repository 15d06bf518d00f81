/** What a sinusoid and a learned policy do, side by side: motions and forces over time, and the frequencies of the motions. */
import { SCORED_TIME } from '../../../envs/fin-ray/score-sheet.ts';
import { actuatorNames } from '../../../robots/fin-ray/index.ts';
import { decimal } from '../agents/text.ts';
import { highest, type Point } from '../fin-trends/chart.ts';
import type { Waveform } from '../sinusoid/waveform.ts';
import type { Figures } from './comparison.ts';
import { type Block, drawSideBySide, type Pair, type Row } from './side-by-side.ts';
import { amplitudeSpectrum } from './spectrum.ts';

/** One of the two, with an episode of it. */
export interface Player {
  readonly name: string;
  readonly figures: Figures;
  readonly waveform: Waveform;
}

/** What is drawn of the part of an episode that counts, L/U. */
const SHOWN = 4;
/** Of the spectra, U/L. */
const MOST_FREQUENCY = 5;
const FREQUENCY_STEP = 0.02;
const frequencies = Array.from({ length: MOST_FREQUENCY / FREQUENCY_STEP }, (_, i) =>
  Number(((i + 1) * FREQUENCY_STEP).toFixed(4)),
);

/** What is drawn of a column: its unit and what a number of it is to be multiplied by. */
const units: Readonly<
  Record<string, { readonly unit: 'L' | '°' | '1'; readonly factor: number; readonly digits: number }>
> = {
  heave: { unit: 'L', factor: 1, digits: 3 },
  pitch: { unit: '°', factor: 180 / Math.PI, digits: 1 },
  offset: { unit: '1', factor: 1, digits: 2 },
  c_T: { unit: '1', factor: 1, digits: 2 },
  c_P: { unit: '1', factor: 1, digits: 2 },
};

/** @param players the sinusoid and the policy */
export function drawWaveforms(title: string, players: Pair<Player>): string {
  const moved = actuatorNames.filter((name) => players.some(({ waveform }) => waveform[name]));
  const parts = both(players, ({ waveform }) => lastPart(waveform));
  return drawSideBySide({
    title,
    subtitle: `${SHOWN} L/U of an episode from an upward stroke on. Dotted means and spectra: of its last ${SCORED_TIME} L/U. Over the columns: all episodes`,
    columns: both(players, ({ name, figures }) => ({ name, figures: figuresText(figures) })),
    blocks: [
      timeBlock([...moved, 'c_T', 'c_P'], parts),
      {
        xTitle: 'frequency (U/L)',
        xDomain: [0, MOST_FREQUENCY],
        rows: moved.map((name) => spectrumRow(name, parts)),
      },
    ],
  });
}

const both = <T, R>([left, right]: Pair<T>, of: (value: T) => R): Pair<R> => [of(left), of(right)];

const figuresText = ({ thrust, power, efficiency }: Figures): string =>
  `C_T ${decimal(thrust, 2)}, C_P ${decimal(power, 2)}, efficiency ${decimal(efficiency, 3)}`;

/** What counts of an episode, in the units that are drawn. */
interface Part {
  readonly timestep: number;
  readonly columns: Readonly<Record<string, readonly number[]>>;
  /** Where the part that is drawn begins, and how many samples it has. */
  readonly from: number;
  readonly shown: number;
}

function lastPart({ time, ...columns }: Waveform): Part {
  const timestep = time![1]! - time![0]!;
  const scaled = Object.entries(units).flatMap(([name, { factor }]) => {
    const values = columns[name]?.slice(-Math.round(SCORED_TIME / timestep));
    return values ? [[name, values.map((value) => factor * value)] as const] : [];
  });
  const [[, first]] = scaled as [(typeof scaled)[0]];
  const shown = Math.round(SHOWN / timestep);
  return { timestep, columns: Object.fromEntries(scaled), from: upwardStroke(first, shown), shown };
}

/** Where the values rise through 0 for the last time before the last `shown` of them, so that both columns begin alike. */
export function upwardStroke(values: readonly number[], shown: number): number {
  for (let i = Math.max(0, values.length - shown - 1); i > 0; i--)
    if (values[i - 1]! < 0 && values[i]! >= 0) return i;
  return Math.max(0, values.length - shown - 1);
}

const timeBlock = (names: readonly string[], parts: Pair<Part>): Block => ({
  xTitle: 'time (L/U)',
  xDomain: [0, SHOWN],
  rows: names.map((name) => timeRow(name, parts)),
});

function timeRow(name: string, parts: Pair<Part>): Row {
  const { unit, digits } = units[name]!;
  const label = unit === '1' ? name : `${name} (${unit})`;
  const lines = both(parts, ({ columns, from, shown, timestep }) =>
    columns[name]!.slice(from, from + shown + 1).map((value, i): Point => [i * timestep, value]),
  );
  if ((actuatorNames as readonly string[]).includes(name)) return { name: label, lines, notes: ['', ''] };
  const marks = both(parts, ({ columns }) => meanOf(columns[name]!));
  return { name: label, lines, marks, notes: both(marks, (value) => `mean ${decimal(value, digits)}`) };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** In per cent of the strongest, so that what a wave has beside its own frequency is seen. */
function spectrumRow(name: string, parts: Pair<Part>): Row {
  const { unit, digits } = units[name]!;
  const spectra = both(parts, ({ columns, timestep }) =>
    amplitudeSpectrum(columns[name]!, timestep, frequencies).map(
      (amplitude, i): Point => [frequencies[i]!, amplitude],
    ),
  );
  const notes = both(spectra, (line) => {
    const [frequency, amplitude] = highest(line);
    return `100 %: ${decimal(amplitude, digits)}${{ L: ' L', '°': '°', 1: '' }[unit]} at ${frequency.toFixed(2)} U/L`;
  });
  const lines = both(spectra, (line) => {
    const [, most] = highest(line);
    return line.map(([frequency, amplitude]): Point => [frequency, (100 * amplitude) / most]);
  });
  return { name: `amplitude of ${name} (%)`, lines, notes, decades: [1, 100] };
}

/** Comparisons as text. */
import { envs } from '../../../envs/index.ts';
import { decimal } from '../agents/text.ts';
import { type Comparison, type Figures, type Summary, scoringSettings } from './comparison.ts';

const HEADER = [
  '',
  'C_T',
  'C_P',
  'efficiency',
  'objective',
  'failed',
  'gain',
  'difference',
  'its bound',
  'C_T at that C_P',
  'gain',
];

/**
 * @param runs that differ in their seed only
 * @param sinusoids folder that the thrust at equal power was looked for in
 */
export function comparisonTable(runs: readonly Comparison[], summary: Summary, sinusoids: string): string {
  const [first] = runs as [Comparison];
  const rows = [
    HEADER,
    ['sinusoid', ...figures(first.sinusoid)],
    ...runs.map(({ seed, policy, gain, difference, equalPower }) => [
      ...[`seed ${seed}`, ...figures(policy), signed(gain)],
      ...[decimal(difference.mean, 4), difference.lower === null ? '–' : decimal(difference.lower, 4)],
      ...(equalPower ? [decimal(equalPower.thrust, 3), signed(equalPower.gain)] : ['–', '–']),
    ]),
  ];
  const widths = HEADER.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return [
    heading(first),
    ...rows.map((row) => `  ${row.map((cell, i) => cell.padStart(widths[i]!)).join('  ')}`),
    `  ${verdict(summary)}`,
    ...notes(first, sinusoids).map((note) => `  ${note}`),
  ].join('\n');
}

function heading({ task, playedIn, settings, objective, agent, episodes }: Comparison): string {
  const place = playedIn === task ? task : `${task} in ${playedIn}`;
  const changed = Object.entries(scoringSettings(envs[playedIn]!.settings.parse({}))).filter(
    ([name, value]) => name !== 'objective' && settings[name] !== value,
  );
  const settled = changed.map(([name]) => `, ${name}=${settings[name]}`).join('');
  return `${place}, ${objective}: ${agent} and the best sinusoid on ${episodes} episodes${settled}`;
}

const figures = ({ thrust, power, efficiency, objective, failures }: Figures): string[] => [
  decimal(thrust, 3),
  decimal(power, 3),
  decimal(efficiency, 4),
  decimal(objective, 4),
  String(failures),
];

const signed = (percentage: number): string => `${percentage < 0 ? '' : '+'}${decimal(percentage, 2)} %`;

function verdict({ seeds, gain, lower, target, met }: Summary): string {
  const count = `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}: gain ${signed(gain)}`;
  if (lower === null) return `${count}; one seed has no bound, so whether ${target} % are reached is open`;
  const goal = `to reach: ${target} %, bound above 0`;
  return `${count}, lower 95 % bound ${signed(lower)} (${goal}): ${met ? 'reached' : 'MISSED'}`;
}

function notes({ compared, playedIn, waveOf, equalPower }: Comparison, sinusoids: string): string[] {
  return [
    ...(compared === 'efficiency'
      ? ['Gain and difference are of the efficiency, without the charge for too little thrust.']
      : []),
    ...(waveOf === playedIn
      ? []
      : [`No sinusoid was searched for in ${playedIn}: this is the best one of ${waveOf}.`]),
    ...(equalPower === null
      ? [
          `No sinusoid of ${playedIn} with so little power is known in ${sinusoids}, so nothing is said about equal power. "proprio bench sinusoid" measures some.`,
        ]
      : []),
  ];
}

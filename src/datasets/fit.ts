/** Whether a data set can be learnt from in an environment: what its numbers mean there, field by field. */
import type { VectorEnv } from '../core/env.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { type DataSet, type DataSetHeader, type Field, framesPerSecond } from './data-set.ts';

/** What does not fit. */
export interface Misfit {
  /** Such as `observation[3].unit`. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  /** What to do. */
  readonly advice: string;
  /** Worth knowing, and no reason not to learn from it. */
  readonly harmless?: true;
}

/** What a data set has to fit. */
export interface FitTarget {
  readonly env: Pick<VectorEnv, 'spec' | 'observationSpace' | 'actionSpace'>;
  /** Of the environment, where they are known. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Parts of the rate and of bounds that rounding may take. */
const ROUNDING = 1e-6;
/** Misfits of one kind that are told one by one. */
const TOLD = 5;
const RECORD_AGAIN =
  'record it again in this environment with "demos", or choose the settings it was recorded with';

/** @param dataSet read from a file, or its header alone @returns what does not fit, the harmless too; none where all does */
export function misfitsOf(
  { header, episodes = [] }: Pick<DataSet, 'header'> & Partial<DataSet>,
  { env, settings }: FitTarget,
): Misfit[] {
  const { spec, observationSpace, actionSpace } = env;
  return [
    ...originMisfits(header, spec.id, settings),
    ...rateMisfits(header, spec.controlDt),
    ...equal('agents', spec.agents, header.agents, RECORD_AGAIN),
    ...spaceMisfits('observation', header.observation, observationSpace),
    ...spaceMisfits('action', header.action, actionSpace),
    ...episodes.flatMap((episode, i) => [
      ...(episode.length > spec.maxEpisodeSteps
        ? [
            {
              field: `episode ${i}.length`,
              expected: `at most ${spec.maxEpisodeSteps} control steps`,
              found: String(episode.length),
              advice: RECORD_AGAIN,
            },
          ]
        : []),
      ...finiteMisfits(header, episode, i),
    ]),
    ...boundMisfits({ header, episodes }, actionSpace),
  ];
}

/** @throws ConfigurationError telling each field, what is expected and found, and what to do @returns notes on what is harmless */
export function assertFits(
  dataSet: Parameters<typeof misfitsOf>[0],
  target: FitTarget,
  name = 'The data set',
): string[] {
  const misfits = misfitsOf(dataSet, target);
  const harmful = misfits.filter(({ harmless }) => !harmless);
  if (harmful.length === 0) return misfits.map(misfitText);
  const shown = harmful.slice(0, TOLD).map((misfit) => `  ${misfitText(misfit)}`);
  const more = harmful.length > TOLD ? [`  and ${harmful.length - TOLD} more`] : [];
  throw new ConfigurationError(
    [`${name} does not fit the environment "${target.env.spec.id}":`, ...shown, ...more].join('\n'),
  );
}

export const misfitText = ({ field, expected, found, advice }: Misfit): string =>
  `${field}: expected ${expected}, found ${found}; ${advice}.`;

const equal = (field: string, expected: unknown, found: unknown, advice: string): Misfit[] =>
  expected === found ? [] : [{ field, expected: String(expected), found: String(found), advice }];

/** Settings say what is rewarded: where they differ, rewards of the data may mean something else. */
function originMisfits(
  { env, rewarded }: DataSetHeader,
  id: string,
  settings: FitTarget['settings'],
): Misfit[] {
  const unrewarded: Misfit[] = rewarded
    ? []
    : [
        {
          field: 'rewards',
          expected: 'rewards of each step',
          found: 'none',
          advice: 'use it for imitation only, or record it again',
        },
      ];
  if (!env) return unrewarded;
  const differs = (value: unknown, other: unknown): boolean =>
    JSON.stringify(value) !== JSON.stringify(other);
  const differing = Object.keys(settings ?? {}).filter(
    (name) => env.id === id && differs(settings![name], env.settings[name]),
  );
  return [
    ...unrewarded,
    ...equal('env', `"${id}"`, `"${env.id}"`, 'make sure that it is about the same task').map(harmless),
    ...differing.map((name): Misfit => {
      const misfit = {
        field: `env.settings.${name}`,
        expected: JSON.stringify(settings![name]),
        found: JSON.stringify(env.settings[name]) ?? 'nothing',
      };
      return /reward/i.test(name)
        ? { ...misfit, advice: `its rewards were given for something else: ${RECORD_AGAIN}` }
        : harmless({ ...misfit, advice: 'make sure that this is meant' });
    }),
  ];
}

const harmless = (misfit: Misfit): Misfit => ({ ...misfit, harmless: true });

function rateMisfits({ fps }: DataSetHeader, controlDt: number): Misfit[] {
  const rate = framesPerSecond(controlDt);
  if (Math.abs(fps - rate) <= ROUNDING * rate) return [];
  const misfit = { field: 'fps', expected: `${rate} (a control step of ${controlDt} s)` };
  return fps === 0
    ? [harmless({ ...misfit, found: 'nothing', advice: 'make sure that its steps are as long' })]
    : [{ ...misfit, found: String(fps), advice: RECORD_AGAIN }];
}

/** Number, names and order, units and bounds; data of others may be silent on all but the number. */
function spaceMisfits(kind: 'observation' | 'action', fields: readonly Field[], space: Space): Misfit[] {
  const { components } = space;
  const size = equal(`${kind} size`, components.length, fields.length, RECORD_AGAIN);
  if (size.length > 0) {
    const at = components.findIndex(({ name }, i) => name !== fields[i]?.name);
    const first = { field: `${kind}[${at}].name`, advice: 'this is where they part' };
    const [expected, found] = [components[at]?.name, fields[at]?.name].map((name) => name ?? 'nothing');
    return at < 0 ? size : [...size, { ...first, expected: expected!, found: found! }];
  }
  const isNamed = fields.some(({ name, unit }, i) => unit !== undefined || name !== unnamed(name, i));
  if (!isNamed) {
    const misfit = { field: `${kind} names`, expected: 'names and units', found: 'none' };
    return [harmless({ ...misfit, advice: 'make sure that they are in the order of the environment' })];
  }
  return components.flatMap((component, i) => {
    const field = fields[i]!;
    const name = `${kind}[${i}]`;
    if (component.name !== field.name) {
      const elsewhere = fields.findIndex((other) => other.name === component.name);
      const order = elsewhere >= 0 ? `; it is there as number ${elsewhere}, so put them in order` : '';
      return equal(`${name}.name`, component.name, field.name, `${RECORD_AGAIN}${order}`);
    }
    const bounds = (['low', 'high'] as const).flatMap((bound) =>
      field[bound] === undefined || near(field[bound], component[bound])
        ? []
        : equal(`${name}.${bound} ("${component.name}")`, component[bound], field[bound], RECORD_AGAIN),
    );
    const unit =
      field.unit === undefined
        ? []
        : equal(
            `${name}.unit ("${component.name}")`,
            component.unit,
            field.unit,
            'convert its numbers to this unit',
          );
    // Bounds of observations only cut; those of actions say what 1 is.
    return [...unit, ...(kind === 'action' ? bounds : bounds.map(harmless))];
  });
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(b));

/** Names as they are made up where there are none: `action.3`. */
const unnamed = (name: string, i: number): string => `${name.replace(/\.\d+$/, '')}.${i}`;

function finiteMisfits(
  { observation, action }: DataSetHeader,
  episode: DataSet['episodes'][number],
  index: number,
): Misfit[] {
  const kinds = { observations: observation, actions: action, rewards: [{ name: 'reward' }] } as const;
  return Object.entries(kinds).flatMap(([kind, fields]) => {
    const values = episode[kind as keyof typeof kinds];
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return [];
    const step = Math.floor(at / fields.length);
    return [
      {
        field: `episode ${index}, step ${step}, "${fields[at % fields.length]!.name}"`,
        expected: 'a finite number',
        found: String(values[at]),
        advice: 'leave this episode out',
      },
    ];
  });
}

/** Actions are as they were meant, so some lie beyond what is executed; far beyond, they are in another unit. */
function boundMisfits(
  { header, episodes }: Pick<DataSet, 'header' | 'episodes'>,
  { components }: Space,
): Misfit[] {
  const A = components.length;
  if (header.action.length !== A) return [];
  const extremes = components.map(() => ({ low: Infinity, high: -Infinity }));
  for (const { actions } of episodes)
    for (let i = 0; i < actions.length; i++) {
      const extreme = extremes[i % A]!;
      extreme.low = Math.min(extreme.low, actions[i]!);
      extreme.high = Math.max(extreme.high, actions[i]!);
    }
  return components.flatMap(({ name, low, high }, i) => {
    const found = extremes[i]!;
    if (!(found.low < low || found.high > high)) return [];
    const misfit = {
      field: `action[${i}] ("${name}")`,
      expected: `values from ${low} to ${high}`,
      found: `${found.low.toFixed(3)} to ${found.high.toFixed(3)}`,
    };
    const range = high - low;
    return found.low < low - range || found.high > high + range
      ? [{ ...misfit, advice: 'these are probably in another unit: scale them' }]
      : [harmless({ ...misfit, advice: 'what is beyond is cut, as the environment does' })];
  });
}

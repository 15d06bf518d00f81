/** What a tuning searches: what the agent declares, as the command line overrides, narrows or fixes it. */
import { ConfigurationError, suggestion } from '../../src/core/errors.ts';
import { type Domain, logUniform, oneOf, type SearchSpace, uniform } from '../../src/core/search.ts';
import {
  type GroupSchemas,
  parseAssignments,
  resolveSettings,
  type SettingGroups,
} from '../../src/run/config.ts';

/** Domains by full name, `agent.discount`. */
export type TuningSpace = Readonly<Record<string, Domain>>;

export interface SpaceOptions {
  /** `name=low..high`, `name=log:low..high`, `name=linear:low..high` or `name=a,b,c`, of `--search`. */
  readonly search: readonly string[];
  /** The names of `--only`; without it all are searched. */
  readonly only?: readonly string[];
  /** Assignments of `--set`: what is fixed is not searched. */
  readonly settings: readonly string[];
}

/** @throws ConfigurationError naming the setting, with the nearest name where there is none */
export function tuningSpace(
  declared: SearchSpace,
  schemas: GroupSchemas,
  { search, only, settings }: SpaceOptions,
): TuningSpace {
  const fixed = new Set(namesIn(parseAssignments(settings, schemas)));
  const space = new Map<string, Domain>();
  for (const [name, domain] of Object.entries(declared)) {
    const full = fullName(name, schemas);
    if (domain !== undefined && !fixed.has(full)) space.set(full, domain);
  }
  for (const text of search) {
    const [name, domain] = parseSearch(text, schemas);
    if (fixed.has(name))
      throw new ConfigurationError(`${name} is fixed by --set and cannot be searched too.`);
    space.set(name, domain);
  }
  if (only) keepOnly(space, only);
  if (space.size === 0) {
    throw new ConfigurationError(
      'There is nothing to search: name settings with --search, for instance --search discount=0.95,0.99.',
    );
  }
  for (const [name, domain] of space) assertPossible(name, domain, schemas);
  return Object.fromEntries(space);
}

function keepOnly(space: Map<string, Domain>, only: readonly string[]): void {
  const kept = new Set(
    only.map((name) => {
      const known = [...space.keys()];
      const match = known.find((full) => full === name || shortName(full) === name);
      if (match !== undefined) return match;
      throw new ConfigurationError(
        `--only ${name}: that is not searched.${suggestion(name, name.includes('.') ? known : known.map(shortName))} Its values can be given with --search.`,
      );
    }),
  );
  for (const name of [...space.keys()]) if (!kept.has(name)) space.delete(name);
}

const shortName = (full: string): string => full.slice(full.indexOf('.') + 1);

/** @throws ConfigurationError for an unknown or ambiguous name, and for one of the environment */
function fullName(name: string, schemas: GroupSchemas): string {
  const [full] = namesIn(parseAssignments([`${name}=0`], schemas));
  if (!full!.startsWith('env.')) return full!;
  throw new ConfigurationError(
    `${full} changes the task, not how it is learnt, so that scores could not be compared: fix it with --set.`,
  );
}

const splitName = (full: string): [group: keyof SettingGroups, setting: string] => [
  full.slice(0, full.indexOf('.')) as keyof SettingGroups,
  shortName(full),
];

/** Values by full name, in their groups. */
export function groupsOf(values: Readonly<Record<string, unknown>>): SettingGroups {
  const groups: SettingGroups = { agent: {}, env: {}, training: {} };
  for (const [full, value] of Object.entries(values)) {
    const [group, setting] = splitName(full);
    groups[group][setting] = value;
  }
  return groups;
}

const namesIn = (groups: SettingGroups): string[] =>
  Object.entries(groups).flatMap(([group, values]) => Object.keys(values).map((name) => `${group}.${name}`));

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const RANGE = new RegExp(`^(log:|linear:)?(${NUMBER})\\.\\.(${NUMBER})$`, 'i');
/** A wider range than one decade is searched by its logarithm, unless told otherwise. */
const DECADE = 10 * (1 + 1e-9);

function parseSearch(text: string, schemas: GroupSchemas): [name: string, domain: Domain] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new ConfigurationError(`--search takes name=low..high or name=a,b,c, not "${text}".`);
  }
  const name = fullName(text.slice(0, at), schemas);
  try {
    return [name, parseDomain(text.slice(at + 1), name, schemas)];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigurationError(`--search ${text}: ${error.message}`, { cause: error });
  }
}

/** @throws RangeError for bounds or values that make no domain */
function parseDomain(text: string, name: string, schemas: GroupSchemas): Domain {
  if (!/\.\.|^log:|^linear:/i.test(text)) return oneOf(separate(text).map(parseValue));
  const range = RANGE.exec(text);
  if (!range) throw new RangeError('A range is two numbers with ".." between them.');
  const [low, high] = [Number(range[2]), Number(range[3])];
  const scale = range[1]?.toLowerCase() ?? (low > 0 && high / low > DECADE ? 'log:' : 'linear:');
  const whole = isWhole(name, schemas);
  return (scale === 'log:' ? logUniform : uniform)(low, high, { whole });
}

/** Whether the setting is a whole number: half a one is refused for that reason. */
function isWhole(name: string, schemas: GroupSchemas): boolean {
  const [group, setting] = splitName(name);
  const { error } = schemas[group].shape[setting]!.safeParse(0.5);
  return error?.issues.some((issue) => issue.code === 'invalid_type' && issue.expected === 'int') ?? false;
}

/** At the commas outside brackets. */
function separate(text: string): string[] {
  return text.split(/,(?![^[]*\])/).map((part) => part.trim());
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Bounds of a range and every value of a choice are tried, so that no trial is refused later. */
function assertPossible(name: string, domain: Domain, schemas: GroupSchemas): void {
  const [group, setting] = splitName(name);
  for (const value of domain.kind === 'choice' ? domain.values : [domain.low, domain.high]) {
    resolveSettings(schemas, { [group]: { [setting]: value } });
  }
}

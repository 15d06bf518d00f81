/** Settings: a zod object each, with default, range and meaning beside the name; parsed in one way everywhere. */
import { z } from 'zod';
import { ConfigurationError, suggestion } from './errors.ts';

export type SettingsSchema<S> = z.ZodType<S, Record<string, unknown>> & {
  readonly shape: Record<string, z.ZodType>;
};

/** Strict settings object: an unknown name is an error. */
export function settings<Shape extends Record<string, z.ZodType>>(shape: Shape) {
  return z.strictObject(shape) as unknown as SettingsSchema<{ [K in keyof Shape]: z.output<Shape[K]> }>;
}

/** The same settings with other defaults. @throws Error for a name that `schema` has not */
export function settingsWithDefaults<S>(
  schema: SettingsSchema<S>,
  defaults: Readonly<Record<string, unknown>>,
): SettingsSchema<S> {
  const shape = { ...schema.shape };
  for (const [name, value] of Object.entries(defaults)) {
    const field = shape[name] as z.ZodDefault<z.ZodType> | undefined;
    if (!field) throw new Error(`There is no setting "${name}" to give a default to.`);
    shape[name] = field
      .removeDefault()
      .default(value)
      .describe(field.description ?? '');
  }
  return settings(shape) as unknown as SettingsSchema<S>;
}

/** A number in [low, high]. */
export const number = (byDefault: number, low: number, high: number, meaning: string) =>
  z.number().min(low).max(high).default(byDefault).describe(meaning);

/** An integer in [low, high]. */
export const integer = (byDefault: number, low: number, high: number, meaning: string) =>
  z.int().min(low).max(high).default(byDefault).describe(meaning);

export const flag = (byDefault: boolean, meaning: string) => z.boolean().default(byDefault).describe(meaning);

export const choice = <const T extends readonly string[]>(
  byDefault: T[number],
  options: T,
  meaning: string,
) => z.enum(options).default(byDefault).describe(meaning);

/** Widths of hidden layers. */
export const widths = (byDefault: readonly number[], meaning: string) =>
  z
    .array(z.int().min(1).max(8192))
    .max(8)
    .default([...byDefault])
    .describe(meaning);

/**
 * Fills in defaults and checks ranges.
 * @param group where the settings belong, for the message: `agent`, `env` or `training`
 * @throws ConfigurationError that names the setting, what is wrong and, for an unknown one, the nearest name
 */
export function parseSettings<S>(
  group: string,
  schema: SettingsSchema<S>,
  values: Record<string, unknown>,
): S {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys
        .map((key) => `Unknown setting "${group}.${key}".${suggestion(key, Object.keys(schema.shape))}`)
        .join('\n');
    }
    const name = [group, ...issue.path].join('.');
    const given = JSON.stringify(valueAt(values, issue.path));
    const meaning = schema.shape[String(issue.path[0])]?.description;
    return `Setting ${name}=${given}: ${lowerFirst(issue.message)}.${meaning ? ` (${meaning})` : ''}`;
  });
  throw new ConfigurationError(problems.join('\n'));
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    values,
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Default, meaning and range of every setting, for `--help` and the docs. */
export function describeSettings<S>(
  schema: SettingsSchema<S>,
): { name: string; default: unknown; meaning: string }[] {
  const defaults = schema.parse({}) as Record<string, unknown>;
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    default: defaults[name],
    meaning: field.description ?? '',
  }));
}

/**
 * The errors a user can cause or repair. Each carries the exit code that the command line ends with; anything else
 * that is thrown is a bug of ours.
 */
import { closest } from 'fastest-levenshtein';

/** Exit codes of the command line. */
export const exitCode = {
  success: 0,
  failure: 1,
  usage: 2,
  configuration: 3,
  missing: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Something went wrong that the message explains: what, where, and what to do. */
export class ProprioError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, code: ExitCode = exitCode.failure, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.exitCode = code;
  }
}

/** An unknown command, flag, environment, agent or robot. */
export class UsageError extends ProprioError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCode.usage, options);
  }
}

/** A setting that does not exist or is out of range. */
export class ConfigurationError extends ProprioError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCode.configuration, options);
  }
}

/** Something this machine lacks: a device, a library, a program. */
export class MissingError extends ProprioError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCode.missing, options);
  }
}

/** ` Did you mean "x"?` with the known name that is nearest to `name`, or the whole list where none is near. */
export function suggestion(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const nearest = closest(name, [...known]);
  const prefix = Math.min(3, name.length);
  const near = nearest.startsWith(name.slice(0, prefix)) || sharedLetters(name, nearest) > 0.5;
  return near ? ` Did you mean "${nearest}"?` : ` Known: ${known.join(', ')}.`;
}

function sharedLetters(a: string, b: string): number {
  const inB = new Set(b);
  return [...a].filter((letter) => inB.has(letter)).length / Math.max(a.length, b.length);
}

/** The entry of `table` called `name`. @throws UsageError that offers the nearest name. */
export function lookUp<T>(kind: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name] as T;
  throw new UsageError(`Unknown ${kind} "${name}".${suggestion(name, Object.keys(table))}`);
}

/** Reading values of flags. */
import { InvalidArgumentError } from 'commander';

/** An integer of at least `low`. */
export const integerOption =
  (flag: string, low: number) =>
  (text: string): number => {
    const value = Number(text.replace(/_/g, ''));
    if (Number.isSafeInteger(value) && value >= low) return value;
    throw new InvalidArgumentError(`${flag} takes a whole number of at least ${low}.`);
  };

/** Gathers the values of a flag that may be repeated. */
export const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

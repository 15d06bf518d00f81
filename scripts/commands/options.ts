/** Reading values of flags. */
import { InvalidArgumentError } from 'commander';

/** An integer in [low, high], digits only; `_` may stand between them. */
export const integerOption =
  (flag: string, { low, high }: { readonly low: number; readonly high: number }) =>
  (text: string): number => {
    const value = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`${flag} takes a whole number from ${low} to ${high}.`);
  };

/** A finite number. */
export const numberOption =
  (flag: string) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value)) return value;
    throw new InvalidArgumentError(`${flag} takes a number.`);
  };

/** Gathers the values of a flag that may be repeated. */
export const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

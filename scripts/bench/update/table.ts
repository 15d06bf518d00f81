/** What the tables of `bench update` have in common. */
import { median } from '../machine.ts';

/** Tables are printed row by row, because some take minutes. */
export const printRow = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);

/** Median over the rounds of a's time to b's, each to that of the round beside it. */
export const medianRatio = (a: readonly number[], b: readonly number[]): number =>
  median(a.map((time, i) => time / b[i]!));

/** `bench plot`: a picture of learning curves for each environment, and tables, from the results of `bench agents`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/core/errors.ts';
import { explaining, writeFileAtomic } from '../../src/run/files.ts';
import { type Measure, meanScore, returnMean, successRate } from './agents/measures.ts';
import { type Result, readResults, SOLVED } from './agents/results.ts';
import { resultTables } from './agents/table.ts';
import { decimal } from './agents/text.ts';
import {
  curveOf,
  hasSuccess,
  scoreName,
  solvedScores,
  type Variant,
  variantName,
  variantsByEnv,
} from './agents/variants.ts';
import { drawPicture, type Picture } from './plot/picture.ts';

/**
 * Writes `<env>.svg` for each environment and prints the tables.
 * @param from a `results.jsonl`
 * @param out the folder of the pictures
 * @param agents those to show; by default all that have results
 * @returns the paths of the pictures
 * @throws UsageError when there are no results
 */
export function benchPlot(from: string, out: string, agents?: readonly string[]): string[] {
  const results = readResults(from).filter(({ agent }) => agents?.includes(agent) ?? true);
  if (results.length === 0)
    throw new UsageError(
      `${from} holds no results${agents ? ` of ${agents.join(' or ')}` : ''}. "proprio bench agents" writes some.`,
    );
  console.log(`${resultTables(results)}\n`);
  explaining(out, () => mkdirSync(out, { recursive: true }));
  return [...picturesOf(results)].map(([env, picture]) => {
    const file = join(out, `${env}.svg`);
    writeFileAtomic(file, drawPicture(picture));
    console.log(`Wrote ${file}`);
    return file;
  });
}

/** A picture for each environment. A variant has the same colour in all of them. */
export function picturesOf(results: readonly Result[]): Map<string, Picture> {
  const names = [...new Set(results.map(variantName))].sort();
  return new Map(
    variantsByEnv(results).map(([env, variants]) => [
      env,
      pictureOf(env, variants, (name) => names.indexOf(name)),
    ]),
  );
}

function pictureOf(env: string, variants: readonly Variant[], indexOf: (name: string) => number): Picture {
  const { of, ...axis } = verticalAxis(variants);
  const lines = variants.map((variant) => {
    return { name: variant.name, index: indexOf(variant.name), points: curveOf(variant, of) };
  });
  const seeds = [...new Set(variants.map(({ results }) => results.length))];
  return {
    title: env,
    subtitle: `Evaluations while learning: interquartile mean over ${seeds.join(' or ')} seeds, shaded: its 95 % bootstrap interval`,
    lines,
    ...axis,
  };
}

interface VerticalAxis extends Pick<Picture, 'measure' | 'domain' | 'goal' | 'write'> {
  readonly of: Measure;
}

/** Success, where the environment knows it, else its first score, else the return. */
function verticalAxis(variants: readonly Variant[]): VerticalAxis {
  if (hasSuccess(variants))
    return {
      of: (point) => 100 * successRate(point),
      measure: 'success rate (%)',
      domain: [0, 100],
      goal: 100 * SOLVED,
      write: (value) => `${value.toFixed(0)} %`,
    };
  const score = scoreName(variants);
  if (score === undefined)
    return { of: returnMean, measure: 'return of an episode', write: (value) => decimal(value, 0) };
  const goal = solvedScores(variants).at(-1);
  return {
    of: meanScore,
    measure: `${score} of an episode`,
    ...(goal === undefined ? {} : { goal }),
    write: (value) => decimal(value, 2),
  };
}

/**
 * What sinusoids make of a power: their best thrust for it. A policy that thrusts more than the best sinusoid may only have
 * spent more, which the sinusoids at its own power tell.
 */
import { z } from 'zod';
import { ConfigurationError } from '../../../src/core/errors.ts';
import { readRecords } from '../agents/records.ts';
import type { SearchedTask } from '../sinusoid/grid.ts';
import { measurementsFile } from '../sinusoid/index.ts';

export interface PowerPoint {
  /** C_P and C_T */
  readonly power: number;
  readonly thrust: number;
}

const schema = z.object({ scores: z.object({ power: z.number(), thrust: z.number() }) });

/**
 * Of all waves that a search has measured, the best one for each power; none where there was no search.
 * @param folder of "proprio bench sinusoid"
 * @throws ConfigurationError naming the first record that is no measurement
 */
export function measuredFront(folder: string, task: SearchedTask): PowerPoint[] {
  // Waves of the base alone are waves of the whole ray, with an offset of nothing.
  const tasks: readonly SearchedTask[] = task === 'fin-full' ? ['fin-full', 'fin-base'] : [task];
  return frontOf(tasks.flatMap((each) => measuredPoints(measurementsFile(folder, each))));
}

function measuredPoints(file: string): PowerPoint[] {
  return readRecords(file).map((record, i) => {
    const parsed = schema.safeParse(record);
    if (parsed.success) return parsed.data.scores;
    const [issue] = parsed.error.issues;
    throw new ConfigurationError(
      `${file}: record ${i + 1} is no measurement: ${issue!.path.join('.')}: ${issue!.message}.`,
    );
  });
}

/** The points that thrust more than all with less power. Both ascend. */
export function frontOf(points: readonly PowerPoint[]): PowerPoint[] {
  const front: PowerPoint[] = [];
  for (const point of [...points].sort((a, b) => a.power - b.power || b.thrust - a.thrust))
    if (point.thrust > (front.at(-1)?.thrust ?? Number.NEGATIVE_INFINITY)) front.push(point);
  return front;
}

/**
 * Linear between points; beyond the last one its thrust, since more power made no more of it.
 * @returns undefined below the first point
 */
export function thrustAt(front: readonly PowerPoint[], power: number): number | undefined {
  const next = front.findIndex((point) => point.power > power);
  if (next < 0) return front.at(-1)?.thrust;
  const [before, after] = [front[next - 1], front[next]!];
  if (!before) return undefined;
  const part = (power - before.power) / (after.power - before.power);
  return before.thrust + part * (after.thrust - before.thrust);
}

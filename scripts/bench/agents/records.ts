/** Files with one JSON object a line. */
import { existsSync, readFileSync } from 'node:fs';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The records of a file, without lines that a crash has cut short; none where there is no file. */
export function readRecords(file: string): JsonRecord[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as JsonRecord];
      } catch {
        return [];
      }
    });
}

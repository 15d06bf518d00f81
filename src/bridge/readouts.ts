/** The read-outs of a task as a message of their own, with a field for each: a viewer shows one by its path. */
import { type Appearance, readoutReader } from '../core/appearance.ts';
import * as schemas from './schemas.ts';

export interface ReadoutMessages {
  readonly schema: ReturnType<typeof schemas.readouts>;
  /** @param row of the scene that is shown. JSON has no number for what is not finite: such fields are left out. */
  contents(row: Float32Array): schemas.Readouts;
}

/** @throws RangeError for a read-out of a signal that there is not */
export function readoutMessages(appearance: Appearance): ReadoutMessages {
  const { readouts = [] } = appearance;
  const read = readoutReader(appearance);
  const fields = readouts.map(({ name, words }) => ({ field: fieldOf(name), isWord: words !== undefined }));
  return {
    schema: schemas.readouts(
      Object.fromEntries(fields.map(({ field, isWord }) => [field, isWord ? 'word' : 'number'])),
    ),
    contents(row) {
      const said = read(row).map((value, i) => [fields[i]!.field, fields[i]!.isWord ? String(value) : value]);
      return Object.fromEntries(
        said.filter(([, value]) => typeof value === 'string' || Number.isFinite(value)),
      );
    },
  };
}

/** Viewers take anything but letters, digits and underscores for a step in a path. */
const fieldOf = (name: string): string => name.replaceAll(/\W+/g, '_');

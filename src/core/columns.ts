/** Stored experience as a checkpoint sees it, whatever kind of buffer holds it. */

export interface ColumnContents {
  /** Values of every column, row after row. */
  readonly columns: Readonly<Record<string, Float32Array>>;
  readonly rows: number;
  /** Where the buffer goes on writing. */
  readonly cursor: number;
}

export interface ExperienceStore {
  /** Views, valid until the next push. */
  contents(): ColumnContents;
  /** @throws RangeError when the rows do not fit */
  restore(contents: Pick<ColumnContents, 'columns' | 'cursor'>): void;
}

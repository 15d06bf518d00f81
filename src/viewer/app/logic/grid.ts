/** Where scenes stand beside one another: on a square grid about the origin, so that one alone is where it says. */

export interface Grid {
  /** Of each scene's own origin, m. */
  readonly offsets: readonly (readonly [x: number, y: number])[];
  readonly columns: number;
  readonly rows: number;
}

/** @param extent edge of the square that a scene takes, m */
export function squareGrid(scenes: number, extent: number): Grid {
  const columns = Math.ceil(Math.sqrt(scenes));
  const rows = Math.ceil(scenes / columns);
  const offsets = Array.from({ length: scenes }, (_, scene) => {
    const column = scene % columns;
    const row = Math.floor(scene / columns);
    return [extent * (column - (columns - 1) / 2), extent * ((rows - 1) / 2 - row)] as const;
  });
  return { offsets, columns, rows };
}

/** Viridis, the perceptually uniform colours of matplotlib (van der Walt and Smith 2015, CC0), for scalar fields. */

/** At equal distances, sRGB. */
const anchors = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
] as const;

/** @param t from 0 to 1; beyond that, the first or last colour. @returns sRGB, 0 to 255 */
export function viridis(t: number): readonly [red: number, green: number, blue: number] {
  const x = Math.max(0, Math.min(1, t)) * (anchors.length - 1);
  const below = Math.min(Math.floor(x), anchors.length - 2);
  const mix = (channel: 0 | 1 | 2): number => {
    const [from, to] = [anchors[below]![channel], anchors[below + 1]![channel]];
    return Math.round(from + (x - below) * (to - from));
  };
  return [mix(0), mix(1), mix(2)];
}

/** `size` colours from the first to the last, red, green, blue and opacity of each, `[size, 4]`. */
export function viridisTable(size: number): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(4 * size);
  for (let i = 0; i < size; i++) table.set([...viridis(i / (size - 1)), 255], 4 * i);
  return table;
}

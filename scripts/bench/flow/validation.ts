/** What a validation case returns: quantities of a flow beside what others found. */
export interface Quantity {
  readonly name: string;
  readonly value: number;
  readonly reference: number;
  /** Of the value, relative to the reference. */
  readonly error: number;
  /** The error, either way, that is accepted. */
  readonly tolerance: number;
}

export interface Validation {
  readonly name: string;
  /** Who found the reference. */
  readonly source: string;
  /** Of the grid. */
  readonly nodes: number;
  readonly steps: number;
  readonly quantities: readonly Quantity[];
}

export function quantity(name: string, value: number, reference: number, tolerance: number): Quantity {
  return { name, value, reference, error: value / reference - 1, tolerance };
}

export function validationTable({ name, source, nodes, steps, quantities }: Validation): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    `${name}: ${nodes} nodes, ${steps} steps; reference ${source}`,
    ...quantities.map(({ name, value, reference, error, tolerance }) =>
      [
        `  ${name.padEnd(26)}`,
        `${value.toPrecision(4).padStart(8)}  reference ${reference.toPrecision(4).padStart(8)}`,
        `error ${percent(error).padStart(7)}  accepted ${percent(tolerance)}`,
        Math.abs(error) <= tolerance ? '' : 'MISSED',
      ]
        .join('  ')
        .trimEnd(),
    ),
  ].join('\n');
}

/** Several minibatches in one batch. */
import { type Tensor, tf } from '../tensor/index.ts';
import type { Tensors } from './definition.ts';

/** Splits every tensor along its leading axis into `count` equal parts. @returns the parts, each with all names */
export function inParts(tensors: Tensors, count: number): Tensors[] {
  if (count === 1) return [tensors];
  const pieces = Object.entries(tensors).map(([name, tensor]): [string, Tensor[]] => [
    name,
    tf.split(tensor, count),
  ]);
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(pieces.map(([name, parts]) => [name, parts[i]!])),
  );
}

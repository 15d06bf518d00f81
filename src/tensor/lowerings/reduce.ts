/** Kernels that fold axes away: sums, extrema, softmax, running sums, sorting. */
import { elementType, lower, type Recorder, type TensorInfo } from '../recorder.ts';
import { tf } from '../tf.ts';
import { cast } from './elementwise.ts';

interface ReduceAttributes {
  readonly axis?: number | number[] | null;
  readonly keepDims?: boolean;
}

/**
 * One reduction. With no axis left to fold tfjs returns its input, while ONNX reads an empty list as «all axes».
 * @param op an ONNX `Reduce…` operator
 */
function reduce(
  r: Recorder,
  op: string,
  x: TensorInfo,
  { axis, keepDims = false }: ReduceAttributes,
): TensorInfo {
  const axes = tf.util.parseAxisParam(axis ?? x.shape.map((_, i) => i), x.shape);
  const shape = keepDims
    ? x.shape.map((size, i) => (axes.includes(i) ? 1 : size))
    : x.shape.filter((_, i) => !axes.includes(i));
  if (axes.length === 0) return r.emit('Identity', [x], shape, x.dtype);
  return r.emit(op, [x, r.indices(axes)], shape, x.dtype, { keepdims: keepDims ? 1 : 0 });
}

lower('Sum', (r, { x }, attributes) =>
  reduce(r, 'ReduceSum', x!.dtype === 'bool' ? cast(r, x!, 'int32') : x!, attributes),
);
lower('Mean', (r, { x }, attributes) => reduce(r, 'ReduceMean', cast(r, x!, 'float32'), attributes));
lower('Max', (r, { x }, { reductionIndices, keepDims }) =>
  reduce(r, 'ReduceMax', x!, { axis: reductionIndices, keepDims }),
);
lower('Min', (r, { x }, { axis, keepDims }) => reduce(r, 'ReduceMin', x!, { axis, keepDims }));
lower('Prod', (r, { x }, attributes) => reduce(r, 'ReduceProd', x!, attributes));
lower('All', (r, { x }, attributes) =>
  cast(r, reduce(r, 'ReduceMin', cast(r, x!, 'int32'), attributes), 'bool'),
);
// A sum: of no elements it is 0, while the greatest of none is no number to rely on.
lower('Any', (r, { x }, attributes) =>
  cast(r, reduce(r, 'ReduceSum', cast(r, x!, 'int32'), attributes), 'bool'),
);

for (const kernel of ['ArgMax', 'ArgMin']) {
  lower(kernel, (r, { x }, { axis }) => {
    const [index] = tf.util.parseAxisParam(axis, x!.shape);
    const shape = x!.shape.filter((_, i) => i !== index);
    // ONNX counts in int64; tfjs's integers are int32.
    const counted = r.graph.add(kernel, [r.nameOf(x!)], { axis: index!, keepdims: 0 })[0]!;
    return r.emit('Cast', [counted], shape, 'int32', { to: 6 });
  });
}

lower('Softmax', (r, { logits }, { dim }) =>
  r.emit('Softmax', [logits!], logits!.shape, 'float32', { axis: dim }),
);

lower('Cumsum', (r, { x }, { axis, exclusive, reverse }) =>
  r.emit('CumSum', [x!, r.graph.constant([axis], [], 'int64')], x!.shape, x!.dtype, {
    exclusive: exclusive ? 1 : 0,
    reverse: reverse ? 1 : 0,
  }),
);

lower('TopK', (r, { x }, { k }) => {
  const shape = [...x!.shape.slice(0, -1), k];
  const nothing = (dtype: tf.DataType) =>
    r.tensor(r.graph.constant([], shape, elementType(dtype)), shape, dtype);
  // ONNX Runtime divides by the number of rows, and the process ends when there are none.
  if (shape.includes(0)) return [nothing(x!.dtype), nothing('int32')];
  const [values, positions] = r.graph.add(
    'TopK',
    [r.nameOf(x!), r.indices([k])],
    { axis: -1, largest: 1, sorted: 1 },
    2,
  );
  return [r.tensor(values!, shape, x!.dtype), r.emit('Cast', [positions!], shape, 'int32', { to: 6 })];
});

/** Kernels that move elements without changing them: reshape, slice, join, repeat, gather, and tensors of one value. */
import { elementType, lower, type Recorder, type TensorInfo } from '../recorder.ts';
import { tf } from '../tf.ts';

/** Same elements, other shape. A reshape that changes nothing adds no node, and one of a reshape replaces it. */
function reshape(r: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo {
  if (sameShape(x.shape, shape)) return r.alias(x);
  const constant = r.graph.constants.get(r.nameOf(x));
  if (constant) return r.tensor(r.graph.constant(constant.values, shape, constant.type), shape, x.dtype);
  const before = r.graph.producer(r.nameOf(x));
  const isReshaped = before?.op === 'Reshape';
  const source = isReshaped ? before.inputs[0]! : r.nameOf(x);
  const [sizes, attributes] = shape.includes(0)
    ? [shape, { allowzero: 1 }]
    : [relativeSizes(shape, isReshaped ? [] : x.shape), {}];
  return r.emit('Reshape', [source, r.indices(sizes)], shape, x.dtype, attributes);
}

/**
 * The sizes of `shape` with as few numbers as may be, so that one of them may be free: 0, which is «as before», where leading
 * axes stay, and -1, which is left to be worked out, for the first one that does not. An axis of size one is never the free one.
 */
function relativeSizes(shape: readonly number[], before: readonly number[]): number[] {
  const changed = shape.findIndex((size, axis) => size !== before[axis]);
  const open = shape.findIndex((size, axis) => axis >= changed && size !== 1);
  return shape.map((size, axis) => (changed < 0 || axis < changed ? 0 : axis === open ? -1 : size));
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

lower('Reshape', (r, { x }, { shape }) =>
  reshape(r, x!, tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape(x!.shape))),
);
lower('ExpandDims', (r, { input }, { dim }) => {
  const at = dim < 0 ? input!.shape.length + 1 + dim : dim;
  return reshape(r, input!, input!.shape.toSpliced(at, 0, 1));
});

/** Elements `begin` to `begin + size` of each axis. Only axes that are really cut enter the node. */
function slice(r: Recorder, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  const sizes = size.map((count, i) => (count < 0 ? x.shape[i]! - begin[i]! : count));
  const cut = x.shape.map((_, i) => i).filter((i) => begin[i] !== 0 || sizes[i] !== x.shape[i]);
  if (cut.length === 0) return r.alias(x);
  const constant = r.graph.constants.get(r.nameOf(x));
  if (constant && x.shape.length === 1) {
    const values = Array.prototype.slice.call(constant.values, begin[0], begin[0]! + sizes[0]!);
    return r.tensor(r.graph.constant(values, sizes, constant.type), sizes, x.dtype);
  }
  const starts = cut.map((i) => begin[i]!);
  const ends = cut.map((i) => begin[i]! + sizes[i]!);
  return r.emit('Slice', [x, r.indices(starts), r.indices(ends), r.indices(cut)], sizes, x.dtype);
}
lower('Slice', (r, { x }, { begin, size }) => {
  const [starts, sizes] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size);
  return slice(r, x!, starts!, sizes!);
});
lower(
  'StridedSlice',
  (r, { x }, { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask }) => {
    const info = tf.slice_util.sliceInfo(
      x!.shape,
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    if (info.isIdentity) return reshape(r, x!, info.finalShape);
    const axes = r.indices(x!.shape.map((_, i) => i));
    // ONNX counts an end of -1 from the back; a walk backwards that includes element 0 has to end before the array.
    const ends = info.end.map((at, i) => (at < 0 && info.strides[i]! < 0 ? -x!.shape[i]! - 1 : at));
    const dense = x!.shape.map((_, i) =>
      Math.max(0, Math.ceil((info.end[i]! - info.begin[i]!) / info.strides[i]!)),
    );
    const cut = r.emit(
      'Slice',
      [x!, r.indices(info.begin), r.indices(ends), axes, r.indices(info.strides)],
      dense,
      x!.dtype,
    );
    return reshape(r, cut, info.finalShape);
  },
);

/**
 * Outputs that one Split may have: WebGPU promises a shader eight storage buffers, and the input takes one of them.
 */
const MAX_SPLIT = 7;

/** Consecutive pieces along an axis: one node, or a slice for each where they are too many. */
function split(r: Recorder, x: TensorInfo, sizes: readonly number[], axis: number): TensorInfo[] {
  const shapes = sizes.map((size) => x.shape.with(axis, size));
  if (sizes.length <= MAX_SPLIT) {
    const names = r.graph.add('Split', [r.nameOf(x), r.indices(sizes)], { axis }, sizes.length);
    return names.map((name, i) => r.tensor(name, shapes[i]!, x.dtype));
  }
  let start = 0;
  return shapes.map((shape) => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    start += shape[axis]!;
    return slice(r, x, begin, shape);
  });
}

lower('SplitV', (r, { x }, { numOrSizeSplits, axis }) => {
  const [along] = tf.util.parseAxisParam(axis, x!.shape);
  const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along!);
  if (sizes.length === 1) return [r.alias(x!)];
  if (r.graph.constants.has(r.nameOf(x!)) && x!.shape.length === 1) {
    let start = 0;
    return sizes.map((size) => {
      start += size;
      return slice(r, x!, [start - size], [size]);
    });
  }
  return split(r, x!, sizes, along!);
});

lower('Concat', (r, inputs, { axis }) => {
  const parts = Object.values(inputs);
  const [along] = tf.util.parseAxisParam(axis, parts[0]!.shape);
  const total = parts.reduce((sum, part) => sum + part.shape[along!]!, 0);
  return r.emit('Concat', parts, parts[0]!.shape.with(along!, total), parts[0]!.dtype, { axis: along! });
});
lower('Pack', (r, inputs, { axis }) => {
  const parts = Object.values(inputs);
  const at = axis < 0 ? parts[0]!.shape.length + 1 + axis : axis;
  const rows = parts.map((part) => reshape(r, part, part.shape.toSpliced(at, 0, 1)));
  return r.emit('Concat', rows, parts[0]!.shape.toSpliced(at, 0, parts.length), parts[0]!.dtype, {
    axis: at,
  });
});
lower('Unpack', (r, { value }, { axis }) => {
  const [along] = tf.util.parseAxisParam(axis, value!.shape);
  const count = value!.shape[along!]!;
  const shape = value!.shape.toSpliced(along!, 1);
  if (count === 1) return [reshape(r, value!, shape)];
  return split(r, value!, Array<number>(count).fill(1), along!).map((row) => reshape(r, row, shape));
});

lower('Transpose', (r, { x }, { perm }) =>
  r.emit(
    'Transpose',
    [x!],
    perm.map((i: number) => x!.shape[i]!),
    x!.dtype,
    { perm },
  ),
);
lower('Reverse', (r, { x }, { dims }) => {
  const axes = tf.util.parseAxisParam(dims, x!.shape);
  if (axes.length === 0) return r.emit('Identity', [x!], x!.shape, x!.dtype);
  const ends = axes.map((i) => -x!.shape[i]! - 1);
  const steps = axes.map(() => -1);
  return r.emit(
    'Slice',
    [x!, r.indices(steps), r.indices(ends), r.indices(axes), r.indices(steps)],
    x!.shape,
    x!.dtype,
  );
});
lower('Tile', (r, { x }, { reps }) =>
  r.emit(
    'Tile',
    [x!, r.indices(reps)],
    x!.shape.map((size, i) => size * reps[i]),
    x!.dtype,
  ),
);
lower('PadV2', (r, { x }, { paddings, constantValue }) => {
  const pairs = paddings as [number, number][];
  const amounts = r.indices([...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)]);
  const shape = x!.shape.map((size, i) => size + pairs[i]![0] + pairs[i]![1]);
  return r.emit('Pad', [x!, amounts, r.scalar(constantValue, x!.dtype)], shape, x!.dtype);
});

/** A tensor whose elements are all `value`: the constant scalar where nothing but its shape matters to the runtime. */
function filled(r: Recorder, value: number, shape: readonly number[], dtype: tf.DataType): TensorInfo {
  const scalar = r.scalar(value, dtype);
  return shape.length === 0
    ? r.tensor(scalar, [], dtype)
    : r.emit('Expand', [scalar, r.indices(shape)], shape, dtype);
}
lower('Fill', (r, _, { shape, value, dtype }) => filled(r, value, shape, dtype ?? 'float32'));
lower('ZerosLike', (r, { x }) => filled(r, 0, x!.shape, x!.dtype));
lower('OnesLike', (r, { x }) => filled(r, 1, x!.shape, x!.dtype));
lower('Range', (r, _, { start, stop, step, dtype }) => {
  // tfjs counts down by itself where the step was left out.
  const stride = stop < start && step === 1 ? -1 : step;
  const count = Math.max(0, Math.ceil((stop - start) / stride));
  const values = Array.from({ length: count }, (_value, i) => start + i * stride);
  return r.tensor(r.graph.constant(values, [count], elementType(dtype)), [count], dtype);
});
lower('LinSpace', (r, _, { start, stop, num }) => {
  const values = Array.from(
    { length: num },
    (_value, i) => start + (i * (stop - start)) / Math.max(1, num - 1),
  );
  return r.tensor(r.graph.constant(values, [num], 'float32'), [num], 'float32');
});

lower('GatherV2', (r, { x, indices }, { axis, batchDims }) => {
  if (batchDims)
    throw new Error('tf.gather with batchDims cannot be compiled; gather rows of a reshaped tensor instead.');
  const [along] = tf.util.parseAxisParam(axis, x!.shape);
  const shape = x!.shape.toSpliced(along!, 1, ...indices!.shape);
  return r.emit('Gather', [x!, indices!], shape, x!.dtype, { axis: along! });
});
/** Rows of `x` added up by segment: the gradient of gather. Every segment has to be in [0, numSegments). */
lower('UnsortedSegmentSum', (r, { x, segmentIds }, { numSegments }) => {
  const shape = [numSegments, ...x!.shape.slice(segmentIds!.shape.length)];
  const wide = r.graph.add('Cast', [r.nameOf(segmentIds!)], { to: 7 })[0]!;
  const rows = r.graph.add('Reshape', [wide, r.indices([...segmentIds!.shape, 1])])[0]!;
  return r.emit('ScatterND', [filled(r, 0, shape, x!.dtype), rows, x!], shape, x!.dtype, {
    reduction: 'add',
  });
});
// By comparison, because ONNX's OneHot counts negative indices from the back; here as in tfjs they match nothing.
lower('OneHot', (r, { indices }, { depth, onValue, offValue, dtype }) => {
  const shape = [...indices!.shape, depth];
  const positions = r.graph.constant([...Array(depth).keys()], [depth], elementType(indices!.dtype));
  const column = reshape(r, indices!, [...indices!.shape, 1]);
  const on = r.emit('Equal', [column, positions], shape, 'bool');
  return r.emit('Where', [on, r.scalar(onValue, dtype), r.scalar(offValue, dtype)], shape, dtype);
});

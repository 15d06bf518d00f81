/** Kernels that work on each element: arithmetic, comparison, activation, selection, conversion. */
import { elementCode } from '../onnx.ts';
import { elementType, lower, type Recorder, type TensorInfo } from '../recorder.ts';
import { tf } from '../tf.ts';

const broadcast = (a: TensorInfo, b: TensorInfo): number[] =>
  tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);

// biome-ignore format: a table reads better in rows
const unary: Readonly<Record<string, string>> = {
  Abs: 'Abs', Acos: 'Acos', Acosh: 'Acosh', Asin: 'Asin', Asinh: 'Asinh', Atan: 'Atan', Atanh: 'Atanh', Ceil: 'Ceil',
  Cos: 'Cos', Cosh: 'Cosh', Elu: 'Elu', Erf: 'Erf', Exp: 'Exp', Floor: 'Floor', Log: 'Log',
  Neg: 'Neg', Reciprocal: 'Reciprocal', Relu: 'Relu', Round: 'Round', Sigmoid: 'Sigmoid', Sign: 'Sign', Sin: 'Sin',
  Sinh: 'Sinh', Softplus: 'Softplus', Sqrt: 'Sqrt', Tan: 'Tan', Tanh: 'Tanh',
};
for (const [kernel, op] of Object.entries(unary)) {
  lower(kernel, (r, { x }) => r.emit(op, [x!], x!.shape, x!.dtype));
}

// biome-ignore format: a table reads better in rows
const binary: Readonly<Record<string, string>> = {
  Add: 'Add', Sub: 'Sub', Multiply: 'Mul', RealDiv: 'Div', Maximum: 'Max', Minimum: 'Min', Pow: 'Pow', Prelu: 'PRelu',
};
for (const [kernel, op] of Object.entries(binary)) {
  const [left, right] = kernel === 'Prelu' ? (['x', 'alpha'] as const) : (['a', 'b'] as const);
  lower(kernel, (r, inputs) => {
    const [a, b] = [inputs[left]!, inputs[right]!];
    return r.emit(op, [a, b], broadcast(a, b), a.dtype);
  });
}

// biome-ignore format: a table reads better in rows
const comparison: Readonly<Record<string, string>> = {
  Equal: 'Equal', Greater: 'Greater', GreaterEqual: 'GreaterOrEqual', Less: 'Less', LessEqual: 'LessOrEqual',
  LogicalAnd: 'And', LogicalOr: 'Or',
};
for (const [kernel, op] of Object.entries(comparison)) {
  lower(kernel, (r, { a, b }) => r.emit(op, [a!, b!], broadcast(a!, b!), 'bool'));
}
lower('LogicalNot', (r, { x }) => r.emit('Not', [x!], x!.shape, 'bool'));
lower('NotEqual', (r, { a, b }) => {
  const shape = broadcast(a!, b!);
  return r.emit('Not', [r.emit('Equal', [a!, b!], shape, 'bool')], shape, 'bool');
});

lower('Identity', (r, { x }) => r.alias(x!));
lower('Square', (r, { x }) => r.emit('Mul', [x!, x!], x!.shape, x!.dtype));
lower('SquaredDifference', (r, { a, b }) => {
  const difference = r.emit('Sub', [a!, b!], broadcast(a!, b!), a!.dtype);
  return r.emit('Mul', [difference, difference], difference.shape, difference.dtype);
});
lower('Rsqrt', (r, { x }) =>
  r.emit('Reciprocal', [r.emit('Sqrt', [x!], x!.shape, x!.dtype)], x!.shape, x!.dtype),
);
lower('Log1p', (r, { x }) =>
  r.emit('Log', [r.emit('Add', [x!, r.scalar(1)], x!.shape, x!.dtype)], x!.shape, x!.dtype),
);
lower('Expm1', (r, { x }) =>
  r.emit('Sub', [r.emit('Exp', [x!], x!.shape, x!.dtype), r.scalar(1)], x!.shape, x!.dtype),
);
lower('AddN', (r, inputs) => {
  const terms = Object.values(inputs);
  const { shape, dtype } = terms[0]!;
  if (dtype === 'float32') return r.emit('Sum', terms, shape, dtype);
  return terms.reduce((sum, term) => r.emit('Add', [sum, term], shape, dtype)); // ONNX's Sum takes no integers.
});

/** tfjs rounds quotients and remainders towards minus infinity; ONNX truncates. */
const floorOfQuotient = (r: Recorder, a: TensorInfo, b: TensorInfo): TensorInfo => {
  const shape = broadcast(a, b);
  const [x, y] = [cast(r, a, 'float32'), cast(r, b, 'float32')];
  return r.emit('Floor', [r.emit('Div', [x, y], shape, 'float32')], shape, 'float32');
};
lower('FloorDiv', (r, { a, b }) => cast(r, floorOfQuotient(r, a!, b!), 'int32'));
lower('Mod', (r, { a, b }) => {
  const quotient = cast(r, floorOfQuotient(r, a!, b!), a!.dtype);
  const whole = r.emit('Mul', [quotient, b!], quotient.shape, a!.dtype);
  return r.emit('Sub', [a!, whole], quotient.shape, a!.dtype);
});

lower('Relu6', (r, { x }) =>
  r.emit('Clip', [x!, r.scalar(0, x!.dtype), r.scalar(6, x!.dtype)], x!.shape, x!.dtype),
);
lower('LeakyRelu', (r, { x }, { alpha }) =>
  r.emit('LeakyRelu', [x!], x!.shape, x!.dtype, { alpha: { float: alpha } }),
);
lower('Selu', (r, { x }) => r.emit('Selu', [x!], x!.shape, x!.dtype));
lower('ClipByValue', (r, { x }, { clipValueMin, clipValueMax }) =>
  r.emit(
    'Clip',
    [x!, r.scalar(clipValueMin, x!.dtype), r.scalar(clipValueMax, x!.dtype)],
    x!.shape,
    x!.dtype,
  ),
);
lower('EluGrad', (r, { dy, y }) => {
  const positive = r.emit('GreaterOrEqual', [y!, r.scalar(0)], y!.shape, 'bool');
  const slope = r.emit('Add', [y!, r.scalar(1)], y!.shape, 'float32');
  return r.emit(
    'Where',
    [positive, dy!, r.emit('Mul', [dy!, slope], y!.shape, 'float32')],
    y!.shape,
    'float32',
  );
});

/**
 * 1 where x > 0, `alpha` elsewhere: the slope of a rectifier. The slope of relu(x) is taken from its output, which has
 * the same sign, so that x has one reader and the runtime can fuse product, bias and rectifier.
 */
lower('Step', (r, { x }, { alpha = 0 }) => {
  const rectified = r.graph.nodes.findLast((node) => node.op === 'Relu' && node.inputs[0] === r.nameOf(x!));
  const positive = r.emit('Greater', [rectified?.outputs[0] ?? x!, r.scalar(0, x!.dtype)], x!.shape, 'bool');
  if (alpha === 0) return cast(r, positive, x!.dtype);
  return r.emit('Where', [positive, r.scalar(1, x!.dtype), r.scalar(alpha, x!.dtype)], x!.shape, x!.dtype);
});

lower('Cast', (r, { x }, { dtype }) => cast(r, x!, dtype));
lower('Select', (r, { condition, t, e }) => {
  // tfjs lets a vector condition choose rows of a matrix.
  const trailing = t!.shape.length - condition!.shape.length;
  const shape = [...condition!.shape, ...Array<number>(Math.max(trailing, 0)).fill(1)];
  const mask = trailing > 0 ? r.emit('Reshape', [condition!, r.indices(shape)], shape, 'bool') : condition!;
  return r.emit('Where', [mask, t!, e!], t!.shape, t!.dtype);
});
lower('IsNan', (r, { x }) => r.emit('IsNaN', [x!], x!.shape, 'bool'));
lower('IsInf', (r, { x }) => r.emit('IsInf', [x!], x!.shape, 'bool'));

/** `x` as `dtype`; `x` itself where it is that already. */
export function cast(r: Recorder, x: TensorInfo, dtype: tf.DataType): TensorInfo {
  return x.dtype === dtype ? x : r.emit('Cast', [x], x.shape, dtype, { to: elementCode[elementType(dtype)] });
}

/** What a compiled or interpreted function looks like to its caller: named arrays in, named arrays out. */
import type { Port } from './graph.ts';
import type { DataType, Tensor } from './tf.ts';

export type TypedArray = Float32Array | Int32Array | Uint8Array;
export type Arrays = Readonly<Record<string, TypedArray>>;

/** A dimension's size, or the name of the one dimension that is known only when the program runs. */
export type Dimension = number | string;

/** Shape of an input; float32 unless told. */
export type InputSpec =
  | readonly Dimension[]
  | { readonly shape: readonly Dimension[]; readonly dtype: DataType };

/** Pure maths on named tensors. It may not read values, decide on them, or draw random numbers. */
export type TensorFunction<Inputs extends string = string> = (
  inputs: Readonly<Record<Inputs, Tensor>>,
) => Readonly<Record<string, Tensor>>;

export interface Program {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Device that runs it, such as `cpu`. */
  readonly device: string;
  /**
   * Ties arrays to inputs and outputs once. Each call of the result reads the inputs' present values and overwrites the
   * outputs. It allocates nothing of its own; ONNX Runtime copies each output once for a result that is dropped.
   * @throws RangeError when an array is missing or its length does not fit
   */
  bind(inputs: Arrays, outputs: Arrays): () => Promise<void>;
  /** One call with fresh outputs. */
  run(inputs: Arrays): Promise<Record<string, TypedArray>>;
  dispose(): Promise<void>;
}

export const portOf = (name: string, spec: InputSpec): Port =>
  'shape' in spec ? { name, shape: spec.shape, type: spec.dtype } : { name, shape: spec, type: 'float32' };

export const elements = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

export function allocate(type: Port['type'], size: number): TypedArray {
  switch (type) {
    case 'float32':
      return new Float32Array(size);
    case 'int32':
      return new Int32Array(size);
    case 'bool':
      return new Uint8Array(size);
    case 'int64':
      throw new Error('int64 values do not leave a program.');
  }
}

/** The sizes of a port's dimensions, given the arrays of a call. */
export type ShapeOf = (port: Port) => number[];

/**
 * Works out the free dimension from the lengths of `inputs` and checks all of them.
 * @throws RangeError that names the array, its length and the shape that was expected
 */
export function resolveShapes(ports: readonly Port[], inputs: Arrays): ShapeOf {
  let free: number | undefined;
  for (const port of ports) {
    const array = inputs[port.name];
    if (!array) throw new RangeError(`Input "${port.name}" [${port.shape.join(', ')}] is missing.`);
    const fixed = elements(port.shape.filter((size) => typeof size === 'number'));
    if (port.shape.some((size) => typeof size === 'string')) free ??= array.length / fixed;
  }
  const shapeOf: ShapeOf = (port) =>
    port.shape.map((size) => (typeof size === 'string' ? (free ?? Number.NaN) : size));
  for (const port of ports) checkLength('Input', port, shapeOf(port), inputs[port.name]!);
  return shapeOf;
}

export function checkLength(
  kind: string,
  port: Port,
  shape: readonly number[],
  array: TypedArray | undefined,
): void {
  if (array && shape.every(Number.isInteger) && array.length === elements(shape)) return;
  const length = array ? `has ${array.length} elements` : 'is missing';
  throw new RangeError(`${kind} "${port.name}" ${length}; its shape is [${port.shape.join(', ')}].`);
}

/** `Program.run` in terms of `Program.bind`. */
export async function runOnce(
  program: Omit<Program, 'run'>,
  inputs: Arrays,
): Promise<Record<string, TypedArray>> {
  const shapeOf = resolveShapes(program.inputs, inputs);
  const outputs = Object.fromEntries(
    program.outputs.map((port) => [port.name, allocate(port.type, elements(shapeOf(port)))]),
  );
  await program.bind(inputs, outputs)();
  return outputs;
}

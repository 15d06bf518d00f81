/**
 * A tfjs backend that writes down what it is asked to compute. Running a function of tensors on it, gradients and
 * optimiser included, leaves one static ONNX graph. Tensors have shapes and names here, but no values.
 */
import { type Attribute, type ElementType, Graph } from './graph.ts';
import { type DataType, type Tensor, tf } from './tf.ts';

export type TensorInfo = tf.TensorInfo;

const BACKEND = 'proprio-recorder';

/** How a kernel of tfjs becomes ONNX nodes. Inputs and attributes are tfjs's own (see its `kernel_names.ts`). */
export type Lowering = (
  recorder: Recorder,
  inputs: Readonly<Record<string, TensorInfo>>,
  // biome-ignore lint/suspicious/noExplicitAny: kernel attributes are untyped in tfjs
  attributes: Readonly<Record<string, any>>,
) => TensorInfo | TensorInfo[];

export class Recorder extends tf.KernelBackend {
  graph = new Graph();
  #names = new WeakMap<object, string>();

  /** Starts an empty graph and forgets the tensors of the one before. */
  begin(): void {
    this.graph = new Graph();
    this.#names = new WeakMap();
  }

  /** The graph's name of a tensor's value. */
  nameOf(tensor: TensorInfo): string {
    const name = this.#names.get(tensor.dataId);
    if (name === undefined)
      throw new Error('A tensor of another recording was used; tensors must not outlive the function.');
    return name;
  }

  /** A tensor without values that stands for a graph value. */
  tensor(name: string, shape: readonly number[], dtype: tf.DataType): TensorInfo {
    const dataId = {};
    this.#names.set(dataId, name);
    return { dataId, shape: [...shape], dtype };
  }

  /** The same value under a handle of its own, since tfjs disposes of each handle once. */
  alias(tensor: TensorInfo): TensorInfo {
    return this.tensor(this.nameOf(tensor), tensor.shape, tensor.dtype);
  }

  /** Appends one node with one output. Strings among `inputs` are graph names already (constants). */
  emit(
    op: string,
    inputs: readonly (TensorInfo | string)[],
    shape: readonly number[],
    dtype: tf.DataType,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): TensorInfo {
    const names = inputs.map((input) => (typeof input === 'string' ? input : this.nameOf(input)));
    return this.tensor(this.graph.add(op, names, attributes)[0]!, shape, dtype);
  }

  /** A scalar constant. */
  scalar(value: number, dtype: tf.DataType = 'float32'): string {
    return this.graph.constant([value], [], elementType(dtype));
  }

  /** A constant vector of dimensions, axes or positions, as ONNX wants them. */
  indices(values: readonly number[]): string {
    return this.graph.constant(values, [values.length], 'int64');
  }

  placeholder(name: string, shape: readonly number[], dtype: DataType): Tensor {
    const { dataId, shape: dimensions } = this.tensor(name, shape, dtype);
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape: dimensions, dtype });
  }

  // What follows is the part of tfjs's backend interface that recording needs.

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.#names.set(dataId, this.graph.constant(values as ArrayLike<number>, shape, elementType(dtype)));
    return dataId;
  }

  override move(dataId: object, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.#names.set(dataId, this.graph.constant(values as ArrayLike<number>, shape, elementType(dtype)));
  }

  override readSync(): tf.BackendValues {
    throw new Error(
      'A tensor was read while its function was being compiled. Its values are not known yet: keep reads (dataSync, arraySync, print) and decisions on values out of compiled functions.',
    );
  }

  override read(): Promise<tf.BackendValues> {
    return Promise.reject(new Error('A tensor was read while its function was being compiled.'));
  }

  override disposeData(): boolean {
    return true;
  }
  override incRef(): void {}
  override refCount(): number {
    return 1;
  }
  override numDataIds(): number {
    return 0;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {}
}

export function elementType(dtype: tf.DataType): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`Tensors of type ${dtype} cannot be compiled; float32, int32 and bool can.`);
}

const recorder = new Recorder();
tf.registerBackend(BACKEND, () => recorder, 0);

/** Teaches the recorder a kernel of tfjs. */
export function lower(kernelName: string, lowering: Lowering): void {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) =>
      lowering(
        recorder,
        inputs as Readonly<Record<string, TensorInfo>>,
        (attrs ?? {}) as Readonly<Record<string, unknown>>,
      ),
  });
}

/** Runs `record` with an empty graph on the recording backend and returns that graph. */
export function recording<T>(record: (recorder: Recorder) => T): { graph: Graph; result: T } {
  const backendBefore = tf.engine().backendName ?? 'cpu';
  recorder.begin();
  void tf.setBackend(BACKEND); // Takes effect at once: this backend initialises synchronously.
  try {
    // The scope is tfjs's: it forgets the placeholder tensors, whose disposal means nothing here.
    tf.engine().startScope('recording');
    const result = record(recorder);
    return { graph: recorder.graph, result };
  } finally {
    tf.engine().endScope();
    void tf.setBackend(backendBefore);
  }
}

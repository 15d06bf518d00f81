/** Records a function of tensors as an ONNX model. */
import type { Graph, GraphNode, Port } from './graph.ts';
import './lowerings/index.ts';
import { encodeModel } from './onnx.ts';
import { type InputSpec, portOf, type TensorFunction } from './program.ts';
import { elementType, recording } from './recorder.ts';
import type { DataType } from './tf.ts';

export interface Trace {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The ONNX model, ready to be loaded or saved. */
  readonly model: Uint8Array;
  /** Number of nodes, by operator. */
  readonly operators: Readonly<Record<string, number>>;
}

/**
 * Sizes that stand in for a free dimension. A graph that comes out the same for both does not depend on it. They are
 * odd primes, so that they can't be mistaken for the size of anything else.
 */
const PROBE_SIZES = [7, 11] as const;

/** An operation that has no ONNX form here. */
export class UnsupportedOperationError extends Error {
  override readonly name = 'UnsupportedOperationError';
}

/**
 * @param specs inputs by name; a string among the dimensions is free, and the function must not depend on its size
 * @param metadata key-value pairs to store in the model
 * @throws UnsupportedOperationError naming the tfjs kernel without a lowering and the line that called it
 */
export function trace(
  fn: TensorFunction,
  specs: Readonly<Record<string, InputSpec>>,
  metadata: Readonly<Record<string, string>> = {},
): Trace {
  const inputs = Object.entries(specs).map(([name, spec]) => portOf(name, spec));
  const free = new Set(inputs.flatMap(({ shape }) => shape.filter((size) => typeof size === 'string')));
  if (free.size > 1) throw new RangeError(`Only one dimension can be free, not ${[...free].join(' and ')}.`);
  const [first, second] = PROBE_SIZES.map((size) => recordOnce(fn, inputs, size));
  const [name] = free;
  const outputs = name === undefined ? first!.outputs : generalise(first!, second!, name);
  const operators: Record<string, number> = {};
  for (const { op } of first!.graph.nodes) operators[op] = (operators[op] ?? 0) + 1;
  return { inputs, outputs, operators, model: encodeModel(first!.graph, { inputs, outputs }, metadata) };
}

interface Recording {
  readonly graph: Graph;
  readonly outputs: readonly Port[];
}

function recordOnce(fn: TensorFunction, inputs: readonly Port[], freeSize: number): Recording {
  const { graph, result } = recording((recorder) => {
    const placeholders = inputs.map(({ name, shape, type }) => {
      const sizes = shape.map((size) => (typeof size === 'string' ? freeSize : size));
      return [name, recorder.placeholder(name, sizes, type as DataType)] as const;
    });
    const results = Object.entries(callNamingTheCulprit(() => fn(Object.fromEntries(placeholders))));
    return results.map(([name, tensor]): Port => {
      if (inputs.some((input) => input.name === name)) {
        throw new RangeError(`"${name}" is both an input and an output; give the output another name.`);
      }
      recorder.graph.nameOutput(recorder.nameOf(tensor), name);
      return { name, shape: tensor.shape, type: elementType(tensor.dtype) };
    });
  });
  graph.prune(result.map(({ name }) => name));
  return { graph, outputs: result };
}

/** Output shapes with the free dimension's name in place of its two probe sizes. @throws where the graphs differ */
function generalise(first: Recording, second: Recording, name: string): Port[] {
  const [a, b] = [describe(first.graph), describe(second.graph)];
  const difference = a.findIndex((line, i) => line !== b[i]);
  if (difference >= 0 || a.length !== b.length) {
    throw new UnsupportedOperationError(
      `The function depends on the size of its free dimension "${name}", at ${a[difference] ?? b[a.length]}. Give that dimension a fixed size, or write the operation without it.`,
    );
  }
  return first.outputs.map((port, i) => ({
    ...port,
    shape: port.shape.map((size, axis) => (size === second.outputs[i]!.shape[axis] ? size : name)),
  }));
}

function describe(graph: Graph): string[] {
  const operand = (name: string): string => {
    const constant = graph.constants.get(name);
    return constant ? `[${Array.prototype.join.call(constant.values)}]` : name;
  };
  return graph.nodes.map(
    ({ op, inputs, attributes }: GraphNode) =>
      `${op}(${inputs.map(operand).join(', ')}) ${JSON.stringify(attributes)}`,
  );
}

function callNamingTheCulprit<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const kernel = /[Kk]ernel '(\w+)'/.exec(String((error as Error).message))?.[1];
    if (!kernel) throw error;
    throw new UnsupportedOperationError(
      `The operation ${kernel} cannot be compiled: it has no lowering to ONNX (called ${callSite(error as Error)}). Write it with other operations, or add a lowering in src/tensor/lowerings.`,
      { cause: error },
    );
  }
}

/** The innermost line of the stack that belongs to neither tfjs nor this folder. */
function callSite(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trim().startsWith('at '));
  const own = frames.find((line) => !/@tensorflow|[\\/]src[\\/]tensor[\\/]|node:/.test(line));
  return own?.trim() ?? 'from an unknown place';
}

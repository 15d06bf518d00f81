/**
 * Runs a function of tensors op by op on one of tfjs's own backends: `cpu` in plain JavaScript, the reference that
 * compiled programs are tested against, and `tensorflow` where `@tensorflow/tfjs-node-gpu` is installed.
 */
import type { Port } from './graph.ts';
import {
  type Arrays,
  checkLength,
  elements,
  type InputSpec,
  type Program,
  portOf,
  resolveShapes,
  runOnce,
  type TensorFunction,
  type TypedArray,
} from './program.ts';
import { elementType } from './recorder.ts';
import { type DataType, tf } from './tf.ts';

interface Evaluated {
  readonly shape: readonly number[];
  readonly type: Port['type'];
  readonly values: TypedArray;
}

/** @param backend name of a registered tfjs backend */
export function interpret(
  fn: TensorFunction,
  specs: Readonly<Record<string, InputSpec>>,
  backend: string = 'cpu',
): Program {
  const inputs = Object.entries(specs).map(([name, spec]) => portOf(name, spec));
  const evaluate = (arrays: Arrays): Record<string, Evaluated> => {
    void tf.setBackend(backend);
    const shapeOf = resolveShapes(inputs, arrays);
    const results: Record<string, Evaluated> = {};
    tf.tidy(() => {
      const tensors = inputs.map((port) => {
        return [port.name, tf.tensor(arrays[port.name]!, shapeOf(port), port.type as DataType)];
      });
      for (const [name, tensor] of Object.entries(fn(Object.fromEntries(tensors)))) {
        results[name] = {
          shape: tensor.shape,
          type: elementType(tensor.dtype),
          values: tensor.dataSync() as TypedArray,
        };
      }
    });
    return results;
  };

  let outputs: Port[] | undefined;
  /** Output shapes are known once the function has run; zeros of a small free size will do. */
  const outputPorts = (): Port[] => {
    const sizes = (shape: Port['shape'], free: number): number[] =>
      shape.map((size) => (typeof size === 'string' ? free : size));
    const probe = (free: number) =>
      evaluate(
        Object.fromEntries(
          inputs.map(({ name, shape }) => [name, new Float32Array(elements(sizes(shape, free)))]),
        ),
      );
    const [one, two] = [probe(7), probe(11)];
    const freeName = inputs.flatMap(({ shape }) => shape).find((size) => typeof size === 'string');
    return Object.entries(one).map(([name, { shape, type }]) => ({
      name,
      type,
      shape: shape.map((size, axis) => (size === two[name]!.shape[axis] ? size : freeName!)),
    }));
  };

  const program: Omit<Program, 'run'> = {
    inputs,
    get outputs() {
      outputs ??= outputPorts();
      return outputs;
    },
    device: backend,
    bind(inputArrays, outputArrays) {
      const shapeOf = resolveShapes(inputs, inputArrays);
      for (const port of program.outputs) {
        checkLength('Output', port, shapeOf(port), outputArrays[port.name]);
      }
      return async () => {
        const results = evaluate(inputArrays);
        for (const { name } of program.outputs) outputArrays[name]!.set(results[name]!.values);
      };
    },
    async dispose() {},
  };
  return {
    ...program,
    get outputs() {
      return program.outputs;
    },
    run: (arrays) => runOnce(program, arrays),
  };
}

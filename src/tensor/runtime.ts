/** Runs ONNX models: the only file that knows ONNX Runtime. */
import * as ort from 'onnxruntime-node';
import type { Port } from './graph.ts';
import {
  type Arrays,
  checkLength,
  type Program,
  resolveShapes,
  runOnce,
  type TypedArray,
} from './program.ts';

// What fails is thrown; the runtime need not print it as well.
ort.env.logLevel = 'fatal';

/** Devices that run a compiled graph. */
export type GraphDevice = 'cpu' | 'webgpu' | 'cuda';

export interface SessionOptions {
  /** Threads within one operation, on the CPU; 0 lets the runtime use every core. */
  readonly threads?: number;
  /** Writes a trace of every operation's time to a file with this prefix when the program is disposed. */
  readonly profile?: string;
}

/** A model that is loaded and ready. @param model bytes of an ONNX model, or the path of a file */
export async function loadModel(
  model: Uint8Array | string,
  device: GraphDevice,
  { threads = 0, profile }: SessionOptions = {},
): Promise<Program> {
  const session = await ort.InferenceSession.create(model as Uint8Array, {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    ...(profile ? { enableProfiling: true, profileFilePrefix: profile } : {}),
    // Not set_denormal_as_zero: it would switch this whole thread to flushing, and Rapier's body handles are bit patterns
    // of denormal numbers, so that all of them would become one.
  });
  const inputs = session.inputMetadata.map(portOfMetadata);
  const outputs = session.outputMetadata.map(portOfMetadata);

  const program: Omit<Program, 'run'> = {
    inputs,
    outputs,
    device,
    bind(inputArrays, outputArrays) {
      const shapeOf = resolveShapes(inputs, inputArrays);
      const feeds = bindPorts('Input', inputs, inputArrays, shapeOf);
      const fetches = bindPorts('Output', outputs, outputArrays, shapeOf);
      return async () => {
        await session.run(feeds, fetches);
      };
    },
    async dispose() {
      if (profile) session.endProfiling();
      await session.release();
    },
  };
  return { ...program, run: (arrays) => runOnce(program, arrays) };
}

function portOfMetadata(metadata: ort.InferenceSession.ValueMetadata): Port {
  if (!metadata.isTensor) throw new Error(`"${metadata.name}" is not a tensor.`);
  return { name: metadata.name, shape: metadata.shape, type: metadata.type as Port['type'] };
}

/** Tensors over the caller's own memory. */
function bindPorts(
  kind: string,
  ports: readonly Port[],
  arrays: Arrays,
  shapeOf: (port: Port) => number[],
): Record<string, ort.Tensor> {
  return Object.fromEntries(
    ports.map((port) => {
      const array = arrays[port.name];
      const shape = shapeOf(port);
      checkLength(kind, port, shape, array);
      return [port.name, new ort.Tensor(port.type as 'float32', array as TypedArray as Float32Array, shape)];
    }),
  );
}

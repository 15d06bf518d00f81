/** Runs ONNX models: the only file that knows ONNX Runtime, Node's or a browser's. */
import * as cpuRuntime from '#onnxruntime';
import type { Port } from './graph.ts';
import {
  type Arrays,
  checkLength,
  type Program,
  resolveShapes,
  runOnce,
  type TypedArray,
} from './program.ts';

type Runtime = typeof cpuRuntime;

const inBrowser = cpuRuntime.env.versions.web !== undefined;

/**
 * In a browser the runtime with WebGPU is twice as large and on the CPU half as fast as the one without, so
 * it is loaded only when it is asked for. In Node they are one.
 */
async function runtimeOf(device: GraphDevice): Promise<Runtime> {
  const runtime = device === 'webgpu' ? await import('#onnxruntime/webgpu') : cpuRuntime;
  // What fails is thrown; the runtime need not print it as well.
  runtime.env.logLevel = 'fatal';
  // A browser's threads would start from the script that the runtime is bundled in: the page's own.
  if (inBrowser) runtime.env.wasm.numThreads = 1;
  return runtime;
}

/** Devices that run a compiled graph. */
export type GraphDevice = 'cpu' | 'webgpu' | 'cuda';

export interface SessionOptions {
  /** Threads within one operation, on the CPU; 0 takes every core. In a browser there is always one. */
  readonly threads?: number;
  /** Writes a trace of every operation's time to a file with this prefix when the program is disposed. */
  readonly profile?: string;
}

/**
 * A model that is loaded and ready.
 * @param model bytes of an ONNX model, or the path of a file, in a browser its address
 */
export async function loadModel(
  model: Uint8Array | string,
  device: GraphDevice,
  { threads = 0, profile }: SessionOptions = {},
): Promise<Program> {
  const runtime = await runtimeOf(device);
  const session = await runtime.InferenceSession.create(model as Uint8Array, {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    ...(profile ? { enableProfiling: true, profileFilePrefix: profile } : {}),
    // Not set_denormal_as_zero: it would switch this whole thread to flushing, and Rapier's body handles are
    // bit patterns of denormal numbers, so that all of them would become one.
  });
  const inputs = session.inputMetadata.map(portOfMetadata);
  const outputs = session.outputMetadata.map(portOfMetadata);

  const program: Omit<Program, 'run'> = {
    inputs,
    outputs,
    device,
    bind(inputArrays, outputArrays) {
      const shapeOf = resolveShapes(inputs, inputArrays);
      const feeds = bindPorts(runtime, 'Input', inputs, inputArrays, shapeOf);
      const fetches = bindPorts(runtime, 'Output', outputs, outputArrays, shapeOf);
      if (inBrowser) return () => runInTurn(session, feeds, outputArrays);
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

/**
 * What the browser's runtime (1.30, `wasm-core-impl.ts`) does not do by itself. It takes outputs that are
 * allocated already, but leaves those in main memory as they were, so its own are copied. It keeps the
 * arguments of a run on a stack that a second run tears down when it ends first, so runs wait for one
 * another; there is one thread for them anyway.
 */
function runInTurn(
  session: cpuRuntime.InferenceSession,
  feeds: Record<string, cpuRuntime.Tensor>,
  outputs: Arrays,
): Promise<void> {
  const run = async (): Promise<void> => {
    const results = await session.run(feeds);
    for (const name of session.outputNames) outputs[name]!.set(results[name]!.data as TypedArray);
  };
  lastTurn = lastTurn.then(run, run);
  return lastTurn;
}
let lastTurn = Promise.resolve();

function portOfMetadata(metadata: cpuRuntime.InferenceSession.ValueMetadata): Port {
  if (!metadata.isTensor) throw new Error(`"${metadata.name}" is not a tensor.`);
  return { name: metadata.name, shape: metadata.shape, type: metadata.type as Port['type'] };
}

/** Tensors over the caller's own memory. */
function bindPorts(
  runtime: Runtime,
  kind: string,
  ports: readonly Port[],
  arrays: Arrays,
  shapeOf: (port: Port) => number[],
): Record<string, cpuRuntime.Tensor> {
  return Object.fromEntries(
    ports.map((port) => {
      const array = arrays[port.name];
      const shape = shapeOf(port);
      checkLength(kind, port, shape, array);
      return [
        port.name,
        new runtime.Tensor(port.type as 'float32', array as TypedArray as Float32Array, shape),
      ];
    }),
  );
}

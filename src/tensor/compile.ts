/** `compile`: a function of tensors becomes a program on a device. */
import { MissingError, suggestion, UsageError } from '../core/errors.ts';
import { interpret } from './interpret.ts';
import type { InputSpec, Program, TensorFunction } from './program.ts';
import { type GraphDevice, loadModel, type SessionOptions } from './runtime.ts';
import { tf } from './tf.ts';
import { trace } from './trace.ts';

/**
 * Where programs run. `cpu`, `webgpu` (any vendor's GPU) and `cuda` run the compiled graph; `tensorflow` runs it op by
 * op on `@tensorflow/tfjs-node-gpu`; `reference` runs it op by op in plain JavaScript, slowly, for tests.
 */
export const devices = ['cpu', 'webgpu', 'cuda', 'tensorflow', 'reference'] as const;
export type Device = (typeof devices)[number];

export interface CompileOptions extends SessionOptions {
  readonly device?: Device;
}

/**
 * Compiles `fn` for inputs of the given shapes.
 *
 * @example
 * const program = await compile(({ x, w }) => ({ y: tf.matMul(x, w) }), { x: ['N', 3], w: [3, 2] });
 * const { y } = await program.run({ x: new Float32Array(6), w: new Float32Array(6) }); // [2, 2]
 *
 * @throws UnsupportedOperationError when an operation has no compiled form, naming it and the call
 * @throws MissingError when the device does not load on this machine, saying what to install
 */
export async function compile(
  fn: TensorFunction,
  specs: Readonly<Record<string, InputSpec>>,
  { device = 'cpu', ...session }: CompileOptions = {},
): Promise<Program> {
  if (device === 'reference') return interpret(fn, specs, 'cpu');
  if (device === 'tensorflow') {
    await loadTensorflow();
    return interpret(fn, specs, 'tensorflow');
  }
  return loadOnDevice(trace(fn, specs).model, device, session);
}

async function loadOnDevice(
  model: Uint8Array,
  device: GraphDevice,
  session: SessionOptions,
): Promise<Program> {
  try {
    return await loadModel(model, device, session);
  } catch (error) {
    if (device === 'cpu') throw error;
    throw new MissingError(
      `Device "${device}" does not load on this machine: ${firstLine(error)}\n${deviceHelp[device]}`,
      { cause: error },
    );
  }
}

/** What to do where a device does not load. */
export const deviceHelp: Readonly<Record<Exclude<Device, 'cpu' | 'reference'>, string>> = {
  webgpu: 'It needs a GPU with a Vulkan, Metal or Direct3D 12 driver. Without one, use --device cpu.',
  cuda: [
    'It needs Linux, an NVIDIA driver, CUDA 12, cuDNN 9 and the CUDA provider of ONNX Runtime, which is a download of its own:',
    '  ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
  ].join('\n'),
  tensorflow: [
    'It needs an optional package: npm install @tensorflow/tfjs-node-gpu@4.22.0',
    'Its limits: it downloads several hundred megabytes, runs on Node 22 and older only, and uses a GPU only with CUDA 11.2 and cuDNN 8.',
  ].join('\n'),
};

async function loadTensorflow(): Promise<void> {
  if (tf.findBackend('tensorflow')) return;
  const name = '@tensorflow/tfjs-node-gpu'; // A variable, because the package is not there when types are checked.
  try {
    await import(name);
    await tf.ready();
  } catch (error) {
    throw new MissingError(
      `Device "tensorflow" does not load: ${firstLine(error)}\n${deviceHelp.tensorflow}`,
      {
        cause: error,
      },
    );
  }
}

/** The first line of a message, without the source position and condition that ONNX Runtime puts before it. */
const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .split('\n')[0]!
    .replace(/^\/\S+\.cc:\d+ .* was false\. /, '');

export interface DeviceReport {
  readonly device: Device;
  readonly available: boolean;
  /** Why not, or how long a small program took. */
  readonly detail: string;
}

/** Tries a small program on `device`. Never throws. */
export async function probeDevice(device: Device): Promise<DeviceReport> {
  try {
    const started = performance.now();
    const program = await compile(
      ({ x }) => ({ y: tf.matMul(x!, x!) }),
      { x: [2, 2] },
      { device, threads: 1 },
    );
    const { y } = await program.run({ x: Float32Array.of(1, 2, 3, 4) });
    await program.dispose();
    if (y![0] !== 7 || y![3] !== 22) return { device, available: false, detail: `it computes wrongly: ${y}` };
    return {
      device,
      available: true,
      detail: `a first program took ${(performance.now() - started).toFixed(0)} ms`,
    };
  } catch (error) {
    return { device, available: false, detail: String((error as Error).message) };
  }
}

/** Candidates of `auto`, the safest first. */
const automatic: readonly Device[] = ['cpu', 'webgpu', 'cuda'];

/**
 * The device on which `fn` runs fastest here, found by running it on each that loads.
 * @returns the device and the median milliseconds of every candidate
 */
export async function fastestDevice(
  fn: TensorFunction,
  specs: Readonly<Record<string, InputSpec>>,
  options: SessionOptions = {},
): Promise<{ device: Device; milliseconds: Readonly<Partial<Record<Device, number>>> }> {
  const milliseconds: Partial<Record<Device, number>> = {};
  for (const device of automatic) {
    try {
      milliseconds[device] = await medianRunTime(await compile(fn, specs, { ...options, device }));
    } catch (error) {
      if (!(error instanceof MissingError)) throw error;
    }
  }
  const loaded = automatic.filter((device) => milliseconds[device] !== undefined);
  const device = loaded.reduce((best, next) => (milliseconds[next]! < milliseconds[best]! ? next : best));
  return { device, milliseconds };
}

async function medianRunTime(program: Program, runs = 9): Promise<number> {
  const zeros = Object.fromEntries(
    program.inputs.map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce<number>((n, d) => n * Number(d), 1)),
    ]),
  );
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await program.run(zeros);
    times.push(performance.now() - started);
  }
  await program.dispose();
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
}

/** @throws UsageError with the nearest name when `name` is no device */
export function checkDevice(name: string): asserts name is Device | 'auto' {
  if (name === 'auto' || (devices as readonly string[]).includes(name)) return;
  throw new UsageError(`Unknown device "${name}".${suggestion(name, ['auto', ...devices])}`);
}

/** What is computed both in Node and in a browser, to be compared. Seeded, and returned as plain arrays. */
import { envs } from '../../../envs/index.ts';
import { MissingError } from '../../../src/core/errors.ts';
import { createRng } from '../../../src/core/rng.ts';
import { parseSettings } from '../../../src/core/settings.ts';
import { loadPolicy } from '../../../src/learner/index.ts';
import { compile, type Device, tf } from '../../../src/tensor/index.ts';
import { runUpdates, type SacShape, sacUpdate } from '../../support/sac-updates.ts';

export type Results = Record<string, number[]>;

const plain = (arrays: Readonly<Record<string, ArrayLike<number>>>): Results =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)]));

/** The size of `drone-hover`'s updates with tuned defaults. */
export const hoverShape: SacShape = {
  observations: 19,
  actions: 4,
  batch: 256,
  settings: { hidden: [128, 128], criticLayerNorm: true },
};

/** State and metrics after `updates` updates of soft actor-critic. */
export async function sacResults(shape: SacShape, updates: number, device: Device = 'cpu'): Promise<Results> {
  return plain(await runUpdates(sacUpdate(shape), device, updates));
}

/** Median of single updates of `drone-hover`'s size, ms. */
export async function updateMilliseconds(repeats = 25): Promise<number> {
  const { fn, specs, arrays } = sacUpdate(hoverShape);
  const program = await compile(fn, specs, { threads: 1 });
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const started = performance.now();
    await program.run(arrays);
    times.push(performance.now() - started);
  }
  await program.dispose();
  return times.sort((a, b) => a - b)[Math.floor(repeats / 2)]!;
}

/** Everything that an environment says over `steps` control steps of 4 scenes under seeded random actions. */
export function trajectory(id: string, seed: number, steps: number): Results {
  const definition = envs[id]!;
  const env = definition.create(4, parseSettings('env', definition.settings, {}));
  const rng = createRng(seed).split('actions');
  const actions = new Float32Array(4 * env.actionSpace.size);
  const results: Results = { obs: [...env.reset(seed)], reward: [], terminated: [] };
  for (let step = 0; step < steps; step++) {
    const batch = env.step(rng.fillNormal(actions));
    results.obs!.push(...batch.finalObs, ...batch.obs);
    results.reward!.push(...batch.reward);
    results.terminated!.push(...batch.terminated);
  }
  env.close();
  return results;
}

/** Two programs that run at the same time, the one with many inputs begun last. */
export async function simultaneousRuns(): Promise<Results> {
  const names = Array.from({ length: 40 }, (_, i) => `x${i}`);
  const one = await compile(({ x }) => ({ y: tf.neg(x!) }), { x: [2] });
  const many = await compile(
    (given) => ({ sum: names.map((name) => given[name]!).reduce((a, b) => tf.add(a, b)) }),
    Object.fromEntries(names.map((name) => [name, [2]])),
  );
  const numbers = names.map((name, i) => [name, Float32Array.of(i, 2 * i)]);
  const [{ y }, { sum }] = await Promise.all([
    one.run({ x: Float32Array.of(3, -4) }),
    many.run(Object.fromEntries(numbers)),
  ]);
  await Promise.all([one.dispose(), many.dispose()]);
  return plain({ y: y!, sum: sum! });
}

/** Actions of a `policy.onnx` for seeded observations. @param bytes of the model */
export async function policyActions(bytes: readonly number[], rows: number): Promise<Results> {
  const policy = await loadPolicy(Uint8Array.from(bytes));
  const obs = createRng(5).fillNormal(new Float32Array(rows * policy.observationSize));
  const actions = new Float32Array(rows * policy.actionSize);
  await policy.act(obs, actions, 'exploit');
  await policy.dispose();
  return plain({ actions });
}

/** Functions of `Math` whose last digit a language leaves open, on the same arguments. */
export function mathFunctions(): Results {
  const rng = createRng(3);
  const arguments_ = Array.from({ length: 5_000 }, () => rng.uniform(-20, 20));
  const positive = arguments_.map(Math.abs);
  return {
    sin: arguments_.map(Math.sin),
    cos: arguments_.map(Math.cos),
    exp: arguments_.map(Math.exp),
    log: positive.map(Math.log),
    sqrt: positive.map(Math.sqrt),
    atan2: arguments_.map((x, i) => Math.atan2(x, arguments_.at(-i)!)),
    hypot: arguments_.map((x, i) => Math.hypot(x, arguments_.at(-i)!, 1)),
  };
}

/** What somebody is told who asks for a device that is not there. */
export async function refusal(device: Device): Promise<string> {
  try {
    await compile(({ x }) => ({ y: tf.neg(x!) }), { x: [1] }, { device });
  } catch (error) {
    if (error instanceof MissingError) return error.message;
    throw error;
  }
  return 'it loaded';
}

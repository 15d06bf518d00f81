/** Two agents as one: each acts in its turn, and learns from its own minibatches what it would have learnt alone. */
import { expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import { type OffPolicyDefinition, offPolicyProgram, twoAgents } from '../../src/learner/index.ts';
import { layoutSize } from '../../src/nn/index.ts';
import { compile, type InputSpec, tf } from '../../src/tensor/index.ts';

const ROWS = 3;
const spaces = {
  observation: space(vector('place', 'm', 2), symmetric('direction', '1', 1)),
  action: space(vector('push', '1', 1, ['x', 'y'])),
};
const sides = ['forward', 'backward'] as const;

const waves = (size: number, phase: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1.3 * i + phase));
const sizeOf = (shape: InputSpec): number => (shape as readonly number[]).reduce((a, b) => a * b, 1);

/** Inputs of a program, each a wave of its own, but what must not be negative. */
const inputsOf = (shapes: Readonly<Record<string, InputSpec>>, phase: number) =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => {
      const wave = waves(sizeOf(shape), phase + 0.7 * i);
      const positive = /adam|discount|terminated|progress|second/i.test(name);
      return [name, positive ? wave.map((value) => value * value) : wave];
    }),
  );

async function run(
  agent: OffPolicyDefinition,
  settings: Record<string, unknown>,
  inputs: (shapes: Readonly<Record<string, InputSpec>>) => Readonly<Record<string, Float32Array>>,
) {
  const maths = agent.build(spaces, agent.settings.parse(settings) as Record<string, unknown>);
  const { fn, shapes } = offPolicyProgram(maths, spaces, ROWS);
  const program = await compile(fn, shapes, { device: 'cpu', threads: 1 });
  const outputs = await program.run(inputs(shapes));
  const copied = Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => [name, Float32Array.from(values)]),
  );
  await program.dispose();
  return { maths, outputs: copied };
}

/** Rows of both sides' minibatches in turns: one of the first, one of the second, and so on. */
function woven(parts: readonly Float32Array[], minibatches: number): Float32Array {
  const length = parts[0]!.length / minibatches;
  const pieces = Array.from({ length: 2 * minibatches }, (_, i) => {
    const from = Math.floor(i / 2) * length;
    return [...parts[i % 2]!.subarray(from, from + length)];
  });
  return Float32Array.from(pieces.flat());
}

test.each([
  ['sac', { hidden: [4] }],
  ['sac', { hidden: [4], policyDelay: 2 }],
  ['td3', { hidden: [4] }],
  ['dsac-t', { hidden: [4] }],
])('%s %o: an update of both is the update of each', async (name, settings) => {
  const agent = agents[name] as OffPolicyDefinition;
  const own: Record<string, Float32Array>[] = [];
  const alone = [];
  for (const phase of [0, 5]) {
    alone.push(
      await run(agent, settings, (shapes) => {
        own.push(inputsOf(shapes, phase));
        return own.at(-1)!;
      }),
    );
  }
  const minibatches = alone[0]!.maths.minibatches ?? 1;
  const { outputs } = await run(twoAgents(agent, 'direction'), settings, (shapes) =>
    Object.fromEntries(
      Object.keys(shapes).map((input) => {
        const [kind, side, rest] = /^(state|noise)\.(forward|backward)\.(.*)$/.exec(input)?.slice(1) ?? [];
        if (kind) return [input, own[side === 'forward' ? 0 : 1]![`${kind}.${rest}`]!];
        if (input === 'progress') return [input, own[0]!.progress!];
        return [input, woven([own[0]![input]!, own[1]![input]!], minibatches)];
      }),
    ),
  );
  // Each learns at the progress of both.
  own[1]!.progress = own[0]!.progress!;
  const second = await run(agent, settings, () => own[1]!);
  const expected = [alone[0]!.outputs, second.outputs];
  sides.forEach((side, i) => {
    for (const [output, values] of Object.entries(expected[i]!)) {
      const mine = output.startsWith('metric.')
        ? `metric.${side}_${output.slice('metric.'.length)}`
        : `next.${side}.${output.slice('next.'.length)}`;
      expect([mine, outputs[mine]]).toEqual([mine, values]);
    }
  });
  expect(Object.keys(outputs).length).toBe(2 * Object.keys(expected[0]!).length);
});

test('each acts, and tells what it expects, where it is its turn', async () => {
  const agent = agents.sac as OffPolicyDefinition;
  const settings = agent.settings.parse({ hidden: [4] }) as Record<string, unknown>;
  const [alone, both] = [agent, twoAgents(agent, 'direction')].map((each) => each.build(spaces, settings));
  const state = (names: readonly string[], phase: number) =>
    Object.fromEntries(names.map((name, i) => [name, waves(layoutSize(alone!.state[name]!), phase + i)]));
  const vectors = [state(['actor', 'critics'], 0), state(['actor', 'critics'], 3)];
  const obs = Float32Array.from([
    0.5, -0.2, 0.1, 1, 0.5, -0.2, 0.1, -1, -0.3, 0.9, 0.4, 1, -0.3, 0.9, 0.4, -1,
  ]);
  const noise = waves(8, 2);

  async function answers(maths: typeof alone, given: Record<string, Float32Array>) {
    const shapes = {
      obs: [4, 4],
      noise: [4, 2],
      ...Object.fromEntries(Object.entries(given).map(([n, { length }]) => [n, [length]])),
    };
    const program = await compile(
      ({ obs, noise, ...state }) => {
        const action = maths!.policy(state, obs!, noise!);
        return { action, value: maths!.value!(state, obs!, tf.mul(action, 0.5)) };
      },
      shapes,
      { device: 'cpu', threads: 1 },
    );
    const { action, value } = await program.run({ obs, noise, ...given });
    const told = { action: [...action!], value: [...value!] };
    await program.dispose();
    return told;
  }

  const [forward, backward] = [await answers(alone, vectors[0]!), await answers(alone, vectors[1]!)];
  const named = sides.flatMap((side, i) =>
    Object.entries(vectors[i]!).map(([name, values]) => [`${side}.${name}`, values] as const),
  );
  const together = await answers(both, Object.fromEntries(named));
  const rows = (row: number) => (row % 2 === 0 ? forward : backward);
  expect(together.action).toEqual(
    [0, 1, 2, 3].flatMap((row) => rows(row).action.slice(2 * row, 2 * row + 2)),
  );
  expect(together.value).toEqual([0, 1, 2, 3].map((row) => rows(row).value[row]));
});

test.each([
  [
    'sac',
    'side',
    spaces,
    /twoAgentsBy=side: nothing of this name is observed; there are place\.x, .*direction/,
  ],
  ['maddpg', 'direction', { ...spaces, agents: 2 }, /learns in teams/],
])('%s by %s is refused', (name, component, given, reason) => {
  const agent = twoAgents(agents[name] as OffPolicyDefinition, component);
  const parsed = agent.settings.parse({}) as Record<string, unknown>;
  expect(() => agent.build(given, parsed)).toThrow(reason);
});

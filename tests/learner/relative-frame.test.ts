/** Agents in the frame of a body: what they see by hand calculation, and that places and headings do not matter to them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import { inFrameOf, type OffPolicyDefinition, offPolicyProgram } from '../../src/learner/index.ts';
import { layoutSize } from '../../src/nn/index.ts';
import { compile, type InputSpec, type Tensor, tf } from '../../src/tensor/index.ts';

const rotation = (name: string) =>
  ['xx', 'yx', 'zx', 'xy', 'yy', 'zy'].map((entry) => symmetric(`${name}.rotation.${entry}`, '1', 1));
const spaces = {
  observation: space(
    symmetric('finger.angle', 'rad', 2),
    vector('wrist', 'm', 1),
    rotation('wrist'),
    vector('ball', 'm', 1),
    rotation('ball'),
    vector('ball.velocity', 'm/s', 2),
    vector('ball.from-wrist', 'm', 0.5),
    vector('bin', 'm', 0.5, ['x', 'y']),
    symmetric('direction', '1', 1),
  ),
  action: space(symmetric('finger', '1', 1), vector('wrist.step', '1', 1)),
};
const [O, A] = [spaces.observation.size, spaces.action.size];

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** Rows of the matrix that turns by angles about z, then x, then z. */
function turn(a: number, b: number, c: number): Matrix {
  const z = (angle: number): Matrix => [
    [Math.cos(angle), -Math.sin(angle), 0],
    [Math.sin(angle), Math.cos(angle), 0],
    [0, 0, 1],
  ];
  const x: Matrix = [
    [1, 0, 0],
    [0, Math.cos(b), -Math.sin(b)],
    [0, Math.sin(b), Math.cos(b)],
  ];
  return times(z(c), times(x, z(a)));
}
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const column = (m: Matrix, i: 0 | 1 | 2): Vector => [m[0][i], m[1][i], m[2][i]];
const apply = (m: Matrix, v: Vector): Vector => [dot(m[0], v), dot(m[1], v), dot(m[2], v)];
const transposed = (m: Matrix): Matrix => [column(m, 0), column(m, 1), column(m, 2)];
function times(a: Matrix, b: Matrix): Matrix {
  return transposed([apply(a, column(b, 0)), apply(a, column(b, 1)), apply(a, column(b, 2))]);
}
const less = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

interface Situation {
  readonly wrist: Vector;
  readonly turned: Matrix;
  readonly ball: Vector;
  readonly ballTurned: Matrix;
  readonly velocity: Vector;
  readonly bin: readonly [number, number];
  readonly step: Vector;
}

/** The rest of what is observed does not depend on any frame. */
const observed = ({ wrist, turned, ball, ballTurned, velocity, bin }: Situation): number[] => [
  0.3,
  ...wrist,
  ...column(turned, 0),
  ...column(turned, 1),
  ...ball,
  ...column(ballTurned, 0),
  ...column(ballTurned, 1),
  ...velocity,
  ...[0.1, -0.2, 0.05],
  ...bin,
  1,
];

/** What the agent sees of it, by hand. */
function seen({ wrist, turned, ball, ballTurned, velocity, bin }: Situation): number[] {
  const back = transposed(turned);
  const ballBack = times(back, ballTurned);
  return [
    0.3,
    wrist[2],
    ...apply(back, [0, 0, -1]),
    ...apply(back, less(ball, wrist)),
    ...column(ballBack, 0),
    ...column(ballBack, 1),
    ...apply(back, velocity),
    ...[0.1, -0.2, 0.05],
    ...apply(back, less([...bin, 0], wrist)),
    1,
  ];
}

const within = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const place = fc.tuple(within(1), within(1), within(1));
const matrix = fc.tuple(within(3), within(3), within(3)).map(([a, b, c]) => turn(a, b, c));
const situation: fc.Arbitrary<Situation> = fc.record({
  wrist: place,
  turned: matrix,
  ball: place,
  ballTurned: matrix,
  velocity: place,
  bin: fc.tuple(within(1), within(1)),
  step: place,
});

/** An agent whose value is a component of what it sees, or of the action as it has it, and who does the same everywhere. */
const plain = (
  value: (obs: Tensor, action: Tensor) => Tensor,
  action: readonly number[],
): OffPolicyDefinition => ({
  ...(agents.sac as OffPolicyDefinition),
  build: () => ({
    ...({} as ReturnType<OffPolicyDefinition['build']>),
    value: (_, obs, action) => value(obs, action),
    policy: (_, obs) => tf.add(tf.mul(tf.slice(obs, [0, 0], [-1, 1]), 0), tf.tensor2d([[...action]])),
  }),
});

async function answersOf(agent: OffPolicyDefinition, row: readonly number[], action: readonly number[]) {
  const maths = inFrameOf(agent, 'wrist').build(spaces, {});
  const program = await compile(
    ({ obs, action }) => ({ value: maths.value!({}, obs!, action!), action: maths.policy({}, obs!, null) }),
    { obs: [1, O], action: [1, A] },
    { device: 'reference' },
  );
  const { value, action: done } = await program.run({
    obs: Float32Array.from(row),
    action: Float32Array.from(action),
  });
  const told = { value: [...value!], action: [...done!] };
  await program.dispose();
  return told;
}
const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
};
const everything = (obs: Tensor): Tensor => tf.reshape(obs, [-1]);

test('a wrist that is turned a quarter to the left sees what is ahead of it along its x', async () => {
  const situation: Situation = {
    ...{ wrist: [1, 0.5, 0.25], turned: turn(Math.PI / 2, 0, 0), step: [0, 0, 0] },
    ...{ ball: [1, 1, 0.25], ballTurned: turn(Math.PI / 2, 0, 0), velocity: [0, 0.4, 0], bin: [1, 0.75] },
  };
  const { value } = await answersOf(plain(everything, [0, 0, 0, 0]), observed(situation), [0, 0, 0, 0]);
  close(
    value,
    [0.3, 0.25, 0, 0, -1, 0.5, 0, 0, 1, 0, 0, 0, 1, 0, 0.4, 0, 0, 0.1, -0.2, 0.05, 0.25, 0, -0.25, 1],
  );
});

test('what it sees is what stands in its frame, whichever way it is turned', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async (given) => {
      const { value } = await answersOf(plain(everything, [0, 0, 0, 0]), observed(given), [0, 0, 0, 0]);
      close(value, seen(given));
    }),
    { numRuns: 20 },
  );
});

test('what it does is turned into the scene, and what was done there into its frame', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async (given) => {
      const agent = plain((_, action) => tf.reshape(action, [-1]), [0.7, ...given.step]);
      const { value, action } = await answersOf(agent, observed(given), [0.2, ...given.step]);
      close(action, [0.7, ...apply(given.turned, given.step)]);
      close(value, [0.2, ...apply(transposed(given.turned), given.step)]);
    }),
    { numRuns: 20 },
  );
});

test.each([
  ['sac', {}],
  ['bc', { horizon: 3 }],
])('%s learns the same from what happens elsewhere, turned about the vertical', async (name, given) => {
  const agent = agents[name] as OffPolicyDefinition;
  const settings = agent.settings.parse({ hidden: [8], ...given }) as Record<string, unknown>;
  const maths = inFrameOf(agent, 'wrist').build(spaces, settings);
  const rows = 4;
  const { fn, shapes } = offPolicyProgram(maths, spaces, rows);
  const program = await compile(fn, shapes, { device: 'cpu', threads: 1 });
  const wave = (size: number, phase: number) =>
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.3 * i + phase));
  const sizeOf = (shape: InputSpec): number => (shape as readonly number[]).reduce((a, b) => a * b, 1);
  const vectors = Object.fromEntries(
    Object.entries(maths.state).map(([key, layout], i) => {
      const values = wave(layoutSize(layout), i);
      return [`state.${key}`, /adam|Statistics/.test(key) ? values.map((value) => value * value) : values];
    }),
  );

  /** @param yaw and shift of the whole scene */
  async function learnt(yaw: number, shift: Vector): Promise<Record<string, number[]>> {
    const about = turn(yaw, 0, 0);
    const moved = (v: Vector): Vector => less(apply(about, v), [-shift[0], -shift[1], -shift[2]]);
    const wave3 = (phase: number): Vector => [
      0.5 * Math.sin(phase),
      0.5 * Math.sin(phase + 2),
      0.5 * Math.sin(phase + 4),
    ];
    const situationOf = (phase: number): Situation => {
      const [binX, binY] = moved([...(wave3(phase + 5).slice(0, 2) as [number, number]), 0]);
      return {
        wrist: moved(wave3(phase)),
        turned: times(about, turn(phase, phase + 1, phase + 2)),
        ball: moved(wave3(phase + 3)),
        ballTurned: times(about, turn(phase + 1, phase, phase + 5)),
        velocity: apply(about, wave3(phase + 4)),
        bin: [binX, binY],
        step: apply(about, wave3(phase + 6)),
      };
    };
    const each = (of: (row: number) => readonly number[]) =>
      Float32Array.from(Array.from({ length: rows }, (_, row) => of(row)).flat());
    const columns: Record<string, Float32Array> = {
      obs: each((row) => observed(situationOf(row))),
      nextObs: each((row) => observed(situationOf(row + 0.5))),
      action: each((row) => [0.2, ...situationOf(row).step]),
      plan: each((row) => [0, 7, 9].flatMap((later) => [0.2, ...situationOf(row + later).step])),
    };
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([input, shape]) => {
        const noise = wave(sizeOf(shape), 1);
        const positive = /discount|terminated|progress/.test(input)
          ? noise.map((value) => value * value)
          : noise;
        return [input, vectors[input] ?? columns[input] ?? positive];
      }),
    );
    const outputs = await program.run(inputs);
    return Object.fromEntries(Object.entries(outputs).map(([output, values]) => [output, [...values]]));
  }

  const [here, elsewhere] = [await learnt(0, [0, 0, 0]), await learnt(2.1, [0.3, -0.4, 0])];
  for (const [output, values] of Object.entries(here)) {
    const off = values.map((value, i) => Math.abs(value - elsewhere[output]![i]!));
    expect([output, Math.max(...off) < 1e-4]).toEqual([output, true]);
  }
  const still = await learnt(0, [0, 0, 0.2]);
  expect(still['next.actor'] ?? still['next.policy']).not.toEqual(here['next.actor'] ?? here['next.policy']);
  await program.dispose();
});

test('a body whose pose is not observed is refused, with those that are', () => {
  const build = (): unknown =>
    inFrameOf(agents.sac as OffPolicyDefinition, 'bin').build(
      spaces,
      agents.sac!.settings.parse({}) as Record<string, unknown>,
    );
  expect(build).toThrow(/inFrameOf=bin: its place and rotation are not observed; those of wrist, ball are\./);
});

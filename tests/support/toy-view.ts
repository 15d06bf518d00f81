/**
 * The toy environment as something to be seen: a ball on a line that can be pushed, and touches the floor.
 */
import { type Appearance, type EnvView, type Teleoperation, viewLayout } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { createVectorEnv, type Task } from '../../src/core/vector-env.ts';
import { toyTask } from './toy-env.ts';

export const toyAppearance: Appearance = {
  bodies: [
    {
      name: 'ball',
      mass: 2,
      shapes: [{ geometry: { type: 'sphere', radius: 0.1 }, material: { color: '#ff8800' } }],
    },
    { name: 'shadow', shapes: [] },
  ],
  fixed: [],
  signals: ['age'],
  extent: 4,
  ground: true,
  cameras: [{ name: 'front', position: [0, -3, 1], target: [0, 0, 0] }],
};

/** Metres that a newton moves the ball in a control step. */
export const PUSH = 0.015625;

/** Where the ball is in a row: `[x, 0, 0.1]`, then its rotation. */
export const toyRow = viewLayout(toyAppearance);

export interface ToyView {
  readonly env: VectorEnv;
  /** Forces along x, N, `[N]`. */
  readonly force: Float32Array;
  /** Actions that each step was given, `[N, A]`. */
  readonly given: Float32Array[];
  /** Scenes that were interrupted. */
  readonly interrupted: number[];
}

/**
 * Episodes are long, and the ball cannot reach the goal.
 * @param changes parts of the task that a test wants otherwise
 */
export function toyView(numEnvs: number, changes: Partial<Task> = {}): ToyView {
  const force = new Float32Array(numEnvs);
  const given: Float32Array[] = [];
  const interrupted: number[] = [];
  const task = toyTask(numEnvs);
  const [, age, x] = task.state as [Float64Array, Uint32Array, Float32Array];
  const view: EnvView = {
    appearance: toyAppearance,
    draw(scene, row) {
      row.set([x[scene]!, 0, 0.1, 0, 0, 0, 1], 0);
      row.set([x[scene]!, 0, 0, 0, 0, 0, 1], 7);
      row[toyRow.signals] = age[scene]!;
    },
    push: (scene, _body, [along]) => {
      force[scene] = along;
    },
    contacts: (scene) => Float32Array.of(x[scene]!, 0, 0, 0, 0, 20),
  };
  const env = createVectorEnv({
    ...task,
    spec: { ...task.spec, maxEpisodeSteps: 1_000_000 },
    view,
    advance(actions) {
      given.push(actions.slice());
      task.advance(actions);
      for (let scene = 0; scene < numEnvs; scene++) x[scene]! += PUSH * force[scene]!;
    },
    judge(scene, terms) {
      task.judge(scene, terms);
      return false;
    },
    ...changes,
  });
  const interrupt = (scene: number): void => {
    interrupted.push(scene);
    env.interrupt!(scene);
  };
  return { env: { ...env, interrupt }, force, given, interrupted };
}

/** Two controls; the action is the commands, and the push is turned round where the ball is beyond 0. */
export const toyTeleoperation: Teleoperation = {
  controls: [
    { name: 'push', low: 'left', high: 'right', keys: ['KeyA', 'KeyD'], axis: { index: 0 } },
    { name: 'burn', low: 'less', high: 'more', keys: ['KeyS', 'KeyW'] },
  ],
  act(commands, obs, action) {
    action[0] = obs[2]! > 0 ? -commands[0]! : commands[0]!;
    action[1] = commands[1]!;
  },
};

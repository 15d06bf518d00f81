/** The toy with two agents in each scene, as something to be seen: two balls on a line, whose scene tells when one moves. */
import { type Appearance, type EnvView, viewLayout } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { toyTask } from '../support/toy-env.ts';
import { toyAppearance } from '../support/toy-view.ts';

export const AGENTS = 2;

const ball = toyAppearance.bodies[0]!;
export const teamAppearance: Appearance = {
  ...toyAppearance,
  bodies: [
    { ...ball, name: 'left' },
    { ...ball, name: 'right' },
  ],
  signals: ['ahead', 'distance'],
  readouts: [
    { name: 'ahead', signal: 'ahead', words: ['nobody', 'left', 'right'] },
    { name: 'distance', signal: 'distance', unit: 'm' },
  ],
};
export const teamRow = viewLayout(teamAppearance);

export interface TeamView {
  readonly env: VectorEnv;
  /** Actions that each step was given, `[N, A]`. */
  readonly given: Float32Array[];
  /** Scenes that were drawn, whose contacts were asked for, and that were pushed. */
  readonly asked: { readonly draw: number[]; readonly contacts: number[]; readonly push: number[] };
}

export function teamView(scenes: number, maxEpisodeSteps = 1_000_000): TeamView {
  const task = toyTask(AGENTS * scenes);
  const x = task.state[2] as Float32Array;
  const given: Float32Array[] = [];
  const asked: TeamView['asked'] = { draw: [], contacts: [], push: [] };
  const view: EnvView = {
    appearance: teamAppearance,
    draw(scene, row) {
      asked.draw.push(scene);
      const [left, right] = x.subarray(AGENTS * scene);
      row.set([left!, -1, 0.1, 0, 0, 0, 1, right!, 1, 0.1, 0, 0, 0, 1]);
      row.set([left! === right! ? 0 : left! > right! ? 1 : 2, Math.abs(left! - right!)], teamRow.signals);
    },
    push: (scene) => void asked.push.push(scene),
    contacts(scene) {
      asked.contacts.push(scene);
      return Float32Array.of(x[AGENTS * scene]!, 0, 0, 0, 0, 20);
    },
  };
  const env = createVectorEnv({
    ...task,
    spec: { ...task.spec, agents: AGENTS, maxEpisodeSteps },
    view,
    advance(actions) {
      given.push(actions.slice());
      task.advance(actions);
    },
    judge(row, terms) {
      task.judge(row, terms);
      return false;
    },
    tell(scene, tell) {
      const speed = given.at(-1)![2 * AGENTS * scene]!;
      if (speed > 0) tell('push', `left at ${speed}`, { speed });
    },
  });
  return { env, given, asked };
}

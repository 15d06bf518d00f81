/** An episode as columns over time, to be drawn: what the actuators did, the tip, and what the fluid did. */
import { POSE_SIZE, viewLayout } from '../../../src/core/appearance.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';

/** One number a control step in each column. Lengths in L, times in L/U, angles in rad. */
export type Waveform = Readonly<Record<string, readonly number[]>>;

/** Read by name from what is observed. */
const OBSERVED = [
  'heave',
  'heave.rate',
  'pitch',
  'pitch.rate',
  'offset',
  'offset.rate',
  'force.side',
] as const;
/** Read from the signals of the view. */
const SIGNALS = ['c_T', 'c_P'] as const;

/** The first episode of scene 0. @param env of any fin-ray task */
export async function traceEpisode(env: VectorEnv, policy: Policy, seed: number): Promise<Waveform> {
  const { view, observationSpace, actionSpace, spec, numEnvs } = env;
  const columns = new Map<string, number[]>();
  const put = (name: string, value: number): void => {
    if (!columns.has(name)) columns.set(name, []);
    columns.get(name)!.push(value);
  };
  const { appearance, draw } = view!;
  const layout = viewLayout(appearance);
  const row = new Float32Array(layout.size);
  const tipAt = POSE_SIZE * appearance.bodies.findIndex(({ name }) => name === 'tip');
  const names = observationSpace.components.map(({ name }) => name);
  const actions = new Float32Array(numEnvs * actionSpace.size);
  let obs = env.reset(seed);
  // The row after the last step would be of the next episode.
  for (let step = 1; step < spec.maxEpisodeSteps; step++) {
    await policy.act(obs, actions, 'exploit');
    ({ obs } = env.step(actions));
    draw(0, row);
    put('time', step * spec.controlDt);
    for (const name of OBSERVED) if (names.includes(name)) put(name, obs[names.indexOf(name)]!);
    put('tip', row[tipAt + 1]!);
    for (const name of SIGNALS) put(name, row[layout.signals + appearance.signals!.indexOf(name)]!);
  }
  return Object.fromEntries(
    [...columns].map(([name, values]) => [name, values.map((value) => Number(value.toPrecision(5)))]),
  );
}

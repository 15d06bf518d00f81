/** `bench env`: control steps per second, four physics steps each, on one core. Steps of a team count once for each of its rows. */
import { envs } from '../../envs/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { agentsOf } from '../../src/core/teams.ts';
import { machine, median } from './machine.ts';

const SCENES = [1, 16, 64, 256];
const ROUNDS = 7;
const CONTROL_STEPS_PER_ROUND = 20_000;
/** What is measured, and the steps per second of 64 scenes that are to be reached. */
const TARGETS: Readonly<Record<string, number | null>> = {
  'drone-hover': 20_000,
  'volley-solo-bump': 15_000,
  'volley-3v3': null,
};

/** @returns steps per second by environment and number of scenes */
export async function benchEnv(): Promise<Record<string, Record<string, number>>> {
  console.log(`control steps per second, random actions; ${machine()}`);
  const results: Record<string, Record<string, number>> = {};
  for (const [id, target] of Object.entries(TARGETS)) {
    console.log(id);
    results[id] = Object.fromEntries(SCENES.map((scenes) => [scenes, speedOf(id, scenes, target)]));
  }
  return results;
}

function speedOf(id: string, scenes: number, target: number | null): number {
  const definition = envs[id]!;
  const settings = definition.settings.parse({});
  const env = definition.create(scenes * agentsOf(definition, settings), settings);
  env.reset(0);
  const rng = createRng(0);
  const actions = new Float32Array(env.numEnvs * env.actionSpace.size);
  const speeds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const started = performance.now();
    let steps = 0;
    for (; steps < CONTROL_STEPS_PER_ROUND; steps += env.numEnvs) {
      for (let i = 0; i < actions.length; i++) actions[i] = rng.uniform(-1, 1);
      env.step(actions);
    }
    if (round > 0) speeds.push((steps / (performance.now() - started)) * 1e3);
  }
  env.close();
  const speed = Math.round(median(speeds));
  const range = `${Math.round(Math.min(...speeds))} to ${Math.round(Math.max(...speeds))}`;
  const goal = target !== null && scenes === 64 ? `  (to reach: ${target})` : '';
  console.log(`${String(scenes).padStart(4)} scenes  ${speed} steps/s (${range})${goal}`);
  return speed;
}

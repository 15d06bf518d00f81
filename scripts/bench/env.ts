/** `bench env`: control steps per second of `drone-hover`, four physics steps each, on one core. */
import { envs } from '../../envs/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { machine, median } from './machine.ts';

const SCENES = [1, 16, 64, 256];
const ROUNDS = 7;
const CONTROL_STEPS_PER_ROUND = 20_000;

export async function benchEnv(): Promise<Record<string, number>> {
  const definition = envs['drone-hover']!;
  console.log(`drone-hover, control steps per second, random actions; ${machine()}`);
  const results: Record<string, number> = {};
  for (const scenes of SCENES) {
    const env = definition.create(scenes, definition.settings.parse({}));
    env.reset(0);
    const rng = createRng(0);
    const actions = new Float32Array(scenes * env.actionSpace.size);
    const speeds: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const started = performance.now();
      for (let step = 0; step < CONTROL_STEPS_PER_ROUND; step += scenes) {
        for (let i = 0; i < actions.length; i++) actions[i] = rng.uniform(-1, 1);
        env.step(actions);
      }
      if (round > 0) speeds.push((CONTROL_STEPS_PER_ROUND / (performance.now() - started)) * 1e3);
    }
    env.close();
    results[scenes] = Math.round(median(speeds));
    console.log(
      `${String(scenes).padStart(4)} scenes  ${results[scenes]} steps/s (${Math.round(Math.min(...speeds))} to ${Math.round(Math.max(...speeds))})${scenes === 64 ? '  (to reach: 20000)' : ''}`,
    );
  }
  return results;
}

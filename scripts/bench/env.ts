/**
 * `bench env`: control steps per second on one core, by the clock and, where others use the machine too, of processor time,
 * and what an episode costs of the latter. Steps of a team count once for each of its rows.
 */
import { envs } from '../../envs/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { agentsOf } from '../../src/core/teams.ts';
import { machine, median } from './machine.ts';

interface Measured {
  readonly id: string;
  /** Those that differ from the defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Numbers of scenes. */
  readonly scenes: readonly number[];
  /** Steps per second that are to be reached: of 64 scenes, or of one where they are apart. */
  readonly target?: number;
}

const SCENES = [1, 16, 64, 256];
/** Where each scene has a flow or a physics of its own, more of them are no faster. */
const ALONE = [1];
/** Control of hands at 50 Hz. */
const HAND = { settings: { rate: 50 }, scenes: ALONE } as const;
const MEASURED: readonly Measured[] = [
  { id: 'drone-hover', scenes: SCENES, target: 20_000 },
  { id: 'volley-solo-bump', scenes: SCENES, target: 15_000 },
  { id: 'volley-3v3', scenes: SCENES },
  { id: 'fin-base', scenes: SCENES },
  { id: 'fin-base', settings: { clock: 'fine' }, scenes: SCENES },
  { id: 'fin-base-fsi', scenes: ALONE },
  { id: 'fin-base-fsi', settings: { resolution: 64 }, scenes: ALONE },
  { id: 'hand-reach', ...HAND, target: 1_000 },
  { id: 'hand-reorient-cube', ...HAND, target: 1_000 },
  { id: 'hand-turn-knob', ...HAND, target: 600 },
  { id: 'hand-grasp-lift', ...HAND, target: 600 },
  { id: 'hand-ball-pick-place', ...HAND, target: 600 },
  { id: 'two-hand-handover', ...HAND, target: 300 },
];

const ROUNDS = 7;
/** A round ends after so many control steps, or sooner where they would take longer than that. */
const ROUND_STEPS = 20_000;
const ROUND_MILLISECONDS = 1_000;

/** @returns steps per second by the clock, by environment, with its settings, and number of scenes */
export async function benchEnv(): Promise<Record<string, Record<string, number>>> {
  console.log(`control steps per second, random actions; ${machine()}`);
  const results: Record<string, Record<string, number>> = {};
  for (const measured of MEASURED) {
    const { id, settings = {}, scenes } = measured;
    const name = [id, ...Object.entries(settings).map(([key, value]) => `${key}=${value}`)].join(' ');
    console.log(name);
    results[name] = Object.fromEntries(scenes.map((count) => [count, speedOf(measured, count)]));
  }
  return results;
}

function speedOf({ id, settings: changed, scenes: counts, target }: Measured, scenes: number): number {
  const definition = envs[id]!;
  const settings = definition.settings.parse({ ...changed });
  const agents = agentsOf(definition, settings);
  const env = definition.create(scenes * agents, settings);
  env.reset(0);
  const rng = createRng(0);
  const actions = new Float32Array(env.numEnvs * env.actionSpace.size);
  const speeds: number[] = [];
  const processorSpeeds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    let [steps, passed] = [0, 0];
    for (; steps < ROUND_STEPS && passed < ROUND_MILLISECONDS; steps += env.numEnvs) {
      for (let i = 0; i < actions.length; i++) actions[i] = rng.uniform(-1, 1);
      env.step(actions);
      passed = performance.now() - started;
    }
    const { user, system } = process.cpuUsage(before);
    // The first one warms up.
    if (round === 0) continue;
    speeds.push((steps / passed) * 1e3);
    processorSpeeds.push((steps / (user + system)) * 1e6);
  }
  env.close();
  const speed = Math.round(median(speeds));
  const range = `${Math.round(Math.min(...speeds))} to ${Math.round(Math.max(...speeds))}`;
  const processorSpeed = median(processorSpeeds);
  const { maxEpisodeSteps } = env.spec;
  const cost = ((agents * maxEpisodeSteps) / processorSpeed).toPrecision(3);
  const goal =
    target !== undefined && scenes === (counts === ALONE ? 1 : 64) ? `  (to reach: ${target})` : '';
  console.log(
    `${String(scenes).padStart(4)} scenes  ${speed} steps/s (${range}), of processor time ${Math.round(processorSpeed)}, an episode of ${maxEpisodeSteps} steps ${cost} s${goal}`,
  );
  return speed;
}

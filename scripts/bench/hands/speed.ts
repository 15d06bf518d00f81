/** How many control steps of 50 Hz a core makes, and how much of them is the torque law. */
import {
  type HandOptions,
  HandScenes,
  leftHand,
  loose,
  rightHand,
  still,
} from '../../../robots/humanoid-hand/index.ts';
import { quantile } from '../statistics.ts';

/** What `run` takes, ms. */
export function timed(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

/** The quickest tenth of many durations: what other programs do meanwhile only adds to them. */
export const undisturbed = (durations: readonly number[]): number =>
  quantile(
    [...durations].sort((a, b) => a - b),
    0.1,
  );

export interface Speed {
  readonly name: string;
  /** Control steps of eight physics steps, a second. */
  readonly controlSteps: number;
  readonly target: number;
  /** Part of a physics step that joint readings, torques and wrists take. */
  readonly torqueLaw: number;
}

const cases: readonly { name: string; hands: readonly HandOptions[]; target: number }[] = [
  { name: 'one hand, fixed wrist', hands: [{ model: rightHand }], target: 1000 },
  { name: 'one hand, moving wrist', hands: [{ model: rightHand, movingWrist: true }], target: 600 },
  {
    name: 'two hands, moving wrists',
    hands: [
      { model: rightHand, movingWrist: true },
      { model: leftHand, movingWrist: true },
    ],
    target: 300,
  },
];

const RUNS = 400;
const SUBSTEPS = 8;

export const benchHandSpeed = (): readonly Speed[] =>
  cases.map(({ name, hands, target }) => {
    const scenes = createScenes(hands);
    const [whole, law, physics]: [number[], number[], number[]] = [[], [], []];
    for (let run = 0; run < RUNS; run++) {
      wave(scenes, run);
      whole.push(timed(() => scenes.advance(SUBSTEPS)));
    }
    if (scenes.fault(0))
      throw new Error(`The physics of "${name}" is ${scenes.fault(0)}; it was not measured.`);
    for (let run = 0; run < RUNS; run++) {
      law.push(timed(() => scenes.hands.forEach((hand) => void hand.push(0, SUBSTEPS))));
      physics.push(timed(() => scenes.worlds.step(0)));
    }
    scenes.worlds.free();
    const torqueLaw = undisturbed(law) / (undisturbed(law) + undisturbed(physics));
    return { name, controlSteps: 1e3 / undisturbed(whole), target, torqueLaw };
  });

/** Hands over a table, with a cube under the first of them, which they touch at times. */
function createScenes(hands: readonly HandOptions[]): HandScenes {
  const scenes = new HandScenes(1, { hands });
  const plate = scenes.addBodies(still({ type: 'box', size: [1, 1, 0.1] }));
  const cube = scenes.addBodies(loose({ type: 'box', size: [0.055, 0.055, 0.055] }, 0.1));
  plate.position[2] = -0.05;
  cube.position.set([0.075, 0.015, 0.0275]);
  scenes.hands.forEach((hand, i) => {
    hand.place(0, { angles: new Float32Array(20), position: [0, 0.25 * i, 0.1], rotation: [1, 0, 0, 0] });
  });
  scenes.build(0);
  return scenes;
}

/** Fingers that bend and stretch; the first joint of each stays. */
function wave({ hands }: HandScenes, step: number): void {
  for (const { command } of hands)
    command.forEach((_, i) => {
      command[i] = i % 4 === 0 ? 0 : 0.5 + 0.5 * Math.sin(step / 15);
    });
}

/** A hand that is driven down into a table, as a policy may do at any time. */
import { HandScenes, loose, rightHand, still, touchPlaces } from '../../../robots/humanoid-hand/index.ts';

export interface CrushOptions {
  /** Of the wrist, downwards, m/s. */
  readonly speed: number;
  /** Whether a cube is between hand and table. */
  readonly cube: boolean;
  /** Force at which the wrist gives way, N; the model's unless told. */
  readonly guardForce?: number;
  /** Whether springs hold the wrist; not unless told. */
  readonly impedance?: boolean;
}

/** The most in 3 s, of which the wrist is on its way to 20 mm above the table. */
export interface Crush {
  /** On the table, N. */
  readonly force: number;
  /** Of solids in each other, m. */
  readonly depth: number;
  /** Where the wrist ends, m. */
  readonly height: number;
}

const START = 0.2;
const LOWEST = 0.02;
const STEPS = 1200;
const cube = { type: 'box', size: [0.055, 0.055, 0.055] } as const;
const table = { type: 'box', size: [1, 1, 0.1] } as const;
/** Fingers half bent, so that their tips come down first. */
const bent = Float32Array.from({ length: 20 }, (_, i) =>
  i < 16 && (i % 4 === 1 || i % 4 === 2) ? 0.8 : 0.3,
);

export function crush({
  speed,
  cube: withCube,
  guardForce = rightHand.wrist.guardForce,
  impedance = false,
}: CrushOptions): Crush {
  const model = { ...rightHand, wrist: { ...rightHand.wrist, guardForce } };
  const scenes = new HandScenes(1, { hands: [{ model, movingWrist: true, impedance }] });
  const plate = scenes.addBodies(still(table));
  const object = scenes.addBodies(loose(cube, 0.1));
  plate.position.set([0, 0, -table.size[2] / 2]);
  object.position.set([...(withCube ? [0.08, 0.01] : [0.4, 0.4]), cube.size[2] / 2]);
  const hand = scenes.hands[0]!;
  hand.place(0, { angles: bent, position: [0, 0, START], rotation: [1, 0, 0, 0] });
  scenes.build(0);
  let [force, depth] = [0, 0];
  for (let step = 0; step < STEPS && !scenes.fault(0); step++) {
    hand.wrist.goalPosition[2] = Math.max(LOWEST, START - speed * scenes.worlds.timestep * step);
    scenes.advance(1);
    force = Math.max(force, forceOnTable(scenes));
    depth = Math.max(depth, scenes.depth[0]!);
  }
  const height = hand.wrist.position[2]!;
  scenes.worlds.free();
  return { force, depth, height };
}

/** The solids of the hand come first, then the table. */
function forceOnTable({ worlds: { contacts } }: HandScenes): number {
  const solid = touchPlaces(rightHand).length;
  return contacts.force.reduce(
    (sum, force, i) => (contacts.first[i] === solid || contacts.second[i] === solid ? sum + force : sum),
    0,
  );
}

/** What the tasks of one hand over a table share: settings, how an episode begins, and how near a thing is to being grasped. */
import { type HandFleet, rightHand, writeSynergy } from '../../robots/humanoid-hand/index.ts';
import type { Rng } from '../../src/core/rng.ts';
import { choice, number } from '../../src/core/settings.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { type FingerMode, fingerModes, type Workspace } from './control.ts';
import { GRASP, TABLE_HEIGHT, table } from './objects.ts';
import { type DrivenHand, type HandSettings, HandTaskScenes, handSettings } from './scenes.ts';
import { writeFromWrist } from './sight.ts';

/** The wrist begins within this of its place, m. */
const WRIST_AREA = 0.03;
/** The palm looks down. */
const PALM_DOWN = [1, 0, 0, 0] as const;
/** Inputs of the synergy at the start: open, with the thumb opposite to the fingers. */
const OPEN = Float32Array.of(0, 0.7, 0, 0, 0, 0);
/** A place that touches something counts from this force on, N. */
const FELT = 0.05;

export const tabletopSettings = {
  ...handSettings,
  fingers: choice(
    'synergy',
    fingerModes,
    'synergy: six inputs for all fingers; targets, increments: each joint its own',
  ),
  wrist: choice(
    'guarded',
    ['guarded', 'impedance'],
    'guarded: it is led, and gives way to more than 30 N; impedance: springs hold it, which its surroundings push away',
  ),
};
export interface TabletopSettings extends HandSettings {
  readonly fingers: FingerMode;
  readonly wrist: 'guarded' | 'impedance';
}

/** The weight of a dense reward for nearness. @param thing such as `knob` */
export const reachReward = (thing: string) =>
  number(1, 0, 10, `weight of how near the ${thing} is to where it can be grasped, in the dense reward`);

/** The weight of the squared change of the action. */
export const changeReward = (weight: number) =>
  number(weight, -1, 0, 'weight of the squared change of the action, in the dense reward');

/** N scenes of a right hand with a moving wrist, palm down, over a table. */
export class TabletopScenes extends HandTaskScenes {
  /** The one hand, as views want it. */
  readonly driven: readonly DrivenHand[];
  readonly hand: HandFleet;
  readonly #angles: Float32Array;
  readonly #fromWrist = new Float32Array(3);

  /** @param workspace where the wrist stays, m */
  constructor(count: number, settings: TabletopSettings, workspace: Workspace) {
    const impedance = settings.wrist === 'impedance';
    const driven = [{ model: rightHand, fingers: settings.fingers, movingWrist: true, impedance, workspace }];
    super(count, settings, driven);
    this.driven = driven;
    this.hand = this.hands[0]!;
    this.#angles = new Float32Array(this.hand.joints);
  }

  addTable(): void {
    const { position } = this.physics.addBodies(table);
    for (let scene = 0; scene < this.count; scene++) position[3 * scene + 2] = TABLE_HEIGHT;
  }

  /**
   * Builds `scene` with an open hand: all else has been varied and placed.
   * @param grasp about where the hand would grasp, level, m @param height of the wrist, about, m
   */
  begin(scene: number, rng: Rng, grasp: readonly [x: number, y: number], height: number): void {
    const around = (): number => rng.uniform(-WRIST_AREA, WRIST_AREA);
    writeSynergy(OPEN, 0, this.#angles, 0);
    // Turned upside down, the hand's y points the other way.
    const position = [
      grasp[0] - GRASP[0] + around(),
      grasp[1] + GRASP[1] + around(),
      height + around(),
    ] as const;
    this.hand.place(scene, { angles: this.#angles, position, rotation: PALM_DOWN });
    this.build(scene);
    this.controls[0]!.start(scene, OPEN);
  }

  /** Of a thing from the place where the hand grasps, m. @param positions `[N, 3]` m */
  distance(scene: number, positions: Float32Array): number {
    const at = this.#fromWrist;
    writeFromWrist(this.hand, scene, positions, 3 * scene, at, 0);
    return Math.hypot(at[0]! - GRASP[0], at[1]! - GRASP[1], at[2]! - GRASP[2]);
  }

  /** From a point to the nearest of palm and fingertips, m. @param positions `[N, 3]` m */
  nearest(scene: number, positions: Float32Array): number {
    const { tips, model } = this.hand;
    const { digits, palm } = model;
    const at = this.#fromWrist;
    writeFromWrist(this.hand, scene, positions, 3 * scene, at, 0);
    const beyond = (axis: number): number =>
      Math.max(0, Math.abs(at[axis]! - palm.position[axis]!) - palm.size[axis]! / 2);
    let nearest = Math.hypot(beyond(0), beyond(1), beyond(2));
    for (let tip = digits.length * scene; tip < digits.length * (scene + 1); tip++) {
      const off = (axis: number): number => tips[3 * tip + axis]! - positions[3 * scene + axis]!;
      nearest = Math.min(nearest, Math.hypot(off(0), off(1), off(2)));
    }
    return nearest;
  }

  /** How many digits feel something, and whether thumb or palm do, which fingers can press against. */
  touching(scene: number): { readonly digits: number; readonly opposed: boolean } {
    const { touch, places, model } = this.hand;
    const first = places * scene;
    let digits = 0;
    let opposed = touch[first]! > FELT;
    model.digits.forEach(({ name }, digit) => {
      // The palm comes first, then three phalanges of each digit.
      const [a, b, c] = touch.subarray(first + 1 + 3 * digit, first + 4 + 3 * digit);
      if (a! + b! + c! <= FELT) return;
      digits++;
      if (name === 'thumb') opposed = true;
    });
    return { digits, opposed };
  }
}

/** From 1 where the hand would grasp towards 0. @param distance from there, m */
export const nearness = (distance: number): number => 1 - Math.tanh(10 * distance);

/** Lays a thing down, at rest. @param heading about the vertical, rad */
export function layDown(
  { position, rotation, linearVelocity, angularVelocity }: BodyFleet,
  scene: number,
  place: readonly [x: number, y: number, z: number],
  heading: number,
): void {
  position.set(place, 3 * scene);
  rotation.set([0, 0, Math.sin(heading / 2), Math.cos(heading / 2)], 4 * scene);
  linearVelocity.fill(0, 3 * scene, 3 * scene + 3);
  angularVelocity.fill(0, 3 * scene, 3 * scene + 3);
}

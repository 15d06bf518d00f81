/** How the tasks of hands look: hands that glow where they are touched, what they handle, goals, and read-outs. */

import { handAppearance, writePoses, writeTouch } from '../../robots/humanoid-hand/index.ts';
import {
  type Appearance,
  type BodyAppearance,
  type CameraView,
  type EnvView,
  POSE_SIZE,
  type Shape,
  viewLayout,
} from '../../src/core/appearance.ts';
import type { Unit } from '../../src/core/space.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import type { DrivenHand, HandTaskScenes } from './scenes.ts';

/** A number over the picture. */
export interface HandReadout {
  readonly name: string;
  readonly unit?: Unit;
  readonly words?: readonly string[];
  /** Writes it, which unlike a number that is returned costs no memory. */
  write(scene: number, row: Float32Array, at: number): void;
}

/** What is seen beside the hands, and moves. */
export interface Exhibit {
  readonly appearance: BodyAppearance;
  /** Writes its pose. @param row `[7]` from `at` on */
  pose(scene: number, row: Float32Array, at: number): void;
}

export interface HandViewOptions {
  readonly driven: readonly DrivenHand[];
  readonly exhibits: readonly Exhibit[];
  readonly fixed?: readonly Shape[];
  readonly readouts?: readonly HandReadout[];
  readonly cameras: readonly [CameraView, ...CameraView[]];
  /** Edge of a scene's square, m. */
  readonly extent: number;
}

export function handView(scenes: HandTaskScenes, options: HandViewOptions): EnvView {
  const { driven, exhibits, fixed = [], readouts = [], cameras, extent } = options;
  const hands = driven.map(({ model, prefix }) => handAppearance(model, prefix));
  const appearance: Appearance = {
    bodies: [...hands.flatMap(({ bodies }) => bodies), ...exhibits.map((exhibit) => exhibit.appearance)],
    fixed,
    joints: hands.flatMap(({ joints }) => joints),
    signals: [...hands.flatMap(({ signals }) => signals), ...readouts.map(({ name }) => name)],
    readouts: readouts.map(({ name, unit, words }) => ({
      name,
      signal: name,
      ...(unit ? { unit } : {}),
      ...(words ? { words } : {}),
    })),
    extent,
    ground: true,
    cameras,
  };
  const layout = viewLayout(appearance);
  return {
    appearance,
    contacts: (scene) => scenes.physics.worlds.contactPoints(scene),
    draw(scene, row) {
      let at = layout.bodies;
      let signal = layout.signals;
      for (let i = 0; i < hands.length; i++) {
        writePoses(scenes.hands[i]!, scene, row, at);
        writeTouch(scenes.hands[i]!, scene, row, signal);
        at += POSE_SIZE * hands[i]!.bodies.length;
        signal += hands[i]!.signals.length;
      }
      for (let i = 0; i < exhibits.length; i++) exhibits[i]!.pose(scene, row, at + POSE_SIZE * i);
      for (let i = 0; i < readouts.length; i++) readouts[i]!.write(scene, row, signal + i);
    },
  };
}

/**
 * Writes a pose number by number: this is done for every picture, and views of arrays would cost memory.
 * @param i of the body @param row `[7]` from `at` on
 */
export function writePose(
  { position, rotation }: { readonly position: ArrayLike<number>; readonly rotation: ArrayLike<number> },
  i: number,
  row: Float32Array,
  at: number,
): void {
  for (let axis = 0; axis < 3; axis++) row[at + axis] = position[3 * i + axis]!;
  for (let part = 0; part < 4; part++) row[at + 3 + part] = rotation[4 * i + part]!;
}

/** A body of the physics, drawn where it is. */
export const exhibitOf = (appearance: BodyAppearance, fleet: BodyFleet, index = 0): Exhibit => ({
  appearance,
  pose(scene, row, at) {
    writePose(fleet, fleet.perScene * scene + index, row, at);
  },
});

/** A marker without extent in the physics. @param places `[N, P, 3]` m @param index of the place in a scene */
export const markerOf = (
  appearance: BodyAppearance,
  places: Float32Array,
  perScene: number,
  index: number,
): Exhibit => ({
  appearance,
  pose(scene, row, at) {
    const i = 3 * (perScene * scene + index);
    for (let axis = 0; axis < 3; axis++) row[at + axis] = places[i + axis]!;
    row.fill(0, at + 3, at + 6);
    row[at + 6] = 1;
  },
});

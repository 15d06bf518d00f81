/** The cube that a hand turns, and how it looks: a face of each colour, so that its orientation is seen. */
import type { BodyAppearance, Color, Shape, Vector3 } from '../../src/core/appearance.ts';
import type { Exhibit } from './view.ts';

/** m */
const EDGE = 0.05;
export const CUBE = { type: 'box', size: [EDGE, EDGE, EDGE] } as const;
/** Where its goal is seen. */
const SHOWN: Vector3 = [0.1, 0.17, 0.28];

/** A face of each colour: at −x, x, −y, y, −z and z. */
const faceColors: readonly Color[] = ['#d1495b', '#f2c14e', '#2fbf71', '#4aa8ff', '#c779d0', '#f26b3a'];

export function cubeAppearance(name: string, opacity: number): BodyAppearance {
  const plate = 0.9 * EDGE;
  const shapes = faceColors.map((color, i): Shape => {
    const axis = Math.floor(i / 2);
    const along = (value: number, other: number) => [0, 1, 2].map((k) => (k === axis ? value : other));
    return {
      geometry: { type: 'box', size: along(0.001, plate) as unknown as Vector3 },
      position: along((i % 2 === 0 ? -EDGE : EDGE) / 2, 0) as unknown as Vector3,
      material: { color, opacity, roughness: 0.6 },
    };
  });
  const core: Shape = { geometry: CUBE, material: { color: '#e8e8e8', opacity: 0.8 * opacity } };
  return { name, shapes: [core, ...shapes], ...(opacity === 1 ? { colliders: [{ geometry: CUBE }] } : {}) };
}

/** The orientation that is wanted, beside the hand. */
export const goalExhibit = (goal: Float32Array): Exhibit => ({
  appearance: cubeAppearance('goal', 0.45),
  pose(scene, row, at) {
    for (let axis = 0; axis < 3; axis++) row[at + axis] = SHOWN[axis]!;
    for (let part = 0; part < 4; part++) row[at + 3 + part] = goal[4 * scene + part]!;
  },
});

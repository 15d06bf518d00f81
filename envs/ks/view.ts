/** How the ring looks, cut open and laid flat: the field now along the front edge, what it was before behind it, and the forces. */
import { ARROW_SIZE, type EnvView, viewLayout } from '../../src/core/appearance.ts';
import { LENGTH, POINTS } from './flow.ts';

/** Control steps that are shown, and the length that they take beside a ring of length 1. */
const STEPS = 64;
const DEPTH = 0.7;
/** Values of the first and the last colour. */
const RANGE = [-3, 3] as const;
/** Above the floor. */
const HEIGHT = 0.01;
const ARROW_HEIGHT = 0.05;
const FORCE_SCALE = 0.12;

export interface KsView {
  readonly view: EnvView;
  /** The last fields of every scene, `[N, 64, 64]`, the newest at the end. */
  readonly history: Float32Array;
  /** Begins with a field that has always been. */
  start(scene: number, field: Float64Array): void;
  /** Adds the newest field. */
  add(scene: number, field: Float64Array): void;
}

/** @param places of the actuators along the ring @param actions of all scenes, as applied, `[N, A]` */
export function ksView(numEnvs: number, places: readonly number[], actions: Float32Array): KsView {
  const size = STEPS * POINTS;
  const history = new Float32Array(numEnvs * size);
  const appearance: EnvView['appearance'] = {
    bodies: [],
    fixed: [],
    fields: [
      {
        name: 'field',
        unit: '1',
        cells: [POINTS, STEPS],
        size: [1, DEPTH],
        position: [0, 0, HEIGHT],
        // Turned about x, so that the newest row is in front.
        rotation: [1, 0, 0, 0],
        range: RANGE,
      },
    ],
    arrows: places.map((_, i) => ({ name: `force ${i}`, unit: '1', color: '#f26b3a', scale: FORCE_SCALE })),
    extent: 1.2,
    ground: true,
    cameras: [
      { name: 'oblique', position: [0, -1.1, 0.8], target: [0, 0, 0] },
      { name: 'from above', position: [0, -0.01, 1.4], target: [0, 0, 0] },
    ],
  };
  const layout = viewLayout(appearance);
  return {
    view: {
      appearance,
      draw(scene, row) {
        for (let i = 0, at = layout.arrows; i < places.length; i++, at += ARROW_SIZE) {
          row[at] = places[i]! / LENGTH - 0.5;
          row[at + 1] = -DEPTH / 2;
          row[at + 2] = ARROW_HEIGHT;
          row[at + 3] = 0;
          row[at + 4] = 0;
          row[at + 5] = actions[scene * places.length + i]!;
        }
        for (let i = 0, at = layout.fields[0]!; i < size; i++) row[at + i] = history[scene * size + i]!;
      },
    },
    history,
    start(scene, field) {
      for (let step = 0; step < STEPS; step++) history.set(field, scene * size + step * POINTS);
    },
    add(scene, field) {
      history.copyWithin(scene * size, scene * size + POINTS, (scene + 1) * size);
      history.set(field, (scene + 1) * size - POINTS);
    },
  };
}

/** What is handled on a table, as data: its solid, what it weighs, and how it looks. */
import { loose, still } from '../../robots/humanoid-hand/index.ts';
import type { Color, Shape } from '../../src/core/appearance.ts';
import type { SceneBodyOptions } from '../../src/physics/scene-bodies.ts';
import type { SolidGeometry } from '../../src/physics/solids.ts';

export interface HandledObject {
  readonly geometry: SolidGeometry;
  /** kg */
  readonly mass: number;
  /** Coefficient. */
  readonly friction: number;
  /** What rolling takes of its angular velocity, 1/s. */
  readonly angularDamping: number;
  /** From its middle to the table when it rests, m. */
  readonly halfHeight: number;
  readonly color: Color;
}

const common = { mass: 0.1, friction: 1, angularDamping: 1, color: '#e8894a' } as const;

export const objects = {
  ball: { ...common, geometry: { type: 'sphere', radius: 0.03 }, halfHeight: 0.03 },
  cube: { ...common, geometry: { type: 'box', size: [0.055, 0.055, 0.055] }, halfHeight: 0.0275 },
  cylinder: { ...common, geometry: { type: 'cylinder', radius: 0.025, halfHeight: 0.04 }, halfHeight: 0.04 },
} as const satisfies Readonly<Record<string, HandledObject>>;
export const objectNames = ['ball', 'cube', 'cylinder'] as const satisfies readonly (keyof typeof objects)[];

export const bodyOptions = ({
  geometry,
  mass,
  friction,
  angularDamping,
}: HandledObject): SceneBodyOptions => ({ ...loose(geometry, mass, friction), angularDamping });

/** In the hand's frame: what is there is grasped when the fingers close, m. */
export const GRASP = [0.073, -0.015, 0.041] as const;

/** Edges of the table's plate, m. */
const TABLE = [0.8, 0.6, 0.04] as const;
const TABLE_FRICTION = 0.8;

export const table = still({ type: 'box', size: TABLE }, TABLE_FRICTION);

/** Of its middle: the top is at height 0, m. */
export const TABLE_HEIGHT = -TABLE[2] / 2;

export const tableShape: Shape = {
  geometry: { type: 'box', size: TABLE },
  position: [0, 0, TABLE_HEIGHT],
  material: { color: '#b9a88f', roughness: 0.9 },
};

/**
 * How an offset of the roots of the two half-rays bends the ray. Both are inextensible, a distance d apart, and joined
 * by a layer that resists sliding with k per length and slide: at an angle θ(s) from the base's direction the energy is
 *   ½ ∫ B θ′² + k (Δ − d θ)² ds.
 * Its free shape is θ(s) = (Δ/d)·(1 − cosh((L − s)/λ)/cosh(L/λ)), λ² = B/(k d²): the curvature is greatest at the base,
 * as measured on rays (Alben, Madden and Lauder 2007, J. R. Soc. Interface 4:243). Offsets are given as Δ/d, so d
 * itself drops out.
 */
import { type FinRayModel, flexuralRigidity } from './model.ts';

/**
 * `rest`: joints are at rest in the free shape, and the stiffness is that of bending alone;
 * `sliding`: the layer pulls at each link, and so it also stiffens a ray whose roots are held.
 */
export const offsetModes = ['rest', 'sliding'] as const;
export type OffsetMode = (typeof offsetModes)[number];

/** Angle at `s` from the base's direction in the free shape, for each unit of Δ/d. */
export const freeAngle = (s: number, decay: number): number =>
  1 - Math.cosh((1 - s) / decay) / Math.cosh(1 / decay);

/** Rest angle of each joint for each unit of Δ/d: links lie as the middle of their piece does. `[n]` */
export function restAngles({ links, offsetDecay }: FinRayModel): Float64Array {
  const middle = (link: number): number => (link < 0 ? 0 : freeAngle((link + 0.5) / links, offsetDecay));
  return Float64Array.from({ length: links }, (_, joint) => middle(joint) - middle(joint - 1));
}

/** Couple of the layer on a link for each radian that it lies off Δ/d: k·d² times its length. */
export const slidingStiffness = (model: FinRayModel): number =>
  flexuralRigidity(model) / (model.offsetDecay ** 2 * model.links);

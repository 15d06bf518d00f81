/**
 * What describes a fin ray, and what follows from it: an elastic strip along a stream, driven at its upstream end, as a
 * chain of rigid links. Units: length of the ray L, speed of the stream U and density of the fluid ρ are all 1, so a
 * time of 1 is the one that the stream takes along the ray. Plane x-y: the stream goes along x, the base heaves along y
 * and pitches about z.
 */
import type { ChainOptions } from '../../src/physics/chain-fleet.ts';
import type { ActuatorLimits } from './actuators.ts';
import type { AddedMass } from './hydrodynamics/motion.ts';
import { thinFoilAddedMass } from './hydrodynamics/thin-foil.ts';

/** How the fluid's inertia acts: on a strip that is narrow along its span, or on one that is endless. */
export type FlowModel = 'elongated-body' | 'thin-foil';

export interface FinRayModel {
  readonly name: string;
  /** Rigid links, n. */
  readonly links: number;
  /** Width across the plane over the length, b/L; forces of a thin foil are those of a piece of this width. */
  readonly span: number;
  /** Mass of the ray over that of a slab of fluid, ρₛh/(ρL), with h its thickness. */
  readonly massRatio: number;
  /** EI/(ρU²L³) of a piece of span L. */
  readonly bendingStiffness: number;
  /** Kelvin–Voigt damping over stiffness, L/U. */
  readonly damping: number;
  /** Length in which the curvature that an offset of the half-rays makes decays from the base, L. */
  readonly offsetDecay: number;
  readonly flow: FlowModel;
  /** Of the pressure drag across the ray; 1.8 for a flat plate. */
  readonly normalDrag: number;
  /** UL/ν, which sets the friction along the ray only. */
  readonly reynoldsNumber: number;
  /** Part of the suction at the leading edge: 1 in potential flow, less where the edge is sharp, 0 on a body. */
  readonly edgeSuction: number;
  /** Part of the pressure force at the leading edge, of the elongated body only; 0 where the ray grows out of a body. */
  readonly edgeNormal: number;
  readonly limits: ActuatorLimits;
}

const DEGREE = Math.PI / 180;

const limits: ActuatorLimits = {
  heave: { position: 0.25, rate: 1.5, acceleration: 12 },
  pitch: { position: 30 * DEGREE, rate: 4, acceleration: 30 },
  offset: { position: 0.5, rate: 4 },
};

/** A slender ray whose lowest bending frequency in the fluid is 1 U/L. */
export const finRay: FinRayModel = {
  name: 'fin-ray',
  links: 8,
  span: 0.5,
  massRatio: 0.022,
  bendingStiffness: 1.32,
  damping: 0.001,
  offsetDecay: 0.3,
  flow: 'elongated-body',
  normalDrag: 1.8,
  reynoldsNumber: 2000,
  edgeSuction: 1,
  edgeNormal: 1,
  limits,
};

/** A ray in two dimensions: of endless span, of which a piece of length 1 is calculated. */
export const finFoil: FinRayModel = {
  ...finRay,
  name: 'fin-foil',
  span: 1,
  massRatio: 0.1,
  bendingStiffness: 2,
  flow: 'thin-foil',
  normalDrag: 0,
};

/** Mass of the ray per length, without the fluid's. */
export const massPerLength = ({ massRatio, span }: FinRayModel): number => massRatio * span;

/** EI of the whole ray. */
export const flexuralRigidity = ({ bendingStiffness, span }: FinRayModel): number => bendingStiffness * span;

/** Added mass per length of a flat plate across a flow: that of the cylinder around it. */
export const plateAddedMass = (span: number): number => (Math.PI * span ** 2) / 4;

/** Mean friction coefficient of a laminar boundary layer on one side of a plate (Blasius 1908). */
export const frictionCoefficient = (reynoldsNumber: number): number => 1.328 / Math.sqrt(reynoldsNumber);

/**
 * Spring of joint `joint`. Each stands for the bending of a link's length, the one at the base for that of half a link
 * only. With a full one there, a ray of ten links would sag by 15 % too much.
 */
export function jointStiffness(model: FinRayModel, joint: number): number {
  const cells = joint === 0 ? 0.5 : 1;
  return (flexuralRigidity(model) * model.links) / cells;
}

/** Of each link. */
export function addedMass({ flow, links, span }: FinRayModel): AddedMass {
  if (flow === 'thin-foil') return thinFoilAddedMass(links, span);
  const mass = plateAddedMass(span) / links;
  return {
    mass: new Float64Array(links).fill(mass),
    inertia: new Float64Array(links).fill(mass / (12 * links ** 2)),
  };
}

/**
 * The ray as a chain for the engine. The added mass is part of the links': as a force it would diverge, being many
 * times their own. So it also acts along a link, where there is none in truth; the mean of that over a cycle is next to
 * zero.
 *
 * The engine takes springs by backward Euler, which damps them as a damping time of the length of its step does. So
 * joints get less by that, and none where the step is longer than the damping time.
 * @param solverTimestep of the engine's solver, L/U
 */
export function chainOf(model: FinRayModel, solverTimestep: number): ChainOptions {
  const { links } = model;
  const damping = Math.max(0, model.damping - solverTimestep);
  const fluid = addedMass(model);
  const own = massPerLength(model) / links;
  return {
    linkLength: 1 / links,
    links: Array.from({ length: links }, (_, i) => {
      const inertia = own / (12 * links ** 2) + fluid.inertia[i]!;
      const stiffness = jointStiffness(model, i);
      return {
        mass: own + fluid.mass[i]!,
        inertia: [inertia, inertia, inertia],
        stiffness,
        damping: damping * stiffness,
      };
    }),
  };
}

/**
 * Dials of the demonstrators of tasks of one hand, by grade: found by `proprio bench demonstrators` with sparse rewards, which
 * measures them again. A wrong scale has things be missed that are far from the middle; how far off the hand is at the middle,
 * which the bias tells, decides how many.
 */
import type { DialValues, Grade } from '../../../src/core/demonstrator.ts';
import type { objectNames } from '../objects.ts';
import type { HandDials } from './dials.ts';

type Grades = Readonly<Partial<Record<Grade, Partial<HandDials> & DialValues>>>;

const ball = { jitter: 0.1, scale: 0.5, poseNoise: 0.008 } as const;
const others = { jitter: 0.05, poseNoise: 0.008 } as const;

export const graspLiftGrades: Readonly<Record<(typeof objectNames)[number], Grades>> = {
  ball: {
    expert: {},
    good: { ...ball, jitter: 0.08, scale: 0.35 },
    mixed: { ...ball, poseBias: [0.011, 0] },
    poor: { ...ball, poseBias: [0.022, 0] },
  },
  cube: {
    expert: {},
    good: { ...others, scale: 0.1 },
    mixed: { ...others, scale: 0.4 },
    poor: { ...others, scale: 0.5, poseBias: [0.012, 0] },
  },
  cylinder: { expert: {} },
};

/** A knob is held better a little to one side of where it is aimed at. */
const knob = { ...others, scale: 0.5 } as const;

export const turnKnobGrades: Grades = {
  expert: {},
  good: { ...knob, poseBias: [0.01, 0] },
  mixed: { ...knob, poseBias: [-0.009, 0] },
  poor: { ...knob, poseBias: [-0.02, 0] },
};

export const ballPickPlaceGrades: Grades = {
  expert: {},
  good: { ...others, scale: 0.21 },
  mixed: { ...others, scale: 0.305 },
  poor: { ...others, scale: 0.41 },
};

/** Both hands hold where they see the parcel, so that what is off along it does no harm, and across it up to 12 mm. */
const handover = { jitter: 0.02, poseNoise: 0.008 } as const;

export const handoverGrades: Grades = {
  expert: {},
  good: { ...handover, poseBias: [0.008, 0] },
  mixed: { ...handover, poseBias: [0.012, 0] },
  poor: { ...handover, poseBias: [0.0165, 0] },
};

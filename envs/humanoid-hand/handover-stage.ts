/** How far a handover has come: which of its stages it is in, and how much of that is done. */

/** What is to be done next, in order; after the last one all is done. */
export const handoverStages = ['take', 'lift', 'meet', 'give', 'release', 'place'] as const;

/** Of the parcel's lower side over the table, from which on it counts as lifted, m. */
export const LIFTED = 0.05;
/** Of its middle from where it is handed over, from which on the left hand is to come, m. */
const MET = 0.05;
/** A hand holds from this force on, N. */
export const FELT = 0.05;

/** One moment of a scene. */
export interface HandoverMoment {
  /** Force of each hand on the parcel, N. */
  readonly right: number;
  readonly left: number;
  /** Of the places where each hand holds from where it should, m. */
  readonly rightReach: number;
  readonly leftReach: number;
  /** Of the parcel's lower side over the table, m. */
  readonly height: number;
  /** Of its middle from where it is handed over, and, level, from the zone, m. */
  readonly meeting: number;
  readonly zone: number;
}

/** @returns the stage, and after the point how much of it is done: from 0 to 6, both hands far away to held over the zone */
export function stageOf({
  right,
  left,
  rightReach,
  leftReach,
  height,
  meeting,
  zone,
}: HandoverMoment): number {
  const [byRight, byLeft] = [right > FELT, left > FELT];
  if (!byRight && !byLeft) return nearness(rightReach);
  if (height < LIFTED) return 1 + Math.max(0, height / LIFTED) * ALMOST;
  if (byRight && byLeft) return 4 + (ALMOST * left) / (left + right);
  if (byLeft) return 5 + nearness(zone);
  return meeting > MET ? 2 + nearness(meeting) : 3 + nearness(leftReach);
}

/** Below 1, so that no stage is done before the next one begins. */
const ALMOST = 0.99;

/** @param distance m */
const nearness = (distance: number): number => ALMOST * (1 - Math.tanh(5 * distance));

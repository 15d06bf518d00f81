/** What can go wrong in a match. A set of faults is a number with a bit for each, so that steps need no memory. */

/** Of a player who touches the ball. */
const byTouch = ['double hit', 'out of turn', 'wrong side', 'body touch'] as const;
/** Of a side, by where the ball went. */
const byBall = ['ball down', 'ball out', 'ball in net', 'ball too high'] as const;
/** Of a drone, by where it flew. */
const byFlight = ['drone down', 'drone too high', 'drone in net', 'too close'] as const;

export const faultNames = [...byTouch, ...byBall, ...byFlight] as const;

export type Fault = (typeof faultNames)[number];

/** The set that holds these faults. */
export const faultSet = (...names: readonly Fault[]): number =>
  names.reduce((set, name) => set | (1 << faultNames.indexOf(name)), 0);

export const touchFaults = faultSet(...byTouch);
export const ballFaults = faultSet(...byBall);
export const flightFaults = faultSet(...byFlight);

/** The names in a set. */
export const faultsIn = (set: number): Fault[] => faultNames.filter((_, i) => (set & (1 << i)) !== 0);

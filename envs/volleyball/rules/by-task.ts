/**
 * The rules of the tasks, as data: who plays, who may touch the ball when, and what ends play. Figures and tasks after
 * VolleyBots (arXiv 2502.01932, github.com/thu-uav/VolleyBots); where we differ from its code, a comment says why.
 */
import { ball } from '../ball.ts';
import { type Court, courts, FAR, NEAR, RACKET_RADIUS, type Side } from '../court.ts';
import type { Fault } from './faults.ts';

export interface MatchRules {
  readonly court: Court;
  /** The side that each player plays on, `[P]`; drones first, then what else returns balls. */
  readonly sides: readonly Side[];
  /** How many of the players are drones. */
  readonly drones: number;
  readonly turns: Rota | Possession;
  readonly touches: {
    /** Whether a touch by anything but the racket is a fault. */
    readonly racketOnly: boolean;
    /** Control steps after the beginning of a contact within which the same player's touches still belong to it. */
    readonly sameContact: number;
    /** Control steps after a hit within which another one by the same player is a double hit. */
    readonly interval: number;
  };
  readonly ball: {
    /** Below this height of its centre the ball is down, m. */
    readonly lowest: number;
    /** Above it, it is too high, m. */
    readonly highest: number;
    /** Closer than this to the plane of the net and below its edge the ball is in it, m; absent where there is no net. */
    readonly net?: number;
    /** Where a ball beyond the lines is out. */
    readonly out: 'in flight' | 'on the floor' | 'nowhere';
  };
  readonly drone: {
    /** m */
    readonly lowest: number;
    /** m */
    readonly highest: number;
    /**
     * `plane`: no closer than `margin` (m) to the net's plane, at any height; `body`: not within `reach` (m) of the net
     * itself.
     */
    readonly net:
      | { readonly kind: 'plane'; readonly margin: number }
      | { readonly kind: 'body'; readonly reach: number };
    /** Least distance between team-mates, m. */
    readonly apart: number;
  };
  /**
   * Legal hits after which a ball that comes down inside counts against the half that it comes down in; before, and so
   * always where this is infinite, it counts against who touched it last.
   */
  readonly scoringHits: number;
  /** Play that ends well: after exactly this many legal hits the ball falls through this height, m. */
  readonly landing?: { readonly height: number; readonly hits: number };
  /** Faults that end play and give nobody the win. */
  readonly withoutWinner: readonly Fault[];
}

/** Players hit one after another; the server begins. */
export interface Rota {
  readonly kind: 'rota';
  /** Indices of players. */
  readonly order: readonly number[];
  /** Whether the first follows the last; otherwise nobody does. */
  readonly repeats: boolean;
}

/**
 * Each player of the side that the ball is on may hit it once, in any order, until it is on the other side. At first
 * only the server may: the serve goes over the net at once.
 */
export interface Possession {
  readonly kind: 'possession';
}

/**
 * The reference counts each control step of a contact as a contact in the drills, and in cooperation lets a contact go
 * on for ever, so that a carried ball is one long hit. Here a contact lasts for a fixed time from its beginning
 * everywhere: longer is a double hit, as in its matches. Two control steps in the drills, because an impact may lie
 * across two.
 */
const drillTouches: MatchRules['touches'] = { racketOnly: false, sameContact: 1, interval: 25 };
const racketTouches: MatchRules['touches'] = { racketOnly: true, sameContact: 3, interval: 0 };

const drill = {
  court: courts.regulation,
  sides: [NEAR],
  drones: 1,
  turns: { kind: 'rota', order: [0], repeats: true },
  touches: drillTouches,
  scoringHits: Number.POSITIVE_INFINITY,
  withoutWinner: [],
} as const;

/**
 * The reference ends these drills within 1 cm of the net's plane, which a drone can jump over: here the far side counts
 * too.
 */
const drillNet = { kind: 'plane', margin: 0.01 } as const;

/** One strong hit; where the ball is when it has fallen back to 2 m is what counts. */
export const hitTheBall: MatchRules = {
  ...drill,
  ball: { lowest: 0.15, highest: 16, out: 'nowhere' },
  drone: { lowest: 0.4, highest: Number.POSITIVE_INFINITY, net: drillNet, apart: 0 },
  landing: { height: 2, hits: 1 },
};

/** Hits without end, each bringing the ball up again. */
export const soloBump: MatchRules = {
  ...drill,
  ball: { lowest: 0.15, highest: 4.5, out: 'in flight' },
  drone: { lowest: 0.4, highest: 2.5, net: drillNet, apart: 0 },
};

const pair = {
  court: courts.regulation,
  sides: [NEAR, NEAR],
  drones: 2,
  touches: racketTouches,
  ball: { lowest: 2 * ball.radius, highest: 16, net: ball.radius, out: 'in flight' },
  withoutWinner: [],
} as const;

/** Two drones pass the ball to each other without end. */
export const bumpAndPass: MatchRules = {
  ...pair,
  turns: { kind: 'rota', order: [0, 1], repeats: true },
  drone: {
    lowest: 0.4,
    highest: Number.POSITIVE_INFINITY,
    net: { kind: 'body', reach: RACKET_RADIUS },
    apart: 0,
  },
  scoringHits: Number.POSITIVE_INFINITY,
};

/** Player 0 sets, player 1 spikes, and the ball comes down in the far half, where nobody stands. */
export const setAndSpikeEasy: MatchRules = {
  ...pair,
  turns: { kind: 'rota', order: [0, 1], repeats: false },
  drone: {
    lowest: 0.2,
    highest: Number.POSITIVE_INFINITY,
    net: { kind: 'plane', margin: 0 },
    apart: 0,
  },
  scoringHits: 2,
};

/** The same against a board, player 2, that may return the ball once. */
export const setAndSpikeHard: MatchRules = {
  ...setAndSpikeEasy,
  sides: [NEAR, NEAR, FAR],
  turns: { kind: 'rota', order: [0, 1, 2], repeats: false },
  drone: { ...setAndSpikeEasy.drone, lowest: 0.4 },
};

/**
 * Matches. Before the first hit the serving side answers for the ball. (The reference charges the receiver in 1v1.) A
 * side that is itself at fault in the step in which the other one loses does not win, whatever its fault: that is a
 * draw.
 */
const match = {
  touches: racketTouches,
  scoringHits: 0,
  withoutWinner: ['drone down', 'too close'],
} as const;

const matchBall = {
  lowest: 2 * ball.radius,
  highest: Number.POSITIVE_INFINITY,
  net: 0.3,
} as const;

const matchDrone = {
  lowest: 0.3,
  highest: Number.POSITIVE_INFINITY,
  net: { kind: 'plane', margin: 0 },
} as const;

/** One touch each in turn, on a court so small that a ball beyond its lines is out at any height. */
export const oneOnOne: MatchRules = {
  ...match,
  court: courts.singles,
  sides: [NEAR, FAR],
  drones: 2,
  turns: { kind: 'rota', order: [0, 1], repeats: true },
  ball: { ...matchBall, out: 'in flight' },
  drone: { ...matchDrone, apart: 0 },
};

const teams = {
  ...match,
  turns: { kind: 'possession' },
  ball: { ...matchBall, out: 'on the floor' },
  drone: { ...matchDrone, apart: 0.8 },
} as const;

export const threeOnThree: MatchRules = {
  ...teams,
  court: courts.threes,
  sides: [NEAR, NEAR, NEAR, FAR, FAR, FAR],
  drones: 6,
};

export const sixOnSix: MatchRules = {
  ...teams,
  court: courts.regulation,
  sides: [NEAR, NEAR, NEAR, NEAR, NEAR, NEAR, FAR, FAR, FAR, FAR, FAR, FAR],
  drones: 12,
};

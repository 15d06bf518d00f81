/**
 * What happens in a match, in words. Every event that a task knows stands once in a table, and its place there is all
 * that a match keeps of it: scoreboards show the words at that place, and a log gets them with the time.
 */
import { FAR, NEAR } from '../court.ts';
import type { MatchRules } from './by-task.ts';
import { type Fault, faultNames } from './faults.ts';

export type EventKind = 'serve' | 'hit' | 'crossing' | 'landing' | 'fault' | 'end';

/** One event of a match. */
export interface MatchEvent {
  readonly scene: number;
  /** Control steps since the match began; the serve is told in the first. */
  readonly step: number;
  readonly kind: EventKind;
  /** Who did it; absent where it was the ball, or a whole side. */
  readonly player?: number;
  readonly text: string;
}

export type EventWords = Omit<MatchEvent, 'scene' | 'step'>;

/**
 * How a match stands. A match that its time limit cuts short is still `playing`; whoever counts results takes it for a
 * draw.
 */
export const Outcome = { playing: 0, nearWins: 1, farWins: 2, draw: 3 } as const;

export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** The words of a match, and where each event stands among them. Shapes: P players. */
export interface EventTable {
  readonly events: readonly EventWords[];
  /** Names of the players, `[P]`. */
  readonly players: readonly string[];
  /**
   * How a match stands, at the index of its `Outcome`. Where nobody plays against the near side, it succeeds or fails.
   */
  readonly outcomes: readonly string[];
  /**
   * Who may hit: each player, then each whole side, then nobody; `whoseTurn` of the sheet is an index of it, `[P + 3]`.
   */
  readonly turns: readonly string[];
  serve(player: number): number;
  hit(player: number): number;
  /** The ball has come to this side. */
  crossing(side: number): number;
  landing(): number;
  playerFault(fault: Fault, player: number): number;
  sideFault(fault: Fault, side: number): number;
  end(outcome: Outcome): number;
}

export function eventTable(rules: MatchRules): EventTable {
  const opposed = rules.sides.includes(FAR);
  const sideNames = ['near side', 'far side'];
  const players = rules.sides.map((side, player) => {
    const name = player < rules.drones ? `drone ${player}` : 'board';
    return opposed && player < rules.drones ? `${name} (${side === NEAR ? 'near' : 'far'})` : name;
  });
  const outcomes = opposed
    ? ['playing', 'near side wins', 'far side wins', 'draw']
    : ['playing', 'success', 'failure', 'undecided'];

  const events: EventWords[] = [];
  /** Adds a block of events. @returns the place of its first */
  const add = (block: readonly EventWords[]): number => events.push(...block) - block.length;
  const serves = add(players.map((name, player) => ({ kind: 'serve', player, text: `${name} to serve` })));
  const hits = add(players.map((name, player) => ({ kind: 'hit', player, text: `${name} hits` })));
  const crossings = add(sideNames.map((name) => ({ kind: 'crossing', text: `ball to the ${name}` })));
  const landing = add([{ kind: 'landing', text: 'ball has landed' }]);
  const playerFaults = add(
    faultNames.flatMap((fault) =>
      players.map((name, player): EventWords => ({ kind: 'fault', player, text: `${fault}: ${name}` })),
    ),
  );
  const sideFaults = add(
    faultNames.flatMap((fault) =>
      sideNames.map((name): EventWords => ({ kind: 'fault', text: `${fault}: ${name}` })),
    ),
  );
  const ends = add(outcomes.map((text) => ({ kind: 'end', text })));

  return {
    events,
    players,
    outcomes,
    turns: [...players, ...sideNames, 'nobody'],
    serve: (player) => serves + player,
    hit: (player) => hits + player,
    crossing: (side) => crossings + side,
    landing: () => landing,
    playerFault: (fault, player) => playerFaults + players.length * faultNames.indexOf(fault) + player,
    sideFault: (fault, side) => sideFaults + sideNames.length * faultNames.indexOf(fault) + side,
    end: (outcome) => ends + outcome,
  };
}

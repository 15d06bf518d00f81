/**
 * The scoresheet: how the matches of N scenes stand. The referee writes it; rewards, observations, scoreboards and logs
 * read it. A set of players has bit p for player p, a set of faults is one of `faults.ts`. Shapes: N scenes, P
 * players.
 */
import type { BinaryArray } from '../../../src/core/bytes.ts';
import { FAR, NEAR, type Side } from '../court.ts';
import { Outcome } from './events.ts';

/** A contact that every new one is far enough from. */
const LONG_AGO = -(2 ** 30);

export class Scoresheet {
  /** An `Outcome`, `[N]`. After the end of a match nothing of it changes until the next one begins. */
  readonly outcome: Uint8Array;
  /** Control steps since the match began, `[N]`. */
  readonly step: Int32Array;
  /** The set of players who hit legally in this control step, `[N]`. */
  readonly hits: Uint32Array;
  /** The set of each player's faults; any of them ends the match with the step, `[N, P]`. */
  readonly faults: Uint32Array;
  /** The set of each side's faults: those of its players, and those of the ball that count against it, `[N, 2]`. */
  readonly sideFaults: Uint32Array;
  /** The set of players who may hit now, `[N]`. */
  readonly free: Uint32Array;
  /** The set of players who have hit since the ball came to its side, `[N]`. */
  readonly touched: Uint32Array;
  /** Place in the rota of who is to hit; the rota's length once it has ended, `[N]`. */
  readonly turn: Uint8Array;
  /** Legal hits since the match began, `[N]`. */
  readonly rally: Uint32Array;
  /** The side that the ball is on, `[N]`. */
  readonly side: Uint8Array;
  /** The player who answers for the ball: who touched it last, and before that the server, `[N]`. */
  readonly answerable: Uint8Array;
  /** The last event but the end, as its place in the table of events, `[N]`. */
  readonly lastEvent: Uint32Array;
  /** Control step in which the last contact of each player began, `[N, P]`. */
  readonly contact: Int32Array;
  /** Where the ball was last, `[N, 3]` m. */
  readonly ball: Float64Array;
  /** 1 once the ball has landed as the task wants it, `[N]`. */
  readonly landed: Uint8Array;

  readonly #players: number;

  constructor(scenes: number, players: number) {
    this.#players = players;
    this.outcome = new Uint8Array(scenes);
    this.step = new Int32Array(scenes);
    this.hits = new Uint32Array(scenes);
    this.faults = new Uint32Array(scenes * players);
    this.sideFaults = new Uint32Array(scenes * 2);
    this.free = new Uint32Array(scenes);
    this.touched = new Uint32Array(scenes);
    this.turn = new Uint8Array(scenes);
    this.rally = new Uint32Array(scenes);
    this.side = new Uint8Array(scenes);
    this.answerable = new Uint8Array(scenes);
    this.lastEvent = new Uint32Array(scenes);
    this.contact = new Int32Array(scenes * players);
    this.ball = new Float64Array(scenes * 3);
    this.landed = new Uint8Array(scenes);
  }

  /** All that has to be kept between steps. */
  get state(): BinaryArray[] {
    return [
      ...[this.outcome, this.step, this.hits, this.faults, this.sideFaults, this.free, this.touched],
      ...[this.turn, this.rally, this.side, this.answerable, this.lastEvent],
      ...[this.contact, this.ball, this.landed],
    ];
  }

  /** The sheet of a match that begins. @param turn place of the server in the rota */
  begin(scene: number, server: number, turn: number, side: Side): void {
    const row = scene * this.#players;
    this.outcome[scene] = Outcome.playing;
    this.step[scene] = 0;
    this.hits[scene] = 0;
    this.faults.fill(0, row, row + this.#players);
    this.sideFaults.fill(0, 2 * scene, 2 * scene + 2);
    this.free[scene] = 1 << server;
    this.touched[scene] = 0;
    this.turn[scene] = turn;
    this.rally[scene] = 0;
    this.side[scene] = side;
    this.answerable[scene] = server;
    this.contact.fill(LONG_AGO, row, row + this.#players);
    this.landed[scene] = 0;
  }

  /** 1 where `side` has won, −1 where it has lost, 0 otherwise. */
  result(scene: number, side: Side): 1 | 0 | -1 {
    const outcome = this.outcome[scene];
    if (outcome === Outcome.nearWins) return side === NEAR ? 1 : -1;
    if (outcome === Outcome.farWins) return side === FAR ? 1 : -1;
    return 0;
  }

  /** How many players have hit since the ball came to its side. */
  touches(scene: number): number {
    let count = 0;
    for (let set = this.touched[scene]!; set > 0; set &= set - 1) count++;
    return count;
  }

  /**
   * Who may hit now, as a place in the table's `turns`: one player, the ball's side where there are several, or nobody.
   */
  whoseTurn(scene: number): number {
    const free = this.free[scene]!;
    if (free === 0) return this.#players + 2;
    const single = (free & (free - 1)) === 0;
    return single ? 31 - Math.clz32(free) : this.#players + this.side[scene]!;
  }
}

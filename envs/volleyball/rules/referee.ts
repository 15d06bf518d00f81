/**
 * The referee: one state machine for the rules of every task, in N scenes at once. It is told what happens, and keeps the
 * scoresheet: whose fault it is, who hits legally, when play is over and who has won.
 *
 *     referee.start(scene, server, ball, offset);
 *     // in each control step:
 *     referee.beginStep();
 *     // after each of its physics steps, in this order:
 *     referee.touch(scene, player, withRacket);
 *     referee.ball(scene, position, offset, verticalSpeed);
 *     referee.drones(scene, positions, offset);
 *     // at its end:
 *     const over = referee.judge(scene);
 */
import type { BinaryArray } from '../../../src/core/bytes.ts';
import { crossesNet, distanceToNet, inNet, insideCourt, type Side, sideOf } from '../court.ts';
import type { MatchRules } from './by-task.ts';
import { type EventTable, eventTable, type MatchEvent, Outcome } from './events.ts';
import { ballFaults, type Fault, faultSet } from './faults.ts';
import { Scoresheet } from './sheet.ts';
import { faultOfTurn, passBall, passTurn, turnOf } from './turns.ts';

export class Referee {
  readonly rules: MatchRules;
  readonly sheet: Scoresheet;
  readonly words: EventTable;

  /** Events of the control step under way, as places in the table, `[N][events]`. For a log alone: no part of the state. */
  readonly #happened: number[][];
  readonly #withoutWinner: number;

  constructor(rules: MatchRules, scenes: number) {
    this.rules = rules;
    this.sheet = new Scoresheet(scenes, rules.sides.length);
    this.words = eventTable(rules);
    this.#happened = Array.from({ length: scenes }, () => []);
    this.#withoutWinner = faultSet(...rules.withoutWinner);
  }

  get state(): BinaryArray[] {
    return this.sheet.state;
  }

  /**
   * Begins a match.
   * @param server the player who is to touch the ball first
   * @param ball where its centre starts, `[3]` at `offset`, m
   * @throws RangeError for a server that is no player or has no turn
   */
  start(scene: number, server: number, ball: ArrayLike<number>, offset: number): void {
    this.#demandPlayer(server);
    const turn = turnOf(this.rules, server);
    this.sheet.begin(scene, server, turn, sideOf(ball[offset]!, this.#sideOfPlayer(server)));
    this.sheet.lastEvent[scene] = this.words.serve(server);
    this.#placeBall(scene, ball, offset);
  }

  /** Begins a control step in every scene. */
  beginStep(): void {
    const { outcome, step, hits, lastEvent } = this.sheet;
    for (let scene = 0; scene < outcome.length; scene++) {
      const happened = this.#happened[scene]!;
      happened.length = 0;
      if (!this.#playing(scene)) continue;
      if (step[scene] === 0) happened.push(lastEvent[scene]!); // The serve is told with the first step.
      step[scene]!++;
      hits[scene] = 0;
    }
  }

  /**
   * A player touches the ball. To be told in every step of a contact; its first moment is what counts.
   * @param withRacket whether the racket touched it, and no other part
   */
  touch(scene: number, player: number, withRacket: boolean): void {
    this.#demandPlayer(player);
    if (!this.#playing(scene)) return;
    const { sheet } = this;
    const { sameContact, racketOnly } = this.rules.touches;
    const at = this.#at(scene, player);
    const since = sheet.step[scene]! - sheet.contact[at]!;
    if (since <= sameContact) return;
    sheet.contact[at] = sheet.step[scene]!;
    const fault = faultOfTurn(this.rules, sheet, scene, player, since);
    const withBody = racketOnly && !withRacket;
    if (fault) this.#blamePlayer(scene, player, fault);
    if (withBody) this.#blamePlayer(scene, player, 'body touch');
    if (!fault && !withBody) {
      passTurn(this.rules, sheet, scene, player);
      this.#note(scene, this.words.hit(player));
    }
    sheet.answerable[scene] = player;
  }

  /**
   * Where the ball is now.
   * @param position of its centre, `[3]` at `offset`, m
   * @param verticalSpeed m/s, up
   */
  ball(scene: number, position: ArrayLike<number>, offset: number, verticalSpeed: number): void {
    if (!this.#playing(scene)) return;
    const { sheet } = this;
    const side = sideOf(position[offset]!, sheet.side[scene] as Side);
    const fault = this.#ballFault(scene, position, offset);
    if (side !== sheet.side[scene]) {
      passBall(this.rules, sheet, scene, side);
      this.#note(scene, this.words.crossing(side));
    }
    if (fault) this.#blameForBall(scene, fault, side);
    this.#noteLanding(scene, position[offset + 2]!, verticalSpeed);
    this.#placeBall(scene, position, offset);
  }

  #ballFault(scene: number, position: ArrayLike<number>, offset: number): Fault | undefined {
    const { court, ball } = this.rules;
    const x = position[offset]!;
    const y = position[offset + 1]!;
    const z = position[offset + 2]!;
    const down = z < ball.lowest;
    const mayBeOut = ball.out === 'in flight' || (ball.out === 'on the floor' && down);
    if (ball.net !== undefined) {
      if (inNet(court, x, y, z, ball.net)) return 'ball in net';
      if (crossesNet(court, this.sheet.ball, 3 * scene, position, offset)) return 'ball in net';
    }
    if (mayBeOut && !insideCourt(court, x, y)) return 'ball out';
    if (down) return 'ball down';
    return z > ball.highest ? 'ball too high' : undefined;
  }

  /** @param half the side that the ball is on */
  #blameForBall(scene: number, fault: Fault, half: Side): void {
    const { sideFaults, rally, answerable } = this.sheet;
    const faults = sideFaults[2 * scene]! | sideFaults[2 * scene + 1]!;
    if (faults & ballFaults) return; // What a ball does once it is dead is nobody's fault.
    const scores = fault === 'ball down' && rally[scene]! >= this.rules.scoringHits;
    const side = scores ? half : this.#sideOfPlayer(answerable[scene]!);
    sideFaults[2 * scene + side]! |= faultSet(fault);
    this.#note(scene, this.words.sideFault(fault, side));
  }

  #noteLanding(scene: number, height: number, verticalSpeed: number): void {
    const { landing } = this.rules;
    const { landed, rally } = this.sheet;
    if (!landing || landed[scene] || rally[scene] !== landing.hits) return;
    if (verticalSpeed >= 0 || height > landing.height) return;
    landed[scene] = 1;
    this.#note(scene, this.words.landing());
  }

  /** Where the drones are now. @param positions of their centres, `[drones, 3]` at `offset`, m */
  drones(scene: number, positions: ArrayLike<number>, offset: number): void {
    if (!this.#playing(scene)) return;
    const { court, drone, drones } = this.rules;
    for (let player = 0; player < drones; player++) {
      const x = positions[offset + 3 * player]!;
      const y = positions[offset + 3 * player + 1]!;
      const z = positions[offset + 3 * player + 2]!;
      if (z < drone.lowest) this.#blamePlayer(scene, player, 'drone down');
      if (z > drone.highest) this.#blamePlayer(scene, player, 'drone too high');
      const { net } = drone;
      const atNet =
        net.kind === 'plane'
          ? distanceToNet(this.#sideOfPlayer(player), x) < net.margin
          : inNet(court, x, y, z, net.reach);
      if (atNet) this.#blamePlayer(scene, player, 'drone in net');
      if (drone.apart > 0) this.#demandRoom(scene, player, positions, offset);
    }
  }

  /** Blames `player` and each team-mate of a lower number that is too close to it. */
  #demandRoom(scene: number, player: number, positions: ArrayLike<number>, offset: number): void {
    const at = offset + 3 * player;
    for (let mate = 0; mate < player; mate++) {
      if (this.#sideOfPlayer(mate) !== this.#sideOfPlayer(player)) continue;
      const to = offset + 3 * mate;
      const x = positions[at]! - positions[to]!;
      const y = positions[at + 1]! - positions[to + 1]!;
      const z = positions[at + 2]! - positions[to + 2]!;
      if (x * x + y * y + z * z >= this.rules.drone.apart ** 2) continue;
      this.#blamePlayer(scene, mate, 'too close');
      this.#blamePlayer(scene, player, 'too close');
    }
  }

  /** Ends a control step: all that was told in it counts as one moment. @returns whether play is over */
  judge(scene: number): boolean {
    if (!this.#playing(scene)) return true;
    const { sheet } = this;
    const near = sheet.sideFaults[2 * scene]!;
    const far = sheet.sideFaults[2 * scene + 1]!;
    const outcome = this.#decide(near, far, sheet.landed[scene] === 1);
    if (outcome === Outcome.playing) return false;
    sheet.outcome[scene] = outcome;
    this.#happened[scene]!.push(this.words.end(outcome));
    return true;
  }

  /** Who has won, by the faults of both sides: with a fault of its own, of whatever kind, a side never wins. */
  #decide(near: number, far: number, landed: boolean): Outcome {
    if (near === 0 && far === 0) return landed ? Outcome.nearWins : Outcome.playing;
    if (near === 0 && (far & ~this.#withoutWinner) !== 0) return Outcome.nearWins;
    if (far === 0 && (near & ~this.#withoutWinner) !== 0) return Outcome.farWins;
    return Outcome.draw;
  }

  /** What has happened since the control step began, in order: for a log. Words are made only here. */
  happened(scene: number): MatchEvent[] {
    const step = this.sheet.step[scene]!;
    return this.#happened[scene]!.map((event) => ({ scene, step, ...this.words.events[event]! }));
  }

  #blamePlayer(scene: number, player: number, fault: Fault): void {
    const { faults, sideFaults } = this.sheet;
    const at = this.#at(scene, player);
    const bit = faultSet(fault);
    if (faults[at]! & bit) return;
    faults[at]! |= bit;
    sideFaults[2 * scene + this.#sideOfPlayer(player)]! |= bit;
    this.#note(scene, this.words.playerFault(fault, player));
  }

  #note(scene: number, event: number): void {
    this.sheet.lastEvent[scene] = event;
    this.#happened[scene]!.push(event);
  }

  #placeBall(scene: number, position: ArrayLike<number>, offset: number): void {
    for (let axis = 0; axis < 3; axis++) this.sheet.ball[3 * scene + axis] = position[offset + axis]!;
  }

  #playing(scene: number): boolean {
    return this.sheet.outcome[scene] === Outcome.playing;
  }

  #at(scene: number, player: number): number {
    return scene * this.rules.sides.length + player;
  }

  #sideOfPlayer(player: number): Side {
    return this.rules.sides[player]!;
  }

  #demandPlayer(player: number): void {
    const players = this.rules.sides.length;
    if (player in this.rules.sides) return;
    throw new RangeError(`There is no player ${player}; they are 0 to ${players - 1}.`);
  }
}

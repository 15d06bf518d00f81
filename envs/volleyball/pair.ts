/**
 * What the tasks of two aircraft in one half share: a place for each, whose turn it is, what each of them observes, and the
 * parts of the reward that all of these tasks have. After VolleyBots (arXiv:2502.01932, `envs/cooperative` of
 * github.com/thu-uav/VolleyBots). Rows: 2·scene + number.
 */
import type { Vector3 } from '../../src/core/appearance.ts';
import type { Rng } from '../../src/core/rng.ts';
import { number } from '../../src/core/settings.ts';
import { type Space, space, symmetric } from '../../src/core/space.ts';
import type { Game } from './game.ts';
import type { MatchRules } from './rules/by-task.ts';
import { ballFaults, flightFaults, touchFaults } from './rules/faults.ts';
import { anyHeading, type StartRange, VolleyScenes, type VolleySettings } from './scenes.ts';
import { placeVector, selfComponents, velocityVector } from './sight.ts';
import type { Readout } from './view.ts';

export const PAIR = 2;
const START: StartRange = { position: [0.5, 0.5, 0.2], ...anyHeading };
/** Distance from its place that costs an aircraft nothing, m. */
const FREE_DISTANCE = 0.5;

/** Settings of the rewards that every task of two has. */
export const pairRewards = {
  hitReward: number(1, 0, 100, 'reward of both for each legal hit'),
  placeReward: number(
    -0.05,
    -100,
    0,
    'weight of how far the two are from their places beyond 0.5 m, mean of both, per m',
  ),
  nearReward: number(
    0.05,
    0,
    100,
    'weight of 1/(1 + d), d the distance from straight below the ball in m: of whose turn it is, minus that of the other, halved',
  ),
  aimReward: number(
    1,
    0,
    100,
    'weight of the cosine between where a hit sends the ball and where it should go',
  ),
  faultReward: number(
    -10,
    -1000,
    0,
    'reward of losing the ball, of both; of flying badly and of touching out of turn, of who did',
  ),
};

export interface PairSettings extends VolleySettings {
  readonly placeReward: number;
  readonly nearReward: number;
  readonly aimReward: number;
  readonly faultReward: number;
}

export interface PairOptions {
  readonly rules: MatchRules;
  /** Where the two belong, m; the first of them serves. */
  readonly places: readonly [Vector3, Vector3];
  /** Whose turn it can be: as many as there are states of the rota. */
  readonly turns: number;
  /** Whether a board defends the far half. */
  readonly board?: boolean;
}

/** Of the ball above the server at the start, m. */
const SERVE_HEIGHT = 2;

export class Pair {
  readonly scenes: VolleyScenes;
  readonly game: Game;
  readonly observationSpace: Space;
  readonly readouts: readonly Readout[];
  readonly #options: PairOptions;
  readonly #settings: PairSettings;

  constructor(rows: number, settings: PairSettings, options: PairOptions) {
    const { rules, turns, board = false } = options;
    this.#options = options;
    this.#settings = settings;
    this.scenes = new VolleyScenes({ scenes: rows / PAIR, aircraft: PAIR, settings, rules, board });
    this.game = this.scenes.game!;
    const oneHot = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => symmetric(`${name}.${i}`, '1', 1));
    this.observationSpace = space(
      selfComponents,
      placeVector('anchor'),
      placeVector('mate'),
      placeVector('ball'),
      velocityVector('ball.velocity'),
      oneHot('turn', turns),
      oneHot('self', PAIR),
    );
    const { sheet, words } = this.game.referee;
    this.readouts = [
      { name: 'hits', read: (scene) => sheet.rally[scene]! },
      {
        name: 'turn',
        words: Array.from({ length: turns + 1 }, (_, i) => words.players[i] ?? 'nobody'),
        read: (scene) => sheet.turn[scene]!,
      },
      {
        name: 'last',
        words: words.events.map(({ text }) => text),
        read: (scene) => sheet.lastEvent[scene]!,
      },
    ];
  }

  /** Both begin with the first row of the two. */
  start(row: number, rng: Rng): void {
    if (row % PAIR !== 0) return;
    for (let k = 0; k < PAIR; k++) this.scenes.start(row + k, rng, this.#options.places[k]!, START);
    this.scenes.game!.serve(row / PAIR, 0, SERVE_HEIGHT);
  }

  observe(row: number, obs: Float32Array): void {
    const { scenes, game } = this;
    const [scene, self] = [Math.floor(row / PAIR), row % PAIR];
    const mate = row + 1 - 2 * self;
    const { turns, places } = this.#options;
    const { sight, fleet } = scenes;
    let at = sight.observeSelf(row, obs, 0);
    at = sight.observeFrom(places[self]!, 0, row, obs, at);
    at = sight.observeFrom(fleet.bodies.position, 3 * row, mate, obs, at);
    at = sight.observeFrom(game.ball.position, 3 * scene, row, obs, at);
    at = sight.observeVector(game.ball.linearVelocity, 3 * scene, obs, at);
    for (let i = 0; i < turns; i++) obs[at++] = game.referee.sheet.turn[scene] === i ? 1 : 0;
    for (let i = 0; i < PAIR; i++) obs[at++] = self === i ? 1 : 0;
  }

  /** Whether the aircraft of `row` hit legally in the last control step. */
  hit(row: number): boolean {
    return (this.game.referee.sheet.hits[Math.floor(row / PAIR)]! & (1 << (row % PAIR))) !== 0;
  }

  /** Legal hits of both in the last control step. */
  hits(scene: number): number {
    return (this.hit(PAIR * scene) ? 1 : 0) + (this.hit(PAIR * scene + 1) ? 1 : 0);
  }

  /** Of the aircraft's own faults, and, shared, of the ball's. */
  faultTerm(row: number): number {
    const { faults, sideFaults } = this.game.referee.sheet;
    const own = faults[Math.floor(row / PAIR) * this.#options.rules.sides.length + (row % PAIR)]!;
    const loose = sideFaults[2 * Math.floor(row / PAIR)]! & ballFaults;
    const kinds = [own & touchFaults, own & flightFaults, loose].filter((set) => set !== 0).length;
    return kinds === 0 ? 0 : kinds * this.#settings.faultReward;
  }

  placeTerm(scene: number): number {
    let beyond = 0;
    for (let k = 0; k < PAIR; k++) {
      const distance = this.scenes.distanceTo(PAIR * scene + k, this.#options.places[k]!);
      beyond += Math.max(0, distance - FREE_DISTANCE) / PAIR;
    }
    return this.#settings.placeReward * beyond;
  }

  /** @param signs of each: 1 who should be below the ball, −1 who should not, 0 who does not matter */
  nearTerm(scene: number, signs: readonly [number, number]): number {
    const p = this.scenes.fleet.bodies.position;
    const b = this.game.ball.position;
    let sum = 0;
    for (let k = 0; k < PAIR; k++) {
      const i = 3 * (PAIR * scene + k);
      sum += signs[k]! / (1 + Math.hypot(p[i]! - b[3 * scene]!, p[i + 1]! - b[3 * scene + 1]!)) / PAIR;
    }
    return this.#settings.nearReward * sum;
  }

  /** Of a hit by the aircraft of `row`: whether the ball flies to `goal`, seen from above. */
  aimTerm(row: number, goal: ArrayLike<number>, at = 0): number {
    if (!this.hit(row)) return 0;
    const { position: b, linearVelocity: v } = this.game.ball;
    const i = 3 * Math.floor(row / PAIR);
    const [x, y] = [goal[at]! - b[i]!, goal[at + 1]! - b[i + 1]!];
    const lengths = Math.hypot(x, y) * Math.hypot(v[i]!, v[i + 1]!);
    return lengths === 0 ? 0 : (this.#settings.aimReward * (x * v[i]! + y * v[i + 1]!)) / lengths;
  }
}

/** What happens in a match: who stands where, who serves, what each player observes, and who plays the far side. */
import type { Vector3 } from '../../src/core/appearance.ts';
import type { Rng } from '../../src/core/rng.ts';
import { choice, number, settings } from '../../src/core/settings.ts';
import { type Component, type Space, space, symmetric } from '../../src/core/space.ts';
import { FAR, facing, NEAR, type Side } from './court.ts';
import type { Game } from './game.ts';
import type { Player } from './players/player.ts';
import type { MatchRules } from './rules/by-task.ts';
import { type StartRange, VolleyScenes, type VolleySettings, volleySettings } from './scenes.ts';
import { placeVector, selfComponents, velocityVector } from './sight.ts';
import type { Readout } from './view.ts';

export interface MatchOptions {
  readonly rules: MatchRules;
  /** Whether a side has several players, who observe and are paid as a team. */
  readonly team: boolean;
  /** Where the players of the near side belong, m; the far side's places are these turned by half a turn about z. */
  readonly places: readonly Vector3[];
  readonly start: StartRange;
  /** Who serves, of each side, and how high the ball is above it, m. */
  readonly server: number;
  readonly serveHeight: number;
  /** Longest duration, s. */
  readonly seconds: number;
  /** A scripted player, as strong as the settings say. */
  opponent(observation: Space, settings: MatchSettings): Player;
}

export const matchSettings = (team: boolean) =>
  settings({
    ...volleySettings,
    opponent: choice(
      'self',
      ['self', 'scripted'],
      'self: all players are rows of the match; scripted: the near side plays against a scripted one',
    ),
    level: number(1, 0, 1, 'strength of scripted players: the opponent, and who gives demonstrations'),
    winReward: number(100, 0, 1000, 'reward of winning, and with the other sign of losing'),
    downReward: number(-100, -1000, 0, 'reward of flying lower than 0.3 m'),
    hitReward: number(
      team ? 10 : 5,
      0,
      100,
      team ? 'reward of the side for each legal hit' : 'reward of each legal hit',
    ),
    nearReward: number(
      0.5,
      0,
      100,
      team
        ? 'weight of 1/(1 + d) for each player who may hit, d the distance to the ball in m'
        : 'weight of 1/(1 + d) for whose turn it is, d the distance from straight below the ball in m',
    ),
    placeReward: number(
      team ? 0.05 : -0.2,
      -100,
      100,
      team
        ? 'weight of 1/(1 + d), d the distance to the own place in m'
        : 'weight of how far beyond the inner part of the own half, per m',
    ),
    closeReward: number(-100, -1000, 0, 'reward of coming closer than 0.8 m to a team-mate'),
  });

export type MatchSettings = ReturnType<ReturnType<typeof matchSettings>['parse']> & VolleySettings;

export class Match {
  readonly options: MatchOptions;
  readonly scenes: VolleyScenes;
  readonly game: Game;
  readonly observationSpace: Space;
  readonly readouts: readonly Readout[];
  /** Players of a match, and of one of its sides. */
  readonly players: number;
  readonly perSide: number;
  /** Where each of them belongs, m. */
  readonly places: readonly Vector3[];
  readonly #opponent: Player | undefined;
  readonly #obs: Float32Array;
  readonly #actions: Float32Array;

  constructor(matches: number, s: MatchSettings, options: MatchOptions) {
    const { rules, opponent, team } = options;
    this.options = options;
    this.players = rules.sides.length;
    this.perSide = this.players / 2;
    this.places = [NEAR, FAR].flatMap((side) =>
      options.places.map(([x, y, z]): Vector3 => [facing(side) * x, facing(side) * y, z]),
    );
    this.scenes = new VolleyScenes({ scenes: matches, aircraft: this.players, settings: s, rules });
    this.game = this.scenes.game!;
    this.observationSpace = space(
      selfComponents,
      placeVector('anchor'),
      ...(team ? [] : [placeVector('opponent')]),
      placeVector('ball'),
      velocityVector('ball.velocity'),
      ...(team ? this.#teamComponents() : [oneHot('turn', ['mine', 'theirs'])]),
    );
    this.#opponent = s.opponent === 'self' ? undefined : opponent(this.observationSpace, s);
    this.#obs = new Float32Array(this.observationSpace.size);
    this.#actions = new Float32Array(4 * this.players * matches);
    this.readouts = this.#createReadouts();
  }

  #teamComponents(): Component[] {
    const number = (_: unknown, i: number): string => `${i}`;
    const side = Array.from({ length: this.perSide }, number);
    return [
      ...oneHot('side', ['mine', 'theirs']),
      ...oneHot('self', side),
      ...oneHot('hit', ['yes', 'no']),
      ...side.flatMap((i) => placeVector(`mate.${i}`)),
      ...side.flatMap((i) => placeVector(`opponent.${i}`)),
    ];
  }

  #createReadouts(): Readout[] {
    const { sheet, words } = this.game.referee;
    return [
      { name: 'hits', read: (scene) => sheet.rally[scene]! },
      { name: 'ball', words: ['near side', 'far side'], read: (scene) => sheet.side[scene]! },
      { name: 'match', words: words.outcomes, read: (scene) => sheet.outcome[scene]! },
      { name: 'last', words: words.events.map(({ text }) => text), read: (scene) => sheet.lastEvent[scene]! },
    ];
  }

  sideOf(player: number): Side {
    return player < this.perSide ? NEAR : FAR;
  }

  start(scene: number, rng: Rng): void {
    const { start, server, serveHeight } = this.options;
    for (let player = 0; player < this.players; player++) {
      const turned = this.sideOf(player) === FAR ? Math.PI : 0;
      const yaw = [start.yaw[0] + turned, start.yaw[1] + turned] as const;
      this.scenes.start(this.#aircraft(scene, player), rng, this.places[player]!, { ...start, yaw });
    }
    const serving = rng.integer(2);
    this.scenes.game!.serve(scene, serving * this.perSide + server, serveHeight);
  }

  #aircraft(scene: number, player: number): number {
    return scene * this.players + player;
  }

  /** One control step. @param actions of the rows that a match takes @param rows of a match: all players, or the near side's */
  advance(actions: Float32Array, rows: number): void {
    if (!this.#opponent) {
      this.scenes.fly(actions);
      return;
    }
    for (let scene = 0; scene < this.scenes.world.scenes; scene++) {
      const first = 4 * this.#aircraft(scene, 0);
      this.#actions.set(actions.subarray(4 * rows * scene, 4 * rows * (scene + 1)), first);
      for (let player = this.perSide; player < this.players; player++) {
        this.observe(scene, player, this.#obs);
        this.#opponent(this.#obs, this.#actions.subarray(first + 4 * player, first + 4 * (player + 1)));
      }
    }
    this.scenes.fly(this.#actions);
  }

  observe(scene: number, player: number, obs: Float32Array): void {
    const { scenes, game } = this;
    const { sheet } = game.referee;
    const i = this.#aircraft(scene, player);
    const side = this.sideOf(player);
    const turned = facing(side);
    const { sight, fleet } = scenes;
    const { position } = fleet.bodies;
    let at = sight.observeSelf(i, obs, 0, turned);
    at = sight.observeFrom(this.places[player]!, 0, i, obs, at, turned);
    if (!this.options.team) {
      const other = this.#aircraft(scene, 1 - player);
      at = sight.observeFrom(position, 3 * i, other, obs, at, turned);
    }
    at = sight.observeFrom(game.ball.position, 3 * scene, i, obs, at, turned);
    at = sight.observeVector(game.ball.linearVelocity, 3 * scene, obs, at, turned);
    if (!this.options.team) {
      setFlag(obs, at, (sheet.free[scene]! & (1 << player)) !== 0);
      return;
    }
    at = setFlag(obs, at, sheet.side[scene] === side);
    for (let mate = 0; mate < this.perSide; mate++) obs[at++] = mate === player % this.perSide ? 1 : 0;
    at = setFlag(obs, at, (sheet.touched[scene]! & (1 << player)) !== 0);
    // The own side first, each in the order of its numbers.
    for (let k = 0; k < this.players; k++) {
      const other = this.#aircraft(scene, (k + side * this.perSide) % this.players);
      at = sight.observeVector(position, 3 * other, obs, at, turned);
    }
  }
}

const oneHot = (name: string, values: readonly string[]): Component[] =>
  values.map((value) => symmetric(`${name}.${value}`, '1', 1));

/** Writes a one-hot pair: yes, no. @returns where the next number goes */
function setFlag(obs: Float32Array, at: number, value: boolean): number {
  obs[at] = value ? 1 : 0;
  obs[at + 1] = value ? 0 : 1;
  return at + 2;
}

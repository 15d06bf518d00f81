/** What the ball of `hand-ball-pick-place` is put into, and where it lies before: a bin beside a square of the table, or two trays. */
import type { HandScenes } from '../../robots/humanoid-hand/index.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import type { Rng } from '../../src/core/rng.ts';
import { choice, number } from '../../src/core/settings.ts';
import { type Component, symmetric, vector } from '../../src/core/space.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { layDown } from './tabletop.ts';
import { bin, type Container, tray } from './tabletop-bin.ts';

/** Middle of the square in which the ball begins, and from there to its edges, m. */
export const SQUARE = [0, -0.15] as const;
export const SQUARE_AREA = 0.1;
/** The bin stands 30 cm from there, and within this of that, both ways, m. */
const BIN = [0, 0.15] as const;
const BIN_AREA = 0.05;
/** Middles of the trays along y, side by side, and from there to the edges of the square in which the ball begins, m. */
const TRAY = 0.13;
const TRAY_AREA = 0.06;
/** From here the ball falls into a tray, or out of a hand that has gone, m. */
const FALL_HEIGHT = 0.08;

export const containerSettings = {
  area: number(
    1,
    0,
    1,
    'part of the square of 20 cm, or 12 cm in a tray, in which the ball begins: 0 for its middle',
  ),
  containers: choice(
    'bin',
    ['bin', 'trays'],
    'bin: from the table into a bin; trays: from one of two trays into the other',
  ),
  direction: choice(
    'there',
    ['there', 'back', 'both'],
    'between trays: towards y, back, or either of them, which is observed',
  ),
  resets: choice(
    'all',
    ['all', 'hand'],
    'what begins anew with an episode; hand: the ball stays where it is, and after a success it is to go the other way',
  ),
};
export interface ContainerSettings {
  readonly area: number;
  readonly containers: 'bin' | 'trays';
  readonly direction: 'there' | 'back' | 'both';
  readonly resets: 'all' | 'hand';
}

/** Where the ball may begin, for who errs in proportion to how far from the middle it is. */
export const startArea = ({ area, containers }: ContainerSettings) =>
  containers === 'bin'
    ? { middles: [SQUARE], half: area * SQUARE_AREA }
    : { middles: [-TRAY, TRAY].map((y) => [0, y] as const), half: area * TRAY_AREA };

/** Those of N scenes. */
export class BallContainers {
  readonly container: Container;
  readonly boxes: readonly BodyFleet[];
  /** Where the hand begins, over the table, m. */
  readonly home: readonly [x: number, y: number];
  /** What is observed. */
  readonly components: readonly Component[];
  readonly state: readonly BinaryArray[];
  readonly #settings: ContainerSettings;
  /** Middle of what the ball is to go into, `[N, 2]` m. */
  readonly #goal: Float64Array;
  /** Between trays, which way that is, `[N]`: 1 there, −1 back. */
  readonly #direction: Float64Array;

  /** @throws ConfigurationError where a bin is to be emptied, or a ball that has arrived is to arrive again */
  constructor(count: number, physics: HandScenes, settings: ContainerSettings) {
    assertGoal(settings);
    const between = settings.containers === 'trays';
    this.#settings = settings;
    this.#goal = new Float64Array(2 * count);
    this.#direction = new Float64Array(count);
    this.state = [this.#goal, this.#direction];
    this.container = between ? tray : bin;
    this.boxes = Array.from({ length: between ? 2 : 1 }, () => physics.addBodies(this.container.body));
    this.home = between ? [0, 0] : SQUARE;
    this.components = [
      ...vector('bin', 'm', 0.5, ['x', 'y']),
      ...(between ? [symmetric('direction', '1', 1)] : []),
    ];
  }

  /** Places all of it. @param radius of the ball, m */
  start(scene: number, rng: Rng, ball: BodyFleet, radius: number): void {
    const { area, direction, containers } = this.#settings;
    const around = (most: number): number => rng.uniform(-most, most);
    if (containers === 'bin') {
      const most = area * SQUARE_AREA;
      layDown(ball, scene, [SQUARE[0] + around(most), SQUARE[1] + around(most), radius], 0);
      this.#goal.set([BIN[0] + around(BIN_AREA), BIN[1] + around(BIN_AREA)], 2 * scene);
      const [x, y] = this.#goal.subarray(2 * scene, 2 * scene + 2);
      this.boxes[0]!.position.set([x!, y!, 0], 3 * scene);
      return;
    }
    const ways = { there: 1, back: -1, both: around(1) < 0 ? -1 : 1 };
    this.#aim(scene, ways[direction]);
    const most = area * TRAY_AREA;
    layDown(ball, scene, [around(most), around(most) - this.#goal[2 * scene + 1]!, FALL_HEIGHT], 0);
    this.boxes[0]!.position.set([0, TRAY, 0], 3 * scene);
    this.boxes[1]!.position.set([0, -TRAY, 0], 3 * scene);
  }

  /** Leaves the ball where it is, or lets it fall. @param arrived it is to go the other way then */
  goOn(scene: number, ball: BodyFleet, arrived: boolean): void {
    if (arrived) this.#aim(scene, -this.#direction[scene]!);
    const [x, y, z] = ball.position.subarray(3 * scene, 3 * scene + 3);
    layDown(ball, scene, [x!, y!, Math.min(z!, FALL_HEIGHT)], 0);
  }

  /** How far a ball is outside of what it is to go into, level, m. */
  beside(scene: number, { position }: BodyFleet): number {
    return this.container.beside(
      position[3 * scene]! - this.#goal[2 * scene]!,
      position[3 * scene + 1]! - this.#goal[2 * scene + 1]!,
    );
  }

  observe(scene: number, obs: Float32Array, at: number): void {
    obs[at] = this.#goal[2 * scene]!;
    obs[at + 1] = this.#goal[2 * scene + 1]!;
    if (this.#settings.containers === 'trays') obs[at + 2] = this.#direction[scene]!;
  }

  #aim(scene: number, direction: number): void {
    this.#direction[scene] = direction;
    this.#goal.set([0, direction * TRAY], 2 * scene);
  }
}

function assertGoal({ containers, direction, resets }: ContainerSettings): void {
  if (containers === 'bin' && direction !== 'there')
    throw new ConfigurationError(
      `Setting env.direction=${direction}: a hand does not get the ball out of the bin; use containers=trays, or direction=there.`,
    );
  if (resets === 'hand' && direction !== 'both')
    throw new ConfigurationError(
      `Setting env.resets=hand: a ball that has arrived is to go back; use direction=both with containers=trays, or resets=all.`,
    );
}

/**
 * What the tasks of hands share: scenes with hands that are driven and seen, what is varied from episode to episode, and what
 * happens where physics fails. A task adds bodies, says where all begin, and judges.
 */
import { type HandFleet, type HandModel, HandScenes } from '../../robots/humanoid-hand/index.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { Score } from '../../src/core/env.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import type { Rng } from '../../src/core/rng.ts';
import { choice, integer, number } from '../../src/core/settings.ts';
import { type Space, space } from '../../src/core/space.ts';
import type { Task } from '../../src/core/vector-env.ts';
import { type FingerMode, HandControl, type Workspace } from './control.ts';
import { Latency } from './latency.ts';
import { HandSight } from './sight.ts';

/** Physics steps a second. */
const PHYSICS_RATE = 400;

export const rewardModes = ['dense', 'sparse'] as const;
export type RewardMode = (typeof rewardModes)[number];

/** Settings of every task. */
export const handSettings = {
  reward: choice('dense', rewardModes, 'dense: the way there is rewarded too; sparse: the goal alone'),
  rate: integer(
    25,
    10,
    200,
    'control steps a second, of which a whole number of the 400 physics steps is made',
  ),
  episodeTime: number(0, 0, 600, 'the longest that an episode lasts, s; 0 for as long as the task has it'),
  variation: number(
    0,
    0,
    1,
    'how much friction (0.5 to 1.2), masses (0.7 to 1.3), stiffness (0.8 to 1.2), torque (0.8 to 1) and the vertical (by 3°) of an episode differ: 1 for all of it',
  ),
  latency: integer(
    0,
    0,
    10,
    'most control steps by which actions come late; each episode has a number of its own',
  ),
  sensorNoise: number(0, 0, 0.1, 'standard deviation of the joint angles that are observed, rad'),
};

export interface HandSettings {
  readonly reward: RewardMode;
  readonly rate: number;
  readonly episodeTime: number;
  readonly variation: number;
  readonly latency: number;
  readonly sensorNoise: number;
}

/** Factors at a variation of 1. */
const RANGES = {
  friction: [0.5, 1.2],
  mass: [0.7, 1.3],
  stiffness: [0.8, 1.2],
  maxTorque: [0.8, 1],
} as const;
/** Of gravity from the vertical, rad. */
const LEAN = (3 * Math.PI) / 180;

/** What scores every task has beside its own. */
export const faultScore: Score = {
  name: 'soundPhysics',
  unit: '1',
  description: '0 where physics failed and ended the episode, else 1',
};

export interface DrivenHand {
  readonly model: HandModel;
  readonly fingers: FingerMode;
  readonly movingWrist: boolean;
  /** Whether springs hold a wrist that moves; not unless told. */
  readonly impedance?: boolean;
  /** Before the names of its components, where there are several hands: `right.` */
  readonly prefix?: string;
  /** Where its wrist stays. */
  readonly workspace?: Workspace;
}

/** N scenes of one task. */
export class HandTaskScenes {
  readonly count: number;
  readonly settings: HandSettings;
  readonly physics: HandScenes;
  readonly hands: readonly HandFleet[];
  readonly controls: readonly HandControl[];
  readonly sights: readonly HandSight[];
  readonly actionSpace: Space;
  /** Actions of the last control step, `[N, A]`, and Σ Δa² of it, `[N]`. */
  readonly lastAction: Float32Array;
  readonly change: Float32Array;
  readonly #latency: Latency;
  readonly #substeps: number;

  /** @throws ConfigurationError for a rate that the physics steps are no multiple of */
  constructor(count: number, settings: HandSettings, driven: readonly DrivenHand[]) {
    const { rate } = settings;
    if (PHYSICS_RATE % rate !== 0) {
      throw new ConfigurationError(
        `Setting env.rate=${rate}: the ${PHYSICS_RATE} physics steps of a second have to be a multiple of it, such as 25, 40 or 50.`,
      );
    }
    this.count = count;
    this.settings = settings;
    this.#substeps = PHYSICS_RATE / rate;
    this.physics = new HandScenes(count, {
      hands: driven.map(({ model, movingWrist, impedance = false }) => ({ model, movingWrist, impedance })),
    });
    this.hands = this.physics.hands;
    this.controls = driven.map(
      ({ fingers, prefix, workspace }, i) =>
        new HandControl(this.hands[i]!, {
          ...{ fingers, rate },
          ...(prefix ? { prefix } : {}),
          ...(workspace ? { workspace } : {}),
        }),
    );
    this.sights = driven.map(({ prefix }, i) => new HandSight(this.hands[i]!, rate, prefix));
    this.actionSpace = space(...this.controls.map(({ components }) => components));
    this.lastAction = new Float32Array(count * this.actionSpace.size);
    this.change = new Float32Array(count);
    this.#latency = new Latency(count, settings.latency, this.actionSpace.size);
  }

  /** s */
  get controlDt(): number {
    return 1 / this.settings.rate;
  }

  /** Control steps of an episode. @param seconds that it lasts unless the settings have another time */
  stepsOf(seconds: number): number {
    const { episodeTime, rate } = this.settings;
    return Math.max(1, Math.round((episodeTime || seconds) * rate));
  }

  get state(): BinaryArray[] {
    const parts = [...this.controls, ...this.sights, this.#latency].flatMap(({ state }) => state);
    return [...this.physics.state, ...parts, this.lastAction, this.change];
  }

  /** The engine, as `createVectorEnv` wants it. */
  get world(): NonNullable<Task['world']> {
    const { worlds } = this.physics;
    return {
      snapshot: () => worlds.snapshot(),
      restore: (bytes) => worlds.restore(bytes),
      clear() {},
      leave: (scene) => this.physics.leave(scene),
    };
  }

  /** A factor of this episode: 1 without variation. */
  factor(of: keyof typeof RANGES, rng: Rng): number {
    const [low, high] = RANGES[of];
    return 1 + this.settings.variation * (rng.uniform(low, high) - 1);
  }

  /** Varies the hands of `scene`, its vertical, and how late actions come: before it is built. */
  vary(scene: number, rng: Rng): void {
    this.#latency.start(scene, rng);
    const { variation } = this.settings;
    if (variation > 0) {
      const [lean, towards] = [variation * rng.uniform(0, LEAN), rng.uniform(-Math.PI, Math.PI)];
      const level = Math.sin(lean);
      const down = [level * Math.cos(towards), level * Math.sin(towards), -Math.cos(lean)] as const;
      this.physics.worlds.pointDown(scene, down);
    }
    for (const hand of this.hands)
      hand.vary(scene, {
        friction: this.factor('friction', rng),
        stiffness: this.factor('stiffness', rng),
        maxTorque: this.factor('maxTorque', rng),
      });
  }

  /** Builds `scene`: hands and bodies have been placed. */
  build(scene: number): void {
    this.physics.build(scene);
    const { size } = this.actionSpace;
    this.lastAction.fill(0, size * scene, size * (scene + 1));
    this.change[scene] = 0;
    for (const control of this.controls) control.start(scene);
    for (const sight of this.sights) sight.mark(scene);
  }

  /** A control step in every scene. @param actions `[N, A]` */
  advance(actions: Float32Array): void {
    const { size } = this.actionSpace;
    for (let scene = 0; scene < this.count; scene++) {
      const first = size * scene;
      let change = 0;
      for (let i = first; i < first + size; i++) change += (actions[i]! - this.lastAction[i]!) ** 2;
      this.change[scene] = change;
      const action = this.#latency.pass(scene, actions, first);
      let at = 0;
      this.controls.forEach((control, hand) => {
        this.sights[hand]!.mark(scene);
        if (action) control.command(scene, action, at);
        at += control.size;
      });
    }
    this.lastAction.set(actions);
    this.physics.advance(this.#substeps);
  }

  /** Whether physics has failed in `scene`, which ends its episode: what follows is worth nothing. */
  failed(scene: number): boolean {
    return this.physics.fault(scene) !== undefined;
  }

  /** Writes what is seen of all hands. @returns where it ended */
  observe(scene: number, obs: Float32Array, rng: Rng): number {
    let at = 0;
    for (let i = 0; i < this.sights.length; i++) {
      const first = at;
      at = this.sights[i]!.observe(scene, obs, at);
      const { sensorNoise } = this.settings;
      if (sensorNoise === 0) continue;
      for (let joint = 0; joint < this.hands[i]!.joints; joint++)
        obs[first + joint]! += sensorNoise * rng.normal();
    }
    return at;
  }

  close(): void {
    this.physics.worlds.free();
  }
}

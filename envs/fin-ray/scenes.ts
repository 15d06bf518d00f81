/**
 * What the fin-ray tasks share: rays in a flow whose actuators follow actions or a prescribed wave, how an episode starts,
 * what each control step came to, and when a ray has failed. N scenes, n links, A actuators that actions drive.
 */
import { ACTUATORS, type ActuatorName, actuatorNames } from '../../robots/fin-ray/index.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { Rng } from '../../src/core/rng.ts';
import { integer, number } from '../../src/core/settings.ts';
import { type Space, space, symmetric } from '../../src/core/space.ts';
import { CONTROL_DT, type FinRays, type Flow } from './rays.ts';
import { observeRay, rayComponents } from './sight.ts';
import { amplitudesOf, rateAlong, type Sinusoid } from './wave.ts';

/** Settings of every task, whatever calculates its flow. */
export const sceneSettings = {
  streamVariation: number(0.02, 0, 0.5, 'most that the speed of an episode’s stream is off, over U'),
  startBend: number(0.02, 0, 0.5, 'most that each joint is bent at the start, rad'),
  frames: integer(1, 1, 32, 'control steps that are observed together, the newest first'),
};

export interface SceneSettings {
  readonly streamVariation: number;
  readonly startBend: number;
  readonly frames: number;
}

/** Which actuators the actions drive, and what the others do. */
export interface Variant {
  readonly driven: readonly ActuatorName[];
  /** Of the actuators that are not driven; they stay where they are without it. */
  readonly prescribed?: Sinusoid;
}

/** Joints bent more than this, rad, or a tip farther out, L, are no swimming any more. */
const MAX_BEND = 1.2;
const MAX_TIP = 1.5;
/** In which running means forget, L/U. */
const MEMORY = 2;

export class FinScenes {
  readonly rays: FinRays;
  readonly flow: Flow;
  readonly variant: Variant;
  readonly actionSpace: Space;
  readonly observationSpace: Space;
  /** c_T and c_P of the last control step, `[N]` each. */
  readonly thrust: Float64Array;
  readonly power: Float64Array;
  /** Running means of both. */
  readonly meanThrust: Float64Array;
  readonly meanPower: Float64Array;
  /** |Δa|² of the last control step, `[N]`. */
  readonly change: Float64Array;
  /** Control steps of the episode, `[N]`. */
  readonly age: Uint32Array;

  readonly #settings: SceneSettings;
  /** Indices of the actuators that actions drive, and of those that move. */
  readonly #driven: readonly number[];
  readonly #moving: readonly number[];
  /** Of the prescribed wave's heave when the episode began, `[N]` rad. */
  readonly #phase: Float64Array;
  /** `[N, A]` */
  readonly #lastAction: Float32Array;
  /** `[N, 3]` */
  readonly #commands: Float64Array;
  readonly #bend: Float64Array;
  /** What was seen in the last control steps, the newest first, `[N, F, O/F]`. */
  readonly #seen: Float32Array;
  readonly #frames: number;

  constructor(numEnvs: number, settings: SceneSettings, flow: Flow, variant: Variant) {
    this.flow = flow;
    this.rays = flow.rays;
    this.variant = variant;
    this.#settings = settings;
    const { driven, prescribed } = variant;
    this.#driven = driven.map((name) => actuatorNames.indexOf(name));
    const amplitudes = prescribed ? amplitudesOf(prescribed) : [0, 0, 0];
    this.#moving = [0, 1, 2].filter((i) => this.#driven.includes(i) || amplitudes[i] !== 0);
    this.actionSpace = space(driven.map((name) => symmetric(name, '1', 1)));
    this.#frames = settings.frames;
    const frame = [
      ...rayComponents(this.rays.model, this.#moving, this.#driven),
      ...(prescribed ? [symmetric('base.sine', '1', 1), symmetric('base.cosine', '1', 1)] : []),
    ];
    const before = Array.from({ length: this.#frames - 1 }, (_, age) =>
      frame.map((component) => ({ ...component, name: `${component.name}.${age + 1}-before` })),
    );
    this.observationSpace = space(frame, ...before);
    this.#seen = new Float32Array(numEnvs * this.observationSpace.size);
    const perScene = (): Float64Array => new Float64Array(numEnvs);
    [this.thrust, this.power, this.meanThrust, this.meanPower] = [
      perScene(),
      perScene(),
      perScene(),
      perScene(),
    ];
    this.change = perScene();
    this.age = new Uint32Array(numEnvs);
    this.#phase = perScene();
    this.#lastAction = new Float32Array(driven.length * numEnvs);
    this.#commands = new Float64Array(ACTUATORS * numEnvs);
    this.#bend = new Float64Array(this.rays.model.links);
  }

  get state(): BinaryArray[] {
    const { thrust, power, meanThrust, meanPower, age } = this;
    const own = [thrust, power, meanThrust, meanPower, age, this.#phase, this.#lastAction, this.#seen];
    return [...own, ...this.rays.state];
  }

  /** @param meanThrust what the running mean of c_T begins with */
  start(scene: number, rng: Rng, meanThrust: number): void {
    const { streamVariation, startBend } = this.#settings;
    this.age[scene] = 0;
    for (const values of [this.thrust, this.power, this.meanPower]) values[scene] = 0;
    this.meanThrust[scene] = meanThrust;
    this.#phase[scene] = rng.uniform(0, 2 * Math.PI);
    this.#lastAction.fill(0, this.#driven.length * scene, this.#driven.length * (scene + 1));
    this.rays.stream[scene] = 1 + rng.uniform(-streamVariation, streamVariation);
    for (let joint = 0; joint < this.#bend.length; joint++)
      this.#bend[joint] = rng.uniform(-startBend, startBend);
    this.rays.place(scene, this.#bend);
    for (let frame = 0; frame < this.#frames; frame++) this.#look(scene);
  }

  /** One control step. @param actions `[N, A]`: rates over their limits */
  swim(actions: Float32Array): void {
    for (let scene = 0; scene < this.age.length; scene++) this.#command(scene, actions);
    this.#lastAction.set(actions);
    this.rays.swim(this.#commands, this.flow.steps);
    const { means, model } = this.rays;
    const keep = Math.exp(-CONTROL_DT / MEMORY);
    for (let scene = 0; scene < this.age.length; scene++) {
      this.age[scene]!++;
      this.thrust[scene] = (2 * means.thrust[scene]!) / model.span;
      this.power[scene] = (2 * means.power[scene]!) / model.span;
      this.meanThrust[scene] = keep * this.meanThrust[scene]! + (1 - keep) * this.thrust[scene]!;
      this.meanPower[scene] = keep * this.meanPower[scene]! + (1 - keep) * this.power[scene]!;
      this.#look(scene);
    }
  }

  #command(scene: number, actions: Float32Array): void {
    const { limits } = this.rays.model;
    const { prescribed } = this.variant;
    const size = this.#driven.length;
    for (let i = 0; prescribed && i < ACTUATORS; i++) {
      const position = this.rays.actuators.position[ACTUATORS * scene + i]!;
      this.#commands[ACTUATORS * scene + i] = rateAlong(
        prescribed,
        i,
        this.time(scene),
        this.#phase[scene]!,
        position,
      );
    }
    let change = 0;
    this.#driven.forEach((actuator, k) => {
      const action = actions[size * scene + k]!;
      change += (action - this.#lastAction[size * scene + k]!) ** 2;
      this.#commands[ACTUATORS * scene + actuator] = action * limits[actuatorNames[actuator]!].rate;
    });
    this.change[scene] = change;
  }

  /** Of the episode, L/U. */
  time(scene: number): number {
    return this.age[scene]! * CONTROL_DT;
  }

  /** @param obs `[O]` */
  observe(scene: number, obs: Float32Array): void {
    obs.set(this.#seen.subarray(scene * obs.length, (scene + 1) * obs.length));
  }

  /** Puts what is to be seen now before what was. */
  #look(scene: number): void {
    const { size } = this.observationSpace;
    const all = this.#seen.subarray(scene * size, (scene + 1) * size);
    all.copyWithin(size / this.#frames, 0);
    this.#describe(scene, all.subarray(0, size / this.#frames));
  }

  #describe(scene: number, obs: Float32Array): void {
    const size = this.#driven.length;
    const lastAction = this.#lastAction.subarray(size * scene, size * (scene + 1));
    const memory = { meanThrust: this.meanThrust[scene]!, lastAction };
    const at = observeRay(this.rays, scene, this.#moving, memory, obs);
    const { prescribed } = this.variant;
    if (prescribed) {
      const phase = this.#phase[scene]! + 2 * Math.PI * prescribed.frequency * this.time(scene);
      obs[at] = Math.sin(phase);
      obs[at + 1] = Math.cos(phase);
    }
    // What comes after a failed calculation is worth nothing, but has to be told.
    if (!this.failed(scene)) return;
    for (let i = 0; i < obs.length; i++) if (!Number.isFinite(obs[i])) obs[i] = 0;
  }

  /** Whether the ray has bent too far, or its calculation has broken down. */
  failed(scene: number): boolean {
    const { rays } = this;
    const { links: n } = rays.model;
    if (rays.diverged?.[scene] || !(Math.abs(rays.tipHeight(scene)) <= MAX_TIP)) return true;
    for (let k = n * scene; k < n * (scene + 1); k++)
      if (!(Math.abs(rays.joints.angle[k]!) <= MAX_BEND)) return true;
    return !Number.isFinite(this.power[scene]! + this.thrust[scene]!);
  }
}

/** A flow that does what a test says: rays of given loads and shapes, so that rewards and scores can be worked out by hand. */
import type { FinRays, Flow } from '../../../envs/fin-ray/rays.ts';
import { createFinEnv, type FinSettings, finSettings } from '../../../envs/fin-ray/task.ts';
import { finTasks } from '../../../envs/fin-ray/tasks.ts';
import { ACTUATORS, finRay } from '../../../robots/fin-ray/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';

export interface Puppet {
  /** Force against the stream, and power, of every ray in every step. */
  thrust: number;
  power: number;
  /** Of the first joint, rad. */
  bend: number;
  /** Height of the tip at a time, L. */
  tip: (time: number) => number;
}

/** @param puppet may be changed between steps */
export function puppetFlow(count: number, puppet: Puppet): Flow {
  const { links } = finRay;
  const perRay = (): Float64Array => new Float64Array(count);
  const steps = new Uint32Array(count);
  const actuators = {
    position: new Float64Array(ACTUATORS * count),
    rate: new Float64Array(ACTUATORS * count),
  };
  const joints = { angle: new Float32Array(links * count), rate: new Float32Array(links * count) };
  const means = {
    thrust: perRay(),
    sideForce: perRay(),
    moment: perRay(),
    power: perRay(),
    offsetPower: perRay(),
  };
  const rays: FinRays = {
    model: finRay,
    count,
    actuators,
    chains: {
      base: new Float64Array(3 * count),
      position: new Float32Array(2 * links * count),
      angle: new Float32Array(links * count),
    },
    joints,
    stream: perRay(),
    means,
    state: [steps, actuators.position, actuators.rate, joints.angle, joints.rate],
    place(i, jointAngles) {
      steps[i] = 0;
      joints.angle.set(jointAngles, links * i);
    },
    swim(commands) {
      actuators.rate.set(commands);
      means.thrust.fill(puppet.thrust);
      means.power.fill(puppet.power);
      for (let i = 0; i < count; i++) {
        steps[i]!++;
        joints.angle[links * i] = puppet.bend;
      }
    },
    tipHeight: (i) => puppet.tip(0.05 * steps[i]!),
  };
  const nothing = { snapshot: () => new Uint8Array(0), restore() {}, clear() {} };
  return { rays, steps: 1, world: nothing };
}

export const STILL: Puppet = { thrust: 0, power: 0, bend: 0, tip: () => 0 };

/** A task of two actions in that flow, one scene. */
export function puppetEnv(puppet: Puppet, settings: Partial<FinSettings> = {}): VectorEnv {
  const all = finSettings.parse({ startBend: 0, ...settings });
  return createFinEnv(1, all, finTasks['fin-base'], puppetFlow(1, puppet));
}

/**
 * `ks`: calm the Kuramoto-Sivashinsky equation on a ring with four actuators. Length, actuators and cost are those of
 * github.com/jx-wang-s-group/APT-RL, whose derivatives are not divided by the grid's spacing; here they are, as the equation wants
 * it. The flow left alone is then chaotic for 100 to 500 units of time and settles in a steady pattern at a cost of 3.8.
 */
import type { EnvDefinition } from '../../src/core/env.ts';
import { number, settings } from '../../src/core/settings.ts';
import { space, symmetric } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { createFlow, LENGTH, POINTS } from './flow.ts';
import { createSleep } from './sleep.ts';
import { drawStart } from './starts.ts';
import { ksView } from './view.ts';

const ACTUATORS = 4;
/** Along the ring. */
const PLACES = Array.from({ length: ACTUATORS }, (_, i) => (i * LENGTH) / ACTUATORS);
/** Size of a full action: the amplitude of an actuator's Gaussian, whose deviation is 1. */
const MAX_FORCE = 0.5;
const SUBSTEPS = 125;
const DT = 0.002;
const EPISODE_STEPS = 400;
/** Twice what the field reaches when left alone. */
const MAX_FIELD = 6;

const ksSettings = settings({
  stepDelay: number(
    0,
    0,
    60,
    'time that a control step takes longer in each scene, as in a costly simulation, s',
  ),
});

export const ks: EnvDefinition<ReturnType<typeof ksSettings.parse>> = {
  id: 'ks',
  description: 'Calm the chaos of the Kuramoto-Sivashinsky equation with four actuators',
  settings: ksSettings,
  create(numEnvs, { stepDelay }) {
    const flows = Array.from({ length: numEnvs }, createFlow);
    const shapes = PLACES.map(actuatorShape);
    const force = new Float64Array(POINTS);
    const costs = new Float64Array(3 * numEnvs);
    const applied = new Float32Array(ACTUATORS * numEnvs);
    const { view, history, start, add } = ksView(numEnvs, PLACES, applied);
    const sleep = createSleep();
    return createVectorEnv({
      spec: {
        id: 'ks',
        description: ks.description,
        agents: 1,
        controlDt: SUBSTEPS * DT,
        maxEpisodeSteps: EPISODE_STEPS,
        rewardTerms: ['curvature', 'slope', 'power'],
      },
      numEnvs,
      observationSpace: space(
        Array.from({ length: POINTS }, (_, i) => symmetric(`field.${i}`, '1', MAX_FIELD)),
      ),
      actionSpace: space(Array.from({ length: ACTUATORS }, (_, i) => symmetric(`force.${i}`, '1', 1))),
      start(scene, rng) {
        drawStart(flows[scene]!.field, rng);
        applied.fill(0, ACTUATORS * scene, ACTUATORS * (scene + 1));
        start(scene, flows[scene]!.field);
      },
      view,
      advance(actions) {
        applied.set(actions);
        for (let scene = 0; scene < numEnvs; scene++) {
          force.fill(0);
          shapes.forEach((shape, actuator) => {
            const amplitude = MAX_FORCE * actions[scene * ACTUATORS + actuator]!;
            for (let i = 0; i < POINTS; i++) force[i]! += amplitude * shape[i]!;
          });
          const { curvature, slope, power } = flows[scene]!.advance(force, SUBSTEPS, DT);
          costs.set([curvature, slope, power], 3 * scene);
          add(scene, flows[scene]!.field);
        }
        if (stepDelay > 0) sleep(numEnvs * stepDelay);
      },
      observe(scene, obs) {
        obs.set(flows[scene]!.field);
      },
      judge(scene, terms) {
        for (let term = 0; term < 3; term++) terms[term] = -costs[3 * scene + term]!;
        return false;
      },
      state: [...flows.map(({ field }) => field), applied, history],
    });
  },
};

/** A Gaussian of deviation 1 and unit area around an actuator's place, `[64]`. */
function actuatorShape(place: number): Float64Array {
  return Float64Array.from({ length: POINTS }, (_, i) => {
    const along = Math.abs((i * LENGTH) / POINTS - place);
    const distance = Math.min(along, LENGTH - along);
    return Math.exp(-(distance ** 2) / 2) / Math.sqrt(2 * Math.PI);
  });
}

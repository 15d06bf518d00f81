/**
 * `volley-back-and-forth`: fly to and fro between two points of the court, staying a moment at each. After VolleyBots
 * (arXiv:2502.01932), `back_and_forth.py` of github.com/thu-uav/VolleyBots.
 */
import type { Shape, Vector3 } from '../../src/core/appearance.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { number, settings } from '../../src/core/settings.ts';
import { space } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { courts } from './court.ts';
import { backAndForthPlayer } from './players/back-and-forth.ts';
import { playedBy } from './players/player.ts';
import { anyHeading, CONTROL_DT, type StartRange, VolleyScenes, volleySettings } from './scenes.ts';
import { placeVector, selfComponents } from './sight.ts';
import { volleyTeleoperation } from './teleoperation.ts';
import { volleyView } from './view.ts';

/** Where it starts, and the two ends, m. */
const ENDS: readonly [Vector3, Vector3] = [
  [4.5, 0, 2],
  [9, 4.5, 2],
];
const START: StartRange = { position: [0, 0, 0], ...anyHeading };
const EPISODE_STEPS = 16 / CONTROL_DT;
/** An end is reached when it has been this close, m, … */
const REACH = 0.6;
/** … for this many control steps in a row. */
const DWELL = 5;
/** Lower or higher than this the aircraft is lost, and farther than this from where it is to be, m. */
const LIMIT = { low: 0.4, high: 5, distance: 7.5 } as const;
/** Steps that `approachReward` counts down from while it stays. */
const PATIENCE = 50;

const backAndForthSettings = settings({
  ...volleySettings,
  approachReward: number(
    0.01,
    0,
    100,
    'weight of (50 − n)/(1 + d²): n steps within reach, d the distance in m',
  ),
  dwellReward: number(2.5, 0, 100, 'weight of n, the control steps in a row within reach, 5 at most'),
  faultReward: number(-10, -1000, 0, 'reward of flying too low, too high or too far away'),
});

export const backAndForth: EnvDefinition<ReturnType<typeof backAndForthSettings.parse>> = {
  id: 'volley-back-and-forth',
  description: 'A quadrotor flies to and fro between two points of a volleyball court',
  settings: backAndForthSettings,
  scripted: playedBy(backAndForthPlayer),
  teleoperation: volleyTeleoperation,
  create(numEnvs, s) {
    const scenes = new VolleyScenes({ scenes: numEnvs, aircraft: 1, settings: s });
    /** Which end is to be reached, control steps within reach of it, and ends reached so far. */
    const [goal, dwell, reached] = [
      new Uint8Array(numEnvs),
      new Uint8Array(numEnvs),
      new Uint32Array(numEnvs),
    ];
    const target = (scene: number): Vector3 => ENDS[goal[scene]!]!;
    return createVectorEnv({
      spec: {
        id: backAndForth.id,
        description: backAndForth.description,
        agents: 1,
        controlDt: CONTROL_DT,
        maxEpisodeSteps: EPISODE_STEPS,
        rewardTerms: ['approach', 'dwell', 'fault'],
        scores: [{ name: 'targets', unit: '1', description: 'ends reached, each for 0.1 s' }],
      },
      numEnvs,
      observationSpace: space(selfComponents, placeVector('target')),
      actionSpace: scenes.actionSpace,
      view: volleyView(scenes, {
        court: courts.regulation,
        fixed: ENDS.map(endSphere),
        readouts: [{ name: 'targets', read: (scene) => reached[scene]! }],
      }),
      start(scene, rng) {
        goal[scene] = 1;
        dwell[scene] = 0;
        reached[scene] = 0;
        scenes.start(scene, rng, ENDS[0], START);
      },
      advance: (actions) => scenes.fly(actions),
      observe(scene, obs) {
        const at = scenes.sight.observeSelf(scene, obs, 0);
        const p = scenes.fleet.bodies.position;
        for (let axis = 0; axis < 3; axis++) obs[at + axis] = target(scene)[axis]! - p[3 * scene + axis]!;
      },
      judge(scene, terms) {
        const distance = scenes.distanceTo(scene, target(scene));
        const height = scenes.fleet.bodies.position[3 * scene + 2]!;
        const lost = height < LIMIT.low || height > LIMIT.high || distance > LIMIT.distance;
        const stayed = distance < REACH ? dwell[scene]! + 1 : 0;
        terms[0] = (s.approachReward * (PATIENCE - stayed)) / (1 + distance ** 2);
        terms[1] = s.dwellReward * stayed;
        terms[2] = lost ? s.faultReward : 0;
        const arrived = stayed >= DWELL;
        dwell[scene] = arrived ? 0 : stayed;
        if (arrived) reached[scene]!++;
        if (arrived) goal[scene] = 1 - goal[scene]!;
        return lost;
      },
      score(scene, scores) {
        scores[0] = reached[scene]!;
      },
      state: [goal, dwell, reached, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};

const endSphere = (position: Vector3): Shape => ({
  geometry: { type: 'sphere', radius: REACH },
  material: { color: '#2fbf71', opacity: 0.25 },
  position,
});

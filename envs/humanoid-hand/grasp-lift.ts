/** `hand-grasp-lift`: a hand above a table grasps what lies there and lifts it. */
import type { EnvDefinition } from '../../src/core/env.ts';
import { choice, number, settings } from '../../src/core/settings.ts';
import { space, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { massOf } from '../../src/physics/solids.ts';
import type { Workspace } from './control.ts';
import { bodyOptions, objectNames, objects, tableShape } from './objects.ts';
import { handDemonstrator } from './players/dials.ts';
import { graspLiftGrades } from './players/grades.ts';
import { graspLiftPlayer } from './players/grasp-lift.ts';
import { faultScore } from './scenes.ts';
import { bodyComponents, observeBody, writeFromWrist } from './sight.ts';
import {
  changeReward,
  layDown,
  nearness,
  reachReward,
  TabletopScenes,
  tabletopSettings,
} from './tabletop.ts';
import { handTeleoperation } from './teleoperation.ts';
import { exhibitOf, handView } from './view.ts';

/** s */
const EPISODE_TIME = 5;
/** The object begins within this of the middle, and the wrist about so high over it, m. */
const OBJECT_AREA = 0.04;
const WRIST_HEIGHT = 0.2;
/** That the object has to be over the table, m, and for how long, s. */
const LIFTED = 0.12;
const HOLDING_TIME = 0.2;
/** Farther away it cannot be grasped any more, m. */
const LOST = 0.35;
/** A digit that touches something counts where the object is this near the place of grasping, m. */
const NEAR = 0.06;
const WORKSPACE: Workspace = { low: [-0.25, -0.2, 0.05], high: [0.15, 0.2, 0.35] };

const graspLiftSettings = settings({
  ...tabletopSettings,
  object: choice(
    'ball',
    objectNames,
    'what lies on the table: a ball of 60 mm, a cube of 55 mm, a cylinder of 50 × 80 mm; 100 g',
  ),
  reachReward: reachReward('object'),
  touchReward: number(0.25, 0, 10, 'reward of each digit that touches the object, in the dense reward'),
  heightReward: number(5, 0, 100, 'reward of full height while thumb or palm touch too, in the dense reward'),
  changeReward: changeReward(-1e-3),
});
type GraspLiftSettings = ReturnType<typeof graspLiftSettings.parse>;

export const handGraspLift: EnvDefinition<GraspLiftSettings> = {
  id: 'hand-grasp-lift',
  description: 'A hand grasps an object on a table and lifts it',
  settings: graspLiftSettings,
  scripted: graspLiftPlayer,
  demonstrator: handDemonstrator<GraspLiftSettings>({
    player: graspLiftPlayer,
    thing: 'object',
    area: () => ({ middles: [[0, 0]], half: OBJECT_AREA }),
    grades: ({ object }) => graspLiftGrades[object],
  }),
  teleoperation: handTeleoperation,
  create(numEnvs, s) {
    const scenes = new TabletopScenes(numEnvs, s, WORKSPACE);
    const handled = objects[s.object];
    const object = scenes.physics.addBodies(bodyOptions(handled));
    scenes.addTable();
    const observationSpace = space(
      scenes.sights[0]!.components,
      bodyComponents('object'),
      vector('object.from-wrist', 'm', 0.5),
    );
    /** Control steps that the object has been high enough without a break, `[N]`. */
    const held = new Uint32Array(numEnvs);
    const needed = Math.round(HOLDING_TIME * s.rate);

    /** Of the lower side over the table, m. */
    const heightOf = (scene: number): number => object.position[3 * scene + 2]! - handled.halfHeight;

    return createVectorEnv({
      spec: {
        id: handGraspLift.id,
        description: handGraspLift.description,
        agents: 1,
        controlDt: scenes.controlDt,
        maxEpisodeSteps: scenes.stepsOf(EPISODE_TIME),
        rewardTerms: ['reach', 'touch', 'height', 'lifted', 'change'],
        success: `the object has been ${100 * LIFTED} cm over the table for ${HOLDING_TIME} s when the episode ends`,
        scores: [
          { name: 'height', unit: 'm', description: 'of the object over the table at the end' },
          faultScore,
        ],
      },
      numEnvs,
      observationSpace,
      actionSpace: scenes.actionSpace,
      view: handView(scenes, {
        driven: scenes.driven,
        exhibits: [
          exhibitOf(
            {
              name: s.object,
              shapes: [{ geometry: handled.geometry, material: { color: handled.color, roughness: 0.8 } }],
              colliders: [{ geometry: handled.geometry }],
            },
            object,
          ),
        ],
        fixed: [tableShape],
        readouts: [
          {
            name: 'height',
            unit: 'm',
            write(scene, row, at) {
              row[at] = heightOf(scene);
            },
          },
        ],
        extent: 1,
        cameras: [
          { name: 'oblique', position: [0.52, -0.58, 0.46], target: [0, 0, 0.21] },
          { name: 'from the side', position: [0, -0.75, 0.2], target: [0, 0, 0.17] },
        ],
      }),
      start(scene, rng) {
        scenes.vary(scene, rng);
        const around = (most: number): number => rng.uniform(-most, most);
        const yaw = around(Math.PI);
        layDown(object, scene, [around(OBJECT_AREA), around(OBJECT_AREA), handled.halfHeight], yaw);
        scenes.begin(scene, rng, [0, 0], WRIST_HEIGHT);
        object.setMass(scene, massOf(handled.geometry, handled.mass * scenes.factor('mass', rng)));
        held[scene] = 0;
      },
      advance: (actions) => scenes.advance(actions),
      observe(scene, obs, rng) {
        const at = observeBody(object, scene, obs, scenes.observe(scene, obs, rng));
        writeFromWrist(scenes.hand, scene, object.position, 3 * scene, obs, at);
      },
      judge(scene, terms) {
        const height = heightOf(scene);
        held[scene] = height > LIFTED ? held[scene]! + 1 : 0;
        const lifted = held[scene]! >= needed;
        terms.fill(0);
        if (scenes.failed(scene)) return true;
        terms[3] = lifted ? 1 : 0;
        if (s.reward === 'sparse') return lifted || isLost(scene);
        const distance = scenes.distance(scene, object.position);
        terms[0] = s.reachReward * nearness(distance);
        if (distance < NEAR) {
          const { digits, opposed } = scenes.touching(scene);
          terms[1] = s.touchReward * digits;
          if (opposed) terms[2] = s.heightReward * Math.max(0, Math.min(1, height / LIFTED));
        }
        terms[4] = s.changeReward * scenes.change[scene]!;
        return isLost(scene);
      },
      succeeded: (scene) => !scenes.failed(scene) && held[scene]! >= needed,
      score(scene, scores) {
        scores[0] = heightOf(scene);
        scores[1] = scenes.failed(scene) ? 0 : 1;
      },
      state: [held, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });

    function isLost(scene: number): boolean {
      const [x, y, z] = object.position.subarray(3 * scene, 3 * scene + 3);
      return Math.hypot(x!, y!) > LOST || z! < 0;
    }
  },
};

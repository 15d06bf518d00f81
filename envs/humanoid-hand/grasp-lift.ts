/** `hand-grasp-lift`: a hand above a table grasps what lies there and lifts it. */
import { rightHand, writeSynergy } from '../../robots/humanoid-hand/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { choice, number, settings } from '../../src/core/settings.ts';
import { space, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { massOf } from '../../src/physics/solids.ts';
import { fingerModes, type Workspace } from './control.ts';
import { bodyOptions, GRASP, objectNames, objects, TABLE_HEIGHT, table, tableShape } from './objects.ts';
import { graspLiftPlayer } from './players/grasp-lift.ts';
import { type DrivenHand, faultScore, HandTaskScenes, handSettings } from './scenes.ts';
import { bodyComponents, observeBody, writeFromWrist } from './sight.ts';
import { handTeleoperation } from './teleoperation.ts';
import { exhibitOf, handView } from './view.ts';

/** s */
const EPISODE_TIME = 5;
/** Where things begin, m: the object within this of the middle, and the wrist within that of its place over it. */
const OBJECT_AREA = 0.04;
const WRIST_AREA = 0.03;
const WRIST_HEIGHT = 0.2;
/** The palm looks down. */
const PALM_DOWN = [1, 0, 0, 0] as const;
/** Inputs of the synergy at the start: open, with the thumb opposite to the fingers. */
const OPEN = Float32Array.of(0, 0.7, 0, 0, 0, 0);
/** That the object has to be over the table, m, and for how long, s. */
const LIFTED = 0.12;
const HOLDING_TIME = 0.2;
/** Farther away it cannot be grasped any more, m. */
const LOST = 0.35;
/** A digit that touches something counts where the object is this near the place of grasping, m, and it is felt at all, N. */
const NEAR = 0.06;
const FELT = 0.05;

const WORKSPACE: Workspace = { low: [-0.25, -0.2, 0.05], high: [0.15, 0.2, 0.35] };

const graspLiftSettings = settings({
  ...handSettings,
  object: choice(
    'ball',
    objectNames,
    'what lies on the table: a ball of 60 mm, a cube of 55 mm, a cylinder of 50 × 80 mm; 100 g',
  ),
  fingers: choice(
    'synergy',
    fingerModes,
    'synergy: six inputs for all fingers; targets, increments: each joint its own',
  ),
  reachReward: number(
    1,
    0,
    10,
    'weight of how near the object is to where it can be grasped, in the dense reward',
  ),
  touchReward: number(0.25, 0, 10, 'reward of each digit that touches the object, in the dense reward'),
  heightReward: number(5, 0, 100, 'reward of full height while thumb or palm touch too, in the dense reward'),
  changeReward: number(-1e-3, -1, 0, 'weight of the squared change of the action, in the dense reward'),
});
type GraspLiftSettings = ReturnType<typeof graspLiftSettings.parse>;

export const handGraspLift: EnvDefinition<GraspLiftSettings> = {
  id: 'hand-grasp-lift',
  description: 'A hand grasps an object on a table and lifts it',
  settings: graspLiftSettings,
  scripted: graspLiftPlayer,
  teleoperation: handTeleoperation,
  create(numEnvs, s) {
    const driven: DrivenHand[] = [
      { model: rightHand, fingers: s.fingers, movingWrist: true, workspace: WORKSPACE },
    ];
    const scenes = new HandTaskScenes(numEnvs, s, driven);
    const hand = scenes.hands[0]!;
    const handled = objects[s.object];
    const object = scenes.physics.addBodies(bodyOptions(handled));
    const plate = scenes.physics.addBodies(table);
    for (let scene = 0; scene < numEnvs; scene++) plate.position[3 * scene + 2] = TABLE_HEIGHT;
    const observationSpace = space(
      scenes.sights[0]!.components,
      bodyComponents('object'),
      vector('object.from-wrist', 'm', 0.5),
    );
    /** Control steps that the object has been high enough without a break, `[N]`. */
    const held = new Uint32Array(numEnvs);
    const needed = Math.round(HOLDING_TIME * s.rate);
    const angles = new Float32Array(hand.joints);
    const fromWrist = new Float32Array(3);

    /** Of the lower side over the table, m. */
    const heightOf = (scene: number): number => object.position[3 * scene + 2]! - handled.halfHeight;

    /** From the place where the hand grasps, m. */
    function distance(scene: number): number {
      writeFromWrist(hand, scene, object.position, 3 * scene, fromWrist, 0);
      return Math.hypot(fromWrist[0]! - GRASP[0], fromWrist[1]! - GRASP[1], fromWrist[2]! - GRASP[2]);
    }

    /** How many digits feel something, and whether thumb or palm do, which fingers can press against. */
    function touching(scene: number): { readonly digits: number; readonly opposed: boolean } {
      const first = hand.places * scene;
      let digits = 0;
      let opposed = hand.touch[first]! > FELT;
      rightHand.digits.forEach(({ name }, digit) => {
        // The palm comes first, then three phalanges of each digit.
        const [a, b, c] = hand.touch.subarray(first + 1 + 3 * digit, first + 4 + 3 * digit);
        if (a! + b! + c! <= FELT) return;
        digits++;
        if (name === 'thumb') opposed = true;
      });
      return { digits, opposed };
    }

    return createVectorEnv({
      spec: {
        id: handGraspLift.id,
        description: handGraspLift.description,
        agents: 1,
        controlDt: scenes.controlDt,
        maxEpisodeSteps: Math.round(EPISODE_TIME * s.rate),
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
        driven,
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
        object.position.set([around(OBJECT_AREA), around(OBJECT_AREA), handled.halfHeight], 3 * scene);
        object.rotation.set([0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)], 4 * scene);
        object.linearVelocity.fill(0, 3 * scene, 3 * scene + 3);
        object.angularVelocity.fill(0, 3 * scene, 3 * scene + 3);
        writeSynergy(OPEN, 0, angles, 0);
        // Turned upside down, the hand's y points the other way.
        const position = [
          -GRASP[0] + around(WRIST_AREA),
          GRASP[1] + around(WRIST_AREA),
          WRIST_HEIGHT + around(WRIST_AREA),
        ] as const;
        hand.place(scene, { angles, position, rotation: PALM_DOWN });
        scenes.build(scene);
        scenes.controls[0]!.start(scene, OPEN);
        object.setMass(scene, massOf(handled.geometry, handled.mass * scenes.factor('mass', rng)));
        held[scene] = 0;
      },
      advance: (actions) => scenes.advance(actions),
      observe(scene, obs, rng) {
        const at = observeBody(object, scene, obs, scenes.observe(scene, obs, rng));
        writeFromWrist(hand, scene, object.position, 3 * scene, obs, at);
      },
      judge(scene, terms) {
        const height = heightOf(scene);
        held[scene] = height > LIFTED ? held[scene]! + 1 : 0;
        const lifted = held[scene]! >= needed;
        terms.fill(0);
        if (scenes.failed(scene)) return true;
        terms[3] = lifted ? 1 : 0;
        if (s.reward === 'sparse') return lifted || isLost(scene);
        const d = distance(scene);
        terms[0] = s.reachReward * (1 - Math.tanh(10 * d));
        if (d < NEAR) {
          const { digits, opposed } = touching(scene);
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

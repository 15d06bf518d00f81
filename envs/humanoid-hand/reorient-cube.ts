/**
 * `hand-reorient-cube`: turn a cube in the hand, palm up. After the reorientation tasks of Isaac Gym (arXiv:2108.10470,
 * `shadow_hand.py` of github.com/isaac-sim/IsaacGymEnvs) and of MuJoCo Playground (arXiv:2502.08844, `leap_hand/reorient.py`
 * of github.com/google-deepmind/mujoco_playground), whose rewards are combined here.
 */
import { jointRanges, loose, rightHand } from '../../robots/humanoid-hand/index.ts';
import type { Vector3 } from '../../src/core/appearance.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import type { Rng } from '../../src/core/rng.ts';
import { choice, number, settings } from '../../src/core/settings.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { aboutAxis, multiply, rotate } from '../../src/physics/math.ts';
import { massOf } from '../../src/physics/solids.ts';
import { cubeGoals, OrientationGoals, Spin } from './cube-goals.ts';
import { CUBE, cubeAppearance, goalExhibit } from './cube-view.ts';
import { type DrivenHand, faultScore, HandTaskScenes, handSettings } from './scenes.ts';
import { rotationComponents, writeRotation, writeVector } from './sight.ts';
import { exhibitOf, handView } from './view.ts';

/** s */
const EPISODE_TIME = { goals: 16, spin: 20 } as const;
/** kg */
const MASS = 0.08;
/** The palm looks up, and its fingers hang by so much, rad, so that what slides goes to them. */
const TILT = 0.25;
const WRIST: Vector3 = [0, 0, 0.2];
const WRIST_ROTATION = aboutAxis([0, 1, 0], TILT);
/** Where the cube begins in the hand's frame, m, and how far from there in x and y it may: on the palm, against the fingers. */
const REST: Vector3 = [0.08, 0, 0.047];
const REST_SPREAD = 0.01;
/** How far from there it counts as dropped, m. */
const DROPPED = 0.1;
/** Near is full within the first distance from there, and nothing beyond the second, m. */
const NEAR = { full: 0.02, none: 0.07 } as const;
/** Cupped: a cube that slides or rolls comes to rest between fingers, thumb and palm. Each finger, then the thumb, rad. */
const CUPPED: readonly number[] = [
  ...[0, 1, 2, 3].flatMap(() => [0, 0.6, 0.9, 0.5]),
  ...[0.9, 0.2, 0.3, 0.3],
];
/** Standard deviation of the angles at the start, rad. */
const ANGLE_SPREAD = 0.1;
/** Postures that are drawn until nothing touches, and the overlap that counts as touching, m. */
const DRAWS = 50;
const TOUCHING = 5e-4;

const reorientSettings = settings({
  ...handSettings,
  goal: choice(
    'yaw',
    cubeGoals,
    "yaw: goals about the palm's normal; faces: another face up each time; any: any orientation; spin: turn it round and round",
  ),
  tolerance: number(0.4, 0.05, 1, 'angle from a goal at which it is reached, rad'),
  turnReward: number(
    5,
    0,
    100,
    'weight of 1 − angle from the goal/π, or of the rate of a spin in rad/s, per second',
  ),
  nearReward: number(0.5, 0, 100, 'weight of the cube being where it began, per second'),
  postureReward: number(
    -0.5,
    -100,
    0,
    'weight of the squared distance from the cupped posture in rad², per second',
  ),
  changeReward: number(-1e-3, -1, 0, 'weight of the squared change of the action, per second'),
  effortReward: number(-1e-3, -1, 0, 'weight of the power of all joints in W, per second'),
  goalReward: number(10, 0, 1000, 'reward of each goal; in a spin, of each quarter of a turn'),
  dropReward: number(-10, -1000, 0, 'reward of dropping the cube'),
});
type ReorientSettings = ReturnType<typeof reorientSettings.parse>;

export const handReorientCube: EnvDefinition<ReorientSettings> = {
  id: 'hand-reorient-cube',
  description: 'A hand turns a cube that lies in its palm',
  settings: reorientSettings,
  create(numEnvs, s) {
    const driven: DrivenHand[] = [{ model: rightHand, fingers: 'increments', movingWrist: false }];
    const scenes = new HandTaskScenes(numEnvs, s, driven);
    const hand = scenes.hands[0]!;
    const cube = scenes.physics.addBodies(loose(CUBE, MASS));
    const dense = s.reward === 'dense';
    const spins = s.goal === 'spin';
    const aim = createAim();
    const observationSpace = space(
      scenes.sights[0]!.components,
      vector('cube', 'm', DROPPED),
      rotationComponents('cube'),
      vector('cube.velocity', 'm/s', 1),
      vector('cube.rate', 'rad/s', 10),
      aim.components,
      scenes.actionSpace.components.map(({ name }) => symmetric(`last.${name}`, '1', 1)),
    );
    const angles = new Float32Array(hand.joints);

    function createAim(): OrientationGoals | Spin {
      if (s.goal === 'spin') return new Spin(cube, NORMAL, scenes.controlDt);
      return new OrientationGoals(cube, s.goal, NORMAL, s.tolerance);
    }

    /** Distance of the cube from where it began, m. */
    function distance(scene: number): number {
      const [x, y, z] = cube.position.subarray(3 * scene, 3 * scene + 3);
      return Math.hypot(x! - REST_PLACE[0], y! - REST_PLACE[1], z! - REST_PLACE[2]);
    }

    function placeCube(scene: number, rng: Rng): void {
      const spread = (): number => rng.uniform(-REST_SPREAD, REST_SPREAD);
      cube.position.set(inScene([REST[0] + spread(), REST[1] + spread(), REST[2]]), 3 * scene);
      const own =
        s.goal === 'faces' || s.goal === 'any' ? FACES_UP[rng.integer(FACES_UP.length)]! : [0, 0, 0, 1];
      const turn = Float64Array.from(aboutAxis([0, 0, 1], rng.uniform(-Math.PI, Math.PI)));
      multiply(turn, 0, turn, 0, Float64Array.from(own), 0);
      multiply(cube.rotation, 4 * scene, Float64Array.from(WRIST_ROTATION), 0, turn, 0);
      cube.linearVelocity.fill(0, 3 * scene, 3 * scene + 3);
      cube.angularVelocity.fill(0, 3 * scene, 3 * scene + 3);
    }

    /** Builds `scene` with hand and cube apart, as far as some draws find such a start. */
    function place(scene: number, rng: Rng): void {
      for (let count = 0; count < DRAWS; count++) {
        ranges.forEach(([low, high], i) => {
          angles[i] = Math.max(low, Math.min(high, CUPPED[i]! + ANGLE_SPREAD * rng.normal()));
        });
        hand.place(scene, { angles, position: WRIST, rotation: WRIST_ROTATION });
        placeCube(scene, rng);
        scenes.build(scene);
        if (scenes.physics.worlds.overlap(scene) < TOUCHING) return;
      }
    }

    /** Parts of the dense reward for a control step, per second. @param terms from index 1 on: near, posture, change, effort */
    function shape(scene: number, terms: Float32Array): void {
      const first = hand.joints * scene;
      let [posture, effort] = [0, 0];
      for (let joint = 0; joint < hand.joints; joint++) {
        posture += (hand.angle[first + joint]! - CUPPED[joint]!) ** 2;
        effort += Math.abs(hand.velocity[first + joint]! * hand.torque[first + joint]!);
      }
      const near = (NEAR.none - distance(scene)) / (NEAR.none - NEAR.full);
      terms[1] = s.nearReward * Math.max(0, Math.min(1, near)) * scenes.controlDt;
      terms[2] = s.postureReward * posture * scenes.controlDt;
      terms[3] = s.changeReward * scenes.change[scene]! * scenes.controlDt;
      terms[4] = s.effortReward * effort * scenes.controlDt;
    }

    return createVectorEnv({
      spec: {
        id: handReorientCube.id,
        description: handReorientCube.description,
        agents: 1,
        controlDt: scenes.controlDt,
        maxEpisodeSteps: scenes.stepsOf(spins ? EPISODE_TIME.spin : EPISODE_TIME.goals),
        rewardTerms: ['turn', 'near', 'posture', 'change', 'effort', 'goal', 'drop'],
        scores: [
          spins
            ? { name: 'turns', unit: '1', description: "net turns of the cube about the palm's normal" }
            : { name: 'goals', unit: '1', description: 'goals reached before the cube was dropped' },
          faultScore,
        ],
      },
      numEnvs,
      observationSpace,
      actionSpace: scenes.actionSpace,
      view: handView(scenes, {
        driven,
        exhibits: [
          exhibitOf(cubeAppearance('cube', 1), cube),
          ...(aim instanceof OrientationGoals ? [goalExhibit(aim.goal)] : []),
        ],
        readouts: [
          {
            name: aim instanceof Spin ? 'turns' : 'goals',
            write(scene, row, at) {
              row[at] = aim instanceof Spin ? aim.turned[scene]! / TURN : aim.reached[scene]!;
            },
          },
        ],
        extent: 0.5,
        cameras: [
          { name: 'oblique', position: [0.3, -0.26, 0.5], target: [0.08, 0.03, 0.22] },
          { name: 'from above', position: [0.07, 0, 0.65], target: [0.07, 0.001, 0.2] },
        ],
      }),
      start(scene, rng) {
        scenes.vary(scene, rng);
        place(scene, rng);
        cube.setMass(scene, massOf(CUBE, MASS * scenes.factor('mass', rng)));
        aim.start(scene, rng);
      },
      advance: (actions) => scenes.advance(actions),
      observe(scene, obs, rng) {
        let at = scenes.observe(scene, obs, rng);
        at = writeVector(cube.position, 3 * scene, obs, at, REST_PLACE);
        at = writeRotation(cube.rotation, 4 * scene, obs, at);
        at = writeVector(cube.linearVelocity, 3 * scene, obs, at);
        at = writeVector(cube.angularVelocity, 3 * scene, obs, at);
        at = aim.observe(scene, obs, at);
        const { size } = scenes.actionSpace;
        obs.set(scenes.lastAction.subarray(size * scene, size * (scene + 1)), at);
      },
      judge(scene, terms) {
        terms.fill(0);
        if (scenes.failed(scene)) return true;
        const dropped = distance(scene) > DROPPED;
        const goals = dropped ? 0 : aim.advance(scene);
        terms[5] = goals * (dense ? s.goalReward : 1);
        if (!dense) return dropped;
        terms[0] = s.turnReward * aim.progress(scene) * scenes.controlDt;
        shape(scene, terms);
        terms[6] = dropped ? s.dropReward : 0;
        return dropped;
      },
      score(scene, scores) {
        scores[0] = aim instanceof Spin ? aim.turned[scene]! / TURN : aim.reached[scene]!;
        scores[1] = scenes.failed(scene) ? 0 : 1;
      },
      state: [...aim.state, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};

const TURN = 2 * Math.PI;
const ranges = jointRanges(rightHand);

/** A vector of the hand's frame in the scene's. */
function turned(point: Vector3): Vector3 {
  const out = new Float64Array(3);
  rotate(out, 0, Float64Array.from(WRIST_ROTATION), 0, Float64Array.from(point), 0);
  return [out[0]!, out[1]!, out[2]!];
}

/** A point of the hand's frame in the scene's, m. */
function inScene(point: Vector3): Vector3 {
  const [x, y, z] = turned(point);
  return [x + WRIST[0], y + WRIST[1], z + WRIST[2]];
}

const NORMAL = turned([0, 0, 1]);
const REST_PLACE = inScene(REST);

/** Rotations that put each face of a cube up in turn. */
const FACES_UP = [
  aboutAxis([1, 0, 0], 0),
  aboutAxis([1, 0, 0], Math.PI),
  ...[1, -1].flatMap((sense) => [
    aboutAxis([1, 0, 0], (sense * Math.PI) / 2),
    aboutAxis([0, 1, 0], (sense * Math.PI) / 2),
  ]),
];

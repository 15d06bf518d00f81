/**
 * `two-hand-handover`: the right hand takes a parcel, gives it to the left one, and that carries it over a zone. After the package
 * handover of ResFiT (arXiv:2509.19301), with a parcel that these hands can hold.
 */
import { type HandFleet, leftHand, rightHand, writeSynergy } from '../../robots/humanoid-hand/index.ts';
import type { Vector3 } from '../../src/core/appearance.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import type { Rng } from '../../src/core/rng.ts';
import { number, settings } from '../../src/core/settings.ts';
import { type Component, space, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { rotate } from '../../src/physics/math.ts';
import { massOf } from '../../src/physics/solids.ts';
import { FELT, handoverStages, stageOf } from './handover-stage.ts';
import { handoverView, LONG_TABLE_HEIGHT, longTable, ZONE_RADIUS } from './handover-view.ts';
import {
  AHEAD,
  createEnds,
  END,
  findEnds,
  headingOf,
  holdingError,
  layAlong,
  MEETING,
  PITCH,
  parcel,
} from './parcel.ts';
import { handDemonstrator } from './players/dials.ts';
import { handoverGrades } from './players/grades.ts';
import { handoverPlayer } from './players/handover.ts';
import { type DrivenHand, faultScore, HandTaskScenes } from './scenes.ts';
import {
  bodyComponents,
  observeBody,
  rotationComponents,
  writeFromWrist,
  writeRotation,
  writeRotationFromWrist,
} from './sight.ts';
import { changeReward, tabletopSettings } from './tabletop.ts';
import { twoHandTeleoperation } from './teleoperation.ts';

/** s */
const EPISODE_TIME = 12;
/** Where the parcel begins and where the zone is, level, and how far from there in x and y, m; and the parcel's heading, rad. */
const SOURCE = [0, -0.2] as const;
const ZONE = [0, 0.25] as const;
const AREA = 0.05;
const HEADING = 0.5;
/** Wrists begin so high over where they will hold, within so much, m. */
const WRIST_HEIGHT = 0.15;
const WRIST_AREA = 0.03;
/** Inputs of the synergy at the start. */
const OPEN = Float32Array.of(0, 0.35, 0.03, 0.03, 0.03, 0.03);
/** A parcel over the zone has its lower side so far off the table, m; for how long it is to be held there, s. */
const OFF_TABLE = 0.02;
const HOLDING_TIME = 0.4;
/** Farther away it cannot be taken any more, m. */
const LOST = { x: 0.3, y: 0.45 } as const;

const handoverSettings = settings({
  ...tabletopSettings,
  stageReward: number(1, 0, 100, 'reward of all six stages together, in the dense reward'),
  changeReward: changeReward(-1e-5),
});
type HandoverSettings = ReturnType<typeof handoverSettings.parse>;

export const twoHandHandover: EnvDefinition<HandoverSettings> = {
  id: 'two-hand-handover',
  description: 'One hand takes a parcel, gives it to the other, and that carries it over a zone',
  settings: handoverSettings,
  scripted: handoverPlayer,
  demonstrator: handDemonstrator<HandoverSettings>({
    player: handoverPlayer,
    thing: 'parcel',
    hands: ['right.', 'left.'],
    area: () => ({ middles: [SOURCE], half: AREA }),
    grades: () => handoverGrades,
  }),
  teleoperation: twoHandTeleoperation,
  create(numEnvs, s) {
    const driven: DrivenHand[] = [
      {
        ...{
          model: rightHand,
          fingers: s.fingers,
          movingWrist: true,
          impedance: s.wrist === 'impedance',
          prefix: 'right.',
        },
        workspace: { low: [-0.35, -0.5, 0.03], high: [0.2, 0.25, 0.45] },
      },
      {
        ...{
          model: leftHand,
          fingers: s.fingers,
          movingWrist: true,
          impedance: s.wrist === 'impedance',
          prefix: 'left.',
        },
        workspace: { low: [-0.35, -0.25, 0.03], high: [0.2, 0.5, 0.45] },
      },
    ];
    const scenes = new HandTaskScenes(numEnvs, s, driven);
    const [right, left] = scenes.hands as [HandFleet, HandFleet];
    const body = scenes.physics.addBodies(parcel.options);
    const plate = scenes.physics.addBodies(longTable);
    for (let scene = 0; scene < numEnvs; scene++) plate.position[3 * scene + 2] = LONG_TABLE_HEIGHT;
    const observationSpace = space(
      ...scenes.sights.map(({ components }) => components),
      bodyComponents('parcel'),
      ...['right', 'left'].map((side) => relativeComponents(`parcel.from-${side}-wrist`)),
      zoneComponents,
    );
    /** `[N, 3]` m */
    const zones = new Float32Array(3 * numEnvs);
    /** Control steps that the parcel has been held over the zone without a break, `[N]`. */
    const held = new Uint32Array(numEnvs);
    const needed = Math.round(HOLDING_TIME * s.rate);
    /** Progress before the control step, and the most in the episode, `[N]` in stages. */
    const progress = new Float32Array(numEnvs);
    const farthest = new Float32Array(numEnvs);
    const angles = new Float32Array(right.joints);
    const axis = new Float64Array(3);
    const columns = new Float32Array(6);
    const ends = createEnds();

    const heightOf = (scene: number): number => body.position[3 * scene + 2]! - parcel.radius;
    const isDone = (scene: number): boolean => held[scene]! >= needed;
    const isLost = (scene: number): boolean => {
      const i = 3 * scene;
      const [x, y, z] = [body.position[i]!, body.position[i + 1]!, body.position[i + 2]!];
      return Math.abs(x) > LOST.x || Math.abs(y) > LOST.y || z < 0;
    };
    const fromZone = (scene: number): number =>
      Math.hypot(
        body.position[3 * scene]! - zones[3 * scene]!,
        body.position[3 * scene + 1]! - zones[3 * scene + 1]!,
      );

    /** Finds the ends of the parcel of `scene`. */
    function locate(scene: number): void {
      axis.set([0, 0, 1]);
      rotate(axis, 0, body.rotation, 4 * scene, axis, 0);
      findEnds(body.position.subarray(3 * scene, 3 * scene + 3), axis, ends);
    }

    /** From where a hand holds to where it should, m. */
    function reach({ wrist: { position, rotation } }: HandFleet, scene: number, end: Float64Array): number {
      writeRotation(rotation, 4 * scene, columns, 0);
      return holdingError(position.subarray(3 * scene, 3 * scene + 3), headingOf(columns), end);
    }

    function measure(scene: number): number {
      if (isDone(scene)) return handoverStages.length;
      locate(scene);
      const i = 3 * scene;
      const { position } = body;
      return stageOf({
        right: scenes.physics.grip(scene, 0, 0),
        left: scenes.physics.grip(scene, 1, 0),
        rightReach: reach(right, scene, ends.right),
        leftReach: reach(left, scene, ends.left),
        height: heightOf(scene),
        meeting: Math.hypot(
          position[i]! - MEETING[0],
          position[i + 1]! - MEETING[1],
          position[i + 2]! - MEETING[2],
        ),
        zone: fromZone(scene),
      });
    }

    const placed = (scene: number): boolean =>
      scenes.physics.grip(scene, 0, 0) <= FELT &&
      scenes.physics.grip(scene, 1, 0) > FELT &&
      heightOf(scene) > OFF_TABLE &&
      fromZone(scene) < ZONE_RADIUS;

    /** Puts a hand over where it is to hold. @param end level, m @param height of the wrist, m */
    function place(
      hand: HandFleet,
      scene: number,
      rng: Rng,
      end: readonly [number, number],
      height: number,
    ): void {
      const around = (): number => rng.uniform(-WRIST_AREA, WRIST_AREA);
      hand.place(scene, {
        angles,
        position: [end[0] - AHEAD + around(), end[1] + around(), height + around()],
        rotation: [Math.cos(PITCH / 2), 0, Math.sin(PITCH / 2), 0],
      });
    }

    return createVectorEnv({
      spec: {
        id: twoHandHandover.id,
        description: twoHandHandover.description,
        agents: 1,
        controlDt: scenes.controlDt,
        maxEpisodeSteps: scenes.stepsOf(EPISODE_TIME),
        rewardTerms: ['stages', 'placed', 'change'],
        success: `the left hand alone has held the parcel over the zone for ${HOLDING_TIME} s when the episode ends`,
        scores: [{ name: 'stage', unit: '1', description: 'the most that was reached, of 6' }, faultScore],
      },
      numEnvs,
      observationSpace,
      actionSpace: scenes.actionSpace,
      view: handoverView(scenes, { driven, body, zones, progress }),
      start(scene, rng) {
        scenes.vary(scene, rng);
        const around = (most: number): number => rng.uniform(-most, most);
        const middle: Vector3 = [SOURCE[0] + around(AREA), SOURCE[1] + around(AREA), parcel.radius];
        const heading = around(HEADING);
        body.position.set(middle, 3 * scene);
        layAlong(body.rotation, 4 * scene, heading, around(Math.PI));
        body.linearVelocity.fill(0, 3 * scene, 3 * scene + 3);
        body.angularVelocity.fill(0, 3 * scene, 3 * scene + 3);
        zones.set([ZONE[0] + around(AREA), ZONE[1] + around(AREA), 0.001], 3 * scene);
        writeSynergy(OPEN, 0, angles, 0);
        const end = [middle[0] + END * Math.sin(heading), middle[1] - END * Math.cos(heading)] as const;
        place(right, scene, rng, end, middle[2] + WRIST_HEIGHT);
        place(left, scene, rng, [MEETING[0], MEETING[1] + END], MEETING[2] + WRIST_HEIGHT);
        scenes.build(scene);
        for (const control of scenes.controls) control.start(scene, OPEN);
        body.setMass(scene, massOf(parcel.geometry, parcel.mass * scenes.factor('mass', rng)));
        held[scene] = 0;
        progress[scene] = measure(scene);
        farthest[scene] = progress[scene]!;
      },
      advance: (actions) => scenes.advance(actions),
      observe(scene, obs, rng) {
        let at = observeBody(body, scene, obs, scenes.observe(scene, obs, rng));
        for (const hand of [right, left]) {
          at = writeFromWrist(hand, scene, body.position, 3 * scene, obs, at);
          at = writeRotationFromWrist(hand, scene, body.rotation, 4 * scene, obs, at);
        }
        obs[at] = zones[3 * scene]!;
        obs[at + 1] = zones[3 * scene + 1]!;
      },
      judge(scene, terms) {
        held[scene] = placed(scene) ? held[scene]! + 1 : 0;
        terms.fill(0);
        if (scenes.failed(scene)) return true;
        const before = progress[scene]!;
        progress[scene] = measure(scene);
        farthest[scene] = Math.max(farthest[scene]!, progress[scene]!);
        const done = isDone(scene);
        terms[1] = done ? 1 : 0;
        if (s.reward === 'sparse') return done || isLost(scene);
        // The difference of a potential: the way there is paid once, however often it is gone.
        terms[0] = (s.stageReward * (progress[scene]! - before)) / handoverStages.length;
        terms[2] = s.changeReward * scenes.change[scene]!;
        return isLost(scene);
      },
      succeeded: (scene) => !scenes.failed(scene) && isDone(scene),
      score(scene, scores) {
        scores[0] = Math.floor(farthest[scene]!);
        scores[1] = scenes.failed(scene) ? 0 : 1;
      },
      state: [zones, held, progress, farthest, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};

const relativeComponents = (name: string): Component[] => [
  ...vector(name, 'm', 0.5),
  ...rotationComponents(name),
];
const zoneComponents: readonly Component[] = vector('zone', 'm', 0.5, ['x', 'y']);

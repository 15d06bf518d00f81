/**
 * `hand-ball-pick-place`: a hand takes a ball from a table and puts it into a bin, like the task WoollyBallPnP that a robot
 * learnt by residual corrections of a cloned policy (ResFiT, arXiv:2509.19301); or out of either of two trays into the other,
 * where nobody has to put the ball back, like the relocation of objects in SERL (arXiv:2401.16013).
 */
import type { BodyAppearance, Shape } from '../../src/core/appearance.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import type { Rng } from '../../src/core/rng.ts';
import { number, settings } from '../../src/core/settings.ts';
import { space, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { massOf } from '../../src/physics/solids.ts';
import { BallContainers, containerSettings, SQUARE, SQUARE_AREA, startArea } from './ball-containers.ts';
import type { Workspace } from './control.ts';
import { bodyOptions, type HandledObject, tableShape } from './objects.ts';
import { ballPickPlacePlayer } from './players/ball-pick-place.ts';
import { handDemonstrator } from './players/dials.ts';
import { ballPickPlaceGrades } from './players/grades.ts';
import { faultScore } from './scenes.ts';
import { bodyComponents, observeBody, writeFromWrist } from './sight.ts';
import { changeReward, nearness, TabletopScenes, tabletopSettings } from './tabletop.ts';
import { handTeleoperation } from './teleoperation.ts';
import { exhibitOf, handView } from './view.ts';

/** s */
const EPISODE_TIME = 8;
const RADIUS = 0.035;
/** It rolls as wool does: on a slope of 3° it comes to 6 cm/s, and no more. */
const ball: HandledObject = {
  geometry: { type: 'sphere', radius: RADIUS },
  mass: 0.06,
  friction: 0.8,
  angularDamping: 20,
  halfHeight: RADIUS,
  color: '#e8894a',
};
/** The wrist begins about so high over the middle of the square, or between the trays, m. */
const WRIST_HEIGHT = 0.2;
/** A palm below the top of the ball would be in it. It passes through no more than the upper 12 mm of the bin. */
const WORKSPACE: Workspace = { low: [-0.35, -0.32, 0.08], high: [0.2, 0.32, 0.35] };
/** A ball that is farther to a side, or below the table, is out of reach, m. */
const REACH = [0.28, 0.3] as const;

/** What touches the ball holds it where that is this near the place of grasping, m, with so many digits. */
const NEAR = 0.06;
const HOLDING_DIGITS = 2;
/** Of the ball's lower side over the table, m: clear of the bin. */
const LIFTED = 0.12;
/** From the bin, level, at which the way there counts nothing, m. */
const FAR = 0.4;
/** A hand is away when palm and fingertips are so far from the ball, m. */
const AWAY = 0.05;
/** A ball that is slower rests, m/s. */
const RESTING = 0.05;

/** Grasp, lift, carry, release. */
const STAGES = 4;
/** What is told after so many of them. */
const stages = ['reaching', 'grasped', 'lifted', 'over the bin', 'placed'] as const;

const pickPlaceSettings = settings({
  ...tabletopSettings,
  ...containerSettings,
  stageReward: number(1, 0, 100, 'reward of all four stages together, in the dense reward'),
  changeReward: changeReward(-1e-5),
});
type BallPickPlaceSettings = ReturnType<typeof pickPlaceSettings.parse>;

export const handBallPickPlace: EnvDefinition<BallPickPlaceSettings> = {
  id: 'hand-ball-pick-place',
  description: 'A hand takes a ball from a table and puts it into a bin',
  settings: pickPlaceSettings,
  scripted: ballPickPlacePlayer,
  demonstrator: handDemonstrator<BallPickPlaceSettings>({
    player: ballPickPlacePlayer,
    thing: 'ball',
    area: startArea,
    grades: () => ballPickPlaceGrades,
  }),
  teleoperation: handTeleoperation,
  create(numEnvs, s) {
    const scenes = new TabletopScenes(numEnvs, s, WORKSPACE);
    const { hand } = scenes;
    const object = scenes.physics.addBodies(bodyOptions(ball));
    const places = new BallContainers(numEnvs, scenes.physics, s);
    scenes.addTable();
    const observationSpace = space(
      scenes.sights[0]!.components,
      bodyComponents('ball'),
      vector('ball.from-wrist', 'm', 0.5),
      places.components,
    );
    /** Of the ball, `[N]` kg. */
    const mass = new Float64Array(numEnvs);
    /** Of each stage after the last control step, `[N, 4]`. */
    const progress = new Float64Array(STAGES * numEnvs);
    /** Stages that the episode has reached, `[N]`. */
    const reached = new Uint8Array(numEnvs);

    /** Of the ball's middle over the table, m. */
    const heightOf = (scene: number): number => object.position[3 * scene + 2]!;
    const besideBin = (scene: number): number => places.beside(scene, object);

    function isHeld(scene: number): boolean {
      if (scenes.distance(scene, object.position) > NEAR) return false;
      const { digits, opposed } = scenes.touching(scene);
      return opposed && digits >= HOLDING_DIGITS;
    }

    /** From the ball to the nearest of palm and fingertips, m. */
    const clearance = (scene: number): number => scenes.nearest(scene, object.position) - RADIUS;

    function isPlaced(scene: number): boolean {
      const i = 3 * scene;
      const speed = Math.hypot(...object.linearVelocity.subarray(i, i + 3));
      return (
        besideBin(scene) === 0 &&
        heightOf(scene) < places.container.depth &&
        speed < RESTING &&
        clearance(scene) > AWAY
      );
    }

    /** How many stages are done now: an index of `stages`. */
    function stageOf(scene: number): number {
      if (besideBin(scene) === 0) return isPlaced(scene) ? 4 : 3;
      if (heightOf(scene) - RADIUS > LIFTED) return 2;
      return isHeld(scene) ? 1 : 0;
    }

    /**
     * Writes how much of each stage is done now, from 0 to 1. As it is told by the state alone, its changes add up to what it is
     * in the end less what it was at the start, whatever happens between: nothing is gained by going to and fro.
     * @param parts `[4]` from `at` on
     */
    function writeProgress(scene: number, parts: Float64Array, at: number): void {
      const away = besideBin(scene);
      // What is over the bin, or in it, has been lifted, whether it is held or falls.
      const over = away === 0;
      const lift = over ? 1 : clamp((heightOf(scene) - RADIUS) / LIFTED);
      const held = over || isHeld(scene);
      parts[at] = held ? 1 : nearness(scenes.distance(scene, object.position)) / 2;
      parts[at + 1] = lift;
      parts[at + 2] = lift * clamp(1 - away / FAR);
      parts[at + 3] = over ? clamp(clearance(scene) / AWAY) : 0;
    }

    function isLost(scene: number): boolean {
      const [x, y, z] = object.position.subarray(3 * scene, 3 * scene + 3);
      return Math.abs(x!) > REACH[0] || Math.abs(y!) > REACH[1] || z! < 0;
    }

    /** Builds the scene: the ball and what it goes into have been placed. */
    function begin(scene: number, rng: Rng): void {
      scenes.begin(scene, rng, places.home, WRIST_HEIGHT);
      writeProgress(scene, progress, STAGES * scene);
      reached[scene] = 0;
    }

    function start(scene: number, rng: Rng): void {
      scenes.vary(scene, rng);
      places.start(scene, rng, object, RADIUS);
      begin(scene, rng);
      mass[scene] = ball.mass * scenes.factor('mass', rng);
      object.setMass(scene, massOf(ball.geometry, mass[scene]!));
    }

    /** The hand goes back to where it begins; a ball that is out of reach is put back. */
    function goOn(scene: number, rng: Rng): void {
      if (scenes.failed(scene) || isLost(scene)) {
        start(scene, rng);
        return;
      }
      places.goOn(scene, object, isPlaced(scene));
      begin(scene, rng);
      object.setMass(scene, massOf(ball.geometry, mass[scene]!));
    }

    return createVectorEnv({
      spec: {
        id: handBallPickPlace.id,
        description: handBallPickPlace.description,
        agents: 1,
        controlDt: scenes.controlDt,
        maxEpisodeSteps: scenes.stepsOf(EPISODE_TIME),
        rewardTerms: ['grasp', 'lift', 'carry', 'release', 'placed', 'change'],
        success: `the ball rests in the bin, and the hand is more than ${100 * AWAY} cm away from it, when the episode ends`,
        scores: [
          { name: 'stage', unit: '1', description: 'reached: 1 grasped, 2 lifted, 3 over the bin, 4 placed' },
          {
            name: 'inReach',
            unit: '1',
            description: '0 where the ball got out of reach, and somebody has to put it back, else 1',
          },
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
              name: 'ball',
              shapes: [{ geometry: ball.geometry, material: { color: ball.color, roughness: 0.8 } }],
              colliders: [{ geometry: ball.geometry }],
            },
            object,
          ),
          ...places.boxes.map((box, i) => exhibitOf(named(places.container.appearance, i), box)),
        ],
        fixed: [tableShape, ...(s.containers === 'bin' ? [sourceShape(s.area)] : [])],
        readouts: [
          {
            name: 'stage',
            words: stages,
            write(scene, row, at) {
              row[at] = stageOf(scene);
            },
          },
        ],
        extent: 1,
        cameras: [
          { name: 'oblique', position: [0.72, -0.34, 0.5], target: [0, 0, 0.08] },
          { name: 'from the side', position: [0.8, 0, 0.25], target: [0, 0, 0.12] },
          { name: 'from above', position: [-0.02, 0, 0.95], target: [0, 0, 0.1] },
        ],
      }),
      start,
      ...(s.resets === 'hand' && { goOn }),
      advance: (actions) => scenes.advance(actions),
      observe(scene, obs, rng) {
        let at = observeBody(object, scene, obs, scenes.observe(scene, obs, rng));
        at = writeFromWrist(hand, scene, object.position, 3 * scene, obs, at);
        places.observe(scene, obs, at);
      },
      judge(scene, terms) {
        terms.fill(0);
        if (scenes.failed(scene)) return true;
        const stage = stageOf(scene);
        const placed = stage === 4;
        reached[scene] = Math.max(reached[scene]!, stage);
        terms[4] = placed ? 1 : 0;
        if (s.reward === 'sparse') return placed || isLost(scene);
        const first = STAGES * scene;
        for (let part = 0; part < STAGES; part++) terms[part] = -progress[first + part]!;
        writeProgress(scene, progress, first);
        for (let part = 0; part < STAGES; part++) {
          const change = terms[part]! + progress[first + part]!;
          terms[part] = (s.stageReward / STAGES) * change;
        }
        terms[5] = s.changeReward * scenes.change[scene]!;
        return isLost(scene);
      },
      succeeded: (scene) => !scenes.failed(scene) && isPlaced(scene),
      score(scene, scores) {
        scores[0] = reached[scene]!;
        scores[1] = isLost(scene) ? 0 : 1;
        scores[2] = scenes.failed(scene) ? 0 : 1;
      },
      state: [progress, reached, mass, ...places.state, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};

/** Things of one kind have names of their own. */
const named = (appearance: BodyAppearance, i: number): BodyAppearance =>
  i === 0 ? appearance : { ...appearance, name: `${appearance.name} ${i + 1}` };

/** Marks where the ball may lie at the start: it is painted on the table. */
function sourceShape(area: number): Shape {
  const edge = 2 * (area * SQUARE_AREA + RADIUS);
  return {
    geometry: { type: 'box', size: [edge, edge, 0.001] },
    position: [...SQUARE, 0],
    material: { color: '#c9bda8', roughness: 0.9 },
  };
}

const clamp = (part: number): number => Math.max(0, Math.min(1, part));

/** `hand-turn-knob`: a hand takes a knob that stands on a table, and turns it by a quarter of a turn. */
import type { Shape, Vector3 } from '../../src/core/appearance.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { number, settings } from '../../src/core/settings.ts';
import { type Component, space, symmetric, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import type { Articulation } from '../../src/physics/articulation.ts';
import type { Solid } from '../../src/physics/solids.ts';
import type { Workspace } from './control.ts';
import { tableShape } from './objects.ts';
import { handDemonstrator } from './players/dials.ts';
import { turnKnobGrades } from './players/grades.ts';
import { turnKnobPlayer } from './players/turn-knob.ts';
import { faultScore } from './scenes.ts';
import { writeFromWrist } from './sight.ts';
import { changeReward, nearness, reachReward, TabletopScenes, tabletopSettings } from './tabletop.ts';
import { handTeleoperation } from './teleoperation.ts';
import { type Exhibit, handView } from './view.ts';

/** s */
const EPISODE_TIME = 6;
/** That the knob is to be turned by, rad. */
const QUARTER = Math.PI / 2;
/** Where its stops are, rad. */
const RANGE = [-0.05, 2.6] as const;
/** Of the knob's middle over the table, and from there to its ends, m. */
const KNOB_HEIGHT = 0.09;
const HALF_HEIGHT = 0.02;
/** What it turns on, m. */
const POST = { radius: 0.012, height: KNOB_HEIGHT - HALF_HEIGHT - 0.002 } as const;
/** kg/m³ */
const DENSITY = 1000;
/** The knob stands within this of the middle, and the wrist begins about so high over the table, m. */
const KNOB_AREA = 0.04;
const WRIST_HEIGHT = 0.22;
const WORKSPACE: Workspace = { low: [-0.25, -0.25, 0.1], high: [0.25, 0.25, 0.35] };

const turnKnobSettings = settings({
  ...tabletopSettings,
  radius: number(0.03, 0.025, 0.035, 'of the knob, m'),
  reachReward: reachReward('knob'),
  turnReward: number(5, 0, 100, 'reward of a knob that is turned by a quarter, in the dense reward'),
  changeReward: changeReward(-1e-3),
});
type TurnKnobSettings = ReturnType<typeof turnKnobSettings.parse>;

export const handTurnKnob: EnvDefinition<TurnKnobSettings> = {
  id: 'hand-turn-knob',
  description: 'A hand turns a knob by a quarter of a turn',
  settings: turnKnobSettings,
  scripted: turnKnobPlayer,
  demonstrator: handDemonstrator({
    player: turnKnobPlayer,
    thing: 'knob',
    area: () => ({ middles: [[0, 0]], half: KNOB_AREA }),
    grades: () => turnKnobGrades,
  }),
  teleoperation: handTeleoperation,
  create(numEnvs, s) {
    const scenes = new TabletopScenes(numEnvs, s, WORKSPACE);
    const knob = scenes.physics.addMechanism(knobOf(s.radius));
    scenes.addTable();
    const observationSpace = space(
      scenes.sights[0]!.components,
      vector('knob', 'm', 0.1, ['x', 'y']),
      vector('knob.from-wrist', 'm', 0.5),
      knobComponents,
    );
    /** Angles of the knob a control step ago, `[N]` rad. */
    const before = new Float32Array(numEnvs);
    const isTurned = (scene: number): boolean => knob.angle[scene]! >= QUARTER;

    return createVectorEnv({
      spec: {
        id: handTurnKnob.id,
        description: handTurnKnob.description,
        agents: 1,
        controlDt: scenes.controlDt,
        maxEpisodeSteps: scenes.stepsOf(EPISODE_TIME),
        rewardTerms: ['reach', 'turn', 'turned', 'change'],
        success: 'the knob is turned by a quarter of a turn when the episode ends',
        scores: [{ name: 'angle', unit: 'rad', description: 'of the knob at the end' }, faultScore],
      },
      numEnvs,
      observationSpace,
      actionSpace: scenes.actionSpace,
      view: handView(scenes, {
        driven: scenes.driven,
        exhibits: [knobExhibit(s.radius, knob)],
        fixed: [tableShape],
        readouts: [
          {
            name: 'angle',
            unit: 'rad',
            write(scene, row, at) {
              row[at] = knob.angle[scene]!;
            },
          },
        ],
        extent: 1,
        cameras: [
          { name: 'oblique', position: [0.42, -0.48, 0.42], target: [0, 0, 0.13] },
          { name: 'from above', position: [0, 0, 0.8], target: [0, 0.001, 0.1] },
        ],
      }),
      start(scene, rng) {
        scenes.vary(scene, rng);
        const around = (most: number): number => rng.uniform(-most, most);
        knob.basePosition.set([around(KNOB_AREA), around(KNOB_AREA), 0], 3 * scene);
        knob.angle[scene] = 0;
        before[scene] = 0;
        scenes.begin(scene, rng, [0, 0], WRIST_HEIGHT);
      },
      advance(actions) {
        before.set(knob.angle);
        scenes.advance(actions);
      },
      observe(scene, obs, rng) {
        let at = scenes.observe(scene, obs, rng);
        for (let axis = 0; axis < 2; axis++) obs[at++] = knob.linkPosition[3 * scene + axis]!;
        at = writeFromWrist(scenes.hand, scene, knob.linkPosition, 3 * scene, obs, at);
        obs[at] = knob.angle[scene]!;
        obs[at + 1] = (knob.angle[scene]! - before[scene]!) * s.rate;
      },
      judge(scene, terms) {
        terms.fill(0);
        if (scenes.failed(scene)) return true;
        const turned = isTurned(scene);
        terms[2] = turned ? 1 : 0;
        if (s.reward === 'sparse') return turned;
        terms[0] = s.reachReward * nearness(scenes.distance(scene, knob.linkPosition));
        terms[1] = s.turnReward * Math.max(0, Math.min(1, knob.angle[scene]! / QUARTER));
        terms[3] = s.changeReward * scenes.change[scene]!;
        return false;
      },
      succeeded: (scene) => !scenes.failed(scene) && isTurned(scene),
      score(scene, scores) {
        scores[0] = knob.angle[scene]!;
        scores[1] = scenes.failed(scene) ? 0 : 1;
      },
      state: [before, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};

const knobComponents: readonly Component[] = [
  { name: 'knob.angle', unit: 'rad', low: RANGE[0] - 0.2, high: RANGE[1] + 0.2 },
  symmetric('knob.rate', 'rad/s', 5),
];

const knobSolid = (radius: number): Solid => ({
  geometry: { type: 'cylinder', radius, halfHeight: HALF_HEIGHT },
  density: DENSITY,
  friction: 1,
});

const post: Solid = {
  geometry: { type: 'cylinder', radius: POST.radius, halfHeight: POST.height / 2 },
  position: [0, 0, POST.height / 2],
  friction: 1,
};

/** A post with a knob on it, which nothing drives; the engine damps its hinge by 0.1 N·m·s/rad. */
const knobOf = (radius: number): Articulation => ({
  name: 'knob',
  base: [post],
  links: [
    {
      name: 'knob',
      parent: -1,
      position: [0, 0, KNOB_HEIGHT],
      joint: { name: 'knob', axis: [0, 0, 1], range: RANGE, stiffness: 0, maxTorque: 0 },
      solids: [knobSolid(radius)],
      clearOfBase: true,
    },
  ],
});

/** The knob with a mark on it, and the post that hangs below. */
function knobExhibit(
  radius: number,
  {
    linkPosition,
    linkRotation,
  }: { readonly linkPosition: Float32Array; readonly linkRotation: Float32Array },
): Exhibit {
  const { geometry } = knobSolid(radius);
  const below: Vector3 = [0, 0, POST.height / 2 - KNOB_HEIGHT];
  const shapes: Shape[] = [
    { geometry, material: { color: '#e8894a', roughness: 0.6 } },
    {
      geometry: { type: 'box', size: [radius, 0.004, 0.002] },
      position: [radius / 2, 0, HALF_HEIGHT],
      material: { color: '#20242c' },
    },
    { geometry: post.geometry, position: below, material: { color: '#7a828e', metalness: 0.5 } },
  ];
  return {
    appearance: {
      name: 'knob',
      shapes,
      colliders: [{ geometry }, { geometry: post.geometry, position: below }],
    },
    pose(scene, row, at) {
      for (let axis = 0; axis < 3; axis++) row[at + axis] = linkPosition[3 * scene + axis]!;
      for (let part = 0; part < 4; part++) row[at + 3 + part] = linkRotation[4 * scene + part]!;
    },
  };
}

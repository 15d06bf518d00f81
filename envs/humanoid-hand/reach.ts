/** `hand-reach`: all five fingertips go to where another posture has them. The wrist stands still, palm up. */
import { jointRanges, rightHand } from '../../robots/humanoid-hand/index.ts';
import type { Color } from '../../src/core/appearance.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import type { Rng } from '../../src/core/rng.ts';
import { number, settings } from '../../src/core/settings.ts';
import { space, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { type DrivenHand, faultScore, HandTaskScenes, handSettings } from './scenes.ts';
import { placeComponents, writeVector } from './sight.ts';
import { handView, markerOf } from './view.ts';

/** s */
const EPISODE_TIME = 2;
const HEIGHT = 0.15;
const TIPS = 5;
/** Postures have at most this part of the abduction to either side, so that fingers seldom cross. */
const ABDUCTION = 0.5;
/** Postures that are drawn until one touches nothing, and the overlap that counts as touching, m. */
const DRAWS = 50;
const TOUCHING = 5e-4;
/** At which the dense reward has fallen to about a quarter, m. */
const REACH = 0.05;

const colors: readonly Color[] = ['#2fbf71', '#4aa8ff', '#f2c14e', '#c779d0', '#f26b3a'];

const reachSettings = settings({
  ...handSettings,
  tolerance: number(
    0.01,
    1e-3,
    0.1,
    'mean distance of the fingertips from their goals that counts as there, m',
  ),
  changeReward: number(-1e-3, -1, 0, 'weight of the squared change of the action, in the dense reward'),
});
type ReachSettings = ReturnType<typeof reachSettings.parse>;

export const handReach: EnvDefinition<ReachSettings> = {
  id: 'hand-reach',
  description: 'A hand brings its five fingertips to given places',
  settings: reachSettings,
  create(numEnvs, s) {
    const driven: DrivenHand[] = [{ model: rightHand, fingers: 'targets', movingWrist: false }];
    const scenes = new HandTaskScenes(numEnvs, s, driven);
    const hand = scenes.hands[0]!;
    const draw = postureSampler();
    /** `[N, 5, 3]` m */
    const goals = new Float32Array(3 * TIPS * numEnvs);
    const tips = rightHand.digits.map(({ name }) => name);
    const observationSpace = space(
      scenes.sights[0]!.components,
      ...tips.map((name) => placeComponents(`${name}.tip`)),
      ...tips.map((name) => placeComponents(`${name}.goal`)),
      ...tips.map((name) => vector(`${name}.error`, 'm', 0.3)),
    );
    const { size } = observationSpace;
    const angles = new Float32Array(hand.joints);

    /** Mean distance of the fingertips from their goals, `[N]` m. */
    const error = new Float32Array(numEnvs);

    function measure(scene: number): void {
      let sum = 0;
      for (let tip = 0; tip < TIPS; tip++) {
        const i = 3 * (TIPS * scene + tip);
        sum += Math.hypot(
          hand.tips[i]! - goals[i]!,
          hand.tips[i + 1]! - goals[i + 1]!,
          hand.tips[i + 2]! - goals[i + 2]!,
        );
      }
      error[scene] = sum / TIPS;
    }

    /** Builds `scene` in a posture in which nothing touches, as far as some draws find one. */
    function pose(scene: number, rng: Rng): void {
      for (let count = 0; count < DRAWS; count++) {
        draw(rng, angles);
        hand.place(scene, { angles, position: [0, 0, HEIGHT], rotation: [0, 0, 0, 1] });
        scenes.build(scene);
        if (scenes.physics.worlds.overlap(scene) < TOUCHING) return;
      }
    }

    return createVectorEnv({
      spec: {
        id: handReach.id,
        description: handReach.description,
        agents: 1,
        controlDt: scenes.controlDt,
        maxEpisodeSteps: scenes.stepsOf(EPISODE_TIME),
        rewardTerms: ['distance', 'reached', 'change'],
        success: `the fingertips are within ${1e3 * s.tolerance} mm of their goals in the mean when time is up`,
        scores: [
          { name: 'closeness', unit: 'm', description: 'mean distance from the goals at the end, negated' },
          faultScore,
        ],
      },
      numEnvs,
      observationSpace,
      actionSpace: scenes.actionSpace,
      view: handView(scenes, {
        driven,
        exhibits: tips.map((name, i) =>
          markerOf(
            {
              name: `${name} goal`,
              shapes: [
                {
                  geometry: { type: 'sphere', radius: 0.006 },
                  material: { color: colors[i]!, opacity: 0.7 },
                },
              ],
            },
            goals,
            TIPS,
            i,
          ),
        ),
        readouts: [
          {
            name: 'error',
            unit: 'm',
            write(scene, row, at) {
              row[at] = error[scene]!;
            },
          },
        ],
        extent: 0.5,
        cameras: [
          { name: 'oblique', position: [0.28, -0.3, 0.42], target: [0.1, 0, HEIGHT] },
          { name: 'from above', position: [0.1, 0, 0.6], target: [0.1, 0.001, HEIGHT] },
        ],
      }),
      start(scene, rng) {
        scenes.vary(scene, rng);
        pose(scene, rng);
        goals.set(hand.tips.subarray(3 * TIPS * scene, 3 * TIPS * (scene + 1)), 3 * TIPS * scene);
        pose(scene, rng);
        measure(scene);
      },
      advance: (actions) => scenes.advance(actions),
      observe(scene, obs, rng) {
        let at = scenes.observe(scene, obs, rng);
        const first = 3 * TIPS * scene;
        for (const places of [hand.tips, goals]) {
          obs.set(places.subarray(first, first + 3 * TIPS), at);
          at += 3 * TIPS;
        }
        for (let tip = 0; tip < TIPS; tip++)
          at = writeVector(goals, first + 3 * tip, obs, at, hand.tips, first + 3 * tip);
        if (at !== size) throw new Error(`${at} of ${size} numbers were observed.`);
      },
      judge(scene, terms) {
        measure(scene);
        const e = error[scene]!;
        const dense = s.reward === 'dense';
        terms[0] = dense ? 1 - Math.tanh(e / REACH) : 0;
        terms[1] = e < s.tolerance ? 1 : 0;
        terms[2] = dense ? s.changeReward * scenes.change[scene]! : 0;
        return scenes.failed(scene);
      },
      succeeded: (scene) => !scenes.failed(scene) && error[scene]! < s.tolerance,
      score(scene, scores) {
        scores[0] = -error[scene]!;
        scores[1] = scenes.failed(scene) ? 0 : 1;
      },
      state: [goals, error, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};

/** Draws joint angles within the ranges, flexed rather than overstretched. @returns writes them, `[J]` rad */
function postureSampler(): (rng: Rng, angles: Float32Array) => void {
  const ranges = jointRanges(rightHand);
  const joints = rightHand.digits.flatMap((digit) => digit.joints);
  return (rng, angles) => {
    ranges.forEach(([low, high], i) => {
      const part = joints[i]!.name === 'abduction' ? ABDUCTION : 1;
      angles[i] = rng.uniform(Math.max(low, part === 1 ? 0 : part * low), part * high);
    });
  };
}

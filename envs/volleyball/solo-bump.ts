/**
 * `volley-solo-bump`: keep the ball in the air, each time higher than 3.5 m. After VolleyBots (arXiv:2502.01932),
 * `single_juggle_volleyball.py` of github.com/thu-uav/VolleyBots.
 */
import type { EnvDefinition } from '../../src/core/env.ts';
import { number, settings } from '../../src/core/settings.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { courts } from './court.ts';
import { createDrill } from './drill.ts';
import { playedBy } from './players/player.ts';
import { soloBumpPlayer } from './players/solo-bump.ts';
import { soloBump as rules } from './rules/by-task.ts';
import { CONTROL_DT, volleySettings } from './scenes.ts';
import { volleyTeleoperation } from './teleoperation.ts';
import { tellMatch } from './tell.ts';
import { volleyView } from './view.ts';

const EPISODE_STEPS = 16 / CONTROL_DT;
/** Of the ball above the aircraft at the start, m. */
const SERVE_HEIGHT = 2;
/** The ball has to rise above this between two hits, m. */
const APEX = 3.5;
/** The height of the ball counts from the aircraft's, but from this at least, m, and up to so much above. */
const HEIGHT = { from: 1, most: 2 } as const;

const soloBumpSettings = settings({
  ...volleySettings,
  hitReward: number(2, 0, 100, 'reward of each hit'),
  apexReward: number(8, 0, 100, 'reward of each hit beside that, while the mean apex so far is above 3.5 m'),
  belowReward: number(1, 0, 100, 'weight of 1/(1 + d), d how far the ball is from straight above, in m'),
  heightReward: number(0.5, 0, 100, 'weight of how high the ball is above the aircraft, 2 m at most'),
  faultReward: number(
    -10,
    -1000,
    0,
    'reward of a hit too soon, of flying too low or high, of losing the ball',
  ),
});

export const soloBump: EnvDefinition<ReturnType<typeof soloBumpSettings.parse>> = {
  id: 'volley-solo-bump',
  description: 'A quadrotor keeps a volleyball in the air',
  settings: soloBumpSettings,
  scripted: playedBy(soloBumpPlayer),
  teleoperation: volleyTeleoperation,
  create(numEnvs, s) {
    const drill = createDrill(numEnvs, s, rules);
    const { scenes, game } = drill;
    const { ball, referee } = game;
    /** Highest point since the last hit, m; sum of those before the second and later hits; hits after one above 3.5 m. */
    const [apex, apexSum, bumps] = [
      new Float32Array(numEnvs),
      new Float32Array(numEnvs),
      new Uint32Array(numEnvs),
    ];
    return createVectorEnv({
      spec: {
        id: soloBump.id,
        description: soloBump.description,
        agents: 1,
        controlDt: CONTROL_DT,
        maxEpisodeSteps: EPISODE_STEPS,
        rewardTerms: ['hit', 'apex', 'below', 'height', 'fault'],
        scores: [
          {
            name: 'bumps',
            unit: '1',
            description: 'hits of a ball that has been above 3.5 m since the one before',
          },
          { name: 'hits', unit: '1', description: 'all hits' },
        ],
      },
      numEnvs,
      observationSpace: drill.observationSpace,
      actionSpace: scenes.actionSpace,
      view: volleyView(scenes, {
        court: courts.regulation,
        readouts: [{ name: 'bumps', read: (scene) => bumps[scene]! }, ...drill.readouts],
      }),
      start(scene, rng) {
        apex[scene] = 0;
        apexSum[scene] = 0;
        bumps[scene] = 0;
        drill.start(scene, rng, SERVE_HEIGHT);
      },
      advance: (actions) => scenes.fly(actions),
      observe: drill.observe,
      judge(scene, terms) {
        const over = referee.judge(scene);
        const hit = drill.hit(scene);
        const height = ball.position[3 * scene + 2]!;
        apex[scene] = Math.max(apex[scene]!, height);
        terms[0] = hit ? s.hitReward : 0;
        terms[1] = hit && isHigh(scene) ? s.apexReward : 0;
        if (hit) apex[scene] = 0;
        const [x, y, z] = scenes.fleet.bodies.position.subarray(3 * scene, 3 * scene + 3);
        const aside = Math.hypot(ball.position[3 * scene]! - x!, ball.position[3 * scene + 1]! - y!);
        terms[2] = s.belowReward / (1 + aside);
        const above = height - Math.max(z!, HEIGHT.from);
        terms[3] = s.heightReward * Math.max(0, Math.min(HEIGHT.most, above));
        terms[4] = s.faultReward * drill.faults(scene);
        return over;
      },
      score(scene, scores) {
        scores[0] = bumps[scene]!;
        scores[1] = referee.sheet.rally[scene]!;
      },
      tell: tellMatch(game),
      state: [apex, apexSum, bumps, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });

    /** Counts a hit. @returns whether the mean apex between hits is above the least */
    function isHigh(scene: number): boolean {
      const intervals = referee.sheet.rally[scene]! - 1;
      if (intervals < 1) return false;
      apexSum[scene]! += apex[scene]!;
      if (apex[scene]! > APEX) bumps[scene]!++;
      return apexSum[scene]! / intervals > APEX;
    }
  },
};

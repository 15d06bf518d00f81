/**
 * `volley-hit-the-ball`: one hit that sends the ball as far as it can. After VolleyBots (arXiv:2502.01932),
 * `single_hit_volleyball.py` of github.com/thu-uav/VolleyBots.
 */
import type { EnvDefinition } from '../../src/core/env.ts';
import { number, settings } from '../../src/core/settings.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { courts } from './court.ts';
import { ANCHOR, createDrill } from './drill.ts';
import { hitTheBallPlayer } from './players/hit-the-ball.ts';
import { playedBy } from './players/player.ts';
import { hitTheBall as rules } from './rules/by-task.ts';
import { Outcome } from './rules/events.ts';
import { CONTROL_DT, volleySettings } from './scenes.ts';
import { volleyTeleoperation } from './teleoperation.ts';
import { tellMatch } from './tell.ts';
import { volleyView } from './view.ts';

const EPISODE_STEPS = 10 / CONTROL_DT;
/** Of the ball above the aircraft at the start, m. */
const SERVE_HEIGHT = 3;
/** Farther from the anchor than this `awayReward` is due, m. */
const AWAY = 1;

const hitTheBallSettings = settings({
  ...volleySettings,
  hitReward: number(1, 0, 100, 'reward of the hit'),
  distanceReward: number(
    2,
    0,
    100,
    'weight of how far from the anchor the ball lands towards the net and beyond, per m',
  ),
  awayReward: number(-0.05, -100, 0, 'reward of each control step farther than 1 m from the anchor'),
  faultReward: number(
    -10,
    -1000,
    0,
    'reward of a second hit, of flying too low or past the net, of losing the ball',
  ),
});

export const hitTheBall: EnvDefinition<ReturnType<typeof hitTheBallSettings.parse>> = {
  id: 'volley-hit-the-ball',
  description: 'A quadrotor hits a falling volleyball once, as far as it can',
  settings: hitTheBallSettings,
  scripted: playedBy(hitTheBallPlayer),
  teleoperation: volleyTeleoperation,
  create(numEnvs, s) {
    const drill = createDrill(numEnvs, s, rules);
    const { scenes, game } = drill;
    const { ball, referee } = game;
    const landed = (scene: number): boolean => referee.sheet.outcome[scene] === Outcome.nearWins;
    /** Towards the net and beyond, m. */
    const distance = (scene: number): number => ANCHOR[0] - ball.position[3 * scene]!;
    return createVectorEnv({
      spec: {
        id: hitTheBall.id,
        description: hitTheBall.description,
        agents: 1,
        controlDt: CONTROL_DT,
        maxEpisodeSteps: EPISODE_STEPS,
        rewardTerms: ['hit', 'distance', 'away', 'fault'],
        scores: [
          {
            name: 'distance',
            unit: 'm',
            description:
              'from the anchor along the court to where the ball has fallen back to 2 m; 0 without a hit',
          },
          { name: 'reach', unit: 'm', description: 'the same in any direction' },
        ],
      },
      numEnvs,
      observationSpace: drill.observationSpace,
      actionSpace: scenes.actionSpace,
      view: volleyView(scenes, { court: courts.regulation, readouts: drill.readouts }),
      start: (scene, rng) => drill.start(scene, rng, SERVE_HEIGHT),
      advance: (actions) => scenes.fly(actions),
      observe: drill.observe,
      judge(scene, terms) {
        const over = referee.judge(scene);
        terms[0] = drill.hit(scene) ? s.hitReward : 0;
        terms[1] = landed(scene) ? s.distanceReward * distance(scene) : 0;
        terms[2] = scenes.distanceTo(scene, ANCHOR) > AWAY ? s.awayReward : 0;
        terms[3] = s.faultReward * drill.faults(scene);
        return over;
      },
      score(scene, scores) {
        scores.fill(0);
        if (!landed(scene)) return;
        scores[0] = distance(scene);
        scores[1] = Math.hypot(distance(scene), ball.position[3 * scene + 1]! - ANCHOR[1]);
      },
      tell: tellMatch(game),
      state: scenes.state,
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};

/**
 * `volley-bump-and-pass`: two aircraft play a ball to each other, over 4 m high. After VolleyBots (arXiv:2502.01932),
 * `multi_juggle_volleyball.py` of github.com/thu-uav/VolleyBots.
 */
import type { EnvDefinition } from '../../src/core/env.ts';
import { number, settings } from '../../src/core/settings.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { courts } from './court.ts';
import { PAIR, Pair, pairRewards } from './pair.ts';
import { bumpAndPassPlayer } from './players/bump-and-pass.ts';
import { playedBy } from './players/player.ts';
import { bumpAndPass as rules } from './rules/by-task.ts';
import { CONTROL_DT, volleySettings } from './scenes.ts';
import { volleyTeleoperation } from './teleoperation.ts';
import { tellMatch } from './tell.ts';
import { volleyView } from './view.ts';

const EPISODE_STEPS = 16 / CONTROL_DT;
/** A pass is high when it crosses the plane between the two above this, m. */
const PASS_HEIGHT = 4;

const bumpAndPassSettings = settings({
  ...volleySettings,
  ...pairRewards,
  passReward: number(1, 0, 100, 'reward of both for each pass that is above 4 m between them'),
});

export const bumpAndPass: EnvDefinition<ReturnType<typeof bumpAndPassSettings.parse>> = {
  id: 'volley-bump-and-pass',
  description: 'Two quadrotors play a volleyball to each other',
  settings: bumpAndPassSettings,
  agents: () => PAIR,
  scripted: playedBy(bumpAndPassPlayer),
  teleoperation: volleyTeleoperation,
  create(numEnvs, s) {
    const places = [
      [4.5, -2.5, 2],
      [4.5, 2.5, 2],
    ] as const;
    const pair = new Pair(numEnvs, s, { rules, places, turns: PAIR });
    const { scenes, game } = pair;
    const { ball, referee } = game;
    const { sheet } = referee;
    const scenesCount = numEnvs / PAIR;
    /** Where the ball was across the court after the last control step, m; high passes so far; 1 where the last step brought one. */
    const [across, passes, passed] = [
      new Float32Array(scenesCount),
      new Uint32Array(scenesCount),
      new Uint8Array(scenesCount),
    ];

    function notePasses(): void {
      for (let scene = 0; scene < scenesCount; scene++) {
        const [y, z] = [ball.position[3 * scene + 1]!, ball.position[3 * scene + 2]!];
        passed[scene] = across[scene]! * y < 0 && z > PASS_HEIGHT ? 1 : 0;
        passes[scene]! += passed[scene]!;
        across[scene] = y;
      }
    }

    return createVectorEnv({
      spec: {
        id: bumpAndPass.id,
        description: bumpAndPass.description,
        agents: PAIR,
        controlDt: CONTROL_DT,
        maxEpisodeSteps: EPISODE_STEPS,
        rewardTerms: ['hit', 'pass', 'aim', 'near', 'place', 'fault'],
        scores: [
          { name: 'hits', unit: '1', description: 'legal hits of both' },
          { name: 'passes', unit: '1', description: 'passes that were above 4 m between the two' },
        ],
      },
      numEnvs,
      observationSpace: pair.observationSpace,
      actionSpace: scenes.actionSpace,
      view: volleyView(scenes, {
        court: courts.regulation,
        readouts: [...pair.readouts, { name: 'passes', read: (scene) => passes[scene]! }],
      }),
      start(row, rng) {
        pair.start(row, rng);
        const scene = Math.floor(row / PAIR);
        across[scene] = ball.position[3 * scene + 1]!;
        passes[scene] = 0;
        passed[scene] = 0;
      },
      advance(actions) {
        scenes.fly(actions);
        notePasses();
      },
      observe: (row, obs) => pair.observe(row, obs),
      judge(row, terms) {
        const scene = Math.floor(row / PAIR);
        const over = referee.judge(scene);
        const mate = row + 1 - 2 * (row % PAIR);
        terms[0] = s.hitReward * pair.hits(scene);
        terms[1] = s.passReward * passed[scene]!;
        terms[2] = pair.aimTerm(row, scenes.fleet.bodies.position, 3 * mate);
        terms[3] = pair.nearTerm(scene, sheet.turn[scene] === 0 ? [1, -1] : [-1, 1]);
        terms[4] = pair.placeTerm(scene);
        terms[5] = pair.faultTerm(row);
        return over;
      },
      score(row, scores) {
        const scene = Math.floor(row / PAIR);
        scores[0] = sheet.rally[scene]!;
        scores[1] = passes[scene]!;
      },
      tell: tellMatch(game),
      state: [across, passes, passed, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};

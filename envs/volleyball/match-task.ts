/**
 * The matches, one, three or six aircraft a side: `volley-1v1`, `volley-3v3`, `volley-6v6`. After VolleyBots (arXiv:2502.01932,
 * `envs/competitive` of github.com/thu-uav/VolleyBots). Both sides see the court as the near one does, so that one policy plays
 * both.
 *
 * Rows: with `opponent=self`, all P players of a match, the near side first; otherwise the near side alone.
 */
import type { EnvDefinition, VectorEnv } from '../../src/core/env.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { Match, type MatchOptions, type MatchSettings, matchSettings } from './match.ts';
import { matchTerms, rewardTerms } from './match-rewards.ts';
import { playedBy } from './players/player.ts';
import { CONTROL_DT } from './scenes.ts';
import { volleyTeleoperation } from './teleoperation.ts';
import { tellMatch } from './tell.ts';
import { volleyView } from './view.ts';

export function matchDefinition(
  id: string,
  description: string,
  options: MatchOptions,
): EnvDefinition<MatchSettings> {
  const players = options.rules.sides.length;
  const rowsOf = ({ opponent }: Pick<MatchSettings, 'opponent'>): number =>
    opponent === 'self' ? players : players / 2;
  const scripted = (env: VectorEnv, s: MatchSettings): Policy =>
    playedBy((observation) => options.opponent(observation, s))(env, s);
  return {
    id,
    description,
    settings: matchSettings(options.team),
    agents: rowsOf,
    scripted,
    match: {
      settings: { opponent: 'self' },
      opponent: (env, s, level) => scripted(env, { ...s, level }),
    },
    teleoperation: volleyTeleoperation,
    create(numEnvs, s) {
      const rows = rowsOf(s);
      const match = new Match(numEnvs / rows, s, options);
      const { scenes, game } = match;
      const { sheet } = game.referee;
      const sceneOf = (row: number): number => Math.floor(row / rows);
      const playerOf = (row: number): number => row % rows;
      const terms = matchTerms(match, s);
      return createVectorEnv({
        spec: {
          id,
          description,
          agents: rows,
          ...(s.opponent === 'self' ? { sides: 2 as const } : {}),
          controlDt: CONTROL_DT,
          maxEpisodeSteps: options.seconds / CONTROL_DT,
          rewardTerms: rewardTerms(options.team),
          success: 'the own side wins the rally',
          scores: [{ name: 'hits', unit: '1', description: 'legal hits of both sides' }],
        },
        numEnvs,
        observationSpace: match.observationSpace,
        actionSpace: scenes.actionSpace,
        view: volleyView(scenes, { court: options.rules.court, readouts: match.readouts }),
        start(row, rng) {
          if (playerOf(row) === 0) match.start(sceneOf(row), rng);
        },
        advance: (actions) => match.advance(actions, rows),
        observe: (row, obs) => match.observe(sceneOf(row), playerOf(row), obs),
        judge(row, out) {
          const over = game.referee.judge(sceneOf(row));
          terms(sceneOf(row), playerOf(row), out);
          return over;
        },
        succeeded: (row) => sheet.result(sceneOf(row), match.sideOf(playerOf(row))) === 1,
        score(row, scores) {
          scores[0] = sheet.rally[sceneOf(row)]!;
        },
        tell: tellMatch(game),
        state: scenes.state,
        world: scenes.world,
        close: () => scenes.close(),
      });
    },
  };
}

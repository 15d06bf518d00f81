/** What the minibatches of a run are drawn from: what it has lived through, what it was shown, and whose turn it was. */
import type { OffPolicyMaths } from '../learner/index.ts';
import type { Experience } from '../replay/experience.ts';
import type { Source } from '../replay/mixture.ts';
import { partitioned } from '../replay/partitions.ts';
import type { ReplayBuffer } from '../replay/replay-buffer.ts';
import { teamsWhere } from '../replay/teams-where.ts';
import type { OffPolicyTraining } from './config.ts';

type Test = (stored: ReplayBuffer, team: number) => boolean;

/** @param shown demonstrations, where there are some @returns those that take turns, in this order */
export function sourcesOf(
  maths: OffPolicyMaths,
  { experience, interventionsShown, demonstrationFraction: fraction }: OffPolicyTraining,
  replay: ReplayBuffer,
  shown: ReplayBuffer | undefined,
): readonly Source[] {
  return turnsOf(maths).map((turn) => {
    const interventions = matching(replay, ...turn, (stored, team) => stored.isIntervened(team));
    const demonstrations = [
      ...(shown ? [matching(shown, ...turn)] : []),
      ...(interventionsShown ? [interventions] : []),
    ];
    return {
      experience: experience === 'interventions' ? interventions : matching(replay, ...turn),
      ...(demonstrations.length > 0 && {
        demonstrations: { transitions: partitioned(demonstrations), fraction },
      }),
    };
  });
}

/** Of recorded transitions alone. */
export const recordedSources = (maths: OffPolicyMaths, recorded: ReplayBuffer): readonly Source[] =>
  turnsOf(maths).map((turn) => ({ experience: matching(recorded, ...turn) }));

/** What tells the turns of several agents apart; of one agent nothing does. */
function turnsOf({ turnColumn }: OffPolicyMaths): readonly (readonly Test[])[] {
  if (turnColumn === undefined) return [[]];
  return [true, false].map((forward) => [
    (stored, team) => stored.observed(team, turnColumn) > 0 === forward,
  ]);
}

const matching = (stored: ReplayBuffer, ...tests: readonly Test[]): Experience =>
  tests.length === 0 ? stored : teamsWhere(stored, (team) => tests.every((test) => test(stored, team)));

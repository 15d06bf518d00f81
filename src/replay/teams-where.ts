/** Some of a replay buffer's transitions, sampled as a store of their own. */
import { type Experience, experienceOf } from './experience.ts';
import type { ReplayBuffer } from './replay-buffer.ts';

/** Those that somebody else than the policy made. */
export const intervenedTeams = (buffer: ReplayBuffer): Experience =>
  teamsWhere(buffer, (team) => buffer.isIntervened(team));

/**
 * It keeps a list, which it brings up to date when it is asked: nothing has to be told of what is stored or restored.
 * @param isOne of what is stored, for good
 */
export function teamsWhere(buffer: ReplayBuffer, isOne: (team: number) => boolean): Experience {
  const { teamSize } = buffer;
  const capacity = buffer.capacity / teamSize;
  /** Numbers of teams in the order in which they were ever written, the oldest first; those before `head` are overwritten. */
  let numbers: number[] = [];
  let head = 0;
  let known = 0;

  function update(): void {
    const written = buffer.written / teamSize;
    const oldest = Math.max(0, written - capacity);
    for (let number = Math.max(known, oldest); number < written; number++)
      if (isOne(number % capacity)) numbers.push(number);
    known = written;
    while (head < numbers.length && numbers[head]! < oldest) head++;
    if (head <= capacity) return;
    numbers = numbers.slice(head);
    head = 0;
  }

  return experienceOf({
    teamSize,
    get teams() {
      update();
      return numbers.length - head;
    },
    copyTeam: (team, batch, to) => buffer.copyTeam(numbers[head + team]! % capacity, batch, to),
  });
}

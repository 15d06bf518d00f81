/** Several stores sampled as one, such as the replay buffers of actors. */
import { type Experience, experienceOf, type StoredTeams } from './experience.ts';

/** @param parts at least one, with rows of the same widths and teams of the same size */
export const partitioned = (parts: readonly StoredTeams[]): Experience =>
  experienceOf({
    teamSize: parts[0]!.teamSize,
    get teams() {
      return parts.reduce((sum, { teams }) => sum + teams, 0);
    },
    copyTeam(team, batch, to) {
      let [index, part] = [team, 0];
      while (index >= parts[part]!.teams) index -= parts[part++]!.teams;
      return parts[part]!.copyTeam(index, batch, to);
    },
  });

/** The courts of docs/volleyball.md from above, by file name. */
import { envs } from '../envs/index.ts';
import { agentsOf } from '../src/core/teams.ts';
import { topView } from './top-view.ts';

export function courtDrawings(): Record<string, string> {
  const volleyball = Object.values(envs).filter(({ id }) => id.startsWith('volley-'));
  return Object.fromEntries(
    volleyball.map((definition) => {
      const settings = definition.settings.parse({});
      const env = definition.create(agentsOf(definition, settings), settings);
      env.reset(1);
      const drawing = topView(env);
      env.close();
      return [`${definition.id}.svg`, drawing];
    }),
  );
}

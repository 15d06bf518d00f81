/** The settings that `--set` takes, as a table for `--help`. */
import { describeSettings, type SettingsSchema } from '../../src/core/settings.ts';

export function settingsHelp(groups: Readonly<Record<string, SettingsSchema<unknown>>>): string {
  const tables = Object.entries(groups).map(([group, schema]) => {
    const rows = describeSettings(schema).map(({ name, default: value, meaning }) => {
      return `  ${`${name}=${JSON.stringify(value)}`.padEnd(36)} ${meaning}`;
    });
    return `${group}:\n${rows.join('\n')}`;
  });
  return tables.join('\n\n');
}

/** `proprio list`: what there is to train, with and on; and the settings of each. */
import { Command } from 'commander';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { robots } from '../../robots/index.ts';
import { lookUp } from '../../src/core/errors.ts';
import { describeSettings, type SettingsSchema } from '../../src/core/settings.ts';
import { trainingSettings } from '../../src/run/config.ts';
import { settingsHelp } from './settings-help.ts';

interface Listing {
  readonly name: string;
  readonly description: string;
}

const catalogue: Readonly<Record<string, () => Listing[]>> = {
  envs: () => Object.values(envs).map(({ id, description }) => ({ name: id, description })),
  agents: () => Object.values(agents).map(({ name, description }) => ({ name, description })),
  robots: () => Object.values(robots).map(({ name, description }) => ({ name, description })),
};

/** Of everything that has settings: what it is, and the settings that belong to it, by group. */
const details: Readonly<
  Record<string, { description: string; settings: Record<string, SettingsSchema<unknown>> }>
> = {
  ...Object.fromEntries(
    Object.values(envs).map(({ id, description, settings }) => [
      id,
      { description, settings: { env: settings } },
    ]),
  ),
  ...Object.fromEntries(
    Object.values(agents).map(({ name, description, settings, kind }) => [
      name,
      { description, settings: { agent: settings, training: trainingSettings[kind] } },
    ]),
  ),
};

export const listCommand = (): Command =>
  new Command('list')
    .description('Show environments, agents and robots, or the settings of one of them')
    .argument('[what]', 'envs, agents or robots; or the name of an environment or agent, for its settings')
    .option('--json', 'print one JSON value: objects with name and description')
    .addHelpText(
      'after',
      '\nExamples:\n  proprio list\n  proprio list envs --json\n  proprio list dsac-t\n  proprio list drone-hover',
    )
    .action((what: string | undefined, { json }: { json?: boolean }) => {
      if (what !== undefined && Object.hasOwn(details, what)) listSettings(what, json === true);
      else listKinds(what, json === true);
    });

function listKinds(what: string | undefined, json: boolean): void {
  const known = { ...catalogue, ...Object.fromEntries(Object.keys(details).map((name) => [name, () => []])) };
  const kinds = what === undefined ? Object.keys(catalogue) : [what];
  const lists = kinds.map((kind) => [kind, lookUp('list', known, kind)()] as const);
  if (json) {
    console.log(JSON.stringify(what === undefined ? Object.fromEntries(lists) : lists[0]![1]));
    return;
  }
  for (const [kind, listings] of lists) {
    console.log(`${kind}:`);
    for (const { name, description } of listings) console.log(`  ${name.padEnd(16)} ${description}`);
  }
}

function listSettings(name: string, json: boolean): void {
  const { description, settings } = details[name]!;
  if (json) {
    const groups = Object.entries(settings).map(([group, schema]) => [group, describeSettings(schema)]);
    console.log(JSON.stringify({ name, description, settings: Object.fromEntries(groups) }));
    return;
  }
  console.log(`${name}: ${description}\n\n${settingsHelp(settings)}`);
}

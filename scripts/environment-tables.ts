/** The tables of docs/environments.md, made from the Spaces, rewards and settings of the listed environments. */
import { envs } from '../envs/index.ts';
import type { EnvDefinition } from '../src/core/env.ts';
import { describeSettings } from '../src/core/settings.ts';
import type { Component, Space } from '../src/core/space.ts';
import { agentsOf } from '../src/core/teams.ts';

export function environmentTables(): string {
  const sections = Object.values(envs).map(section);
  return [
    '# Environments',
    'Written by `npm run docs` from the environments themselves; a test compares them.',
    ...sections,
  ].join('\n\n');
}

function section(definition: EnvDefinition): string {
  const settings = definition.settings.parse({});
  const env = definition.create(agentsOf(definition, settings), settings);
  const { spec, observationSpace, actionSpace } = env;
  env.close();
  const seconds = spec.maxEpisodeSteps * spec.controlDt;
  return [
    `## ${spec.id}`,
    `${spec.description}. Control step ${spec.controlDt} s, episodes of at most ${spec.maxEpisodeSteps} steps (${seconds.toFixed(1)} s).${spec.success ? ` Success: ${spec.success}.` : ''}`,
    ...(spec.agents > 1 ? [`Players of an episode, each with a row of its own: ${spec.agents}.`] : []),
    `Reward: the sum of ${spec.rewardTerms.map((name) => `\`${name}\``).join(', ')}.`,
    ...(spec.scores ?? []).map(
      ({ name, unit, description }) =>
        `Score \`${name}\`${unit === '1' ? '' : ` (${unit})`}: ${description}.`,
    ),
    `### Observation`,
    spaceTable(observationSpace),
    `### Action`,
    spaceTable(actionSpace),
    ...settingsTable(definition),
  ].join('\n\n');
}

function spaceTable({ components }: Space): string {
  const rows: string[] = [];
  for (let first = 0, last: number; first < components.length; first = last + 1) {
    last = lastAlike(components, first);
    const { name, unit, low, high } = components[first]!;
    const several = last > first;
    const index = several ? `${first}–${last}` : first;
    const names = several ? `${name} … ${components[last]!.name}` : name;
    rows.push(`| ${index} | ${names} | ${unit} | ${low} | ${high} |`);
  }
  return ['| index | name | unit | low | high |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** Where a run of components ends that differ from the one at `first` in a counted number only. */
function lastAlike(components: Space['components'], first: number): number {
  const pattern = ({ name, unit, low, high }: Component): string =>
    [name.replace(/\.\d+(?=\.|$)/, '.#'), unit, low, high].join();
  const counted = (component: Component): boolean => pattern(component).includes('.#');
  let last = first;
  while (
    last + 1 < components.length &&
    counted(components[first]!) &&
    pattern(components[last + 1]!) === pattern(components[first]!)
  )
    last++;
  return last;
}

function settingsTable({ settings }: EnvDefinition): string[] {
  const rows = describeSettings(settings).map(
    ({ name, default: value, meaning }) => `| \`env.${name}\` | ${JSON.stringify(value)} | ${meaning} |`,
  );
  return rows.length === 0
    ? []
    : ['### Settings', ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')];
}

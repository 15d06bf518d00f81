/** The tables of docs/environments.md, made from the Spaces, rewards and settings of the listed environments. */
import { envs } from '../envs/index.ts';
import type { EnvDefinition } from '../src/core/env.ts';
import { describeSettings } from '../src/core/settings.ts';
import type { Space } from '../src/core/space.ts';

export function environmentTables(): string {
  const sections = Object.values(envs).map(section);
  return [
    '# Environments',
    'Written by `npm run docs` from the environments themselves; a test compares them.',
    ...sections,
  ].join('\n\n');
}

function section(definition: EnvDefinition): string {
  const env = definition.create(1, definition.settings.parse({}));
  const { spec, observationSpace, actionSpace } = env;
  env.close();
  const seconds = spec.maxEpisodeSteps * spec.controlDt;
  return [
    `## ${spec.id}`,
    `${spec.description}. Control step ${spec.controlDt} s, episodes of at most ${spec.maxEpisodeSteps} steps (${seconds.toFixed(1)} s).${spec.success ? ` Success: ${spec.success}.` : ''}`,
    `Reward: the sum of ${spec.rewardTerms.map((name) => `\`${name}\``).join(', ')}.`,
    `### Observation`,
    spaceTable(observationSpace),
    `### Action`,
    spaceTable(actionSpace),
    ...settingsTable(definition),
  ].join('\n\n');
}

function spaceTable({ components }: Space): string {
  const rows = components.map(
    ({ name, unit, low, high }, i) => `| ${i} | ${name} | ${unit} | ${low} | ${high} |`,
  );
  return ['| index | name | unit | low | high |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function settingsTable({ settings }: EnvDefinition): string[] {
  const rows = describeSettings(settings).map(
    ({ name, default: value, meaning }) => `| \`env.${name}\` | ${JSON.stringify(value)} | ${meaning} |`,
  );
  return rows.length === 0
    ? []
    : ['### Settings', ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')];
}

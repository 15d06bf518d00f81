/** `train --from <run>`: what a run takes over from another one whose parameters it begins with. */
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { lookUp, ProprioError, UsageError } from '../../src/core/errors.ts';
import { parseSettings } from '../../src/core/settings.ts';
import type { Space } from '../../src/core/space.ts';
import type { AgentDefinition, PolicyMaths } from '../../src/learner/index.ts';
import type { RunConfig, SettingGroups } from '../../src/run/config.ts';
import { spacesOf } from '../../src/run/consistency.ts';
import { mathsOf } from '../../src/run/maths.ts';
import { RunFolder } from '../../src/run/run-folder.ts';

export interface Start {
  /** Folder of the run. */
  readonly from: string;
  readonly env: string;
  readonly agent: string;
  /** Settings that hold unless told otherwise: those of its agent, and no random steps, as there is a policy to act by. */
  readonly settings: Partial<SettingGroups>;
}

/**
 * @param env that was asked for; that of the run unless told
 * @param agent another one that learns the same networks, such as `dagger` after `bc`; that of the run unless told
 * @throws ProprioError where the run has no checkpoint
 */
export function startFrom(from: string, env: string | undefined, agent: string | undefined): Start {
  const folder = RunFolder.open(from);
  const { config } = folder;
  const next = lookUp('agent', agents, agent ?? config.agent.name);
  if (!folder.hasCheckpoint) throw new ProprioError(`${from} has no checkpoint to begin from.`);
  const training = next.kind === 'off-policy' ? { randomSteps: 0 } : {};
  return {
    from,
    env: env ?? config.env.id,
    agent: next.name,
    settings: { agent: settingsFor(next, config), training },
  };
}

/** To another agent only what was changed of its own defaults goes on. */
function settingsFor(
  next: AgentDefinition,
  { agent: { name, settings } }: RunConfig,
): Record<string, unknown> {
  if (next.name === name) return { ...settings };
  const before = lookUp('agent', agents, name).settings;
  const defaults = parseSettings<Record<string, unknown>>('agent', before, {});
  const isChanged = ([setting, value]: [string, unknown]): boolean =>
    setting in next.settings.shape && JSON.stringify(value) !== JSON.stringify(defaults[setting]);
  return Object.fromEntries(Object.entries(settings).filter(isChanged));
}

/** @throws UsageError naming the first thing that the two runs do not both see, do or learn */
export function assertAlike({ from }: Start, config: RunConfig): void {
  const runs = [RunFolder.open(from).config, config].map((each) => {
    const env = lookUp('environment', envs, each.env.id);
    return {
      spaces: spacesOf(each, env),
      maths: mathsOf(each, lookUp('agent', agents, each.agent.name), spacesOf(each, env)),
    };
  });
  const [before, now] = [runs[0]!, runs[1]!];
  for (const [kind, verb] of [
    ['observation', 'observes'],
    ['action', 'acts by'],
  ] as const) {
    const [old, own] = [namesOf(before.spaces[kind]), namesOf(now.spaces[kind])];
    const at = differenceOf(old, own);
    if (at === undefined) continue;
    throw new UsageError(
      `${from} cannot be begun from: it ${verb} ${old.length} numbers, "${config.env.id}" with these settings ${own.length}. Number ${at} is ${quoted(old[at])} there and ${quoted(own[at])} here.`,
    );
  }
  const [old, own] = [arraysOf(before.maths), arraysOf(now.maths)];
  const at = differenceOf(old, own);
  if (at === undefined) return;
  throw new UsageError(
    `${from} cannot be begun from: it has learnt ${quoted(old[at])}, and with these settings of the agent that would be ${quoted(own[at])}.`,
  );
}

/** Index of the first that is not the same. */
function differenceOf(old: readonly string[], own: readonly string[]): number | undefined {
  const longer = Math.max(old.length, own.length);
  return Array.from({ length: longer }, (_, i) => i).find((i) => old[i] !== own[i]);
}

/** Everything that is learnt, by name and shape. */
const arraysOf = ({ state }: PolicyMaths): string[] =>
  Object.entries(state).flatMap(([name, layout]) =>
    layout.map((array) => `${name}.${array.name} [${array.shape.join(', ')}]`),
  );
const namesOf = ({ components }: Space): string[] => components.map(({ name }) => name);
const quoted = (name: string | undefined): string => (name === undefined ? 'absent' : `"${name}"`);

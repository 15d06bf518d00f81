/** Who is compared: the policy that a run has kept, what it plays in, and the best sinusoid there. */
import { bestSinusoidOf, bestSinusoids } from '../../../envs/fin-ray/best-sinusoids.ts';
import { type FlowTaskName, flowTasks } from '../../../envs/fin-ray/flow-tasks.ts';
import type { Objective } from '../../../envs/fin-ray/objective.ts';
import { finTasks } from '../../../envs/fin-ray/tasks.ts';
import type { Sinusoid } from '../../../envs/fin-ray/wave.ts';
import { envs } from '../../../envs/index.ts';
import type { EnvDefinition } from '../../../src/core/env.ts';
import { ConfigurationError, lookUp, UsageError } from '../../../src/core/errors.ts';
import { parseSettings, settings } from '../../../src/core/settings.ts';
import type { Space } from '../../../src/core/space.ts';
import { parseAssignments } from '../../../src/run/config.ts';
import type { RunFolder } from '../../../src/run/run-folder.ts';
import { findSubject } from '../../view/subject.ts';
import type { SearchedTask } from '../sinusoid/grid.ts';

export interface Entrant {
  readonly run: RunFolder;
  /** That it was trained in. */
  readonly task: SearchedTask;
  /** That it is compared in. */
  readonly playedIn: SearchedTask;
  readonly definition: EnvDefinition;
  /** Of that environment, checked and complete. */
  readonly settings: Record<string, unknown>;
  readonly objective: Objective;
  readonly wave: Sinusoid;
  /** The task that the wave is the best one of: that of the slender flow where the other was not searched. */
  readonly waveOf: SearchedTask;
}

export interface Stage {
  /** Environment to play in instead of the run's own. */
  readonly playedIn?: string | undefined;
  /** `name=value`, settings of the environment that is played in. */
  readonly assignments: readonly string[];
}

const tasks = { ...flowTasks, ...finTasks };
const isTask = (id: string): id is SearchedTask => Object.hasOwn(tasks, id);

/**
 * @param path of a run folder
 * @throws UsageError where there is no run of a fin ray
 * @throws ConfigurationError where the policy would see or do other things than it was trained with
 */
export function findEntrant(path: string, { playedIn, assignments }: Stage): Entrant {
  const { run, definition: own, settings: trainedWith } = findSubject(path, []);
  if (!run)
    throw new UsageError(`"${path}" is an environment: give the folder of a run that was trained in it.`);
  const task = own.id;
  if (!isTask(task)) {
    const known = Object.keys(tasks).join(', ');
    throw new UsageError(`${path} is a run of "${task}", which no sinusoid is known for. Known: ${known}.`);
  }
  if (playedIn !== undefined) lookUp('fin-ray task', tasks, playedIn);
  const id = (playedIn ?? task) as SearchedTask;
  const definition = envs[id]!;
  const changed = changedSettings(trainedWith, definition, assignments);
  if (playedIn !== undefined || assignments.length > 0)
    assertAlike(path, spacesOf(own, trainedWith), spacesOf(definition, changed), id);
  const objective = changed.objective as Objective;
  const searched = bestSinusoids[id][objective] !== undefined;
  return {
    ...{ run, task, playedIn: id, definition, settings: changed, objective },
    wave: bestSinusoidOf(id, objective).wave,
    waveOf: searched ? id : flowTasks[id as FlowTaskName],
  };
}

/** Those of the run as far as the environment has them, and what was assigned. */
function changedSettings(
  trainedWith: Readonly<Record<string, unknown>>,
  { settings: schema }: EnvDefinition,
  assignments: readonly string[],
): Record<string, unknown> {
  const none = settings({});
  const { env: assigned } = parseAssignments(assignments, { env: schema, agent: none, training: none });
  const kept = Object.entries(trainedWith).filter(([name]) => Object.hasOwn(schema.shape, name));
  return parseSettings('env', schema, { ...Object.fromEntries(kept), ...assigned });
}

interface Spaces {
  readonly observation: Space;
  readonly action: Space;
}

function spacesOf(definition: EnvDefinition, settings: Record<string, unknown>): Spaces {
  const env = definition.create(1, settings);
  env.close();
  return { observation: env.observationSpace, action: env.actionSpace };
}

function assertAlike(path: string, trained: Spaces, played: Spaces, id: string): void {
  for (const kind of ['observation', 'action'] as const) {
    const [own, other] = [trained[kind].components, played[kind].components];
    const apart = Array.from({ length: Math.max(own.length, other.length) }, (_, i) => i).find(
      (i) => JSON.stringify(own[i]) !== JSON.stringify(other[i]),
    );
    if (apart === undefined) continue;
    const nameOf = (components: Space['components']): string =>
      components[apart] ? `"${components[apart].name}"` : 'none';
    throw new ConfigurationError(
      `${path} cannot play in "${id}": component ${apart} of the ${kind} is ${nameOf(own)} of ${own.length} in the run, and ` +
        `${nameOf(other)} of ${other.length} there. Choose the environment by --in and its settings, such as frames, by --set.`,
    );
  }
}

/** What an environment says of itself before it is run: its methods, its spec and its spaces. */
import type { EnvSpec, VectorEnv } from '../env.ts';
import type { Space } from '../space.ts';
import { type Check, componentName } from './driver.ts';
import type { Findings } from './problems.ts';
import { checkRows } from './teams.ts';

/** @returns whether enough is in order to run the environment */
export function checkDescription({ driver: { env }, findings }: Check): boolean {
  if (!checkMembers(env, findings)) return false;
  const usable = [
    checkSpec(env.spec, findings),
    checkSpace('observationSpace', env.observationSpace, findings),
    checkSpace('actionSpace', env.actionSpace, findings),
  ].every(Boolean);
  if (!usable || !checkRows(env, findings)) return false;
  checkActionBounds(env.actionSpace, findings);
  adviseBounds(env.observationSpace, findings);
  return true;
}

function checkMembers(env: VectorEnv, findings: Findings): boolean {
  const missing = (['reset', 'step', 'close'] as const).filter((name) => typeof env[name] !== 'function');
  for (const name of missing) {
    findings.add('member', () => `The environment has no method ${name}(); VectorEnv requires it.`, {
      group: name,
    });
  }
  const counted = Number.isInteger(env.numEnvs) && env.numEnvs >= 1;
  if (!counted) {
    findings.add('member', () => `numEnvs is ${env.numEnvs}; it must be the number of scenes, 1 or more.`, {
      group: 'numEnvs',
    });
  }
  if (!env.snapshot !== !env.restore) {
    const [has, lacks] = env.snapshot ? ['snapshot', 'restore'] : ['restore', 'snapshot'];
    findings.add(
      'member',
      () => `The environment has ${has}() but not ${lacks}(); give it both or neither.`,
      {
        group: has!,
      },
    );
  } else if (!env.snapshot) {
    findings.add(
      'snapshot-absent',
      () =>
        'The environment has no snapshot() and restore(), so a training run on it cannot save checkpoints and resume. Only a real machine has to do without; createVectorEnv provides them.',
    );
  }
  return missing.length === 0 && counted;
}

function checkSpec(spec: EnvSpec, findings: Findings): boolean {
  const wrong = (name: keyof EnvSpec, need: string): void =>
    findings.add('spec', () => `spec.${name} is ${JSON.stringify(spec[name])}; it must be ${need}.`, {
      group: name,
    });
  if (typeof spec.id !== 'string' || spec.id === '') wrong('id', 'a name');
  if (!(spec.controlDt > 0 && Number.isFinite(spec.controlDt)))
    wrong('controlDt', 'the time between two actions, in seconds');
  if (!hasTimeLimit(spec)) wrong('maxEpisodeSteps', 'a whole number of control steps, 1 or more');
  if (!(Number.isInteger(spec.agents) && spec.agents >= 1)) wrong('agents', 'a whole number, 1 or more');
  const terms = spec.rewardTerms;
  const named = Array.isArray(terms) && terms.length > 0 && new Set(terms).size === terms.length;
  if (!named) {
    wrong('rewardTerms', 'a list of different names, one for each part of the reward; one is enough');
  }
  return named;
}

/** Whether the time limit is a number that can be held against an episode. */
export const hasTimeLimit = ({ maxEpisodeSteps }: EnvSpec): boolean =>
  Number.isInteger(maxEpisodeSteps) && maxEpisodeSteps >= 1;

function checkSpace(which: string, space: Space, findings: Findings): boolean {
  const { size, components } = space;
  if (size !== components.length || size < 1) {
    findings.add(
      'space',
      () =>
        `${which}.size is ${size} and it has ${components.length} components; the two must be equal, and 1 or more. Make spaces with space(…), which counts.`,
      { group: which },
    );
    return false;
  }
  const names = new Set<string>();
  components.forEach(({ name, low, high }, i) => {
    if (names.has(name)) {
      findings.add('space', () => `${which} has two components "${name}"; give each a name of its own.`, {
        group: `${which} ${name}`,
      });
    }
    names.add(name);
    if (low < high) return;
    findings.add(
      'space',
      () =>
        `${which} component ${componentName(space, i)} has the bounds [${low}, ${high}]; low < high is needed.`,
      { group: `${which} ${i}` },
    );
  });
  return true;
}

function checkActionBounds(space: Space, findings: Findings): void {
  space.components.forEach(({ low, high }, i) => {
    if (low === -1 && high === 1) return;
    findings.add(
      'action-bounds',
      () =>
        `Action ${componentName(space, i)} has the bounds [${low}, ${high}]. Policies act in [-1, 1]: declare that, and scale to newtons or radians per second inside the environment.`,
      { subject: componentName(space, i) },
    );
  });
}

function adviseBounds(space: Space, findings: Findings): void {
  space.components.forEach(({ low, high }, i) => {
    if (Number.isFinite(low) && Number.isFinite(high)) return;
    findings.add(
      'obs-unbounded',
      () =>
        `Observation ${componentName(space, i)} has the bounds [${low}, ${high}]. Networks see bounded components scaled to [-1, 1] and others as they are: declare the values that matter and clip the rest.`,
      { subject: componentName(space, i) },
    );
  });
}

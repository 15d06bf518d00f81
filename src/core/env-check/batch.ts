/** The rules for what one call returns: arrays and their lengths, numbers and their ranges, flags, applied actions. */
import type { StepBatch, VectorEnv } from '../env.ts';
import type { Space } from '../space.ts';
import { type Check, componentName } from './driver.ts';

interface ArrayRule {
  readonly name: string;
  readonly kind: 'Float32Array' | 'Uint8Array';
  readonly shape: string;
  /** Values of one scene. */
  readonly width: (env: VectorEnv) => number;
  readonly read: (batch: StepBatch) => unknown;
}

const observations = {
  kind: 'Float32Array',
  shape: '[N, O]',
  width: (env: VectorEnv) => env.observationSpace.size,
} as const;
const flags = { kind: 'Uint8Array', shape: '[N]', width: () => 1 } as const;

const obsRule: ArrayRule = { name: 'obs', ...observations, read: (batch) => batch.obs };

const arrayRules: readonly ArrayRule[] = [
  obsRule,
  { name: 'finalObs', ...observations, read: (batch) => batch.finalObs },
  { name: 'reward', kind: 'Float32Array', shape: '[N]', width: () => 1, read: (batch) => batch.reward },
  { name: 'terminated', ...flags, read: (batch) => batch.terminated },
  { name: 'truncated', ...flags, read: (batch) => batch.truncated },
  {
    name: 'appliedActions',
    kind: 'Float32Array',
    shape: '[N, A]',
    width: (env) => env.actionSpace.size,
    read: (batch) => batch.appliedActions,
  },
  {
    name: 'info.rewardTerms',
    kind: 'Float32Array',
    shape: '[N, T]',
    width: (env) => env.spec.rewardTerms.length,
    read: (batch) => batch.info?.rewardTerms,
  },
  { name: 'info.success', ...flags, read: (batch) => batch.info?.success },
];
/** Of environments that have scores. */
const scoresRule: ArrayRule = {
  name: 'info.scores',
  kind: 'Float32Array',
  shape: '[N, S]',
  width: (env) => env.spec.scores!.length,
  read: (batch) => batch.info?.scores,
};

/** Two sums of the same terms in different orders, or in float32 and float64, differ by less than this part. */
const SUM_TOLERANCE = 1e-5;

/** @returns whether what `reset` returned is an array of the right kind and length */
export function checkStartShape(check: Check, obs: Float32Array): boolean {
  return checkArray(check, obsRule, obs);
}

/** @returns whether all arrays are there, of the right kinds and lengths */
export function checkShapes(check: Check, batch: StepBatch): boolean {
  const { findings } = check;
  if (typeof batch === 'object' && batch !== null) {
    const rules = check.driver.env.spec.scores ? [...arrayRules, scoresRule] : arrayRules;
    return rules.map((rule) => checkArray(check, rule, rule.read(batch))).every(Boolean);
  }
  findings.add('array-type', () => `${findings.call} returned ${batch}; it must return a StepBatch.`);
  return false;
}

function checkArray({ driver: { env }, findings }: Check, rule: ArrayRule, array: unknown): boolean {
  const { name, kind, shape } = rule;
  const found = Object.prototype.toString.call(array).slice(8, -1);
  if (found !== kind) {
    const say = () => `${findings.call} returned ${found} as ${name}; it must be a ${kind}, ${shape}.`;
    findings.add('array-type', say, { group: name });
    return false;
  }
  const { length } = array as Float32Array;
  const width = rule.width(env);
  const need = env.numEnvs * width;
  if (length === need) return true;
  const emptied =
    length === 0 ? ' A view of WebAssembly memory is emptied when that memory grows: make it anew.' : '';
  findings.add(
    'array-length',
    () =>
      `${findings.call} returned ${length} values as ${name}; ${shape} of ${env.numEnvs} scenes with ${width} each has ${need}.${emptied}`,
    { group: name },
  );
  return false;
}

/** @param name `obs` or `finalObs` */
export function checkObservations({ driver, findings }: Check, name: string, values: Float32Array): void {
  const { observationSpace } = driver.env;
  const { size, components } = observationSpace;
  for (let i = 0; i < values.length; i++) {
    const { low, high } = components[i % size]!;
    const value = values[i]!;
    // Bounds are doubles: what has been clipped to them may lie beyond by float32's rounding.
    if (value >= Math.fround(low) && value <= Math.fround(high) && Number.isFinite(value)) continue;
    const subject = componentName(observationSpace, i % size);
    const at = () => driver.at(Math.floor(i / size));
    if (Number.isFinite(value)) {
      findings.add(
        'obs-out-of-bounds',
        () =>
          `Observation ${subject} is ${value} in ${name}${at()}, outside its bounds [${low}, ${high}]. Widen the bounds in observationSpace, or clip the value.`,
        { subject },
      );
    } else {
      findings.add(
        'obs-not-finite',
        () =>
          `Observation ${subject} is ${value} in ${name}${at()}. Look for a division by zero, a root of a negative number, a speed that grows without limit or an array that is read beyond its end.`,
        { subject },
      );
    }
  }
}

/** @param given the actions of this step, before limits @param copy a copy of them made before the step */
export function checkStep(check: Check, batch: StepBatch, given: Float32Array, copy: Float32Array): void {
  checkObservations(check, 'obs', batch.obs);
  checkObservations(check, 'finalObs', batch.finalObs);
  checkRewards(check, batch);
  checkFlags(check, batch);
  checkScores(check, batch);
  const { driver, findings } = check;
  const { actionSpace } = driver.env;
  const written = given.findIndex((value, i) => value !== copy[i]);
  if (written >= 0) {
    findings.add(
      'actions-written',
      () =>
        `step() changed action ${where(actionSpace, written)} of the array that it was given from ${copy[written]} to ${given[written]}. That array is the caller's: copy it first.`,
    );
  }
  checkApplied(check, batch.appliedActions, copy);
}

export function checkApplied({ driver, findings }: Check, applied: Float32Array, given: Float32Array): void {
  const { actionSpace } = driver.env;
  const at = applied.findIndex((value, i) => value !== clip(given[i]!));
  if (at < 0) return;
  const action = `action ${where(actionSpace, at)}`;
  const [got, was] = [applied[at]!, given[at]!];
  if (Math.abs(got) > 1) {
    findings.add(
      'actions-unclipped',
      () =>
        `appliedActions has ${got} for ${action}, which was given as ${was}. Clip actions to [-1, 1] before they act: a policy may go beyond.`,
    );
    return;
  }
  findings.add(
    'applied-actions',
    () =>
      `appliedActions has ${got} for ${action} at ${findings.call}, where ${clip(was)} is due: the given action, clipped to [-1, 1]. Agents learn from this array; fill it in every step.`,
  );
}

const clip = (action: number): number => Math.max(-1, Math.min(1, action));

const where = (actionSpace: Space, index: number): string =>
  `${componentName(actionSpace, index % actionSpace.size)} of scene ${Math.floor(index / actionSpace.size)}`;

function checkRewards({ driver, findings }: Check, { reward, info }: StepBatch): void {
  const names = driver.env.spec.rewardTerms;
  for (let scene = 0; scene < reward.length; scene++) {
    let [sum, magnitude] = [0, Math.abs(reward[scene]!)];
    names.forEach((name, t) => {
      const term = info.rewardTerms[scene * names.length + t]!;
      sum += term;
      magnitude += Math.abs(term);
      if (!Number.isFinite(term)) sayNotFinite(`Reward term "${name}"`, term, scene);
    });
    if (!Number.isFinite(magnitude)) {
      if (!Number.isFinite(reward[scene])) sayNotFinite('The reward', reward[scene]!, scene);
    } else if (Math.abs(sum - reward[scene]!) > SUM_TOLERANCE * magnitude) {
      findings.add(
        'reward-sum',
        () =>
          `The reward is ${reward[scene]}${driver.at(scene)} and its terms (${names.join(', ')}) sum to ${Math.fround(sum)}. Give every part of the reward a term, and fill all of them in every step.`,
      );
    }
  }

  function sayNotFinite(subject: string, value: number, scene: number): void {
    findings.add(
      'reward-not-finite',
      () =>
        `${subject} is ${value}${driver.at(scene)}. One such number ends training: look for divisions by zero and speeds that grow without limit.`,
      { subject },
    );
  }
}

/** Of episodes that have just ended; at other times nobody reads them. */
function checkScores({ driver, findings }: Check, { info, terminated, truncated }: StepBatch): void {
  const { scores = [] } = driver.env.spec;
  for (let row = 0; row < terminated.length && scores.length > 0; row++) {
    if (!terminated[row] && !truncated[row]) continue;
    scores.forEach(({ name }, s) => {
      const value = info.scores![row * scores.length + s]!;
      if (Number.isFinite(value)) return;
      findings.add(
        'score-not-finite',
        () =>
          `Score "${name}" is ${value} at the end of an episode${driver.at(row)}. Where an episode has none, give it the least that there is.`,
        { subject: name },
      );
    });
  }
}

function checkFlags({ driver, findings }: Check, { terminated, truncated, info }: StepBatch): void {
  const named = { terminated, truncated, 'info.success': info.success };
  for (let scene = 0; scene < terminated.length; scene++) {
    const at = () => driver.at(scene);
    for (const [name, values] of Object.entries(named)) {
      if (values[scene]! <= 1) continue;
      findings.add('flag-value', () => `${name} is ${values[scene]}${at()}; a flag is 0 or 1.`, {
        group: name,
      });
    }
    if (terminated[scene] && truncated[scene]) {
      findings.add(
        'both-ends',
        () =>
          `terminated and truncated are both set${at()}. Where the task itself ended, leave truncated at 0: the value of what follows is zero, not cut off.`,
      );
    }
    if (!info.success[scene]) continue;
    if (!terminated[scene] && !truncated[scene]) {
      findings.add(
        'success-without-end',
        () =>
          `info.success is set${at()}, where no episode ended. Set it only in the step that ends a successful episode.`,
      );
    }
    if (driver.env.spec.success === undefined) {
      findings.add(
        'success-undescribed',
        () =>
          `info.success is set${at()}, and spec.success is absent, so success rates are not reported. Say in spec.success when an episode counts as one.`,
      );
    }
  }
}

/** The rules for what `step` refuses, so that a mistake is found where it is made. */
import type { Check } from './driver.ts';

/** To be called before anything else. */
export function checkUnstarted({ driver, findings }: Check): void {
  if (refuses(() => driver.step(new Float32Array(actionValues(driver.env))))) return;
  findings.add(
    'step-before-reset',
    () =>
      'step() was accepted before the first reset(seed), and led on from a state that nobody chose. Throw an error that says so. (If the environment given to checkEnv had been reset before, this is nothing.)',
  );
}

/** To be called last: what an environment does with such actions, if it takes them, is anybody's guess. */
export function checkRefusals({ driver, findings }: Check, seed: number): void {
  const { env } = driver;
  const values = actionValues(env);
  driver.reset(seed);
  if (!refuses(() => driver.step(new Float32Array(values).fill(Number.NaN, values - 1)))) {
    findings.add(
      'action-not-finite',
      () =>
        'step() accepted an action that is NaN. Throw a RangeError that names its component and scene, before anything moves: it comes from a policy that has diverged.',
    );
  }
  driver.reset(seed);
  if (!refuses(() => driver.step(new Float32Array(values - 1)))) {
    findings.add(
      'action-count',
      () =>
        `step() accepted ${values - 1} action values; ${env.numEnvs} scenes of ${env.actionSpace.size} need ${values}. Throw a RangeError that says both numbers.`,
    );
  }
}

const actionValues = ({ numEnvs, actionSpace }: Check['driver']['env']): number => numEnvs * actionSpace.size;

function refuses(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

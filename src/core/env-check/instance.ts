/** All rules for one environment, in the order in which one can be judged by what the ones before have shown. */
import type { StepBatch } from '../env.ts';
import { checkAlone, checkNeighbours } from './coupling.ts';
import { checkDescription, hasTimeLimit } from './description.ts';
import { type Check, copyBatch, type Driver, Explorer, type Recording, recordableSteps } from './driver.ts';
import type { CheckEnvOptions } from './options.ts';
import { checkRefusals, checkUnstarted } from './refusals.ts';
import { checkClipping, checkKeptArrays, checkOtherSeed, checkRepeat, checkSnapshot } from './repeats.ts';
import { replay } from './replay.ts';
import { StepRules } from './step-rules.ts';
import { teamOf } from './teams.ts';
import { checkView } from './view.ts';

/** Steps of a trajectory where the time limit is no number. */
const UNLIMITED_STEPS = 200;

/** @param make creates a further instance; absent where there is no way to */
export function checkInstance(
  check: Check,
  options: CheckEnvOptions,
  make?: (numEnvs: number, beside: string) => Driver,
): void {
  const { driver, findings } = check;
  const { seed = 1 } = options;
  if (!checkDescription(check)) return;
  checkUnstarted(check);
  const recording = live(check, options);
  if (!recording) return;
  const another = () => make?.(driver.env.numEnvs, ' beside others');
  let repeats = false;
  findings.attempt(() => {
    if (!checkOtherSeed(check, recording)) return;
    const again = replay(driver, recording);
    checkRepeat(check, recording, again, another());
    repeats = !again;
  });
  if (repeats) {
    const fresh = findings.has('instances-differ') ? undefined : another;
    findings.attempt(() => checkSnapshot(check, recording, fresh?.()));
    findings.attempt(() => checkKeptArrays(check, recording));
    findings.attempt(() => checkClipping(check, recording));
    findings.attempt(() => checkView(check, recording));
    const agents = teamOf(driver.env);
    if (agents !== undefined) {
      findings.attempt(() => {
        checkNeighbours(check, recording, agents);
        if (!make || driver.env.numEnvs === agents || findings.has('instances-differ', 'scenes-coupled'))
          return;
        checkAlone(check, recording, make(agents, ' beside others'));
      });
    }
  }
  findings.attempt(() => checkRefusals(check, seed));
}

/** Lives through a few episodes. @returns what happened; undefined where a call went so wrong that nothing can follow */
function live(
  check: Check,
  { seed = 1, steps = 10_000, controller }: CheckEnvOptions,
): Recording | undefined {
  const { driver, findings } = check;
  const { env } = driver;
  const limit = hasTimeLimit(env.spec) ? env.spec.maxEpisodeSteps : UNLIMITED_STEPS;
  const until = Math.max(1, Math.min(steps, (env.numEnvs < 3 ? 3 : 2) * limit + 2));
  const recorded = Math.min(until, recordableSteps(env));
  const rules = new StepRules(check);
  const actions: Float32Array[] = [];
  const batches: StepBatch[] = [];
  let recording: Recording | undefined;
  const lived = findings.attempt(() => {
    const explorer = new Explorer(env, seed);
    const start = rules.reset(seed)?.slice();
    if (!start) return;
    for (let step = 0; step < until; step++) {
      const given = explorer.next();
      const batch = rules.step(given);
      if (!batch) return;
      explorer.see(batch);
      if (step >= recorded) continue;
      actions.push(given);
      batches.push(copyBatch(batch));
    }
    recording = { seed, start, actions, batches };
  });
  if (!lived || !recording) return undefined;
  if (controller) {
    findings.attempt(() => {
      const given = new Float32Array(env.numEnvs * env.actionSpace.size);
      let obs = rules.reset(seed);
      for (let step = 0; obs && step < Math.min(steps, limit + 2); step++) {
        findings.call = 'options.controller';
        controller(obs, given);
        obs = rules.step(given.slice())?.obs;
      }
    });
  }
  rules.conclude();
  return recording;
}

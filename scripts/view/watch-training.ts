/** A training run as `--view` shows it: pages come and go, and a person may take over what acts. */
import { filter, map, type Observable } from 'rxjs';
import type { EnvDefinition } from '../../src/core/env.ts';
import { spacesOfEnv } from '../../src/core/policy.ts';
import { createValue } from '../../src/learner/index.ts';
import { type IntervenedPolicy, intervene } from '../../src/rollout/intervention.ts';
import type { RunConfig } from '../../src/run/config.ts';
import { evaluationRecord } from '../../src/run/run-folder.ts';
import type { RunAttendant, RunEvent } from '../../src/run/training.ts';
import { createHub, type Hub } from '../../src/viewer/hub.ts';
import type { ViewMetrics } from '../../src/viewer/protocol.ts';
import type { ViewServer } from '../../src/viewer/server.ts';
import { unscaledValue } from '../../src/viewer/source.ts';
import { createTraining } from '../../src/viewer/training.ts';
import { teleoperationOf } from './actor.ts';
import { pointOf } from './follow-run.ts';
import { rewardScaleOf } from './run-value.ts';

/** What a run asks of whoever attends it, and where its events go. */
export interface TrainingWatch extends RunAttendant {
  follow(events$: Observable<RunEvent>): void;
}

export function watchTraining(
  server: ViewServer,
  definition: EnvDefinition,
  config: RunConfig,
): TrainingWatch {
  const settings = config.env.settings;
  let intervention: IntervenedPolicy | undefined;
  let hub: Hub | undefined;
  return {
    takeOver(policy, env, step) {
      intervention = intervene({
        policy,
        teleoperation: teleoperationOf(env, { definition, settings }),
        spaces: { observation: env.observationSpace, action: env.actionSpace },
        numEnvs: env.numEnvs,
        step,
      });
      return intervention;
    },
    async attend({ maths, learner, run }, env) {
      const spaces = spacesOfEnv(env);
      const value = await createValue(maths, spaces, learner.vectors, env.spec.agents);
      const source = createTraining({
        env,
        run,
        policyName: `${config.agent.name}, exploring`,
        seed: config.seed,
        teleoperation: teleoperationOf(env, { definition, settings }),
        intervention,
        value: value && unscaledValue(value, rewardScaleOf(config)),
      });
      hub = createHub(source);
      server.show(hub);
    },
    follow(events$) {
      events$
        .pipe(
          map(toPoint),
          filter((point) => point !== undefined),
        )
        .subscribe({
          next: (point) => hub?.report(point),
          error: () => {},
        });
    },
  };
}

function toPoint(event: RunEvent): ViewMetrics | undefined {
  if (event.kind === 'metrics') return pointOf(event.step, event.values);
  if (event.kind === 'evaluation') return pointOf(event.step, evaluationRecord(event.evaluation));
  return undefined;
}

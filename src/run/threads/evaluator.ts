/** An evaluator in a thread of its own, so that a training never waits for its evaluations. */
import { createGateMemory, type GateMemory, LearnerGate } from '../../rollout/asynchronous/gate.ts';
import type { Evaluation } from '../../rollout/evaluate.ts';
import type { RunConfig } from '../config.ts';
import type { EvaluationPlan, Evaluator } from '../evaluator.ts';
import { Failures, Thread } from './thread.ts';

/** What the evaluator's thread is given. */
export interface EvaluatorThreadData {
  readonly role: 'evaluator';
  readonly config: RunConfig;
  readonly plan: EvaluationPlan;
  readonly gate: GateMemory;
}

/** It is sent models one at a time, and sends back their evaluations. */
export function createEvaluatorThread(config: RunConfig, plan: EvaluationPlan, entry: URL): Evaluator {
  const memory = createGateMemory(1);
  const gate = new LearnerGate(memory);
  const failures = new Failures('The evaluator');
  let done = 0;
  let thread = open();
  let waiting: {
    model: Uint8Array;
    resolve: (evaluation: Evaluation) => void;
    reject: (error: unknown) => void;
  }[] = [];

  function open(): Thread {
    const data: EvaluatorThreadData = { role: 'evaluator', config, plan, gate: memory };
    const opened = new Thread(entry, data, (reason) => {
      if (gate.stopped) return;
      try {
        failures.add(reason, done);
        gate.restart(0);
        thread = open();
        for (const { model } of waiting) thread.port.postMessage(model);
      } catch (error) {
        for (const { reject } of waiting) reject(error);
        waiting = [];
      }
    });
    opened.port.on('message', (evaluation: Evaluation) => {
      done++;
      waiting.shift()?.resolve(evaluation);
    });
    return opened;
  }

  return {
    beside: true,
    evaluate: (exported) =>
      new Promise((resolve, reject) => {
        const model = exported();
        waiting.push({ model, resolve, reject });
        thread.port.postMessage(model);
      }),
    async end() {
      gate.stop();
      thread.port.postMessage(null);
      await thread.end(gate, 0);
    },
  };
}

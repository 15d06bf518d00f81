/** A whole training run as a stream of events: acting, learning, evaluating, measuring and saving. */
import { Observable, type Subscriber } from 'rxjs';
import type { EnvDefinition, SteppedEnv } from '../core/env.ts';
import { ProprioError } from '../core/errors.ts';
import { type Metrics, spacesOfEnv } from '../core/policy.ts';
import { parseSettings } from '../core/settings.ts';
import { agentsOf } from '../core/teams.ts';
import { type AgentDefinition, describePolicy, exportPolicy } from '../learner/index.ts';
import type { Evaluation } from '../rollout/evaluate.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Device } from '../tensor/index.ts';
import { assembleRun } from './assemble.ts';
import type { AssembledRun, AssembleOptions } from './assembled-run.ts';
import { openScenes } from './base.ts';
import { type CheckpointParts, loadCheckpoint, loadParameters, saveCheckpoint } from './checkpoint.ts';
import type { TrainingSettings } from './config.ts';
import { assertScenes } from './consistency.ts';
import { Evaluations, openEvaluator, type PolicyModel } from './evaluations.ts';
import { MetricsInterval } from './metrics.ts';
import { RunFolder } from './run-folder.ts';

export type RunEvent =
  /** After every control step of all scenes. */
  | { readonly kind: 'step'; readonly step: number }
  | {
      readonly kind: 'metrics';
      readonly step: number;
      readonly time: number;
      readonly values: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'evaluation';
      readonly step: number;
      readonly time: number;
      readonly evaluation: Evaluation;
      readonly best: boolean;
    }
  | { readonly kind: 'checkpoint'; readonly step: number };

export interface TrainingOptions {
  readonly folder: RunFolder;
  readonly env: EnvDefinition;
  readonly agent: AgentDefinition;
  readonly training: TrainingSettings;
  readonly device: Device;
  /** Continue from the folder's checkpoint. */
  readonly resume: boolean;
  /** Ends the run after the step under way, with a checkpoint. */
  readonly stop: AbortSignal;
  readonly attendant?: RunAttendant | undefined;
  /** Those that the run of a reference may be of; needed for runs with one. */
  readonly agents?: Readonly<Record<string, AgentDefinition>> | undefined;
  /** Module that calls `serveThread` with everything that the configuration may name; needed for runs with actors. */
  readonly threads?: URL | undefined;
}

/** Whoever watches a run from within, and may take part. */
export interface RunAttendant extends Pick<AssembleOptions, 'takeOver'> {
  /** Called when the run is ready, and awaited before its first step. */
  attend(run: AssembledRun, env: SteppedEnv): Promise<void>;
}

/** Cold: subscribing trains. It completes when the steps are made or `stop` is aborted, after the last checkpoint. */
export function train(options: TrainingOptions): Observable<RunEvent> {
  return new Observable((subscriber) => {
    const abandoned = new AbortController();
    runTraining(options, subscriber, AbortSignal.any([options.stop, abandoned.signal])).then(
      () => subscriber.complete(),
      (error) => subscriber.error(error),
    );
    return () => abandoned.abort();
  });
}

async function runTraining(
  options: TrainingOptions,
  events: Subscriber<RunEvent>,
  stop: AbortSignal,
): Promise<void> {
  const { folder, env: definition, training, resume } = options;
  const { config } = folder;
  const envSettings = parseSettings('env', definition.settings, config.env.settings);
  assertScenes(config, definition, training);
  // Actors have environments of their own: then this one only says what they are like.
  const scenes = config.actors ? agentsOf(definition, envSettings) : config.numEnvs;
  const env = await openScenes(folder, definition, envSettings, scenes);
  const session = new TrainingSession(options, events, env);
  try {
    await session.assemble();
    if (resume) session.resume();
    else if (config.from) session.begin(config.from);
    await session.attend();
    await session.run(stop);
  } finally {
    await session.end();
    env.close();
  }
}

class TrainingSession {
  readonly #options: TrainingOptions;
  readonly #events: Subscriber<RunEvent>;
  readonly #env: SteppedEnv;
  readonly #metrics: MetricsInterval;
  readonly #started = performance.now();
  #parts!: AssembledRun & CheckpointParts;
  #evaluations!: Evaluations;
  readonly #ends: (() => Promise<void>)[] = [];
  #lastLog = performance.now();
  #lastLogStep = 0;
  #previousStep = 0;

  constructor(options: TrainingOptions, events: Subscriber<RunEvent>, env: SteppedEnv) {
    this.#options = options;
    this.#events = events;
    this.#env = env;
    this.#metrics = new MetricsInterval(env.spec);
  }

  async assemble(): Promise<void> {
    const { folder, training, device, threads } = this.#options;
    const assembled = await assembleRun({
      config: folder.config,
      base: folder.base,
      expert: folder.expert,
      agents: this.#options.agents,
      definition: this.#options.env,
      env: this.#env,
      agent: this.#options.agent,
      training,
      device,
      threads,
      takeOver: this.#options.attendant?.takeOver,
      onUpdate: (values, updates) => this.#recordUpdate(values, updates),
      afterStep: (step) => this.#afterStep(step),
    });
    assembled.run.episodes$.subscribe((episode) => this.#metrics.addEpisode(episode));
    this.#parts = { ...assembled, metrics: this.#metrics };
    this.#ends.push(assembled.dispose);
    const evaluator = await openEvaluator(this.#options, assembled.learner);
    this.#ends.push(evaluator.end);
    this.#evaluations = new Evaluations({
      folder,
      evaluator,
      exportPolicy: () => this.#exportPolicy(),
      time: () => this.#time(),
      onRecord: (step, evaluation, best) =>
        this.#events.next({ kind: 'evaluation', step, time: this.#time(), evaluation, best }),
    });
    this.#lastLog = performance.now(); // Compiling is no part of the frames per second.
  }

  resume(): void {
    loadCheckpoint(this.#options.folder.checkpoint, this.#parts);
    const step = this.#parts.run.step();
    this.#previousStep = step;
    this.#lastLogStep = step;
    // What was written after the checkpoint will be written again.
    this.#options.folder.rewind(step);
    this.#evaluations.resume();
  }

  /** @param run folder of another one */
  begin(run: string): void {
    loadParameters(RunFolder.open(run).checkpoint, this.#parts.learner);
  }

  async attend(): Promise<void> {
    await this.#options.attendant?.attend(this.#parts, this.#env);
  }

  async run(stop: AbortSignal): Promise<void> {
    if (this.#isComplete()) return;
    const { folder, resume } = this.#options;
    // Training may make worse what it begins with: that is a policy to be kept, too.
    if (folder.config.from && !resume) await this.#evaluate(0);
    await untilStopped(this.#parts.run, stop);
    this.#save();
    if (stop.aborted) {
      this.#evaluations.keepUnlessEvaluated();
    } else {
      await this.#evaluations.evaluate(this.#parts.run.step());
      await this.#evaluations.finish();
    }
  }

  /** Gives back what it holds: threads, compiled programs, environments. */
  async end(): Promise<void> {
    await Promise.all(this.#ends.map((end) => end()));
  }

  /** Whether a continued run has nothing left to do. */
  #isComplete(): boolean {
    const { folder } = this.#options;
    const step = this.#parts.run.step();
    return step >= folder.config.steps && folder.evaluatedAt(step);
  }

  #recordUpdate(values: Metrics, updates: number): void {
    for (const name in values) if (!Number.isFinite(values[name])) this.#diverged(name, values[name]!);
    this.#metrics.addUpdate(values, updates);
  }

  #diverged(what: string, value: number): never {
    const { folder } = this.#options;
    const { run } = this.#parts;
    const kept = folder.hasCheckpoint
      ? ` The last good checkpoint is kept in ${folder.checkpoint}.`
      : ' There was no checkpoint yet.';
    throw new ProprioError(
      `Training diverged: ${what} is ${value} at update ${run.state().updates} (step ${run.step()}).${kept} Try smaller learning rates, or look at the rewards' size.`,
    );
  }

  async #afterStep(step: number): Promise<void> {
    this.#evaluations.assertSound();
    const { logInterval, evaluationInterval, checkpointInterval } = this.#options.training;
    const passed = (interval: number): boolean =>
      Math.floor(step / interval) > Math.floor(this.#previousStep / interval);
    if (passed(logInterval)) this.#log(step);
    const last = step >= this.#options.folder.config.steps;
    if (passed(evaluationInterval) && !last) await this.#evaluate(step);
    const due = passed(checkpointInterval) && !last;
    this.#previousStep = step;
    if (due) this.#save();
    this.#events.next({ kind: 'step', step });
  }

  #log(step: number): void {
    const now = performance.now();
    const fps = ((step - this.#lastLogStep) / (now - this.#lastLog)) * 1e3;
    const gauges = this.#parts.run.gauges?.() ?? {};
    const values = { ...this.#metrics.take(), ...gauges, 'time/fps': Math.round(fps) };
    this.#lastLog = now;
    this.#lastLogStep = step;
    const time = this.#time();
    this.#options.folder.appendMetrics(step, time, values);
    this.#events.next({ kind: 'metrics', step, time, values });
  }

  async #evaluate(step: number): Promise<void> {
    const started = performance.now();
    await this.#evaluations.evaluate(step);
    this.#lastLog += performance.now() - started; // Frames per second are those of training.
  }

  #exportPolicy(): PolicyModel {
    const { config } = this.#options.folder;
    const about = {
      env: config.env.id,
      agent: config.agent.name,
      controlDt: this.#env.spec.controlDt,
      step: this.#parts.run.step(),
    };
    const spaces = spacesOfEnv(this.#env);
    const description = describePolicy(spaces, about);
    const { maths, learner } = this.#parts;
    return { model: exportPolicy(maths, spaces, learner.vectors(), description), description };
  }

  /** A checkpoint is never replaced by one that nothing could continue from. */
  #save(): void {
    for (const [name, values] of Object.entries(this.#parts.learner.vectors())) {
      const at = values.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) this.#diverged(`a parameter of "${name}"`, values[at]!);
    }
    const release = this.#parts.run.hold?.();
    try {
      saveCheckpoint(this.#options.folder.checkpoint, this.#parts);
    } finally {
      release?.();
    }
    this.#events.next({ kind: 'checkpoint', step: this.#parts.run.step() });
  }

  /** Seconds since this process began to train. */
  #time(): number {
    return (performance.now() - this.#started) / 1e3;
  }
}

function untilStopped(run: Rollout, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = run.run$.subscribe({
      error: reject,
      complete: resolve,
      next: () => {
        if (!stop.aborted) return;
        subscription.unsubscribe();
        resolve();
      },
    });
  });
}

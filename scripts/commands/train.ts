/** `proprio train`: learn a task, and leave a run folder. */
import { Command } from 'commander';
import { connectable, lastValueFrom } from 'rxjs';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { exitCode, lookUp, ProprioError, UsageError } from '../../src/core/errors.ts';
import { parseSettings } from '../../src/core/settings.ts';
import type { Evaluation } from '../../src/rollout/evaluate.ts';
import { type RunConfig, runRanges, type TrainingSettings, trainingSettings } from '../../src/run/config.ts';
import { scoresText, showOnConsole } from '../../src/run/console.ts';
import { logToTensorBoard } from '../../src/run/log-to-tensorboard.ts';
import { evaluationRecord, RunFolder } from '../../src/run/run-folder.ts';
import { train } from '../../src/run/training.ts';
import type { Device } from '../../src/tensor/index.ts';
import { buildPage } from '../../src/viewer/app/build.ts';
import { openViewServer, type ViewServer } from '../../src/viewer/server.ts';
import { stopOnInterrupt } from '../interrupt.ts';
import { threadEntry } from '../thread-entry.ts';
import { watchTraining } from '../view/watch-training.ts';
import { assertSomebodyIntervenes, assertWatchable, beginRun, type TrainFlags } from './begin-run.ts';
import { withBesideOptions } from './beside-options.ts';
import { commandLine } from './command-line.ts';
import { collect, integerOption } from './options.ts';
import { hostOption, portOption } from './view.ts';

export const trainCommand = (): Command =>
  withBesideOptions(new Command('train'))
    .description('Train an agent and leave a run folder with curves, a checkpoint and policy.onnx')
    .argument('[env]', 'environment, see "proprio list envs"; not needed with --resume or --from')
    .option('--agent <name>', 'algorithm, see "proprio list agents" (default: sac)')
    .option(
      '--steps <n>',
      'control steps of the whole run, over all scenes',
      integerOption('--steps', runRanges.steps),
    )
    .option('--envs <n>', 'scenes that are simulated together', integerOption('--envs', runRanges.numEnvs))
    .option(
      '--actors <n>',
      'threads that act while the learner learns, each in scenes of its own (default: none)',
      integerOption('--actors', runRanges.actors),
    )
    .option(
      '--offline',
      'learn from recorded transitions alone; --steps are gradient updates then (agents that clone always do)',
    )
    .option('--seed <n>', 'seed of everything random (default: 0)', integerOption('--seed', runRanges.seed))
    .option('--device <name>', 'auto, cpu, webgpu, cuda or tensorflow (default: cpu)')
    .option('--set <name=value>', 'change a setting; may be repeated', collect, [])
    .option(
      '--config <file>',
      'JSON file with settings: { "agent": {…}, "env": {…}, "training": {…}, "steps": … }',
    )
    .option('--run <dir>', 'run folder (default: runs/<env>-<agent>-<number>)')
    .option('--resume', 'continue the run in --run from its checkpoint, up to --steps in all')
    .option('--view', 'show the training in the browser while it runs')
    .addOption(portOption())
    .addOption(hostOption())
    .option('--json', 'print one JSON value with the result as the last line')
    .addHelpText(
      'after',
      () => `
Examples:
  proprio train drone-hover
  proprio train pendulum --seed 3 --set discount=0.98 --set training.batchSize=128
  proprio train drone-hover --set env.windSpeed=2 --steps 600000 --run runs/windy
  proprio train --run runs/windy --resume --steps 900000
  proprio train drone-hover --view
  proprio train hand-grasp-lift --agent bc --set reward=sparse --set demonstrationData=data/lift-mixed
  proprio train ks --actors 4 --envs 1
  proprio train drone-track --agent rlif --expert scripted --set intervention=random
  proprio train drone-hover --from runs/drone-hover-sac-1 --set windSpeed=3

The run folder holds config.json, metrics.jsonl, evaluations.jsonl, TensorBoard events, checkpoint/ and policy.onnx, the
best policy evaluated so far. Ctrl-C saves a checkpoint first. Some tasks have tuned defaults; config.json shows them.

"proprio list <agent>" and "proprio list <env>" show the settings that --set takes; a name may stand without its group where
only one group has it.`,
    )
    .action(async (env: string | undefined, flags: TrainFlags) => {
      // Before there is a run folder, so that none is left behind where the port is in use.
      const server = flags.view ? await openViewServer({ ...flags, folder: await buildPage() }) : undefined;
      try {
        const folder = flags.resume ? continueRun(env, flags) : await beginRun(env, flags);
        await trainIn(folder, flags, server);
      } finally {
        await server?.close('The training has ended.');
      }
    });

function continueRun(env: string | undefined, flags: TrainFlags): RunFolder {
  if (flags.run === undefined) throw new UsageError('--resume needs --run <dir>: the run to continue.');
  const folder = RunFolder.open(flags.run);
  const { config } = folder;
  const fixed = {
    '--agent': flags.agent,
    '--device': flags.device,
    '--set': flags.set.length > 0,
    '--config': flags.config,
    '--seed': flags.seed,
    '--envs': flags.envs,
    '--actors': flags.actors,
    '--from': flags.from,
    '--base': flags.base,
    '--expert': flags.expert,
    '--dial': flags.dial.length > 0,
    '--reference': flags.reference,
  };
  for (const [flag, given] of Object.entries(fixed)) {
    if (given !== undefined && given !== false)
      throw new UsageError(
        `${flag} cannot change a run that is continued; its config.json holds. Only --steps can.`,
      );
  }
  if (env !== undefined && env !== config.env.id) {
    throw new UsageError(`${flags.run} is a run of "${config.env.id}", not of "${env}".`);
  }
  assertWatchable(config, flags);
  assertSomebodyIntervenes(config, flags);
  if (!folder.hasCheckpoint) throw new ProprioError(`${flags.run} has no checkpoint to continue from.`);
  return folder.withSteps(flags.steps ?? config.steps);
}

async function trainIn(folder: RunFolder, flags: TrainFlags, server?: ViewServer): Promise<void> {
  const { config, path } = folder;
  const stop = stopOnInterrupt(
    'Stopping after this step and saving. Press Ctrl-C again to quit without saving.',
  );
  const { env, steps, seed, device } = config;
  const agent = lookUp('agent', agents, config.agent.name);
  const definition = lookUp('environment', envs, env.id);
  const watch = server && watchTraining(server, definition, config);
  console.log(`Training ${agent.name} on ${env.id}: ${workOf(config)}, seed ${seed}, device ${device}`);
  console.log(`Run folder: ${path}`);
  if (server) console.log(`Open ${server.url}`);
  const events$ = connectable(
    train({
      folder,
      env: definition,
      agent,
      training: parseSettings<TrainingSettings>('training', trainingSettings[agent.kind], config.training),
      device: device as Device,
      resume: flags.resume === true,
      stop,
      agents,
      threads: threadEntry,
      ...(watch ? { attendant: watch } : {}),
    }).pipe(logToTensorBoard(path)),
  );
  showOnConsole(events$, steps);
  watch?.follow(events$);
  let last: Evaluation | undefined;
  events$.subscribe({
    next: (event) => {
      if (event.kind === 'evaluation') last = event.evaluation;
    },
    error: () => {},
  });
  const ended = lastValueFrom(events$, { defaultValue: undefined });
  events$.connect();
  await ended;
  if (stop.aborted) {
    console.log(`Interrupted, and saved. To go on: ${commandLine('train', `--run ${path} --resume`)}`);
    process.exitCode = exitCode.interrupted;
    return;
  }
  printResult(folder, last!, flags.json === true);
}

function workOf({ steps, numEnvs, actors, offline }: RunConfig): string {
  if (offline) return `${steps} updates from recorded transitions alone`;
  return `${steps} steps, ${numEnvs} scenes${actors ? ` in each of ${actors} actors` : ''}`;
}

function printResult(folder: RunFolder, last: Evaluation, json: boolean): void {
  const best = folder.bestEvaluation() ?? last;
  const success = best.successRate === null ? '' : `success rate ${(100 * best.successRate).toFixed(0)} %, `;
  console.log(`
Best policy: ${success}${scoresText(best)}return ${best.returnMean.toFixed(1)} ± ${best.returnStd.toFixed(1)} over ${best.episodes} episodes.
It is saved as ${folder.policy}; any program that runs ONNX can act with it.

What to do next:
  ${commandLine('evaluate', folder.path)}
      measures it on fresh episodes
  ${commandLine('train', `--run ${folder.path} --resume --steps ${2 * folder.config.steps}`)}
      trains on, for as long again
  tensorboard --logdir ${folder.path}
      shows the curves`);
  if (json) console.log(JSON.stringify({ run: folder.path, ...evaluationRecord(best) }));
}

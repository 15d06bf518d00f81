/** `proprio view`: a page that shows an environment or a run, to be opened in a browser. */
import { Command, Option } from 'commander';
import { FOXGLOVE_PORT, type FoxgloveServer, startFoxgloveServer } from '../../src/bridge/foxglove-server.ts';
import type { Teleoperation } from '../../src/core/appearance.ts';
import type { SteppedEnv } from '../../src/core/env.ts';
import { UsageError } from '../../src/core/errors.ts';
import { agentsOf } from '../../src/core/teams.ts';
import { loadUrdf } from '../../src/physics/urdf/load.ts';
import { runRanges } from '../../src/run/config.ts';
import { buildPage } from '../../src/viewer/app/build.ts';
import { createHub } from '../../src/viewer/hub.ts';
import { openViewServer } from '../../src/viewer/server.ts';
import { createSimulation } from '../../src/viewer/simulation.ts';
import type { ViewSource } from '../../src/viewer/source.ts';
import { telemetryOf } from '../../src/viewer/telemetry.ts';
import { stopOnInterrupt } from '../interrupt.ts';
import { displayRobot } from '../urdf/display.ts';
import { shownPath, urdfOptionsHelp, urdfSource } from '../urdf/source.ts';
import { type Actor, type ActorName, actorNames, actorOf, teleoperationOf } from '../view/actor.ts';
import { type FollowedRun, followRun } from '../view/follow-run.ts';
import { loadRunPolicy, ReplaceablePolicy } from '../view/run-policy.ts';
import { loadRunValue } from '../view/run-value.ts';
import { findSubject, type Subject, scenesOf } from '../view/subject.ts';
import { collect, integerOption } from './options.ts';

interface ViewFlags {
  readonly port: number;
  readonly host: string;
  readonly scenes: number;
  readonly seed: number;
  readonly policy?: ActorName;
  readonly set: readonly string[];
  readonly urdf?: string;
  readonly urdfOptions?: string;
  readonly foxglove?: boolean | number;
}

/** What the page shows, and who acts in it. */
interface Shown {
  readonly env: SteppedEnv;
  readonly actor: Actor;
  readonly teleoperation: Teleoperation;
  readonly followed?: FollowedRun;
}

const DEFAULT_ENV = 'drone-hover';
/** Where the page is served. */
export const portOption = (): Option =>
  new Option('--port <n>', 'where the page is; 0 takes any that is free')
    .argParser(integerOption('--port', { low: 0, high: 65_535 }))
    .default(8080);
export const hostOption = (): Option =>
  new Option('--host <address>', 'address to serve at; any but this machine’s own demands a token').default(
    '127.0.0.1',
  );

export const viewCommand = (): Command =>
  new Command('view')
    .description(
      'Show an environment, a saved policy, a run or a URDF file in the browser, to watch and to lay hands on',
    )
    .argument('[env or run]', `environment, see "proprio list envs", or run folder (default: ${DEFAULT_ENV})`)
    .addOption(portOption())
    .addOption(hostOption())
    .option('--scenes <n>', 'scenes side by side', integerOption('--scenes', { low: 1, high: 4096 }), 1)
    .option('--seed <n>', 'seed of the episodes', integerOption('--seed', runRanges.seed), 0)
    .addOption(
      new Option(
        '--policy <name>',
        'who acts (default: the run’s policy, else the scripted controller, else random)',
      ).choices(actorNames),
    )
    .option('--set <name=value>', 'change a setting of the environment; may be repeated', collect, [])
    .addOption(
      new Option(
        '--urdf <file>',
        'show the robot of a URDF file instead, with a slider for each joint; nothing has weight there',
      ).conflicts(['policy', 'set']),
    )
    .option('--urdf-options <file>', urdfOptionsHelp)
    .option(
      '--foxglove [port]',
      `telemetry for Foxglove and Lichtblick as well (port ${FOXGLOVE_PORT} unless told)`,
      integerOption('--foxglove', { low: 0, high: 65_535 }),
    )
    .addHelpText(
      'after',
      `
Examples:
  proprio view drone-hover
  proprio view drone-hover --scenes 256 --set windSpeed=2
  proprio view runs/drone-hover-sac-1
  proprio view pendulum --policy none
  proprio view drone-track --foxglove
  proprio view --urdf hand.urdf

Open the address that it prints. A run may still be training: its curves grow on the page, and its policy is replaced
when a better one is saved. To watch the training itself, "proprio train … --view".

--host 0.0.0.0 lets other machines in that know the token, which the address ends with. The stream is not encrypted.`,
    )
    .action(async (name: string | undefined, flags: ViewFlags) => {
      if (name !== undefined && flags.urdf !== undefined)
        throw new UsageError(
          `Either "${name}" or the robot of ${flags.urdf} is shown: leave one of them out.`,
        );
      const { urdf, urdfOptions } = flags;
      if (urdfOptions !== undefined && urdf === undefined)
        throw new UsageError('--urdf-options belongs to --urdf, which is not given.');
      const shown = urdf === undefined ? showSubject(name ?? DEFAULT_ENV, flags) : showUrdf(urdf, flags);
      await view(await shown, flags);
    });

async function showSubject(name: string, { scenes, set, policy }: ViewFlags): Promise<Shown> {
  const subject = findSubject(name, set);
  const { definition, settings } = subject;
  const env = await scenesOf(subject, scenes * agentsOf(definition, settings));
  const teleoperation = teleoperationOf(env, subject);
  return { env, teleoperation, ...(await chooseActor(env, subject, policy)) };
}

/** @throws ProprioError with all that is wrong with the file */
async function showUrdf(file: string, { scenes, urdfOptions }: ViewFlags): Promise<Shown> {
  const source = urdfSource(file, urdfOptions);
  const { env, teleoperation, hold } = displayRobot(await loadUrdf(source), scenes);
  return { env, teleoperation, actor: { name: shownPath(source), create: () => hold } };
}

async function view({ env, actor, teleoperation, followed }: Shown, flags: ViewFlags): Promise<void> {
  const { port, host, scenes, seed } = flags;
  const simulation = createSimulation({
    env,
    policy: actor.create,
    policyName: actor.name,
    teleoperation,
    seed,
    value: followed?.value?.estimate,
  });
  const server = await openViewServer({ folder: await buildPage(), port, host });
  const hub = createHub(simulation);
  simulation.reports$.subscribe((report) => {
    if (report.type === 'notice') console.error(report.message);
  });
  const unfollow = followed && followRun(followed, hub);
  server.show(hub);
  const telemetry = await startTelemetry(simulation, flags.foxglove);
  console.log(`${env.spec.id}, ${scenes} ${scenes === 1 ? 'scene' : 'scenes'}, ${actor.name}
Open ${server.url}${telemetry ? `\nFoxglove and Lichtblick: ${telemetry.url}` : ''}
Ctrl-C ends it.`);

  await simulation.run(stopOnInterrupt('Closing the page.'));
  unfollow?.();
  await telemetry?.close();
  await server.close('The viewer was closed.');
  env.close();
}

async function startTelemetry(
  source: ViewSource,
  port: boolean | number | undefined,
): Promise<FoxgloveServer | undefined> {
  if (port === undefined) return undefined;
  return startFoxgloveServer({
    name: `proprio ${source.hello.env.id}`,
    channels: telemetryOf(source),
    ...(typeof port === 'number' ? { port } : {}),
  });
}

/** Who acts, and the run to follow, where one is shown. */
async function chooseActor(
  env: SteppedEnv,
  subject: Subject,
  name: ActorName | undefined,
): Promise<{ actor: Actor; followed?: FollowedRun }> {
  const { run } = subject;
  if (!run) return { actor: actorOf(env, subject, name) };
  const value = await loadRunValue(run, env);
  if (name !== undefined) return { actor: actorOf(env, subject, name), followed: { run, env, value } };
  const policy = new ReplaceablePolicy(await loadRunPolicy(run, env));
  return {
    actor: { name: `policy of ${run.path}`, create: () => policy },
    followed: { run, env, policy, value },
  };
}

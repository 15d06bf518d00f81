/** `proprio view` as a user runs it. */
import { appendFileSync, copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envs } from '../../envs/index.ts';
import { viewCommand } from '../../scripts/commands/view.ts';
import { actorOf, teleoperationOf } from '../../scripts/view/actor.ts';
import { findSubject } from '../../scripts/view/subject.ts';
import { ConfigurationError, ProprioError, UsageError } from '../../src/core/errors.ts';
import type { Policy } from '../../src/core/policy.ts';
import { expectFailure, proprio, type Running, startProprio } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { createRun, trainRun } from '../support/training.ts';
import { ViewClient } from '../support/view-client.ts';

/** Starts the command on a free port. @returns where its page is */
async function startView(...args: readonly string[]): Promise<Running & { readonly url: string }> {
  const running = startProprio('view', ...args, '--port', '0');
  let text = '';
  running.child.stdout!.on('data', (chunk) => {
    text += chunk;
  });
  await running.seen('Ctrl-C ends it.');
  return { ...running, url: /Open (\S+)/.exec(text)![1]! };
}

async function end({ child, ended }: Running): Promise<void> {
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '\nClosing the page.\n' });
}

describe('proprio view', () => {
  it('shows an environment, with its settings, until Ctrl-C', async () => {
    const view = await startView('drone-hover', '--scenes', '3', '--seed', '5', '--set', 'windSpeed=2');
    const page = await fetch(view.url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const client = new ViewClient(view.url);
    await client.frame(({ step }) => step >= 30);
    expect(client.of('hello')[0]).toMatchObject({
      source: 'simulation',
      policy: 'scripted controller',
      scenes: 3,
      env: { id: 'drone-hover' },
      can: { pause: true, restart: true, intervene: true, value: false },
    });
    expect(client.of('state')[0]).toMatchObject({ seed: 5, paused: false, speed: 1 });
    await end(view);
    expect(await client.closed).toEqual({ code: 1001, reason: 'The viewer was closed.' });
  });

  it('shows a run: its policy, its curves as they grow, its value, and its next policy', async () => {
    const run = join(temporaryFolder(), 'run');
    const folder = createRun(run, {
      steps: 300,
      training: { evaluationInterval: 150, checkpointInterval: 300 },
    });
    await trainRun(folder);
    const view = await startView(run);
    const client = new ViewClient(view.url);
    const frame = await client.frame(({ step }) => step >= 5);
    expect(client.of('hello')[0]).toMatchObject({
      policy: `policy of ${run}`,
      env: { id: 'pendulum' },
      can: { value: true },
    });
    expect(frame.value).toSatisfy(Number.isFinite);
    const points = client.of('metrics');
    expect(points.filter(({ values }) => 'time/fps' in values).map(({ step }) => step)).toEqual([
      100, 200, 300,
    ]);
    expect(points.filter(({ values }) => 'return_mean' in values).map(({ step }) => step)).toEqual([
      152, 300,
    ]);

    appendFileSync(join(run, 'metrics.jsonl'), '{"step":400,"time":9,"rollout/ep_rew_mean":-7.5}\n{"step":5');
    const grown = await client.seen('metrics', ({ step }) => step > 300);
    expect(grown).toEqual({ type: 'metrics', step: 400, values: { 'rollout/ep_rew_mean': -7.5 } });
    appendFileSync(join(run, 'metrics.jsonl'), '00,"time":10,"train/q":1}\n');
    await client.seen('metrics', ({ step }) => step === 500);

    copyFileSync(folder.policy, join(run, 'next'));
    renameSync(join(run, 'next'), folder.policy);
    const reloaded = await client.seen('notice', ({ code }) => code === 'RELOADED');
    expect(reloaded).toMatchObject({ level: 'info', message: expect.stringContaining('policy.onnx') });
    await client.frame(({ step }) => step > frame.step + 5);
    writeFileSync(folder.policy, 'no model');
    const kept = await client.seen('notice', ({ code }) => code === 'E_ENV');
    expect(kept.message).toMatch(/^The policy that acted goes on acting\. Cannot load the policy /);
    await client.frame();
    await end(view);
  });
});

describe('who acts', () => {
  const subject = findSubject('drone-hover', ['actionMode=rotors']);
  const env = subject.definition.create(3, subject.settings);
  const obs = env.reset(1).slice();
  const actionsOf = async (policy: Policy): Promise<Float32Array> => {
    const actions = new Float32Array(3 * env.actionSpace.size);
    await policy.act(obs, actions, 'exploit');
    return actions;
  };

  it('is the scripted controller unless told, where there is one', async () => {
    const actor = actorOf(env, subject);
    expect(actor.name).toBe('scripted controller');
    const expected = await actionsOf(subject.definition.scripted!(env, subject.settings));
    expect(await actionsOf(actor.create(0))).toEqual(expected);
    expect(actorOf(env, { ...subject, definition: envs.pendulum! }).name).toBe('random actions');
  });

  it('at random are uniform actions, the same for the same seed', async () => {
    const { create } = actorOf(env, subject, 'random');
    const drawn = await actionsOf(create(7));
    expect(await actionsOf(create(7))).toEqual(drawn);
    expect(await actionsOf(create(8))).not.toEqual(drawn);
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(drawn.every((value) => value >= -1 && value <= 1)).toBe(true);
  });

  it('is nobody: the controls, left alone, in every scene', async () => {
    const { create } = actorOf(env, subject, 'none');
    const { controls, act } = teleoperationOf(env, subject);
    const expected = new Float32Array(3 * env.actionSpace.size);
    const [observation, action] = [env.observationSpace.size, env.actionSpace.size];
    for (let scene = 0; scene < 3; scene++) {
      const row = obs.subarray(scene * observation, (scene + 1) * observation);
      act(new Float32Array(controls.length), row, expected.subarray(scene * action, (scene + 1) * action));
    }
    expect(await actionsOf(create(0))).toEqual(expected);
  });

  it('acts in an environment with the settings of the run, or with others', () => {
    const run = join(temporaryFolder(), 'run');
    createRun(run, { env: 'drone-hover' });
    expect(findSubject(run, ['windSpeed=3'])).toMatchObject({
      definition: { id: 'drone-hover' },
      settings: { windSpeed: 3, actionMode: 'rates' },
      run: { path: run },
    });
  });
});

describe('proprio view, used wrongly,', () => {
  const run = join(temporaryFolder(), 'run');
  createRun(run);

  it.each<[what: string, args: readonly string[], error: new (message: string) => Error, message: string]>([
    ['an unknown environment', ['drone-hovr'], UsageError, 'Did you mean "drone-hover"?'],
    ['a folder that is no run', ['tests'], UsageError, 'tests is not a run folder: it has no config.json.'],
    ['an unknown setting', ['pendulum', '--set', 'wind=1'], ConfigurationError, 'Unknown setting "wind".'],
    ['a setting out of range', ['drone-hover', '--set', 'windSpeed=99'], ConfigurationError, 'windSpeed=99'],
    ['no controller', ['pendulum', '--policy', 'scripted'], UsageError, 'use --policy random'],
    ['a run without a policy', [run], ProprioError, `${run} has no policy.onnx yet; train it further.`],
  ])('says what is wrong with %s', async (_, args, error, message) => {
    const failure = await viewCommand()
      .parseAsync([...args], { from: 'user' })
      .catch((thrown: Error) => thrown);
    expect(failure).toBeInstanceOf(error);
    expect((failure as Error).message).toContain(message);
  });

  it('names the next free port where one is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const ended = await proprio('view', 'pendulum', '--port', String(port));
    other.close();
    expectFailure(ended, 1);
    expect(ended.stderr).toMatch(
      new RegExp(`^Error: Port ${port} of 127.0.0.1 is in use. Port (\\d+) is free: --port \\1.$`, 'm'),
    );
  });
});

/** `proprio check-urdf` and `proprio view --urdf` as a user runs them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkUrdfCommand } from '../../../scripts/commands/check-urdf.ts';
import { displayRobot } from '../../../scripts/urdf/display.ts';
import { checkEnv } from '../../../src/core/check-env.ts';
import { ConfigurationError, ProprioError, UsageError } from '../../../src/core/errors.ts';
import { poseRobot } from '../../../src/physics/urdf/robot.ts';
import { expectFailure, proprio, startProprio } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ViewClient } from '../../support/view-client.ts';
import { accepted, hinge, readText, readTwoFinger, robotOf, twoFinger } from './files.ts';

afterEach(() => void vi.restoreAllMocks());

/** @returns what it printed, and what it threw */
async function check(...args: readonly string[]): Promise<{ printed: string; thrown: unknown }> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const thrown = await checkUrdfCommand()
    .exitOverride()
    .parseAsync(['node', 'proprio', ...args])
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return { printed: log.mock.calls.map(([text]) => text).join('\n'), thrown };
}

function fileWith(text: string, name = 'robot.urdf'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

describe('proprio check-urdf', () => {
  it('prints links, joints and every decision, with its line', async () => {
    const { printed, thrown } = await check(twoFinger);
    expect(thrown).toBeUndefined();
    const lines = printed.split('\n');
    expect(lines[0]).toBe('tests/physics/urdf/files/two_finger/urdf/two_finger.urdf: two_finger');
    expect(lines[1]).toBe('read: 10 links, 9 joints, 4 of them fixed');
    expect(lines[2]).toBe('made: 6 links, 5 joints that move, 4 of them freely, 0.293 kg');
    const row = (start: string): string[] => lines.find((line) => line.startsWith(start))!.split(/ {2,}/);
    expect(row('wrist')).toEqual([
      'wrist',
      '0.23',
      '0.000206 0.0003118 0.00027742',
      'box, cylinder, sphere',
      'palm, bracket, camera',
    ]);
    expect(row('1 ')).toEqual([
      '1',
      'revolute',
      'thumb',
      '0 … 2 rad',
      '0.4 N·m',
      '8.48 rad/s',
      '0 N·m·s/rad',
      '1.0585 × 2 + 0.2',
    ]);
    expect(row('slide ')).toContain('−0.01 … 0.04 m');
    expect(lines.at(-1)).toBe('ignored  line 154  <sensor "eye">: plays no part here.');
  });

  it('prints one JSON value with --json, with meshes by their sizes', async () => {
    const options = fileWith('{"maxEffort": {"*": 0.3}}', 'options.json');
    const { printed } = await check(twoFinger, '--options', options, '--json');
    const { accepted, robot, findings } = JSON.parse(printed);
    expect(accepted).toBe(true);
    expect(robot.joints.map(({ maxEffort }: { maxEffort: number }) => maxEffort)).toEqual(Array(5).fill(0.3));
    expect(robot.links[1].collisions[0].geometry).toEqual({ type: 'mesh', vertices: 8, triangles: 12 });
    expect(findings).toContainEqual({
      kind: 'capped',
      line: 64,
      label: '<joint "10"> <limit>',
      text: 'effort 10 N·m is capped at 0.3 N·m.',
    });
  });

  it('fails where something is refused, after saying all of it', async () => {
    const file = fileWith(robotOf('<link name="a"/>', '<link name="b"/>', '<link name="c"/>'));
    const { printed, thrown } = await check(file);
    expect(printed).toContain('refused  line 3  <link "b">: hangs on nothing, and neither does "a"');
    expect(thrown).toBeInstanceOf(ProprioError);
    expect(thrown).toMatchObject({
      exitCode: 1,
      message: `${file} makes no robot: 2 things are refused, as is told above with what to do.`,
    });
    const json = JSON.parse((await check(file, '--json')).printed.split('\n').at(-1)!);
    expect(json).toMatchObject({ accepted: false, robot: null });
  });

  it('says that there is no such file, and which option is wrong', async () => {
    expect((await check('nowhere.urdf')).thrown).toEqual(new UsageError('There is no file nowhere.urdf.'));
    const options = fileWith('{"openMeshes": 1}', 'options.json');
    const { thrown } = await check(twoFinger, '--options', options);
    expect(thrown).toBeInstanceOf(ConfigurationError);
    expect((thrown as Error).message).toContain('openMeshes=1');
  });
});

describe('a robot of a URDF file on the page', () => {
  it('is an environment like any other', async () => {
    const robot = accepted(await readTwoFinger());
    const problems = checkEnv((scenes: number) => displayRobot(robot, scenes).env);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('stands where its sliders are put, from end to end, and at rest to begin with', async () => {
    const robot = accepted(await readTwoFinger());
    const { env, teleoperation } = displayRobot(robot, 2);
    const starts = Float32Array.from(
      [0, 1].flatMap(() => teleoperation.controls.map(({ slider }) => slider!.start)),
    );
    const row = new Float32Array(7 * robot.links.length);
    const expectPosture = (positions: readonly number[]): void => {
      env.view!.draw(1, row);
      poseRobot(robot, positions).forEach(({ position, rotation }, i) => {
        [...position, ...rotation].forEach((value, k) => {
          expect(row[7 * i + k]).toBeCloseTo(value, 6);
        });
      });
    };
    expect(teleoperation.controls.map(({ name, low, high }) => `${name}: ${low} to ${high}`)).toEqual([
      '10: -0.35 to 0.35 rad',
      '2: 0.00 to 1.60 rad',
      'spin: -3.14 to 3.14 rad',
      'slide: -0.01 to 0.04 m',
    ]);
    env.reset(0);
    expectPosture([0, 0, 0.2, 0, 0]);
    env.step(starts);
    expectPosture([0, 0, 0.2, 0, 0]);
    env.step(Float32Array.of(...[0, 0, 0, 0], ...[1, 1, -0.5, -1]));
    expectPosture([0.35, 1.6, 1.0585 * 1.6 + 0.2, -Math.PI / 2, -0.01]);
  });

  it('stays where it is when nobody moves it', async () => {
    const { env, hold } = displayRobot(accepted(await readTwoFinger()), 1);
    env.reset(0);
    const { obs } = env.step(Float32Array.of(0.5, -0.25, 0.75, 0.1));
    const before = [...obs];
    const actions = new Float32Array(4);
    await hold.act(obs, actions, 'exploit');
    [...env.step(actions).obs].forEach((value, i) => {
      expect(value).toBeCloseTo(before[i]!, 6);
    });
  });

  it('says where nothing moves', async () => {
    const robot = accepted(await readText(robotOf('<link name="rock"/>')));
    expect(() => displayRobot(robot, 1)).toThrow('"test" has no joints to move.');
  });

  it('is served with a slider for each joint, and follows them', async () => {
    const view = startProprio('view', '--urdf', twoFinger, '--port', '0');
    let text = '';
    view.child.stdout!.on('data', (chunk) => {
      text += chunk;
    });
    await view.seen('Ctrl-C ends it.');
    const client = new ViewClient(/Open (\S+)/.exec(text)![1]!);
    await client.frame(({ step }) => step >= 1);
    const [hello] = client.of('hello');
    expect(hello).toMatchObject({ env: { id: 'two_finger' }, can: { intervene: true, push: false } });
    expect(hello!.policy).toBe('tests/physics/urdf/files/two_finger/urdf/two_finger.urdf');
    const starts = [0, -1, 0, -0.6];
    hello!.controls.forEach(({ slider }, i) => {
      expect(slider!.start).toBeCloseTo(starts[i]!, 12);
    });
    client.send({ type: 'intervene', active: true, commands: [1, 0, 0, 0] });
    await client.frame(({ obs }) => Math.abs(obs[0]! - 0.35) < 1e-6 && Math.abs(obs[1]! - 0.8) < 1e-6);
    client.send({ type: 'intervene', active: false, commands: [] });
    const after = await client.frame(({ intervened }) => !intervened);
    expect(after.obs[0]).toBeCloseTo(0.35, 6);
    view.child.kill('SIGINT');
    expect(await view.ended).toMatchObject({ code: 0 });
  });

  it('is not shown beside something else, nor where the file is wrong', async () => {
    const both = await proprio('view', 'pendulum', '--urdf', twoFinger);
    expectFailure(both, 2);
    expect(both.stderr).toContain('Either "pendulum" or the robot of');
    const wrong = fileWith(hinge({ limit: '' }));
    const refused = await proprio('view', '--urdf', wrong, '--port', '0');
    expectFailure(refused, 1);
    expect(refused.stderr).toContain(`${wrong}:3 <joint "hinge">: is revolute and has no <limit>`);
  });
});

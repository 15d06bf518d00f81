/** `proprio train --view`: the run goes on whatever its pages do, and they see and touch it. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectFailure, proprio, smallRun, startProprio } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { ViewClient } from '../support/view-client.ts';

it('shows a training run, which can be pushed and taken over and ends as any other', async () => {
  const run = join(temporaryFolder(), 'run');
  const settings = ['logInterval=100', 'evaluationInterval=200'];
  const { child, ended, seen } = startProprio(...smallRun(run, 1e9, ...settings), '--view', '--port', '0');
  let text = '';
  child.stdout!.on('data', (chunk) => {
    text += chunk;
  });
  await seen('step 300 |');
  const client = new ViewClient(/Open (\S+)/.exec(text)![1]!);
  const frame = await client.frame();
  expect(client.of('hello')[0]).toMatchObject({
    source: 'training',
    policy: 'sac, exploring',
    scenes: 1,
    env: { id: 'pendulum' },
    can: { pause: false, restart: false, push: true, intervene: true, value: true },
  });
  expect(frame.value).toSatisfy(Number.isFinite);
  const points = client.of('metrics');
  expect(points.some(({ values }) => 'time/fps' in values)).toBe(true);
  expect(points.some(({ values }) => 'return_mean' in values)).toBe(true);

  client.send({ type: 'pause' });
  expect(await client.seen('notice')).toMatchObject({ code: 'E_CANNOT' });
  client.send({ type: 'intervene', active: true, commands: [-1] });
  const steered = await client.frame(({ intervened }) => intervened);
  expect([...steered.action]).toEqual([-1]);
  client.send({ type: 'intervene', active: false, commands: [] });
  await client.frame(({ intervened }) => !intervened);
  await client.seen('metrics', ({ step }) => step > frame.step + 200);

  child.kill('SIGINT');
  expect(await client.closed).toEqual({ code: 1001, reason: 'The training has ended.' });
  expect((await ended).code).toBe(130);
  expect(existsSync(join(run, 'policy.onnx'))).toBe(true);
});

it('learns the same with pages and without', async () => {
  const digest = async (...flags: readonly string[]) => {
    const run = join(temporaryFolder(), 'run');
    const running = startProprio(...smallRun(run, 3_000, 'logInterval=100'), ...flags);
    let text = '';
    running.child.stdout!.on('data', (chunk) => {
      text += chunk;
    });
    if (flags.length > 0) {
      await running.seen('step 100 |');
      await new ViewClient(/Open (\S+)/.exec(text)![1]!).frame();
    }
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    return /Best policy: .*/.exec(stdout)![0];
  };
  expect(await digest('--view', '--port', '0')).toBe(await digest());
});

it('leaves no run folder behind where the port is in use', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const run = join(temporaryFolder(), 'run');
  const { port } = other.address() as AddressInfo;
  const ended = await proprio(...smallRun(run, 100), '--view', '--port', String(port));
  other.close();
  expectFailure(ended, 1);
  expect(ended.stderr).toContain(`Port ${port} of 127.0.0.1 is in use.`);
  expect(existsSync(run)).toBe(false);
});

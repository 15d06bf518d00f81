/** Runs that are interrupted, killed, or find the disk full, and go on afterwards. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expectFailure, proprio, smallRun, startProprio } from '../support/cli.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';

const FOREVER = 10_000_000;

const stepsIn = (run: string): number[] =>
  readLines(join(run, 'metrics.jsonl')).map(({ step }) => Number(step));
const checkpointStep = (run: string): number =>
  JSON.parse(readFileSync(join(run, 'checkpoint', 'state.json'), 'utf8')).step;
/** 100, 200, … up to `last`. */
const hundreds = (last: number): number[] =>
  Array.from({ length: Math.floor(last / 100) }, (_, i) => 100 * (i + 1));

describe('a run', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'saves at %s, ends with exit code 130 and can be continued',
    async (signal) => {
      const run = join(temporaryFolder(), 'run');
      const { child, ended, seen } = startProprio(...smallRun(run, FOREVER, 'logInterval=100'));
      await seen('step 300 |');
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect([code, stderr.trim()]).toEqual([
        130,
        'Stopping after this step and saving. Press Ctrl-C again to quit without saving.',
      ]);
      expect(stdout).toContain(`Interrupted, and saved. To go on: npx proprio train --run ${run} --resume`);
      expect(existsSync(join(run, 'policy.onnx'))).toBe(true);
      const reached = checkpointStep(run);
      expect(reached).toBeGreaterThanOrEqual(300);

      const continued = await proprio('train', '--run', run, '--resume', '--steps', String(reached + 200));
      expect([continued.code, continued.stderr]).toEqual([0, '']);
      expect(stepsIn(run)).toEqual(hundreds(reached + 200));
      expect(checkpointStep(run)).toBe(reached + 200);
    },
  );

  it('with actors ends all of its threads within two seconds, saved, and can be continued', async () => {
    const run = join(temporaryFolder(), 'run');
    const small = smallRun(run, FOREVER, 'logInterval=100', 'evaluationInterval=100');
    const { child, ended, seen } = startProprio(...small, '--actors', '2');
    // Actors do not stop at hundreds: the third line may say 300 as well as 310.
    await seen(/step ([3-9]\d\d|\d{4,}) \|/);
    const asked = performance.now();
    child.kill('SIGINT');
    const { code, signal } = await ended;
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect([code, signal]).toEqual([130, null]);
    const reached = checkpointStep(run);
    const continued = await proprio('train', '--run', run, '--resume', '--steps', String(reached + 200));
    expect([continued.code, continued.stderr]).toEqual([0, '']);
    expect(checkpointStep(run)).toBeGreaterThanOrEqual(reached + 200);
  });

  it('goes on from its last checkpoint after it was killed', async () => {
    const run = join(temporaryFolder(), 'run');
    const small = smallRun(run, FOREVER, 'logInterval=100', 'checkpointInterval=250');
    const { child, ended, seen } = startProprio(...small);
    await seen('step 700 |');
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    const last = Math.max(...stepsIn(run)) + 300;

    const continued = await proprio('train', '--run', run, '--resume', '--steps', String(last));
    expect([continued.code, continued.stderr]).toEqual([0, '']);
    expect(stepsIn(run)).toEqual(hundreds(last));
    expect(readdirSync(run).filter((name) => /tmp|previous/.test(name))).toEqual([]);
  });
});

describe('a disk that becomes full', () => {
  const disk = temporaryFolder();
  const mount = (...options: readonly string[]) =>
    spawnSync('mount', [...options, 'tmpfs', disk], { encoding: 'utf8' });
  let mounted = false;
  afterAll(() => {
    if (mounted) spawnSync('umount', [disk]);
  });

  it('ends the run with an explanation, leaves the last checkpoint whole, and the run can be continued', async (context) => {
    const { status, stderr: reason, error } = mount('-t', 'tmpfs', '-o', 'size=1m');
    mounted = status === 0;
    context.skip(!mounted, `no small disk can be mounted here: ${error?.message ?? reason.trim()}`);

    const run = join(disk, 'run');
    const small = smallRun(run, FOREVER, 'checkpointInterval=2000', 'updatesPerStep=0');
    const full = await proprio(...small);
    expectFailure(full, 1);
    expect(full.stderr).toBe(
      `Error: Cannot write ${join(run, 'checkpoint')}: the disk is full. Free some space and go on with --resume.\n`,
    );
    expect(Object.keys(contentsOf(run)).filter((name) => /tmp|previous/.test(name))).toEqual([]);
    const saved = checkpointStep(run);
    expect(saved % 2000).toBe(0);
    expect(saved).toBeGreaterThan(0);

    expect(mount('-o', 'remount,size=64m').status).toBe(0);
    const continued = await proprio('train', '--run', run, '--resume', '--steps', String(saved + 1000));
    expect([continued.code, continued.stderr]).toEqual([0, '']);
    expect(checkpointStep(run)).toBe(saved + 1000);
  });
});

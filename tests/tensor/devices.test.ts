/** Devices by name: which there are, which load, and what to do about the others. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { MissingError, UsageError } from '../../src/core/errors.ts';
import { checkDevice, compile, devices, probeDevice, tf } from '../../src/tensor/index.ts';

const tfjsNode = '@tensorflow/tfjs-node-gpu';

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(isInstalled(tfjsNode))(`without ${tfjsNode}`, () => {
  test('a program on device tensorflow is refused with what to install and its limits', async () => {
    const compiling = compile(({ x }) => ({ y: tf.neg(x!) }), { x: [2] }, { device: 'tensorflow' });
    const error = await compiling.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(MissingError);
    expect(error).toMatchObject({ exitCode: 4 });
    const { message } = error as MissingError;
    expect(message).toContain(`npm install ${tfjsNode}@4.22.0`);
    expect(message).toContain('CUDA 11.2');
    expect(message).toContain('Node 22 and older');
  });

  test('device tensorflow is reported as not available, with the reason', async () => {
    expect(await probeDevice('tensorflow')).toMatchObject({
      device: 'tensorflow',
      available: false,
      detail: expect.stringContaining('npm install'),
    });
  });
});

test.each(['cpu', 'reference'] as const)('device %s is available everywhere', async (device) => {
  expect(await probeDevice(device)).toMatchObject({ device, available: true });
});

test('every device has a name that is known, and auto is one more', () => {
  for (const name of [...devices, 'auto']) expect(() => checkDevice(name)).not.toThrow();
});

test('an unknown device is refused with the nearest one', () => {
  expect(() => checkDevice('gpu')).toThrow(UsageError);
  expect(() => checkDevice('wbgpu')).toThrow('Unknown device "wbgpu". Did you mean "webgpu"?');
});

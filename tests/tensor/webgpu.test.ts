/** The update on a GPU, or on a software Vulkan driver where there is none. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Part of Debian's package `chromium`: Vulkan without a GPU. */
const softwareDriver = '/usr/lib/chromium/vk_swiftshader_icd.json';
/** Shaders multiply and add in another order than the CPU, and their functions are less exact. */
const TOLERANCE = 1e-4;

interface Report {
  /** By agent and output. */
  readonly errors?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Why the device did not load. */
  readonly missing?: string;
}

/** What the child process printed; how it ended does not count, since drivers may crash then. */
function runChild(): Promise<Report> {
  const script = fileURLToPath(new URL('webgpu-child.ts', import.meta.url));
  const driver =
    process.env.VK_DRIVER_FILES === undefined && existsSync(softwareDriver)
      ? { VK_DRIVER_FILES: softwareDriver }
      : {};
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', script],
      { env: { ...process.env, ...driver }, timeout: 150_000, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const line = stdout.split('\n').find((text) => text.startsWith('{'));
        if (line) resolve(JSON.parse(line));
        else reject(new Error(`The child process printed no result: ${error?.message ?? ''}\n${stderr}`));
      },
    );
  });
}

test('updates of every agent on webgpu have the right results', { timeout: 180_000 }, async (context) => {
  const { errors, missing } = await runChild();
  if (missing !== undefined) {
    console.warn(`SKIPPED: ${missing}`);
    context.skip(missing);
  }
  const all = Object.entries(errors!).flatMap(([agent, outputs]) =>
    Object.entries(outputs).map(([output, error]) => [`${agent}: ${output}`, error] as const),
  );
  const [name, worst] = all.reduce((a, b) => (b[1] > a[1] ? b : a));
  console.log(`webgpu: greatest relative error ${worst.toExponential(1)} in ${name}`);
  expect(all.filter(([, error]) => !(error <= TOLERANCE))).toEqual([]);
  expect(Object.keys(errors!)).toHaveLength(8);
});

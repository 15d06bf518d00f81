/** The framework in a browser: it bundles as it is, and computes what it computes in Node. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../../support/browser.ts';
import { sacShapes } from '../../support/sac-updates.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { relativeError } from '../../support/tensors.ts';
import { bundle } from './bundle.ts';
import * as inNode from './situations.ts';
import { openPage } from './static-page.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const policy = [...readFileSync(join(root, 'scripts/demo/assets/drone-hover.onnx'))];

/** The greatest relative error among outputs, after checking that they are the same ones. */
function worst(actual: inNode.Results, expected: inNode.Results): number {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  return Math.max(...Object.keys(expected).map((name) => relativeError(actual[name]!, expected[name]!)));
}

describeInBrowser('in a browser', () => {
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    const folder = temporaryFolder();
    expect(await bundle(join(root, 'tests/tensor/browser/entry.ts'), folder)).toEqual([]);
    ({ page, complaints } = await openPage(folder));
    await page.waitForFunction(() => globalThis.situations !== undefined);
  }, 180_000);

  test('every portable file is bundled, and loads without a complaint', async () => {
    const folders = ['core', 'tensor', 'nn', 'learner', 'physics', 'replay', 'rollout'].map(
      (name) => `src/${name}`,
    );
    const files = [...folders, 'envs', 'agents', 'robots']
      .flatMap((name) => readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }))
      .filter((name) => name.endsWith('.ts'));
    expect(await page.evaluate(() => globalThis.portableFiles)).toBe(files.length);
    expect(complaints).toEqual([]);
  });

  test.each(['small', 'normalised'] as const)(
    'an update of the %s soft actor-critic is that of Node',
    async (name) => {
      const shape = sacShapes[name];
      const expected = await inNode.sacResults(shape, 1);
      const once = await page.evaluate((given) => globalThis.situations.sacResults(given, 1), shape);
      expect(worst(once, expected)).toBeLessThan(1e-5);
      const twice = await page.evaluate((given) => globalThis.situations.sacResults(given, 2), shape);
      expect(worst(twice, expected)).toBeGreaterThan(1e-4);
    },
  );

  test("an update of drone-hover's size is that of Node", async () => {
    const expected = await inNode.sacResults(inNode.hoverShape, 1);
    const actual = await page.evaluate(
      (given) => globalThis.situations.sacResults(given, 1),
      inNode.hoverShape,
    );
    expect(worst(actual, expected)).toBeLessThan(1e-5);
    const browser = await page.evaluate(() => globalThis.situations.updateMilliseconds());
    const node = await inNode.updateMilliseconds();
    console.log(
      `an update of drone-hover's size: ${browser.toFixed(1)} ms in Chromium, ${node.toFixed(1)} ms in Node`,
    );
  });

  test('an update on WebGPU is that of Node', async () => {
    const expected = await inNode.sacResults(sacShapes.small, 1);
    const actual = await page.evaluate(
      (shape) => globalThis.situations.sacResults(shape, 1, 'webgpu'),
      sacShapes.small,
    );
    expect(worst(actual, expected)).toBeLessThan(1e-5);
  });

  test('programs that run at the same time do not disturb one another', async () => {
    expect(await page.evaluate(() => globalThis.situations.simultaneousRuns())).toEqual({
      y: [-3, 4],
      sum: [780, 1560],
    });
  });

  // Versions of V8 differ in the last bit of sin, cos, exp, log and atan2. What is kept in float32 hardly
  // ever shows it.
  test('functions of Math agree but for their last bit', async () => {
    const actual = await page.evaluate(() => globalThis.situations.mathFunctions());
    for (const [name, expected] of Object.entries(inNode.mathFunctions())) {
      const errors = expected.map((value, i) => Math.abs(value - actual[name]![i]!) / Math.abs(value));
      expect({ [name]: Math.max(...errors) <= 2 ** -52 }).toEqual({ [name]: true });
    }
  });

  test.each(['drone-hover', 'drone-track', 'pendulum'])(
    'a trajectory of %s is that of Node, bit for bit',
    async (id) => {
      const expected = inNode.trajectory(id, 11, 400);
      const actual = await page.evaluate((name) => globalThis.situations.trajectory(name, 11, 400), id);
      expect(actual).toEqual(expected);
      if (id !== 'pendulum') expect(expected.terminated).toContain(1);
    },
  );

  test('a policy acts as it does in Node', async () => {
    const expected = await inNode.policyActions(policy, 64);
    const actual = await page.evaluate((bytes) => globalThis.situations.policyActions(bytes, 64), policy);
    expect(worst(actual, expected)).toBeLessThan(1e-5);
    expect(Math.max(...expected.actions!)).toBeGreaterThan(0.1);
  });

  test('a device that is not there is refused with what to do', async () => {
    const message = await page.evaluate(() => globalThis.situations.refusal('cuda'));
    expect(message).toMatch(/^Device "cuda" does not load on this machine: .+\nIt needs Linux/);
  });
});

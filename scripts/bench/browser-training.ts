/**
 * How long `drone-hover` takes to be learnt in a browser tab: `tsx scripts/bench/browser-training.ts [seed]`.
 * It builds the demo, opens it in Chromium, presses "Train here", and prints each evaluation until the
 * training has ended.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { buildDemo } from '../build-demo.ts';

const seed = process.argv[2] ?? '0';
const folder = mkdtempSync(join(tmpdir(), 'proprio-demo-'));
await buildDemo(folder);
const server = await preview({ configFile: false, logLevel: 'silent', root: folder, build: { outDir: '.' } });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  await page.goto(`${server.resolvedUrls!.local[0]}?seed=${seed}`);
  await page.getByRole('button', { name: 'Train here' }).click();
  const started = performance.now();
  const status = page.locator('#status');
  let [evaluation, text] = ['', ''];
  while (!text.startsWith('Has learnt')) {
    await page.waitForTimeout(500);
    text = (await status.textContent())!;
    const latest = /success.*/.exec(text)?.[0] ?? '';
    if (latest !== evaluation)
      console.log(`${((performance.now() - started) / 1e3).toFixed(0).padStart(6)} s: ${latest}`);
    evaluation = latest;
  }
  console.log(`${text}, after ${((performance.now() - started) / 1e3).toFixed(0)} s.`);
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}

/**
 * Our side of `bench update`: `sac-update DEVICE THREADS UPDATES_PER_ROUND` prints "ready"; then, for each line on
 * standard input, it runs a round and prints its milliseconds per update.
 */
import { createInterface } from 'node:readline';
import { agents } from '../../agents/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import { createLearner } from '../../src/learner/index.ts';
import { checkDevice, type Device } from '../../src/tensor/index.ts';

const [device, threads, updates] = process.argv.slice(2) as [string, string, string];
checkDevice(device);

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
const spaces = {
  observation: space(vector('observation', '1', 10, names(17))),
  action: space(vector('action', '1', 1, names(6))),
};
const sac = agents.sac!;
const rng = createRng(0);
const learner = await createLearner({
  maths: sac.build(spaces, sac.settings.parse({})),
  spaces,
  batchSize: 256,
  rng,
  device: device as Device,
  threads: Number(threads),
});
const { obs, action, reward, nextObs } = learner.batch;
for (const column of [obs, action, reward, nextObs]) rng.fillNormal(column);

/** Before the clock starts: threads wake up, caches fill. */
const WARM_UP = 50;

async function round(): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) await learner.update();
  const started = performance.now();
  for (let i = 0; i < Number(updates); i++) await learner.update();
  return (performance.now() - started) / Number(updates);
}

await round();
console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) console.log(await round());
process.exit(0);

/**
 * Our side of `bench update`: `agent-update AGENT DEVICE THREADS UPDATES BATCH UPDATES_PER_CALL` prints "ready" and the
 * number of gradient updates in a call. Then, for each line on standard input, it runs a round of at least UPDATES updates,
 * a whole number of calls, and prints its milliseconds per update.
 *
 * BATCH counts the transitions of a minibatch and, for on-policy agents, of a rollout, of which a call learns all there is.
 * UPDATES_PER_CALL is the learner's `updatesPerCall`, each of which is several where an agent's settings make it so.
 */
import { createInterface } from 'node:readline';
import { agents } from '../../agents/index.ts';
import type { Trajectories } from '../../src/core/batch.ts';
import { lookUp } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { createLearner, createOnPolicyLearner } from '../../src/learner/index.ts';
import { checkDevice, type Device } from '../../src/tensor/index.ts';
import { spaces } from './update/networks.ts';

/** Milliseconds before the clock starts: threads wake up, caches fill. */
const WARM_UP = 200;

interface Subject {
  readonly updatesPerCall: number;
  call(): Promise<unknown>;
}

const [name, device, threads, updates, batchSize, repeats] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
checkDevice(device);
const rng = createRng(0);
const subject = await createSubject(Number(batchSize), Number(repeats));
const calls = Math.ceil(Number(updates) / subject.updatesPerCall);

async function createSubject(rows: number, updatesPerCall: number): Promise<Subject> {
  const agent = lookUp('agent', agents, name);
  const settings = agent.settings.parse({});
  const shared = { spaces, rng, device: device as Device, threads: Number(threads) };
  if (agent.kind === 'on-policy') {
    const maths = agent.build(spaces, settings);
    const learner = await createOnPolicyLearner({ ...shared, maths, rows });
    const rollout = randomRollout(rows);
    return {
      updatesPerCall: maths.phases.reduce((sum, { epochs, minibatches }) => sum + epochs * minibatches, 0),
      call: () => learner.learn(rollout, 0),
    };
  }
  const maths = agent.build(spaces, settings);
  const learner = await createLearner({ ...shared, maths, batchSize: rows, updatesPerCall });
  const { obs, action, reward, nextObs } = learner.batch;
  for (const column of [obs, action, reward, nextObs]) rng.fillNormal(column);
  return { updatesPerCall: learner.minibatches, call: () => learner.update(0) };
}

/** Of one scene, without an end. */
function randomRollout(rows: number): Trajectories {
  const column = (width: number): Float32Array => {
    const values = new Float32Array(rows * width);
    rng.fillNormal(values);
    return values;
  };
  return {
    steps: rows,
    numEnvs: 1,
    obs: column(spaces.observation.size),
    nextObs: column(spaces.observation.size),
    noise: column(spaces.action.size),
    reward: column(1),
    terminated: new Float32Array(rows),
    truncated: new Float32Array(rows),
  };
}

async function round(): Promise<number> {
  let started = performance.now();
  while (performance.now() - started < WARM_UP) await subject.call();
  started = performance.now();
  for (let i = 0; i < calls; i++) await subject.call();
  return (performance.now() - started) / (calls * subject.updatesPerCall);
}

await subject.call();
console.log(`ready ${subject.updatesPerCall}`);
for await (const _ of createInterface({ input: process.stdin })) console.log(await round());
process.exit(0);

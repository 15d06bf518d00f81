/** A thread that writes shared memory as fast as it can, until it is told to end: every number of a write is the same. */
import { workerData } from 'node:worker_threads';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import { Mailbox } from '../../src/rollout/asynchronous/mailbox.ts';

const { replay: given, mailbox: memory, stop, width } = workerData;
const stopped = (): boolean => Atomics.load(stop as Int32Array, 0) === 1;

if (given) {
  const replay = new ReplayBuffer(given.options, given.memory);
  for (let step = 1; !stopped(); step++) {
    const row = new Float32Array(width).fill(step);
    const flags = new Uint8Array(1);
    replay.push({
      step,
      time: 0,
      numEnvs: 1,
      obs: row,
      action: row,
      reward: row.subarray(0, 1),
      rewardTerms: row.subarray(0, 1),
      nextObs: row,
      terminated: flags,
      truncated: flags,
      intervened: flags,
    });
  }
}

if (memory) {
  const mailbox = new Mailbox(memory);
  const [first, second] = [new Float32Array(width), new Float32Array(width)];
  for (let update = 1; !stopped(); update++) {
    mailbox.countUpdates(update);
    mailbox.publish([first.fill(update), second.fill(update)], update);
  }
}

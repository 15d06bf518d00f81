/** `bench memory`: resident size and tensor count over 10,000 episodes of training. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sac } from '../../agents/sac.ts';
import { envs } from '../../envs/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { createLearner } from '../../src/learner/index.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import { trainOffPolicy } from '../../src/rollout/off-policy.ts';
import { tf } from '../../src/tensor/index.ts';
import { machine } from './machine.ts';

const SCENES = 64;
const FIRST = 1_000;
const LAST = 10_000;
/** Transitions: full before the first measurement, so that what is measured is not the buffer filling up. */
const REPLAY = 10_000;

// What has been collected is what is not kept; without this, the size tells when the collector last ran.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export async function benchMemory(): Promise<Record<string, number>> {
  const definition = envs['drone-hover']!;
  const env = definition.create(SCENES, definition.settings.parse({}));
  const spaces = { observation: env.observationSpace, action: env.actionSpace };
  const rng = createRng(0);
  const maths = sac.build(spaces, sac.settings.parse({ hidden: [64, 64] }));
  const learner = await createLearner({
    maths,
    spaces,
    batchSize: 64,
    rng: rng.split('learner'),
    threads: 1,
  });
  const replay = new ReplayBuffer({
    capacity: REPLAY,
    observationSize: spaces.observation.size,
    actionSize: spaces.action.size,
  });
  // Random actions throughout: episodes stay short, and every one of them ends in a crash and a restart.
  const schedule = {
    batchSize: 64,
    replayCapacity: REPLAY,
    randomSteps: Number.MAX_SAFE_INTEGER,
    learningStarts: 1,
    updatesPerStep: 1 / 64,
  };
  const run = trainOffPolicy({ env, learner, replay, schedule, rng, steps: Number.MAX_SAFE_INTEGER });
  let episodes = 0;
  const marks: { readonly episodes: number; readonly rss: number; readonly tensors: number }[] = [];
  await new Promise<void>((resolve, reject) => {
    const counting = run.episodes$.subscribe(() => {
      episodes++;
      if (episodes !== FIRST && episodes !== LAST) return;
      collectGarbage();
      marks.push({ episodes, rss: process.memoryUsage().rss, tensors: tf.memory().numTensors });
    });
    const running = run.run$.subscribe({
      error: reject,
      next: () => {
        if (episodes < LAST) return;
        counting.unsubscribe();
        running.unsubscribe();
        resolve();
      },
    });
  });
  await learner.dispose();
  env.close();
  const [first, last] = marks as [(typeof marks)[0], (typeof marks)[0]];
  const growth = (100 * (last.rss - first.rss)) / first.rss;
  console.log(`memory over training episodes; ${machine()}`);
  for (const { episodes: count, rss, tensors } of marks) {
    console.log(
      `episode ${String(count).padStart(6)}  ${(rss / 2 ** 20).toFixed(1)} MiB resident, ${tensors} tensors`,
    );
  }
  console.log(`growth ${growth.toFixed(1)} % (to stay below: 5 %)`);
  return { growthPercent: growth, tensorsFirst: first.tensors, tensorsLast: last.tensors };
}

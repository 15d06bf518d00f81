/** Off-policy training in lockstep: when it acts at random, when and how often it learns, and that it can be continued. */
import { lastValueFrom, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import type { OffPolicyLearner } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import { type OffPolicySchedule, trainOffPolicy } from '../../src/rollout/off-policy.ts';
import { TOY_ACTION, TOY_OBSERVATION, toyEnv } from '../support/toy-env.ts';

interface Setting extends Partial<OffPolicySchedule> {
  readonly scenes?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly minibatches?: number;
}

interface Trial {
  readonly run: ReturnType<typeof trainOffPolicy>;
  readonly replay: ReplayBuffer;
  /** Actions as applied, one row a frame. */
  readonly actions: number[][];
  /** What each update learned from. */
  readonly batches: number[][];
  /** Control steps at each update. */
  readonly updateSteps: number[];
}

/** A run with a learner that always answers 0.5 and only notes what it is given. */
function trial({ scenes = 1, steps = 100, seed = 1, minibatches = 1, ...schedule }: Setting): Trial {
  const replay = new ReplayBuffer({ capacity: 64, observationSize: TOY_OBSERVATION, actionSize: TOY_ACTION });
  const actions: number[][] = [];
  const batches: number[][] = [];
  const updateSteps: number[] = [];
  const learner: OffPolicyLearner = {
    batch: createBatch((schedule.batchSize ?? 4) * minibatches, TOY_OBSERVATION, TOY_ACTION),
    minibatches,
    discount: 0.9,
    async act(_, out) {
      out.fill(0.5);
    },
    async update() {
      batches.push([...learner.batch.obs, ...learner.batch.action, ...learner.batch.reward]);
      updateSteps.push(run.step());
      return { loss: batches.length };
    },
  };
  const run = trainOffPolicy({
    env: toyEnv(scenes),
    learner,
    replay,
    schedule: {
      batchSize: 4,
      replayCapacity: 64,
      randomSteps: 0,
      learningStarts: 1,
      updatesPerStep: 1,
      ...schedule,
    },
    rng: createRng(seed),
    steps,
  });
  run.frames$.subscribe(({ action }) => actions.push([...action]));
  return { run, replay, actions, batches, updateSteps };
}

async function finished(setting: Setting): Promise<Trial> {
  const made = trial(setting);
  await lastValueFrom(made.run.run$);
  return made;
}

/** What a trial leaves: everything that a second one has to repeat. */
const traces = ({ run, replay, actions, batches }: Trial) => ({
  actions,
  batches,
  replay: [...replay.contents().columns.obs, ...replay.contents().columns.reward],
  state: run.state(),
  snapshot: [...run.snapshot()],
});

describe('the number of updates', () => {
  it.each([
    [1, 1, 1, 100, 100],
    [1, 1, 40, 100, 61],
    [1, 16, 1, 160, 160],
    [1, 16, 20, 160, 144], // The first step that reaches 20 is the second one, at 32.
    [0, 1, 1, 100, 0],
    [0.25, 1, 1, 103, 25],
    [0.1, 1, 1, 1000, 100],
    [0.3, 1, 1, 1000, 300],
    [0.7, 4, 1, 1000, 700],
    [1 / 3, 1, 1, 999, 333],
    [0.01, 16, 1, 10_000, 100],
    [2.5, 2, 1, 100, 250],
    [7, 1, 91, 100, 70],
  ])(
    'is %d per step with %i scenes and learning from step %i: after %i steps %i',
    async (updatesPerStep, scenes, learningStarts, steps, updates) => {
      const { batches, run } = await finished({ updatesPerStep, scenes, learningStarts, steps });
      expect(batches).toHaveLength(updates);
      expect(run.state().updates).toBe(updates);
    },
  );

  it('is right after every single step, not only in the end', async () => {
    const { updateSteps } = await finished({ updatesPerStep: 0.1, steps: 500 });
    expect(updateSteps).toEqual(Array.from({ length: 50 }, (_, i) => 10 * (i + 1)));
  });

  it('is zero before learning starts', async () => {
    const { updateSteps } = await finished({ scenes: 4, learningStarts: 50, steps: 100 });
    expect(updateSteps[0]).toBe(52);
  });
});

describe('actions', () => {
  it('are uniform in [-1, 1] for the random steps, and the learner’s own afterwards', async () => {
    const { actions } = await finished({ scenes: 4, randomSteps: 8000, steps: 8040, updatesPerStep: 0 });
    const random = actions.slice(0, 2000).flat();
    expect(actions.slice(2000)).toEqual(Array.from({ length: 10 }, () => new Array(8).fill(0.5)));
    const counts = new Float64Array(20);
    for (const action of random) counts[Math.floor((action + 1) * 10)]!++;
    const expected = random.length / 20;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.reduce((sum, count) => sum + count)).toBe(16_000);
    expect(chiSquare).toBeLessThan(43.82); // 0.999 quantile with 19 degrees of freedom
  });

  it('are never random where there are no random steps', async () => {
    const { actions } = await finished({ steps: 5 });
    expect(actions.flat()).toEqual(new Array(10).fill(0.5));
  });
});

describe('trainOffPolicy', () => {
  it('stores every transition before it learns from it', async () => {
    const { replay, batches, actions } = await finished({
      randomSteps: 100,
      learningStarts: 1,
      batchSize: 1,
      steps: 10,
    });
    expect(replay.size).toBe(10);
    expect([...replay.contents().columns.action]).toEqual(actions.flat());
    // The first update can only have seen the first transition.
    expect(batches[0]!.slice(TOY_OBSERVATION, TOY_OBSERVATION + TOY_ACTION)).toEqual(actions[0]);
  });

  it('counts the minibatches of an update as updates of their own', async () => {
    const { run, batches, updateSteps } = await finished({
      steps: 60,
      learningStarts: 21,
      minibatches: 20,
      batchSize: 2,
    });
    expect(updateSteps).toEqual([40, 60]);
    expect(batches[0]).toHaveLength(40 * (TOY_OBSERVATION + TOY_ACTION + 1));
    expect(run.state()).toMatchObject({ updates: 40, dueUpdates: 0 });
  });

  it('hands on what each update reports, before afterStep', async () => {
    const told: string[] = [];
    const learner: OffPolicyLearner = {
      batch: createBatch(1, TOY_OBSERVATION, TOY_ACTION),
      minibatches: 1,
      discount: 0.9,
      act: async (_, actions) => void actions.fill(0),
      update: async () => ({ loss: told.length }),
    };
    const run = trainOffPolicy({
      env: toyEnv(1),
      learner,
      replay: new ReplayBuffer({ capacity: 4, observationSize: TOY_OBSERVATION, actionSize: TOY_ACTION }),
      schedule: { batchSize: 1, replayCapacity: 4, randomSteps: 0, learningStarts: 2, updatesPerStep: 2 },
      rng: createRng(1),
      steps: 2,
      onUpdate: ({ loss }) => told.push(`update ${loss}`),
      afterStep: async (step) => void told.push(`after ${step}`),
    });
    await lastValueFrom(run.run$);
    expect(told).toEqual(['after 1', 'update 1', 'update 2', 'after 2']);
  });

  it('ends with the error where a transition is refused', async () => {
    const { run, replay } = trial({ steps: 20 });
    replay.push = () => {
      throw new Error('no number to learn from');
    };
    await expect(lastValueFrom(run.run$)).rejects.toThrow('no number to learn from');
    expect(run.step()).toBe(1);
  });

  const mixed = { scenes: 3, randomSteps: 60, learningStarts: 40, updatesPerStep: 0.35, steps: 150 };

  it('is determined by its seed', async () => {
    const first = traces(await finished({ ...mixed, seed: 5 }));
    expect(traces(await finished({ ...mixed, seed: 5 }))).toEqual(first);
    const other = traces(await finished({ ...mixed, seed: 6 }));
    expect(other.actions).not.toEqual(first.actions);
    expect(other.replay).not.toEqual(first.replay);
  });

  it.each([13, 31])('continues in a new process exactly as it would have after %i steps', async (frames) => {
    const whole = traces(await finished(mixed));
    const first = trial(mixed);
    await lastValueFrom(first.run.run$.pipe(take(frames)));
    const second = trial({ ...mixed, seed: 99 });
    second.replay.restore(first.replay.contents());
    second.run.restore(first.run.snapshot());
    second.run.restoreState(JSON.parse(JSON.stringify(first.run.state())));
    await lastValueFrom(second.run.run$);
    expect({
      ...traces(second),
      actions: [...first.actions, ...second.actions],
      batches: [...first.batches, ...second.batches],
    }).toEqual(whole);
  });
});

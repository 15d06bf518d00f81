/**
 * Ring buffer of transitions, one column each, in shared memory: one thread writes it, and others may sample it in place
 * while it is written. Shapes: C capacity, O observation size, A action size.
 */
import type { Batch, ReturnToGo } from '../core/batch.ts';
import type { ColumnContents, ExperienceStore } from '../core/columns.ts';
import { ProprioError } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import type { Rng } from '../core/rng.ts';
import { assertWholeTeams } from '../core/teams.ts';
import { type Experience, type RewardSource, sampleTeams } from './experience.ts';
import { returnWriter } from './return-to-go.ts';
import { copyRow, type MultiStep, Sequences } from './sequences.ts';

export interface ReplayOptions {
  /** Transitions kept, less what is no whole team; the oldest are overwritten. */
  readonly capacity: number;
  readonly observationSize: number;
  readonly actionSize: number;
  /** Factor of rewards, as they are learnt from; 1 unless told. */
  readonly rewardScale?: number;
  /** What is learnt for; the rewards of the task unless told. */
  readonly rewards?: RewardSource;
  /** Samples that span several steps, and scenes in each frame, which plans and returns need to be told of too. */
  readonly multiStep?: MultiStep;
  /** Keeps returns to go, for batches that ask for them. */
  readonly returnToGo?: ReturnToGo | undefined;
  /** Rows of a frame that are sampled together, D: every D of them, one after another. 1 unless told. */
  readonly teamSize?: number;
}

export const replayColumns = [
  'obs',
  'action',
  'reward',
  'nextObs',
  'terminated',
  'truncated',
  'intervened',
] as const;
export type ReplayColumn = (typeof replayColumns)[number];

/** What the threads that use one buffer share: sent to another thread, it is the same memory there. */
export interface ReplayMemory {
  readonly columns: Readonly<Record<ReplayColumn, Float32Array>>;
  /** Of each row, `[C]`; empty where none are kept. */
  readonly returnToGo: Float32Array;
  /** Rows ever begun to be written, and rows ever written. A row is whole while no row C later has been begun. */
  readonly counters: BigInt64Array;
}

const BEGUN = 0;
const WRITTEN = 1;

export class ReplayBuffer implements Experience, ExperienceStore {
  /** A multiple of `teamSize`, so that no team lies across the ring's end. */
  readonly capacity: number;
  readonly teamSize: number;
  readonly memory: ReplayMemory;
  readonly #widths: Readonly<Record<ReplayColumn, number>>;
  readonly #columns: Readonly<Record<ReplayColumn, Float32Array>>;
  readonly #rewardScale: number;
  readonly #multiStep: MultiStep | undefined;
  readonly #sequences: Sequences;
  readonly #writeReturn: ((row: number) => void) | undefined;

  /** @param memory of a buffer with the same options, to share it; its own unless told */
  constructor(options: ReplayOptions, memory?: ReplayMemory) {
    const { observationSize, actionSize, rewardScale = 1, multiStep, returnToGo, teamSize = 1 } = options;
    const capacity = options.capacity - (options.capacity % teamSize);
    this.capacity = capacity;
    this.teamSize = teamSize;
    this.#rewardScale = rewardScale;
    this.#multiStep = multiStep && multiStep.steps > 1 ? multiStep : undefined;
    this.#widths = {
      obs: observationSize,
      action: actionSize,
      reward: 1,
      nextObs: observationSize,
      terminated: 1,
      truncated: 1,
      intervened: 1,
    };
    this.memory = memory ?? {
      columns: mapColumns((name) => new Float32Array(sharedMemory(4 * capacity * this.#widths[name]))),
      returnToGo: new Float32Array(sharedMemory(returnToGo ? 4 * capacity : 0)),
      counters: new BigInt64Array(sharedMemory(16)),
    };
    this.#columns = this.memory.columns;
    const stride = multiStep?.numEnvs ?? 1;
    this.#sequences = new Sequences(this.#columns, {
      stride,
      interventionReward: options.rewards === 'interventions' ? -rewardScale : undefined,
    });
    const columns = { ...this.#columns, returnToGo: this.memory.returnToGo };
    this.#writeReturn = returnToGo && returnWriter(columns, returnToGo, { rewardScale, stride });
  }

  /** Transitions stored. */
  get size(): number {
    return Math.min(this.written, this.capacity);
  }

  /** Transitions ever written, those among them that have been overwritten too. */
  get written(): number {
    return Number(Atomics.load(this.memory.counters, WRITTEN));
  }

  /** Teams stored. */
  get teams(): number {
    return this.size / this.teamSize;
  }

  /**
   * Stores a copy of every scene's transition.
   * @throws ProprioError naming column, scene and step of a number that is not finite, and ConfigurationError for rows that
   *   are no whole teams; nothing of the frame is stored then
   */
  push(frame: Frame): void {
    assertWholeTeams(`A frame of ${frame.numEnvs} rows`, frame.numEnvs, this.teamSize);
    for (const column of ['obs', 'action', 'reward', 'nextObs'] as const) {
      assertFinite(frame, column, this.#widths[column]);
    }
    const { obs, action, reward, nextObs, terminated, truncated, intervened } = this.#columns;
    const { obs: observationSize, action: actionSize } = this.#widths;
    const { counters } = this.memory;
    const { written } = this;
    Atomics.store(counters, BEGUN, BigInt(written + frame.numEnvs));
    let row = written % this.capacity;
    for (let scene = 0; scene < frame.numEnvs; scene++, row = (row + 1) % this.capacity) {
      copyRow(obs, row, frame.obs, scene, observationSize);
      copyRow(action, row, frame.action, scene, actionSize);
      copyRow(nextObs, row, frame.nextObs, scene, observationSize);
      reward[row] = this.#rewardScale * frame.reward[scene]!;
      terminated[row] = frame.terminated[scene]!;
      truncated[row] = frame.truncated[scene]!;
      intervened[row] = frame.intervened[scene]!;
      this.#writeReturn?.(written + scene);
    }
    Atomics.store(counters, WRITTEN, BigInt(written + frame.numEnvs));
  }

  /** Has no later step continue the newest ones of `numEnvs` scenes, as at a time limit: for a writer that begins anew. */
  cut(numEnvs: number): void {
    const { written } = this;
    for (let row = Math.max(0, written - numEnvs); row < written; row++) {
      this.#columns.truncated[row % this.capacity] = 1;
      this.#writeReturn?.(row);
    }
  }

  sample(batch: Batch, rng: Rng, from = 0, to = batch.size): Batch {
    return sampleTeams(this, batch, rng, from, to);
  }

  /** Whether anybody but the policy acted in a stored team. */
  isIntervened(team: number): boolean {
    const { intervened } = this.#columns;
    const first = team * this.teamSize;
    for (let row = first; row < first + this.teamSize; row++) if (intervened[row] === 1) return true;
    return false;
  }

  /** What was observed at the first row of a stored team, one component of it. */
  observed(team: number, component: number): number {
    return this.#columns.obs[team * this.teamSize * this.#widths.obs + component]!;
  }

  copyTeam(team: number, batch: Batch, to: number): boolean {
    const { obs, action, nextObs, terminated } = this.#columns;
    const { obs: observationSize, action: actionSize } = this.#widths;
    const { written } = this;
    const cursor = written % this.capacity;
    const first = team * this.teamSize;
    for (let i = to, row = first; row < first + this.teamSize; i++, row++) {
      let last = row;
      if (this.#multiStep) last = this.#sequences.addUp(this.#multiStep, row, cursor, batch, i);
      else batch.reward[i] = this.#sequences.rewardOf(row, cursor);
      copyRow(batch.obs, i, obs, row, observationSize);
      copyRow(batch.action, i, action, row, actionSize);
      copyRow(batch.nextObs, i, nextObs, last, observationSize);
      batch.terminated[i] = terminated[last]!;
      if (batch.returnToGo) batch.returnToGo[i] = this.memory.returnToGo[row]!;
      if (batch.plan)
        this.#sequences.copyPlan(batch.plan, row, cursor, i, batch.plan.length / batch.size / actionSize);
    }
    const number = written - cursor + first - (first < cursor ? 0 : this.capacity);
    return Number(Atomics.load(this.memory.counters, BEGUN)) <= number + this.capacity;
  }

  /** The stored part of every column: views, valid until the next push. */
  contents(): ColumnContents {
    const { size, written } = this;
    return {
      columns: mapColumns((name) => this.#columns[name].subarray(0, size * this.#widths[name])),
      rows: size,
      cursor: written % this.capacity,
    };
  }

  /** @throws RangeError when the rows do not fit this buffer */
  restore({ columns, cursor }: Pick<ColumnContents, 'columns' | 'cursor'>): void {
    const size = columns.reward?.length ?? 0;
    // A ring that is not full has been written from its first row on; a full one may continue anywhere.
    const fits = size < this.capacity ? cursor === size : size === this.capacity && cursor < this.capacity;
    if (!fits || cursor % this.teamSize !== 0) {
      throw new RangeError(
        `The checkpoint holds ${size} transitions and continues at row ${cursor}; that is no state of a replay buffer of ${this.capacity}.`,
      );
    }
    for (const name of replayColumns) {
      const stored = columns[name];
      if (stored?.length !== size * this.#widths[name]) {
        throw new RangeError(
          `Replay column "${name}" has ${stored?.length ?? 'no'} values; ${size} rows of ${this.#widths[name]} are needed.`,
        );
      }
      this.#columns[name].set(stored);
    }
    const written = size < this.capacity ? size : size + cursor;
    for (let row = written - size; row < written; row++) this.#writeReturn?.(row);
    Atomics.store(this.memory.counters, BEGUN, BigInt(written));
    Atomics.store(this.memory.counters, WRITTEN, BigInt(written));
  }
}

function assertFinite(frame: Frame, column: 'obs' | 'action' | 'reward' | 'nextObs', width: number): void {
  const values = frame[column];
  for (let i = 0; i < frame.numEnvs * width; i++) {
    if (Number.isFinite(values[i])) continue;
    const component = width > 1 ? ` (component ${i % width})` : '';
    throw new ProprioError(
      `Column "${column}"${component} is ${values[i]} in scene ${Math.floor(i / width)} at step ${frame.step}; only finite numbers can be learnt from. Check the environment with checkEnv.`,
    );
  }
}

function mapColumns<T>(value: (name: ReplayColumn) => T): Record<ReplayColumn, T> {
  return Object.fromEntries(replayColumns.map((name) => [name, value(name)])) as Record<ReplayColumn, T>;
}

/** Shared where the platform allows it: browsers do only on isolated pages. */
const sharedMemory = (bytes: number): SharedArrayBuffer | ArrayBuffer =>
  typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);

/**
 * Checkpoints: a folder with everything that continues a run bit for bit. `model.safetensors` and
 * `optimizer.safetensors` hold the learner's arrays under their names, `experience.safetensors` the stored transitions (one
 * such file for each actor), `rollout.bin` the environment and the loop, `state.json` counters, generators and a checksum of every file.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnContents, ExperienceStore } from '../core/columns.ts';
import { ProprioError } from '../core/errors.ts';
import type { RngState } from '../core/rng.ts';
import type { LearnerBase, PolicyMaths, Vectors } from '../learner/index.ts';
import { type Layout, layoutSize, views } from '../nn/index.ts';
import type { TrainingRun } from '../rollout/rollout.ts';
import { findFolder, writeFolderAtomic } from './files.ts';
import type { MetricsState } from './metrics.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.ts';

const FORMAT = 3;
const MODEL = 'model.safetensors';
const OPTIMIZER = 'optimizer.safetensors';
/** By the name of a vector. */
const isOptimizer = (name: string): boolean => name.includes('.adam.');
const DAMAGED = 'its checksum is wrong, so it is cut short or damaged';

/** The parts of a run that a checkpoint saves and restores. */
export interface CheckpointParts {
  readonly learner: LearnerBase;
  /** By the name of its file. */
  readonly experience: Readonly<Record<string, ExperienceStore>>;
  /** Learnt from beside it, and not saved; absent where there are none. */
  readonly demonstrations?: Pick<ExperienceStore, 'contents'> | undefined;
  readonly run: TrainingRun<unknown>;
  readonly metrics: { state(): MetricsState; restore(state: MetricsState): void };
}

interface CheckpointState {
  readonly format: number;
  readonly step: number;
  /** Of the training loop. */
  readonly loop: unknown;
  readonly learnerRng: Readonly<Record<string, RngState>>;
  /** Where each file's buffer goes on writing. */
  readonly experienceCursors: Readonly<Record<string, number>>;
  /** SHA-256 of the demonstrations; absent where there are none, and of runs of older versions. */
  readonly demonstrations?: string;
  readonly metrics: MetricsState;
  /** SHA-256 of the other files, by name. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** @throws ProprioError when it cannot be written; the checkpoint before it is then still there */
export function saveCheckpoint(folder: string, parts: CheckpointParts): void {
  const { learner, experience, demonstrations, run, metrics } = parts;
  const vectors = learner.vectors();
  const names = Object.keys(learner.layouts);
  const stored = Object.entries(experience).map(([name, store]) => ({ name, ...store.contents() }));
  const files: Record<string, Uint8Array> = {
    [MODEL]: encodeSafetensors(
      namedArrays(
        learner,
        vectors,
        names.filter((name) => !isOptimizer(name)),
      ),
    ),
    [OPTIMIZER]: encodeSafetensors(namedArrays(learner, vectors, names.filter(isOptimizer))),
    ...Object.fromEntries(stored.map((part) => [`${part.name}.safetensors`, encodeColumns(part)])),
    'rollout.bin': run.snapshot(),
  };
  const state: CheckpointState = {
    format: FORMAT,
    step: run.step(),
    loop: run.state(),
    learnerRng: learner.rngStates(),
    experienceCursors: Object.fromEntries(stored.map(({ name, cursor }) => [name, cursor])),
    ...(demonstrations ? { demonstrations: digestOf(demonstrations) } : {}),
    metrics: metrics.state(),
    checksums: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)])),
  };
  const sealed = { ...state, checksum: sha256(JSON.stringify(state)) };
  writeFolderAtomic(folder, { ...files, 'state.json': `${JSON.stringify(sealed, null, 2)}\n` });
}

/**
 * Continues from a checkpoint.
 * @throws ProprioError when there is none, or when it is cut short, damaged or of another run; nothing is changed on disk
 */
export function loadCheckpoint(folder: string, parts: CheckpointParts): void {
  const { learner, experience, demonstrations, run, metrics } = parts;
  const files = new CheckpointFiles(folder, 'Train without --resume to begin anew.');
  const { state } = files;
  if (state.demonstrations && demonstrations && state.demonstrations !== digestOf(demonstrations))
    throw new ProprioError(
      `The demonstrations are not those that the run of ${folder} was begun with: restore them, or begin a new run with --from, which keeps what was learnt.`,
    );
  const tensors = {
    ...files.using(MODEL, decodeSafetensors),
    ...files.using(OPTIMIZER, decodeSafetensors),
  };
  files.using(MODEL, () => learner.load(gatherVectors(learner.layouts, tensors)));
  learner.restoreRng(state.learnerRng);
  for (const [name, store] of Object.entries(experience)) {
    files.using(`${name}.safetensors`, (bytes) => {
      const stored = Object.entries(decodeSafetensors(bytes));
      const columns = Object.fromEntries(stored.map(([column, { values }]) => [column, values]));
      store.restore({ columns, cursor: state.experienceCursors[name] ?? 0 });
    });
  }
  files.using('rollout.bin', (bytes) => run.restore(bytes));
  run.restoreState(state.loop);
  metrics.restore(state.metrics);
}

/**
 * Begins with what another run has learnt: its networks, temperature and statistics, and optimisers as they are at first.
 * @throws ProprioError when there is no checkpoint, or when it is damaged or of an agent with other networks
 */
export function loadParameters(folder: string, learner: LearnerBase): void {
  const files = new CheckpointFiles(folder, 'Begin from a run that was saved.');
  const { layouts } = learner;
  const learnt = Object.fromEntries(Object.entries(layouts).filter(([name]) => !isOptimizer(name)));
  files.using(MODEL, (bytes) =>
    learner.load({ ...learner.vectors(), ...gatherVectors(learnt, decodeSafetensors(bytes)) }),
  );
}

/**
 * What a run has learnt, without its optimisers.
 * @throws ProprioError where there is no checkpoint, or a parameter is missing or has another shape
 */
export function readParameters(folder: string, { state }: PolicyMaths): Vectors {
  const found = findFolder(folder);
  if (!found) throw new ProprioError(`There is no checkpoint in ${folder}.`);
  const stored = decodeSafetensors(readFileSync(join(found, MODEL)));
  const learnt = Object.entries(state).filter(([name]) => !isOptimizer(name));
  return gatherVectors(Object.fromEntries(learnt), stored);
}

/** Of a checkpoint, read with their checksums verified. */
class CheckpointFiles {
  readonly #folder: string;
  readonly state: CheckpointState;

  /** @param instead what to do where there is no checkpoint */
  constructor(folder: string, instead: string) {
    const found = findFolder(folder);
    if (!found) throw new ProprioError(`There is no checkpoint in ${folder}. ${instead}`);
    this.#folder = found;
    this.state = this.using('state.json', readState);
    for (const [file, checksum] of Object.entries(this.state.checksums)) {
      if (sha256(this.#read(file)) !== checksum) this.#complain(file, DAMAGED);
    }
  }

  /** Names the file in what `use` throws. */
  using<T>(file: string, use: (bytes: Uint8Array) => T): T {
    try {
      return use(this.#read(file));
    } catch (error) {
      if (error instanceof ProprioError) throw error;
      return this.#complain(file, (error as Error).message.replace(/\.$/, ''));
    }
  }

  #read(file: string): Uint8Array {
    try {
      return readFileSync(join(this.#folder, file));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return this.#complain(file, code === 'ENOENT' ? 'it is missing' : message);
    }
  }

  #complain(file: string, problem: string): never {
    throw new ProprioError(
      `Checkpoint file ${join(this.#folder, file)} cannot be used: ${problem}. Restore it from a copy, or train into a new folder.`,
    );
  }
}

/** @throws RangeError saying what is wrong */
function readState(bytes: Uint8Array): CheckpointState {
  const { checksum, ...state } = Object(JSON.parse(new TextDecoder().decode(bytes)));
  if (state.format !== FORMAT)
    throw new RangeError(`it has format ${state.format}, and this version reads format ${FORMAT}`);
  if (checksum !== sha256(JSON.stringify(state))) throw new RangeError(DAMAGED);
  return state;
}

function digestOf(demonstrations: Pick<ExperienceStore, 'contents'>): string {
  const hash = createHash('sha256');
  const { columns } = demonstrations.contents();
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(columns))
    hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}

const encodeColumns = ({ columns, rows }: ColumnContents): Uint8Array =>
  encodeSafetensors(
    Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        { shape: [rows, values.length / Math.max(1, rows)], values },
      ]),
    ),
  );

function namedArrays(
  learner: LearnerBase,
  vectors: Vectors,
  names: readonly string[],
): Record<string, NamedTensor> {
  const arrays: Record<string, NamedTensor> = {};
  for (const name of names) {
    for (const { array, values } of views(vectors[name]!, learner.layouts[name]!)) {
      arrays[`${name}.${array.name}`] = { shape: array.shape, values };
    }
  }
  return arrays;
}

/** Vectors of a model as it is stored. @throws ProprioError where an array is missing or has another shape */
export function gatherVectors(
  layouts: Readonly<Record<string, Layout>>,
  tensors: Readonly<Record<string, NamedTensor>>,
): Vectors {
  const gather = (name: string, layout: Layout): Float32Array => {
    const vector = new Float32Array(layoutSize(layout));
    for (const { array, values } of views(vector, layout)) {
      const stored = tensors[`${name}.${array.name}`];
      if (stored?.values.length !== values.length || stored.shape.join() !== array.shape.join()) {
        throw new ProprioError(
          `The checkpoint's array "${name}.${array.name}" has shape [${stored?.shape ?? 'none'}], but this agent needs [${array.shape}]: it was saved with other settings or for another environment.`,
        );
      }
      values.set(stored.values);
    }
    return vector;
  };
  return Object.fromEntries(Object.entries(layouts).map(([name, layout]) => [name, gather(name, layout)]));
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

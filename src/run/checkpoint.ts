/**
 * Checkpoints: a folder with everything that continues a run bit for bit. `model.safetensors` and
 * `optimizer.safetensors` hold the learner's arrays under their names, `replay.safetensors` the stored transitions,
 * `rollout.bin` the environment and the loop, `state.json` counters, generators and a checksum of every file.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProprioError } from '../core/errors.ts';
import type { RngState } from '../core/rng.ts';
import type { Learner, Vectors } from '../learner/index.ts';
import { type Layout, layoutSize, views } from '../nn/index.ts';
import { type ReplayBuffer, type ReplayColumn, replayColumns } from '../replay/replay-buffer.ts';
import type { OffPolicyRun, OffPolicyState } from '../rollout/off-policy.ts';
import { findFolder, writeFolderAtomic } from './files.ts';
import type { MetricsState } from './metrics.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.ts';

const FORMAT = 1;
const DAMAGED = 'its checksum is wrong, so it is cut short or damaged';

/** The parts of a run that a checkpoint saves and restores. */
export interface CheckpointParts {
  readonly learner: Learner;
  readonly replay: ReplayBuffer;
  readonly run: OffPolicyRun;
  readonly metrics: { state(): MetricsState; restore(state: MetricsState): void };
}

interface CheckpointState {
  readonly format: number;
  readonly step: number;
  readonly offPolicy: OffPolicyState;
  readonly learnerRng: Readonly<Record<string, RngState>>;
  readonly replayCursor: number;
  readonly metrics: MetricsState;
  /** SHA-256 of the other files, by name. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** @throws ProprioError when it cannot be written; the checkpoint before it is then still there */
export function saveCheckpoint(folder: string, { learner, replay, run, metrics }: CheckpointParts): void {
  const isOptimizer = (name: string): boolean => name.includes('.adam.');
  const vectors = learner.vectors();
  const names = Object.keys(learner.layouts);
  const contents = replay.contents();
  const files: Record<string, Uint8Array> = {
    'model.safetensors': encodeSafetensors(
      namedArrays(
        learner,
        vectors,
        names.filter((name) => !isOptimizer(name)),
      ),
    ),
    'optimizer.safetensors': encodeSafetensors(namedArrays(learner, vectors, names.filter(isOptimizer))),
    'replay.safetensors': encodeSafetensors(
      Object.fromEntries(
        replayColumns.map((name) => {
          const values = contents.columns[name];
          return [name, { shape: [replay.size, values.length / Math.max(1, replay.size)], values }];
        }),
      ),
    ),
    'rollout.bin': run.snapshot(),
  };
  const state: CheckpointState = {
    format: FORMAT,
    step: run.step(),
    offPolicy: run.state(),
    learnerRng: learner.rngStates(),
    replayCursor: contents.cursor,
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
export function loadCheckpoint(folder: string, { learner, replay, run, metrics }: CheckpointParts): void {
  const found = findFolder(folder);
  if (!found)
    throw new ProprioError(`There is no checkpoint in ${folder}. Train without --resume to begin anew.`);
  const complain = (file: string, problem: string): never => {
    throw new ProprioError(
      `Checkpoint file ${join(found, file)} cannot be used: ${problem}. Restore it from a copy, or train into a new folder.`,
    );
  };
  const read = (file: string): Uint8Array => {
    try {
      return readFileSync(join(found, file));
    } catch (error) {
      return complain(
        file,
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it is missing' : (error as Error).message,
      );
    }
  };
  const using = <T>(file: string, use: (bytes: Uint8Array) => T): T => {
    try {
      return use(read(file));
    } catch (error) {
      if (error instanceof ProprioError) throw error;
      return complain(file, (error as Error).message.replace(/\.$/, ''));
    }
  };

  const state = using('state.json', readState);
  for (const [file, checksum] of Object.entries(state.checksums)) {
    if (sha256(read(file)) !== checksum) complain(file, DAMAGED);
  }

  const tensors = {
    ...using('model.safetensors', decodeSafetensors),
    ...using('optimizer.safetensors', decodeSafetensors),
  };
  using('model.safetensors', () => learner.load(gatherVectors(learner.layouts, tensors)));
  learner.restoreRng(state.learnerRng);
  using('replay.safetensors', (bytes) => {
    const stored = decodeSafetensors(bytes);
    const columns = Object.fromEntries(replayColumns.map((name) => [name, stored[name]!.values]));
    replay.restore({ columns: columns as Record<ReplayColumn, Float32Array>, cursor: state.replayCursor });
  });
  using('rollout.bin', (bytes) => run.restore(bytes));
  run.restoreState(state.offPolicy);
  metrics.restore(state.metrics);
}

/** @throws RangeError saying what is wrong */
function readState(bytes: Uint8Array): CheckpointState {
  const { checksum, ...state } = Object(JSON.parse(new TextDecoder().decode(bytes)));
  if (state.format !== FORMAT)
    throw new RangeError(`it has format ${state.format}, and this version reads format ${FORMAT}`);
  if (checksum !== sha256(JSON.stringify(state))) throw new RangeError(DAMAGED);
  return state;
}

function namedArrays(
  learner: Learner,
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

/** @throws ProprioError naming the first array that is missing or has another shape */
function gatherVectors(
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

/** Checkpoints that are damaged or of another run: refused with a reason, and left as they are. */
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProprioError } from '../../src/core/errors.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { decodeSafetensors } from '../../src/run/safetensors.ts';
import { contentsOf, temporaryFolder } from '../support/temporary.ts';
import { createRun, type SmallRun, trainRun } from '../support/training.ts';

const parent = temporaryFolder();
const original = join(parent, 'original');
const FILES = [
  'model.safetensors',
  'optimizer.safetensors',
  'experience.safetensors',
  'rollout.bin',
  'state.json',
];
const DAMAGED = 'its checksum is wrong, so it is cut short or damaged';

beforeAll(() => trainRun(createRun(original, { steps: 200 })));

let copies = 0;
/** A copy of the run whose checkpoint has been tampered with. */
function copyWith(tamper: (checkpoint: string) => void): RunFolder {
  const path = join(parent, `copy-${copies++}`);
  cpSync(original, path, { recursive: true });
  tamper(join(path, 'checkpoint'));
  return RunFolder.open(path).withSteps(300);
}

/** The error that continuing `folder` ends with; nothing in the folder may change. */
async function complaint(folder: RunFolder): Promise<string> {
  const before = contentsOf(folder.path);
  const error = await trainRun(folder, { resume: true }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProprioError);
  expect(contentsOf(folder.path)).toEqual(before);
  return (error as ProprioError).message;
}

const change = (path: string, edit: (bytes: Buffer) => Uint8Array): void =>
  writeFileSync(path, edit(readFileSync(path)));

describe('a checkpoint', () => {
  it('consists of named arrays that other programs can read', () => {
    const read = (name: string) => decodeSafetensors(readFileSync(join(original, 'checkpoint', name)));
    const shapes = Object.fromEntries(
      Object.entries(read('model.safetensors')).map(([name, { shape }]) => [name, shape]),
    );
    expect(shapes).toMatchObject({ 'logTemperature.value': [1] });
    expect(Object.keys(shapes).some((name) => name.startsWith('actor.'))).toBe(true);
    expect(Object.keys(shapes).some((name) => name.includes('adam'))).toBe(false);
    const replay = read('experience.safetensors');
    expect(Object.entries(replay).map(([name, { shape }]) => [name, shape])).toEqual([
      ['obs', [200, 3]],
      ['action', [200, 1]],
      ['reward', [200, 1]],
      ['nextObs', [200, 3]],
      ['terminated', [200, 1]],
      ['truncated', [200, 1]],
      ['intervened', [200, 1]],
    ]);
  });

  it('can be continued from as it is', async () => {
    const events = await trainRun(
      copyWith(() => {}),
      { resume: true },
    );
    expect(events.at(-1)).toMatchObject({ kind: 'evaluation', step: 300 });
  });

  it('can be continued from where a crash has left only the previous one', async () => {
    const folder = copyWith((checkpoint) => renameSync(checkpoint, `${checkpoint}.previous`));
    expect(folder.hasCheckpoint).toBe(true);
    await trainRun(folder, { resume: true });
    expect(existsSync(`${folder.checkpoint}.previous`)).toBe(false);
  });
});

describe('continuing is refused when', () => {
  it('there is no checkpoint', async () => {
    const folder = copyWith((checkpoint) => rmSync(checkpoint, { recursive: true }));
    expect(await complaint(folder)).toMatch(/^There is no checkpoint in .*copy-\d+.checkpoint\./);
  });

  it.each(FILES)('%s is cut short', async (file) => {
    const folder = copyWith((checkpoint) =>
      change(join(checkpoint, file), (bytes) => bytes.subarray(0, bytes.length / 2)),
    );
    const message = await complaint(folder);
    expect(message).toContain(join(folder.checkpoint, file));
    expect(message).toMatch(file === 'state.json' ? /JSON/ : DAMAGED);
    expect(message).toContain('Restore it from a copy, or train into a new folder.');
  });

  it.each(FILES)('%s is empty', async (file) => {
    const folder = copyWith((checkpoint) => writeFileSync(join(checkpoint, file), ''));
    expect(await complaint(folder)).toContain(join(folder.checkpoint, file));
  });

  it.each(FILES)('a number or bit of %s is wrong', async (file) => {
    const folder = copyWith((checkpoint) =>
      change(join(checkpoint, file), (bytes) => {
        // A row of the replay buffer that exists as well as the right one.
        if (file === 'state.json')
          return Buffer.from(bytes.toString().replace(/"experience": \d+/, '"experience": 100'));
        bytes[bytes.length - 9]! ^= 1;
        return bytes;
      }),
    );
    expect(await complaint(folder)).toBe(
      `Checkpoint file ${join(folder.checkpoint, file)} cannot be used: ${DAMAGED}. Restore it from a copy, or train into a new folder.`,
    );
  });

  it.each(FILES)('%s is missing', async (file) => {
    const folder = copyWith((checkpoint) => rmSync(join(checkpoint, file)));
    expect(await complaint(folder)).toContain(
      `${join(folder.checkpoint, file)} cannot be used: it is missing.`,
    );
  });

  it.each(['null', '[]', '7', '{}', '{"format":3}', '{"format":1,"step":3}'])(
    'state.json holds %s',
    async (text) => {
      const folder = copyWith((checkpoint) => writeFileSync(join(checkpoint, 'state.json'), text));
      expect(await complaint(folder)).toMatch(
        /state\.json cannot be used: (it has format (undefined|1), and this version reads format 3|its checksum is wrong)/,
      );
    },
  );

  it.each<[string, SmallRun, RegExp]>([
    [
      'another environment',
      { env: 'drone-hover' },
      /array "actor\..*" has shape \[.*\], but this agent needs \[.*\]/,
    ],
    [
      'other layers',
      { agent: { hidden: [8, 16] } },
      /array "actor\..*" has shape \[3,8\], but this agent needs \[3,16\]/,
    ],
    [
      'more layers',
      { agent: { hidden: [16, 16, 16] } },
      /array "actor\..*" has shape .*, but this agent needs/,
    ],
    ['another number of scenes', { numEnvs: 2 }, /rollout\.bin cannot be used: .*another environment/],
    [
      'a smaller replay buffer',
      { training: { replayCapacity: 150 } },
      /experience\.safetensors cannot be used: .* 150 transitions/,
    ],
  ])('it is of a run with %s', async (name, run, message) => {
    const foreign = createRun(join(parent, `foreign ${name}`), { ...run, steps: 200 });
    await trainRun(foreign);
    const folder = copyWith((checkpoint) => {
      rmSync(checkpoint, { recursive: true });
      cpSync(foreign.checkpoint, checkpoint, { recursive: true });
    });
    expect(await complaint(folder)).toMatch(message);
  });
});

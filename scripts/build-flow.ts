/** Compiles the fluid, `src/flow/assembly`, to the text that the package holds: `npm run build:flow`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = 'program.wasm';

/** The module `src/flow/program-bytes.ts`. @throws Error with what the compiler says */
export async function programBytesModule(): Promise<string> {
  let bytes: Uint8Array = new Uint8Array();
  const options = [
    ...['--runtime', 'stub', '--enable', 'simd', '--use', 'abort='],
    ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
    // Vectors pass between our own functions only.
    ...['--disableWarning', '112'],
  ];
  const { error, stderr } = await asc.main(
    ['src/flow/assembly/index.ts', '--outFile', PROGRAM, '--baseDir', root, ...options],
    {
      writeFile(name, contents) {
        if (name === PROGRAM) bytes = contents as Uint8Array;
      },
    },
  );
  if (error) throw new Error(`The fluid does not compile.\n${stderr.toString()}`);
  return [
    '/** The compiled fluid, by scripts/build-flow.ts from src/flow/assembly: not to be edited. */',
    '// biome-ignore format: one line of data',
    `export const programBytes = '${Buffer.from(bytes).toString('base64')}';\n`,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${root}src/flow/program-bytes.ts`, await programBytesModule());
}

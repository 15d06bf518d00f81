/** `npm run build:demo`: the demo as a folder of files that any web server can hand out, below any path. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param folder emptied first */
export async function buildDemo(folder: string): Promise<void> {
  await build({
    root: join(root, 'scripts/demo'),
    // Relative, so that the page works wherever it is put.
    base: './',
    configFile: false,
    logLevel: 'warn',
    // Nothing in it asks for WebGPU, whose runtime would be 27 MB more.
    resolve: { alias: { '#onnxruntime/webgpu': 'onnxruntime-web/wasm' } },
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
}

/** Sizes of everything in `folder`, the largest first, and their sum; compressed as web servers do. */
function sizes(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => {
      const bytes = readFileSync(path);
      return { name: relative(folder, path), size: bytes.length, compressed: gzipSync(bytes).length };
    })
    .sort((a, b) => b.size - a.size);
  const sum = (key: 'size' | 'compressed'): number => files.reduce((total, file) => total + file[key], 0);
  const line = (name: string, size: number, compressed: number): string =>
    `${name.padEnd(60)} ${megabytes(size)} ${megabytes(compressed)}`;
  return [
    `${''.padEnd(60)}       MB     gzip`,
    ...files.map(({ name, size, compressed }) => line(name, size, compressed)),
    line('total', sum('size'), sum('compressed')),
  ].join('\n');
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2).padStart(8);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(root, 'dist/demo');
  await buildDemo(folder);
  console.log(
    `${sizes(folder)}\n\nThe demo is in dist/demo; any web server can hand it out: npx http-server dist/demo`,
  );
}

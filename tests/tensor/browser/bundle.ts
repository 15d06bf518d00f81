/**
 * A bundle for the browser, as a user's build would make it, with all that the bundler had to say about it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, createLogger } from 'vite';

/** @returns warnings and errors; `folder` then holds `index.html`, which loads the bundle of `entry` */
export async function bundle(entry: string, folder: string): Promise<string[]> {
  const said: string[] = [];
  const logger = createLogger('warn');
  logger.warn = (message) => said.push(message);
  logger.warnOnce = logger.warn;
  logger.error = logger.warn;
  await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    base: './',
    configFile: false,
    customLogger: logger,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      rolldownOptions: {
        input: entry,
        output: { entryFileNames: 'entry.js' },
        checks: { pluginTimings: false },
      },
    },
  });
  const icon = '<link rel="icon" href="data:,">';
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html>${icon}<script type="module" src="./entry.js"></script>`,
  );
  return said;
}

/** Threads of tests. */
import { Worker } from 'node:worker_threads';

/** Runs a TypeScript module of this folder in a thread while `use` does something else. */
export async function beside<T>(module: string, data: object, use: () => T): Promise<T> {
  const url = new URL(module, import.meta.url).href;
  const source = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => { register(); return import(${JSON.stringify(url)}); })`;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(source, { eval: true, workerData: { ...data, stop } });
  const ended = new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', resolve);
  });
  await new Promise((resolve) => worker.once('online', resolve));
  try {
    return use();
  } finally {
    Atomics.store(stop, 0, 1);
    await ended;
  }
}

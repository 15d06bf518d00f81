import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const browser = ['tests/**/browser/**/*.test.ts', 'tests/scripts/demo/*.test.ts'];
/** Those that start processes of the program, or its threads, and do so from built files. */
const built = ['tests/scripts/*.test.ts', 'tests/**/commands.test.ts', 'tests/run/actors.test.ts'];
const maxWorkers = Math.max(2, availableParallelism() - 1);
const common = {
  setupFiles: ['tests/support/setup.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: [...browser, ...built],
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'built',
          include: built,
          exclude: browser,
          env: { RUN_THREAD: '../../dist/tests/support/run-thread.js' },
          globalSetup: ['tests/support/build-program.ts'],
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      // A browser that draws in software takes all cores, so each has them to itself, after the others.
      {
        test: {
          ...common,
          name: 'browser',
          include: browser,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

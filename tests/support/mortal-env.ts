/** The pendulum, in an environment that dies: for what a run does when one of its threads is lost. */
import { pendulum } from '../../envs/pendulum.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { choice, integer, settings } from '../../src/core/settings.ts';

const mortalSettings = settings({
  after: integer(50, 0, 1e9, 'calls of step that each instance of several scenes survives'),
  how: choice('throws', ['throws', 'exits', 'hangs'], 'what it does then'),
});

export const mortal: EnvDefinition<ReturnType<typeof mortalSettings.parse>> = {
  id: 'mortal',
  description: 'a pendulum that does not last',
  settings: mortalSettings,
  create(numEnvs, { after, how }) {
    const env = pendulum.create(numEnvs, {});
    let calls = 0;
    return {
      ...env,
      step(actions) {
        if (numEnvs === 1 || calls++ < after) return env.step(actions);
        if (how === 'throws') throw new RangeError('the pendulum broke');
        if (how === 'exits') process.exit(7);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
        return env.step(actions);
      },
    };
  },
};

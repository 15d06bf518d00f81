/** What `--device` comes down to on this machine. */
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { lookUp } from '../../src/core/errors.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { offPolicyProgram } from '../../src/learner/index.ts';
import { type RunConfig, trainingSettings } from '../../src/run/config.ts';
import { spacesOf } from '../../src/run/consistency.ts';
import { mathsOf } from '../../src/run/maths.ts';
import { compile, type Device, fastestDevice, tf } from '../../src/tensor/index.ts';

/**
 * `auto`: the device that runs this very update fastest, which is printed with the others' times.
 * @throws MissingError when the device does not load, before any file is written
 */
export async function chooseDevice(config: RunConfig): Promise<Device> {
  if (config.device !== 'auto') {
    const probe = await compile(
      ({ x }) => ({ y: tf.neg(x!) }),
      { x: [1] },
      { device: config.device as Device },
    );
    await probe.dispose();
    return config.device as Device;
  }
  const env = lookUp('environment', envs, config.env.id);
  const agent = lookUp('agent', agents, config.agent.name);
  if (agent.kind === 'on-policy') {
    console.log('Device: cpu; the minibatches of on-policy agents are too small to gain from another one.');
    return 'cpu';
  }
  const spaces = spacesOf(config, env);
  const maths = mathsOf(config, agent, spaces);
  const { batchSize, threads } = parseSettings('training', trainingSettings[agent.kind], config.training);
  const { fn, shapes } = offPolicyProgram(maths, spaces, batchSize);
  const { device, milliseconds } = await fastestDevice(fn, shapes, { threads });
  const times = Object.entries(milliseconds).map(([name, time]) => `${name} ${time.toFixed(1)} ms`);
  console.log(`Device: ${device}, the fastest here for this update (${times.join(', ')}).`);
  return device;
}

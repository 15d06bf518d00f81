/** What `--device` comes down to on this machine. */
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { lookUp } from '../../src/core/errors.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { updateProgramOf } from '../../src/learner/index.ts';
import { type RunConfig, trainingSettings } from '../../src/run/config.ts';
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
  const env = lookUp('environment', envs, config.env.id).create(1, config.env.settings);
  const spaces = { observation: env.observationSpace, action: env.actionSpace };
  env.close();
  const maths = lookUp('agent', agents, config.agent.name).build(spaces, config.agent.settings);
  const { batchSize, threads } = parseSettings('training', trainingSettings, config.training);
  const { fn, shapes } = updateProgramOf(maths, spaces, batchSize);
  const { device, milliseconds } = await fastestDevice(fn, shapes, { threads });
  const times = Object.entries(milliseconds).map(([name, time]) => `${name} ${time.toFixed(1)} ms`);
  console.log(`Device: ${device}, the fastest here for this update (${times.join(', ')}).`);
  return device;
}

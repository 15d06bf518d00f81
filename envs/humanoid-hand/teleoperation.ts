/**
 * How a person handles things with a hand, or two: wrists by keys or sticks, and all fingers of a hand by a slider that stays
 * where it is put.
 */
import { jointRanges, rightHand } from '../../robots/humanoid-hand/index.ts';
import type { Control, Teleoperation } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { actTowards, type FingerMode } from './control.ts';

/** Of the thumb, so that it is opposite to the fingers. */
const OPPOSITION = 0.85;

const controls: readonly Control[] = [
  {
    name: 'forward',
    low: 'back',
    high: 'forward',
    keys: ['KeyS', 'KeyW'],
    axis: { index: 1, inverted: true },
  },
  {
    name: 'sideways',
    low: 'right',
    high: 'left',
    keys: ['KeyD', 'KeyA'],
    axis: { index: 0, inverted: true },
  },
  { name: 'height', low: 'down', high: 'up', keys: ['KeyF', 'KeyR'], axis: { index: 3, inverted: true } },
  {
    name: 'turn',
    low: 'clockwise',
    high: 'anticlockwise',
    keys: ['ArrowRight', 'ArrowLeft'],
    axis: { index: 2, inverted: true },
  },
  { name: 'grip', low: 'open', high: 'closed', slider: { start: -1 } },
];

/** Of tasks with one hand whose wrist moves, its palm down. */
export function handTeleoperation(env: VectorEnv, settings: TeleoperationSettings): Teleoperation {
  const steer = handSteering(env, settings, '');
  return { controls, act: (commands, obs, action) => steer(commands, obs, action) };
}

/** Of tasks with two: the right hand by the left keys and the right stick, and the other one the other way round. */
export function twoHandTeleoperation(env: VectorEnv, settings: TeleoperationSettings): Teleoperation {
  const each = controls.length;
  const [right, left] = [handSteering(env, settings, 'right.'), handSteering(env, settings, 'left.')];
  const half = env.actionSpace.size / 2;
  return {
    controls: [...controlsOf('right', rightInputs), ...controlsOf('left', leftInputs)],
    act(commands, obs, action) {
      right(commands.subarray(0, each), obs, action.subarray(0, half));
      left(commands.subarray(each), obs, action.subarray(half));
    },
  };
}

type Inputs = Readonly<Record<string, Pick<Control, 'keys' | 'axis'>>>;
const rightInputs: Inputs = {
  forward: { keys: ['KeyS', 'KeyW'], axis: { index: 3, inverted: true } },
  sideways: { keys: ['KeyD', 'KeyA'], axis: { index: 2, inverted: true } },
  height: { keys: ['KeyF', 'KeyR'] },
  turn: { keys: ['KeyE', 'KeyQ'] },
};
const leftInputs: Inputs = {
  forward: { keys: ['KeyK', 'KeyI'], axis: { index: 1, inverted: true } },
  sideways: { keys: ['KeyL', 'KeyJ'], axis: { index: 0, inverted: true } },
  height: { keys: ['ArrowDown', 'ArrowUp'] },
  turn: { keys: ['KeyO', 'KeyU'] },
};

/** The controls of one hand among several, with keys and sticks of its own. */
const controlsOf = (side: string, inputs: Inputs): Control[] =>
  controls.map(({ name, low, high, slider }) => ({
    ...{ name: `${side} ${name}`, low, high },
    ...(slider ? { slider } : {}),
    ...inputs[name],
  }));

interface TeleoperationSettings {
  readonly fingers: FingerMode;
  readonly rate: number;
}

/** Writes the action of one hand, from commands in the order of `controls`. @param prefix of what is seen of it */
function handSteering(
  { observationSpace }: VectorEnv,
  settings: TeleoperationSettings,
  prefix: string,
): Teleoperation['act'] {
  const ranges = jointRanges(rightHand);
  const first = `${prefix}index.abduction.target`;
  const targets = observationSpace.components.findIndex(({ name }) => name === first);
  const inputs = new Float32Array(6);
  return (commands, obs, action) => {
    const wrist = action.length - 6;
    action.fill(0);
    inputs.fill((1 + commands[4]!) / 2);
    inputs[1] = OPPOSITION;
    actTowards(settings, ranges, inputs, obs.subarray(targets, targets + ranges.length), action);
    action.set(commands.subarray(0, 3), wrist);
    action[wrist + 5] = commands[3]!;
  };
}

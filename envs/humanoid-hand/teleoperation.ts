/** How a person handles things with one hand: the wrist by keys or sticks, and all fingers by a slider that stays where it is put. */
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
export function handTeleoperation(
  { observationSpace, actionSpace }: VectorEnv,
  settings: { readonly fingers: FingerMode; readonly rate: number },
): Teleoperation {
  const ranges = jointRanges(rightHand);
  const targets = observationSpace.components.findIndex(({ name }) => name === 'index.abduction.target');
  const wrist = actionSpace.size - 6;
  const inputs = new Float32Array(6);
  return {
    controls,
    act(commands, obs, action) {
      action.fill(0);
      inputs.fill((1 + commands[4]!) / 2);
      inputs[1] = OPPOSITION;
      actTowards(settings, ranges, inputs, obs.subarray(targets, targets + ranges.length), action);
      action.set(commands.subarray(0, 3), wrist);
      action[wrist + 5] = commands[3]!;
    },
  };
}

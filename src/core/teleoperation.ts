/** Taking over an environment that says nothing about it: a control for each component of the action. */
import type { Control, Teleoperation } from './appearance.ts';
import type { Space } from './space.ts';

/** Keys for −1 and 1 of each control, in order: the left hand's, the arrows, the right hand's. */
const KEYS: readonly NonNullable<Control['keys']>[] = [
  ['KeyA', 'KeyD'],
  ['KeyS', 'KeyW'],
  ['KeyQ', 'KeyE'],
  ['KeyF', 'KeyR'],
  ['ArrowLeft', 'ArrowRight'],
  ['ArrowDown', 'ArrowUp'],
  ['KeyJ', 'KeyL'],
  ['KeyK', 'KeyI'],
  ['KeyU', 'KeyO'],
];
/** Axes of a standard gamepad: two sticks. */
const AXES = 4;

/** @param action every component in [-1, 1] */
export function directTeleoperation(action: Space): Teleoperation {
  return {
    controls: action.components.map(({ name }, i) => ({
      name,
      low: 'less',
      high: 'more',
      ...(KEYS[i] ? { keys: KEYS[i] } : {}),
      ...(i < AXES ? { axis: { index: i } } : {}),
    })),
    act: (commands, _obs, out) => out.set(commands),
  };
}

import { describe, expect, test } from 'vitest';
import { space, symmetric, vector } from '../../src/core/space.ts';
import { directTeleoperation } from '../../src/core/teleoperation.ts';

const many = space(
  vector(
    'joint',
    '1',
    1,
    Array.from({ length: 20 }, (_, i) => `${i}`),
  ),
);

describe('direct teleoperation', () => {
  test('has one control for each component of the action, called as it is', () => {
    const { controls } = directTeleoperation(space(symmetric('torque', '1', 1), symmetric('brake', '1', 1)));
    expect(controls.map(({ name }) => name)).toEqual(['torque', 'brake']);
    expect(controls[0]).toEqual({
      name: 'torque',
      low: 'less',
      high: 'more',
      keys: ['KeyA', 'KeyD'],
      axis: { index: 0 },
    });
  });

  test('gives no key and no axis to two controls, and leaves those that come too late without any', () => {
    const { controls } = directTeleoperation(many);
    const keys = controls.flatMap((control) => control.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(controls.map((control) => control.axis?.index)).toEqual([
      0,
      1,
      2,
      3,
      ...Array(16).fill(undefined),
    ]);
    expect(keys).toHaveLength(18);
    expect(controls[19]!.keys).toBeUndefined();
    expect(controls).toHaveLength(20);
  });

  test('acts as it is commanded', () => {
    const { act } = directTeleoperation(many);
    const commands = Float32Array.from({ length: 20 }, (_, i) => i / 10 - 1);
    const action = new Float32Array(20);
    act(commands, new Float32Array(3), action);
    expect(action).toEqual(commands);
  });
});

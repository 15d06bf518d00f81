/** A ball on a table, grasped and lifted by the six inputs alone: hand, wrist, guard, friction and synergy in one. */
import { expect, test } from 'vitest';
import { HandScenes, loose, rightHand, still, writeSynergy } from '../../../robots/humanoid-hand/index.ts';

/** Of the ball from below the grasp, m. */
const offsets = [
  [0, 0],
  [0.008, 0],
  [-0.008, 0.004],
  [0.003, -0.008],
] as const;
/** From the wrist to the grasp, where the palm looks down, m. */
const grasp = [0.073, 0.015] as const;
const OPPOSITION = 0.7;

test('a ball of 60 mm is lifted by 100 mm from four places', () => {
  const scenes = new HandScenes(offsets.length, { hands: [{ model: rightHand, movingWrist: true }] });
  const table = scenes.addBodies(still({ type: 'box', size: [1, 1, 0.1] }, 0.8));
  const ball = scenes.addBodies({ ...loose({ type: 'sphere', radius: 0.03 }, 0.1), angularDamping: 1 });
  const hand = scenes.hands[0]!;
  const angles = new Float32Array(20);
  const command = (flexion: number, curl: number): Float32Array => {
    writeSynergy([flexion, OPPOSITION, curl, curl, curl, curl], 0, angles, 0);
    return angles;
  };
  offsets.forEach(([x, y], scene) => {
    table.position[3 * scene + 2] = -0.05;
    ball.position.set([x, y, 0.03], 3 * scene);
    hand.place(scene, {
      angles: command(0, 0.1),
      position: [-grasp[0], -grasp[1], 0.071],
      rotation: [1, 0, 0, 0],
    });
    scenes.build(scene);
  });
  for (let step = 0; step < 110; step++) {
    const close = Math.min(1, step / 23);
    // Slowly at first: the fingers still sweep the ball into the palm.
    const lift = step < 45 ? 0 : step < 62 ? 0.0024 : 0.004;
    for (let scene = 0; scene < offsets.length; scene++) {
      hand.command.set(command(close, 0.1 + 0.85 * close), 20 * scene);
      hand.wrist.goalPosition[3 * scene + 2]! += lift;
    }
    scenes.advance(8);
  }
  for (let scene = 0; scene < offsets.length; scene++) {
    expect(scenes.fault(scene)).toBe(undefined);
    expect(ball.position[3 * scene + 2]).toBeGreaterThan(0.13);
  }
  scenes.worlds.free();
});

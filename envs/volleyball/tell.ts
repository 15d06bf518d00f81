/** A match for those who read along: what the referee saw, with where the ball was and how fast. */
import type { Tell } from '../../src/core/events.ts';
import type { Game } from './game.ts';

/** @returns what a task tells of the last control step in one scene */
export const tellMatch =
  ({ ball, referee }: Game) =>
  (scene: number, tell: Tell): void => {
    for (const event of referee.happened(scene)) {
      const [x, y, z] = ball.position.subarray(3 * scene, 3 * scene + 3);
      const speed = Math.hypot(...ball.linearVelocity.subarray(3 * scene, 3 * scene + 3));
      const place = [x, y, z].map((at) => at!.toFixed(2)).join(', ');
      tell(event.kind, `${event.text}; ball at (${place}) m, ${speed.toFixed(1)} m/s`, {
        x: x!,
        y: y!,
        z: z!,
        speed,
      });
    }
  };

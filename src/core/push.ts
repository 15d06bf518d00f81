/** What is demanded of every push from outside before an environment's bodies get it. */
import type { EnvView } from './appearance.ts';

/**
 * The view with a `push` that refuses what cannot be done.
 * @returns one whose `push` throws a RangeError for a scene that there is not, a body that cannot be pushed, or a number
 * that is not finite
 */
export function withCheckedPush(view: EnvView, scenes: number): EnvView {
  if (!view.push) return view;
  const push: NonNullable<EnvView['push']> = (scene, body, force, point) => {
    const { bodies } = view.appearance;
    if (!Number.isInteger(scene) || scene < 0 || scene >= scenes) {
      throw new RangeError(`There is no scene ${scene} to push in; they are 0 to ${scenes - 1}.`);
    }
    if (bodies[body]?.mass === undefined) {
      const known = bodies.flatMap(({ name, mass }, i) => (mass === undefined ? [] : [`${i} (${name})`]));
      throw new RangeError(`Body ${body} cannot be pushed; these can: ${known.join(', ')}.`);
    }
    if (![...force, ...point].every(Number.isFinite)) {
      throw new RangeError(
        `A force of (${force}) N at (${point}) m cannot be held: each number must be finite.`,
      );
    }
    view.push!(scene, body, force, point);
  };
  return { ...view, push };
}

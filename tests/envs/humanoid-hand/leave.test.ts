/** Scenes that nobody looks at any more cost nothing, and change nothing for the others. */
import { expect, test } from 'vitest';
import { handGraspLift } from '../../../envs/humanoid-hand/grasp-lift.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';

const create = (scenes: number) => {
  const settings = handGraspLift.settings.parse({ reward: 'sparse', episodeTime: 3 });
  const env = handGraspLift.create(scenes, settings);
  return { env, player: handGraspLift.scripted!(env, settings) };
};

test('an evaluation is the same with and without them, and makes fewer physics steps', async () => {
  const [first, second] = [create(2), create(2)];
  const left: number[] = [];
  const leaving = { ...first.env, leave: (scene: number) => left.push(first.env.leave!(scene) as never) };
  const { leave: _, ...staying } = second.env;
  const result = await evaluate(leaving, first.player, 4, 5);
  expect(result).toEqual(await evaluate(staying, second.player, 4, 5));
  expect(left.length).toBeGreaterThanOrEqual(2);
  expect(result.episodeLengthMean).toBeLessThan(first.env.spec.maxEpisodeSteps);
  for (const { env } of [first, second]) env.close();
});

test('a scene that was left stays as it is until its next episode, which is as any other', () => {
  const [{ env }, { env: other }] = [create(2), create(2)];
  const actions = new Float32Array(2 * env.actionSpace.size).fill(0.5);
  const row = (obs: Float32Array, scene: number) => [
    ...obs.subarray(scene * env.observationSpace.size, (scene + 1) * env.observationSpace.size),
  ];
  for (const each of [env, other]) {
    each.reset(3);
    each.step(actions);
  }
  env.leave!(0);
  const [still, moving] = [env, other].map((each) => row(each.step(actions).finalObs, 0));
  const wrist = env.observationSpace.components.findIndex(({ name }) => name === 'wrist.z');
  expect(row(env.step(actions).finalObs, 0)[wrist]).toBe(still![wrist]);
  other.step(actions);
  expect(moving).not.toEqual(still);
  for (let step = 0; step < 5; step++)
    expect(row(env.step(actions).finalObs, 1)).toEqual(row(other.step(actions).finalObs, 1));
  env.interrupt!(0);
  other.interrupt!(0);
  for (let step = 0; step < 5; step++)
    expect(row(env.step(actions).obs, 0)).toEqual(row(other.step(actions).obs, 0));
  for (const each of [env, other]) each.close();
});

/** Recording whole episodes: what was seen, meant and rewarded, and which episodes count. */
import { describe, expect, test } from 'vitest';
import type { Demonstrator } from '../../src/core/demonstrator.ts';
import { recordEpisodes } from '../../src/rollout/record.ts';
import { column, TOY_STEPS, toyColumn, toyEnv } from '../support/toy-env.ts';

/** Pushes as hard as told in each episode, and burns beyond what is allowed. */
function pusher(push: (episode: number) => number, covers = (_: number) => true) {
  let episode = -1;
  const starts: number[] = [];
  const demonstrator: Demonstrator = {
    begin(_, obs) {
      episode++;
      starts.push(obs[toyColumn.age]!);
      return covers(episode) ? { episode } : undefined;
    },
    act: async (_, actions) => void actions.set([push(episode), -1.5]),
  };
  return { demonstrator, starts };
}

test('keeps each step as it was, with actions as they were meant, and what it ended with', async () => {
  const { demonstrator, starts } = pusher((episode) => (episode === 0 ? 1 : 0.25));
  const counts: number[] = [];
  const [first, second] = await recordEpisodes({
    env: toyEnv(1),
    demonstrator,
    episodes: 2,
    seed: 1,
    onEpisode: (count) => counts.push(count),
  });
  expect(first).toMatchObject({ length: 4, terminated: true, truncated: false, success: true });
  expect(column(first!.observations, 'x')).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect([...first!.actions]).toEqual([1, -1.5, 1, -1.5, 1, -1.5, 1, -1.5]);
  expect([...first!.rewards]).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect(first!.drawn).toEqual({ episode: 0 });
  expect(second).toMatchObject({ length: TOY_STEPS, terminated: false, truncated: true, success: false });
  expect(column(second!.observations, 'age')).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect([starts, counts]).toEqual([
    [0, 0],
    [1, 2],
  ]);
});

describe('episodes that count', () => {
  test('are those that the demonstrator covers: the others end at once', async () => {
    const { demonstrator } = pusher(
      () => 1,
      (episode) => episode % 3 === 2,
    );
    const recorded = await recordEpisodes({ env: toyEnv(1), demonstrator, episodes: 2, seed: 1 });
    expect(recorded.map(({ drawn, length }) => [drawn!.episode, length])).toEqual([
      [2, 4],
      [5, 4],
    ]);
  });

  test('are those that are wanted, among so many attempts', async () => {
    const { demonstrator } = pusher((episode) => episode % 2);
    const options = { env: toyEnv(1), demonstrator, episodes: 9, seed: 1, attempts: 5 };
    const recorded = await recordEpisodes({ ...options, keep: ([one]) => one!.success! });
    expect(recorded.map(({ drawn }) => drawn!.episode)).toEqual([1, 3]);
  });
});

/** What each agent sees of its team, against plain arrays. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { besideTeammates, teammates, teamView } from '../../agents/parts/team.ts';
import { tf } from '../../src/tensor/index.ts';

/** Row r of F features, each telling its place: 100·r + feature. */
const rowsOf = (rows: number, features: number, sign = 1): number[][] =>
  Array.from({ length: rows }, (_, row) =>
    Array.from({ length: features }, (_, feature) => sign * (100 * row + feature)),
  );

/** Rows of the team that `row` belongs to, its own first, the others in cyclic order. */
const team = (row: number, agents: number): number[] => {
  const first = row - (row % agents);
  return Array.from({ length: agents }, (_, k) => first + ((row - first + k) % agents));
};

const sizes = fc.record({
  teams: fc.integer({ min: 1, max: 4 }),
  agents: fc.integer({ min: 1, max: 6 }),
  features: fc.integer({ min: 1, max: 4 }),
});

describe('the view of a team', () => {
  test('of three agents is the own row, then the next one, then the one after it, around the corner', () => {
    const view = teamView(tf.tensor2d([[0], [1], [2], [10], [11], [12]]), 3).arraySync();
    expect(view).toEqual([[0, 1, 2], [1, 2, 0], [2, 0, 1], [10, 11, 12], [11, 12, 10], [12, 10, 11]]); // biome-ignore format: a row each
  });

  test('of every size is of whole rows of the same team', () => {
    fc.assert(
      fc.property(sizes, ({ teams, agents, features }) => {
        const rows = rowsOf(teams * agents, features);
        const expected = rows.map((_, row) => team(row, agents).flatMap((other) => rows[other]!));
        expect(teamView(tf.tensor2d(rows), agents).arraySync()).toEqual(expected);
      }),
    );
  });

  test('of one agent is its row', () => {
    const x = tf.tensor2d([[1, 2], [3, 4]]); // biome-ignore format: a row each
    expect(teamView(x, 1)).toBe(x);
    expect(teammates(x, 1)).toBeUndefined();
  });

  test('takes the own part from one array, and that of team-mates from another', () => {
    fc.assert(
      fc.property(sizes, ({ teams, agents, features }) => {
        const [own, others] = [rowsOf(teams * agents, features, -1), rowsOf(teams * agents, features)];
        const view = besideTeammates(tf.tensor2d(own), tf.tensor2d(others), agents).arraySync();
        const expected = own.map((mine, row) => [
          ...mine,
          ...team(row, agents)
            .slice(1)
            .flatMap((other) => others[other]!),
        ]);
        expect(view).toEqual(expected);
      }),
    );
  });

  test('passes the gradient of every place where a row is seen', () => {
    // Row r is seen by each agent, weighted with 1, 10, 100 by the place: first by itself, second by the one before it.
    const weight = tf.tensor2d([[1, 10, 100]]);
    const slope = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(teamView(x, 3), weight)))(
      tf.tensor2d([[5], [6], [7]]),
    );
    expect([...slope.dataSync()]).toEqual([111, 111, 111]);
    const first = tf.grad((x: tf.Tensor) => tf.sum(tf.slice(tf.mul(teamView(x, 3), weight), [0, 0], [1, 3])));
    expect([...first(tf.tensor2d([[5], [6], [7]])).dataSync()]).toEqual([1, 10, 100]);
  });
});

/** A short one; `proprio bench view --soak` is the long one. */
import { expect, test } from 'vitest';
import { soakView } from '../../scripts/bench/view/soak.ts';

test('pages that stop reading cost little memory, and the page that reads misses nothing', async () => {
  const lines: string[] = [];
  const { mostBacklog, framesPerSecond, growth } = await soakView(20, (line) => lines.push(line));
  // A frame that is begun with a backlog just below the limit waits whole.
  expect(mostBacklog).toBeGreaterThan(0);
  expect(mostBacklog).toBeLessThan(256 * 1024);
  expect(framesPerSecond).toBeGreaterThan(5);
  expect(growth).toBeLessThan(100);
  expect(lines).toHaveLength(2);
});

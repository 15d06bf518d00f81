/** The drawing of the hand: all of its joints and capsules, where and as large as the model has them. */
import { parseXml } from '@rgrove/parse-xml';
import { expect, test } from 'vitest';
import { rightHand } from '../../robots/humanoid-hand/index.ts';
import { handDrawing } from '../../scripts/hand-drawing.ts';

const svg = handDrawing();
const bones = [
  ...svg.matchAll(/class="s0 bone" d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)" stroke-width="([\d.]+)"/g),
].map((match) => match.slice(1).map(Number));

test('is well-formed, and has an axis for every joint', () => {
  expect(() => parseXml(svg)).not.toThrow();
  // In the palm's view: twelve flexions and two axes of the thumb in the picture, four abductions and two of the thumb out of it.
  const arrows = svg.match(/class="s1 arrow"/g)!.length;
  const dots = svg.match(/class="s1 solid"/g)!.length;
  expect([arrows, dots]).toEqual([14, 6]);
  // From the side: three flexions away from the reader, two strokes each.
  expect(svg.match(/class="s1 ring" d=/g)).toHaveLength(6);
});

test('its phalanges are as long and as wide as those of the model', () => {
  expect(bones).toHaveLength(15 + 3);
  const [finger] = rightHand.digits;
  finger!.lengths.forEach((length, i) => {
    const [x0, y0, x1, y1, width] = bones[i]!;
    expect(Math.hypot(x1! - x0!, y1! - y0!)).toBeCloseTo(2300 * length, 0);
    expect(width).toBeCloseTo(2 * 2300 * finger!.radii[i]!, 1);
  });
  // The index finger is on the thumb's side: to the right where the palm is seen with its fingers up.
  expect(bones[0]![0]).toBeGreaterThan(bones[9]![0]!);
  expect(bones[12]![2]).toBeGreaterThan(bones[0]![0]!);
});

test('tells lengths, ranges and masses', () => {
  // 94 + 49 + 31 + 21 + 8 mm from the wrist to the tip of the middle finger; 45 + 26 + 20 + 8 of the index finger.
  for (const told of ['203 mm', '99 mm', '−17° to 92°', '3 N·m/rad, at most 0.6 N·m', 'palm 200 g'])
    expect(svg).toContain(told);
});

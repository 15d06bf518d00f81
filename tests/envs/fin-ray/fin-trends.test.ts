/** Charts of trends, and where their peaks are. */
import { expect, test } from 'vitest';
import { drawChart, type Point } from '../../../scripts/bench/fin-trends/chart.ts';
import { peakOf } from '../../../scripts/bench/fin-trends/trends.ts';

test('a peak between points is that of their parabola, however they are spaced', () => {
  const parabola = (x: number): Point => [x, 2 - 3 * (x - 0.31) ** 2];
  const [x, y] = peakOf([0, 0.1, 0.25, 0.45, 0.5].map(parabola));
  expect(x).toBeCloseTo(0.31, 10);
  expect(y).toBeCloseTo(2, 10);
});

test('a peak at an end is the end', () => {
  const rising: Point[] = [
    [0, 1],
    [1, 2],
    [2, 4],
  ];
  expect(peakOf(rising)).toEqual([2, 4]);
  expect(peakOf([...rising].reverse().map(([x, y]) => [2 - x, y] as const))).toEqual([0, 4]);
});

test('a chart says in words where its lines are highest, and is cut at its ends', () => {
  const chart = {
    title: 'Efficiency & more',
    subtitle: 'of a ray',
    xTitle: 'x',
    yTitle: 'y',
    yDomain: [0, 1] as const,
    marked: [0.2, 0.4] as const,
    lines: [
      {
        name: 'Re 2,000',
        points: [
          [0, -5],
          [0.5, 0.75],
          [1, 0.5],
        ] as const,
      },
    ],
  };
  const svg = drawChart(chart);
  expect(svg).toContain('Re 2,000 is highest at 0.50 with 0.750');
  expect(svg).toContain('Efficiency &amp; more');
  // The plot is 480 wide from x = 66, and 268 high down to y = 372.
  expect(svg).toContain('cx="318" cy="171"');
  expect(svg).toMatch(/<path class="s0 line" d="M66,1712/);
  expect(svg).toContain('clip-path="url(#plot)"');
});

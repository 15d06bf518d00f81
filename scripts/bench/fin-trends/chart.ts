/** Lines over a horizontal axis as one SVG, each named at its highest point. */
import { type Interval, linearScale, roundInterval, type Scale } from '../plot/scales.ts';
import { seriesClass, styleSheet } from '../plot/style.ts';
import { element, escapeText, path, text } from '../plot/svg.ts';

export type Point = readonly [x: number, y: number];

export interface ChartLine {
  readonly name: string;
  /** Ascending in x; at least one. */
  readonly points: readonly Point[];
}

export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Ends of the vertical axis; what is beyond is cut off. By default round numbers around all lines. */
  readonly yDomain?: Interval;
  /** Part of the horizontal axis that is marked. */
  readonly marked?: Interval;
  readonly lines: readonly ChartLine[];
}

const WIDTH = 760;
const HEIGHT = 430;
const [LEFT, RIGHT, TOP, BOTTOM] = [66, WIDTH - 190, 104, HEIGHT - 58];
const LEGEND_X = RIGHT + 26;
const LEGEND_GAP = 24;

/** The point with the greatest y. */
export const highest = (points: readonly Point[]): Point => points.reduce((a, b) => (b[1] > a[1] ? b : a));

export function drawChart({ title, subtitle, xTitle, yTitle, yDomain, marked, lines }: Chart): string {
  const all = lines.flatMap(({ points }) => points);
  const x = linearScale(roundInterval(extentOf(all.map(([at]) => at)), 6), [LEFT, RIGHT], 6);
  const y = linearScale(
    yDomain ?? roundInterval(extentOf(all.map(([, value]) => value)), 5),
    [BOTTOM, TOP],
    5,
  );
  const plot = { x: LEFT, y: TOP, width: RIGHT - LEFT, height: BOTTOM - TOP };
  const parts = [
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(`${subtitle}. ${lines.map(describe).join('; ')}.`)),
    element('style', {}, styleSheet),
    element('clipPath', { id: 'plot' }, element('rect', plot)),
    element('rect', { class: 'surface', width: WIDTH, height: HEIGHT, rx: 8 }),
    ...(marked ? [mark(marked, x)] : []),
    text(title, { class: 'title strong', x: 24, y: 34 }),
    text(subtitle, { x: 24, y: 54 }),
    text(yTitle, { class: 'strong', x: 24, y: TOP - 16 }),
    ...axes(x, y, xTitle),
    ...lines.flatMap((line, i) => draw(line, i, x, y)),
  ];
  const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT };
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', ...size }, ...parts.map((part) => `\n${part}`), '\n')}\n`;
}

const extentOf = (values: readonly number[]): Interval => [Math.min(...values), Math.max(...values)];

const mark = ([from, to]: Interval, x: Scale): string =>
  element('rect', {
    class: 's2 band',
    x: x.at(from),
    y: TOP,
    width: x.at(to) - x.at(from),
    height: BOTTOM - TOP,
  });

function axes(x: Scale, y: Scale, xTitle: string): string[] {
  return [
    ...y.ticks.flatMap((value) => [
      element('line', { class: 'grid', x1: LEFT, x2: RIGHT, y1: y.at(value), y2: y.at(value) }),
      text(tickText(value), { class: 'right', x: LEFT - 10, y: y.at(value) + 4 }),
    ]),
    element('line', { class: 'axis', x1: LEFT, x2: RIGHT, y1: BOTTOM, y2: BOTTOM }),
    ...x.ticks.flatMap((value) => [
      element('line', { class: 'axis', x1: x.at(value), x2: x.at(value), y1: BOTTOM, y2: BOTTOM + 5 }),
      text(tickText(value), { class: 'middle', x: x.at(value), y: BOTTOM + 20 }),
    ]),
    text(xTitle, { class: 'middle strong', x: (LEFT + RIGHT) / 2, y: BOTTOM + 42 }),
  ];
}

/** The line, a dot on its highest point, and its name beside the picture. */
function draw({ name, points }: ChartLine, index: number, x: Scale, y: Scale): string[] {
  const colour = seriesClass(index);
  const [peakX, peakY] = highest(points);
  const line = points.map(([at, value]) => [x.at(at), y.at(value)] as const);
  const row = TOP + 10 + LEGEND_GAP * index;
  const swatch = [
    [LEGEND_X, row],
    [LEGEND_X + 16, row],
  ] as const;
  return [
    element('path', { class: `${colour} line`, d: path(line), 'clip-path': 'url(#plot)' }),
    element('circle', { class: `${colour} end`, cx: x.at(peakX), cy: y.at(peakY), r: 4.5 }),
    element('path', { class: `${colour} line`, d: path(swatch) }),
    text(name, { class: 'name strong', x: LEGEND_X + 22, y: row + 4 }),
  ];
}

function describe({ name, points }: ChartLine): string {
  const [x, y] = highest(points);
  return `${name} is highest at ${x.toFixed(2)} with ${y.toFixed(3)}`;
}

/** Without what multiples of 0.1 leave in the last digits, and with a minus sign, not a hyphen. */
export const tickText = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '−');

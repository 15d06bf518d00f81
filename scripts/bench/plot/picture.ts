/** Learning curves as one SVG: a line with a shaded interval for each variant, named at its end. */
import type { Estimate } from '../statistics.ts';
import { type Interval, linearScale, logarithmicScale, roundInterval, type Scale, spread } from './scales.ts';
import { seriesClass, styleSheet } from './style.ts';
import { type Attributes, element, escapeText, path, text } from './svg.ts';

export interface Line {
  readonly name: string;
  /** Its place among all lines of all pictures, which determines its colour. */
  readonly index: number;
  /** Ascending in `step`; at least one. */
  readonly points: readonly (Estimate & { readonly step: number })[];
}

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  /** Of the vertical axis, with its unit. */
  readonly measure: string;
  /** Ends of the vertical axis; by default round numbers around all lines and the goal. */
  readonly domain?: Interval;
  /** A value that is marked across the picture. */
  readonly goal?: number;
  readonly lines: readonly Line[];
  /** A value as it stands beside the name of its line. */
  readonly write: (value: number) => string;
}

const WIDTH = 760;
const HEIGHT = 430;
const [TOP, LEFT, BOTTOM] = [104, 62, 58];
/** Between the end of the axis and the names. */
const LEADER = 26;
const SWATCH = 14;
const LINE_HEIGHT = 19;
/** From this ratio between the longest and the shortest line on, the axis of steps is logarithmic. */
const LOGARITHMIC_FROM = 4;

export function drawPicture(picture: Picture): string {
  const { title, subtitle, measure, lines } = picture;
  const right = WIDTH - LEADER - SWATCH - 20 - labelWidth(picture);
  const x = stepScale(lines, [LEFT, right]);
  const y = measureScale(picture, [HEIGHT - BOTTOM, TOP]);
  const parts = [
    element('title', {}, escapeText(`${title}: ${measure}`)),
    element('desc', {}, escapeText(describe(picture))),
    element('style', {}, styleSheet),
    element('rect', { class: 'surface', width: WIDTH, height: HEIGHT, rx: 8 }),
    text(title, { class: 'title strong', x: 24, y: 34 }),
    text(subtitle, { x: 24, y: 54 }),
    text(measure, { class: 'strong', x: 24, y: TOP - 16 }),
    ...axes(picture, x, y, right),
    ...lines.map(({ index, points }) => band(index, points, x, y)),
    ...lines.map(({ index, points }) => curve(index, points, x, y)),
    ...labels(picture, x, y, right),
  ];
  const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT };
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', ...size }, ...parts.map((part) => `\n${part}`), '\n')}\n`;
}

const lastOf = ({ points }: Line) => points.at(-1)!;

function stepScale(lines: readonly Line[], range: Interval): Scale & { readonly title: string } {
  const ends = lines.map((line) => lastOf(line).step);
  const longest = Math.max(...ends);
  if (longest < LOGARITHMIC_FROM * Math.min(...ends)) {
    return { ...linearScale([0, longest], range, 5), title: 'control steps' };
  }
  const first = Math.min(...lines.map(({ points }) => points[0]!.step));
  return { ...logarithmicScale([first, longest], range), title: 'control steps (logarithmic)' };
}

function measureScale({ domain, goal, lines }: Picture, range: Interval): Scale {
  const ends = lines.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
  const values = goal === undefined ? ends : [...ends, goal];
  const extent: Interval = [Math.min(...values), Math.max(...values)];
  return linearScale(domain ?? roundInterval(extent, 5), range, 5);
}

function axes({ goal, write }: Picture, x: ReturnType<typeof stepScale>, y: Scale, right: number): string[] {
  const base = HEIGHT - BOTTOM;
  const across = (value: number): Attributes => ({ x1: LEFT, x2: right, y1: y.at(value), y2: y.at(value) });
  return [
    ...y.ticks.map((value) => element('line', { class: 'grid', ...across(value) })),
    ...y.ticks.map((value) => text(tickText(value), { class: 'right', x: LEFT - 10, y: y.at(value) + 4 })),
    element('line', { class: 'axis', x1: LEFT, x2: right, y1: base, y2: base }),
    ...x.ticks.flatMap((value) => [
      element('line', { class: 'axis', x1: x.at(value), x2: x.at(value), y1: base, y2: base + 5 }),
      text(shortSteps(value), { class: 'middle', x: x.at(value), y: base + 20 }),
    ]),
    text(x.title, { class: 'middle strong', x: (LEFT + right) / 2, y: base + 42 }),
    ...(goal === undefined
      ? []
      : [
          element('line', { class: 'axis goal', ...across(goal) }),
          text(`solved: ${write(goal)}`, { x: LEFT + 6, y: y.at(goal) + 15 }),
        ]),
  ];
}

function band(index: number, points: Line['points'], x: Scale, y: Scale): string {
  const upper = points.map(({ step, high }) => [x.at(step), y.at(high)] as const);
  const lower = points.map(({ step, low }) => [x.at(step), y.at(low)] as const);
  return element('path', {
    class: `${seriesClass(index)} band`,
    d: `${path([...upper, ...lower.reverse()])}Z`,
  });
}

function curve(index: number, points: Line['points'], x: Scale, y: Scale): string {
  const d = path(points.map(({ step, value }) => [x.at(step), y.at(value)]));
  return element('path', { class: `${seriesClass(index)} line`, d });
}

/** Beside the end of each line its name and last value, moved apart where ends are close. */
function labels({ lines, write }: Picture, x: Scale, y: Scale, right: number): string[] {
  const places = spread(
    lines.map((line) => y.at(lastOf(line).value)),
    LINE_HEIGHT,
    [TOP, HEIGHT - BOTTOM],
  );
  const begin = right + LEADER;
  return lines.flatMap((line, i) => {
    const { step, value } = lastOf(line);
    const [endX, endY, place] = [x.at(step), y.at(value), places[i]!];
    const colour = seriesClass(line.index);
    return [
      ...(right - endX < 1 ? [leader(colour, [endX, endY], [begin - 4, place])] : []),
      element('circle', { class: `${colour} end`, cx: endX, cy: endY, r: 4 }),
      element('path', {
        class: `${colour} line`,
        d: path([
          [begin, place],
          [begin + SWATCH, place],
        ]),
      }),
      element(
        'text',
        { x: begin + SWATCH + 6, y: place + 4 },
        element('tspan', { class: 'name strong' }, escapeText(line.name)),
        escapeText(`  ${write(value)}`),
      ),
    ];
  });
}

/** From the end of a line to its name. Lines that end earlier have none: across the picture it would look like more of them. */
const leader = (colour: string, [x, y]: readonly [number, number], to: readonly [number, number]): string =>
  element('path', { class: `${colour} leader`, d: path([[x, y], [x + 8, y], to]) });

/** About what the longest label needs, in pixels. */
const labelWidth = ({ lines, write }: Picture): number =>
  Math.max(...lines.map((line) => 8.4 * line.name.length + 6.6 * (write(lastOf(line).value).length + 1)));

/** The picture in words, for whoever cannot see it. */
function describe({ lines, write, subtitle }: Picture): string {
  const ends = lines.map((line) => {
    const { step, value, low, high } = lastOf(line);
    return `${line.name} ends at ${write(value)} (${write(low)} to ${write(high)}) after ${step.toLocaleString('en-US')} control steps`;
  });
  return `${subtitle}. ${ends.join('; ')}.`;
}

/** Without what multiples of 0.1 leave in the last digits, and with a minus sign, not a hyphen. */
const tickText = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '−');

/** `0`, `500`, `50k`, `1.5M` */
function shortSteps(steps: number): string {
  const [factor, unit] = steps >= 1e6 ? [1e6, 'M'] : steps >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${steps / factor}${unit}`;
}

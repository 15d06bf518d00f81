/** Two columns of small charts as one SVG: the same rows for both of what is compared, on the same axes. */
import { type Point, tickText } from '../fin-trends/chart.ts';
import { type Interval, linearScale, logarithmicScale, roundInterval, type Scale } from '../plot/scales.ts';
import { seriesClass, styleSheet } from '../plot/style.ts';
import { element, escapeText, path, text } from '../plot/svg.ts';

/** Of the left column and of the right one. */
export type Pair<T> = readonly [left: T, right: T];

export interface Row {
  /** With its unit. */
  readonly name: string;
  /** Ascending in x. */
  readonly lines: Pair<readonly Point[]>;
  /** What is said of each line, over its right end. */
  readonly notes: Pair<string>;
  /** Height that is marked across each chart. */
  readonly marks?: Pair<number>;
  /** Ends of a logarithmic vertical axis, at least 1; what is below lies on its lower end. A linear axis around all without it. */
  readonly decades?: Interval;
}

/** Rows over one horizontal axis. */
export interface Block {
  readonly xTitle: string;
  readonly xDomain: Interval;
  readonly rows: readonly Row[];
}

export interface SideBySide {
  readonly title: string;
  readonly subtitle: string;
  readonly columns: Pair<{ readonly name: string; readonly figures: string }>;
  readonly blocks: readonly Block[];
}

const WIDTH = 900;
const [LEFT, GAP, RIGHT] = [64, 36, 24];
const COLUMN = (WIDTH - LEFT - GAP - RIGHT) / 2;
const HEADER = 116;
/** Of a chart, of what stands over it, and of the axis under a block. */
const CHART = 88;
const CAPTION = 32;
const AXIS = 58;
const TICKS = 5;

const columnStart = (column: number): number => LEFT + column * (COLUMN + GAP);
const blockHeight = ({ rows }: Block): number => rows.length * (CAPTION + CHART) + AXIS;

export function drawSideBySide({ title, subtitle, columns, blocks }: SideBySide): string {
  const height = HEADER + blocks.reduce((sum, block) => sum + blockHeight(block), 0);
  const tops = blocks.map((_, i) =>
    blocks.slice(0, i).reduce((sum, block) => sum + blockHeight(block), HEADER - CAPTION),
  );
  const notes = columns.map(({ name, figures }) => `${name}: ${figures}`).join('; ');
  const parts = [
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(`${subtitle}. ${notes}.`)),
    element('style', {}, styleSheet),
    element('rect', { class: 'surface', width: WIDTH, height, rx: 8 }),
    text(title, { class: 'title strong', x: 24, y: 34 }),
    text(subtitle, { x: 24, y: 54 }),
    ...columns.flatMap(({ name, figures }, i) => [
      text(name, { class: 'name strong', x: columnStart(i), y: 82 }),
      text(figures, { class: 'right', x: columnStart(i) + COLUMN, y: 82 }),
    ]),
    ...blocks.flatMap((block, i) => drawBlock(block, tops[i]!)),
  ];
  const size = { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height };
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', ...size }, ...parts.map((part) => `\n${part}`), '\n')}\n`;
}

function drawBlock({ xTitle, xDomain, rows }: Block, top: number): string[] {
  const bottom = top + rows.length * (CAPTION + CHART);
  const axes = [0, 1].map((column) =>
    linearScale(xDomain, [columnStart(column), columnStart(column) + COLUMN], 8),
  ) as [Scale, Scale];
  return [
    ...rows.flatMap((row, i) => drawRow(row, axes, top + i * (CAPTION + CHART) + CAPTION)),
    ...axes.flatMap((axis, column) => drawAxis(axis, xTitle, columnStart(column), bottom)),
  ];
}

function drawAxis({ ticks, at }: Scale, title: string, start: number, bottom: number): string[] {
  return [
    element('line', { class: 'axis', x1: start, x2: start + COLUMN, y1: bottom, y2: bottom }),
    ...ticks.flatMap((value) => [
      element('line', { class: 'axis', x1: at(value), x2: at(value), y1: bottom, y2: bottom + 5 }),
      text(tickText(value), { class: 'middle', x: at(value), y: bottom + 19 }),
    ]),
    text(title, { class: 'middle strong', x: start + COLUMN / 2, y: bottom + 38 }),
  ];
}

function drawRow(row: Row, axes: Pair<Scale>, top: number): string[] {
  const { name, lines, notes, marks } = row;
  const y = verticalScale(row, [top + CHART, top]);
  return [
    text(name, { class: 'strong', x: LEFT, y: top - 9 }),
    ...y.ticks.map((value) => text(tickText(value), { class: 'right', x: LEFT - 8, y: y.at(value) + 4 })),
    ...lines.flatMap((line, column) => {
      const across = (value: number) => {
        const start = columnStart(column);
        return { x1: start, x2: start + COLUMN, y1: y.at(value), y2: y.at(value) };
      };
      const mark = marks?.[column];
      return [
        ...y.ticks.map((value) => element('line', { class: 'grid', ...across(value) })),
        ...(mark === undefined ? [] : [element('line', { class: 'axis goal', ...across(mark) })]),
        element('path', {
          class: `${seriesClass(column)} line`,
          d: path(line.map(([at, value]) => [axes[column]!.at(at), y.at(value)] as const)),
        }),
        text(notes[column]!, { class: 'right', x: columnStart(column) + COLUMN, y: top - 9 }),
      ];
    }),
  ];
}

function verticalScale({ lines, marks, decades }: Row, range: Interval): Scale {
  if (decades) {
    const { at, ticks } = logarithmicScale(decades, range);
    return {
      at: (value) => at(Math.max(decades[0], value)),
      ticks: ticks.filter((tick) => Number.isInteger(Math.log10(tick))),
    };
  }
  const values = [...lines.flatMap((line) => line.map(([, y]) => y)), ...(marks ?? [])];
  const domain = roundInterval([Math.min(0, ...values), Math.max(0, ...values)], TICKS);
  return linearScale(domain, range, TICKS);
}

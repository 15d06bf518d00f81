/** What drawings of robots for the documentation are made of. Places are in pixels from the upper left corner. */
import { styleSheet } from './bench/plot/style.ts';
import { element, path, text } from './bench/plot/svg.ts';

export type Place = readonly [x: number, y: number];

const ownStyle = [
  '.thin{stroke-width:1.25}.axis,.grid{fill:none;stroke-width:1.25}.guide{stroke-dasharray:5 4}',
  '.arrow{fill:currentColor}.solid{fill:currentColor}',
].join('');

export interface PageOptions {
  readonly title: string;
  readonly description: string;
  readonly size: readonly [width: number, height: number];
  /** Rules beside those that all drawings have. */
  readonly style: string;
}

/** An SVG on the surface of the theme. @param parts elements */
export function page(
  { title, description, size: [width, height], style }: PageOptions,
  ...parts: readonly string[]
): string {
  const content = [
    element('title', {}, title),
    element('desc', {}, description),
    element('style', {}, styleSheet + ownStyle + style),
    element('rect', { class: 'surface', width, height, rx: 8 }),
    ...parts,
  ];
  const size = { viewBox: `0 0 ${width} ${height}`, width, height };
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', ...size }, ...content.map((part) => `\n${part}`), '\n')}\n`;
}

export const label = (content: string, [x, y]: Place, classes = ''): string =>
  text(content, { class: classes, x, y });

export const line = (from: Place, to: Place, classes: string): string =>
  element('path', { class: classes, d: path([from, to]) });

/** A line with a head at its end, and on request at its beginning. */
export function arrow(from: Place, to: Place, classes: string, bothEnds = false): string {
  const head = (tip: Place, direction: number): string => {
    const corner = (turn: number): Place => [
      tip[0] - 9 * Math.cos(direction + turn),
      tip[1] - 9 * Math.sin(direction + turn),
    ];
    return element('path', { class: `${classes} arrow`, d: `${path([tip, corner(0.4), corner(-0.4)])}Z` });
  };
  const direction = Math.atan2(to[1] - from[1], to[0] - from[0]);
  return [
    line(from, to, `${classes} line thin`),
    head(to, direction),
    ...(bothEnds ? [head(from, direction + Math.PI)] : []),
  ].join('');
}

/** A scene seen from above, as an SVG: what stands still and where bodies start, from what the environment itself declares. */
import { POSE_SIZE, type Shape, type Vector3, viewLayout } from '../src/core/appearance.ts';
import type { VectorEnv } from '../src/core/env.ts';
import { element, path, text } from './bench/plot/svg.ts';

/** Pixels for each metre, and around. */
const SCALE = 36;
const MARGIN = 40;

const colors = { ground: '#e7eef4', line: '#59636e', label: '#1f2328', ring: '#009e73' } as const;
const fonts = { 'font-family': 'system-ui, sans-serif', 'font-size': '11px' } as const;

/** @param env reset; its first scene is drawn */
export function topView(env: VectorEnv): string {
  const { appearance, draw } = env.view!;
  const row = new Float32Array(viewLayout(appearance).size);
  draw(0, row);
  const lines = appearance.fixed.flatMap(({ geometry }) => (geometry.type === 'line' ? geometry.points : []));
  const [x, y] = [0, 1].map((axis) => Math.max(...lines.map((point) => Math.abs(point[axis]!)))) as [
    number,
    number,
  ];
  const [width, height] = [2 * (SCALE * x + MARGIN), 2 * (SCALE * y + MARGIN)];
  const at = (point: readonly number[]): [number, number] => [
    width / 2 + SCALE * point[0]!,
    height / 2 - SCALE * point[1]!,
  ];
  const bodies = appearance.bodies.map(({ name }, body) => {
    const [px, py] = at([...row.subarray(POSE_SIZE * body, POSE_SIZE * body + 2)]);
    const isBall = name === 'ball';
    const disc = element('circle', {
      cx: px,
      cy: py,
      r: isBall ? 4 : 8,
      fill: isBall ? '#e69f00' : '#0072b2',
      'fill-opacity': isBall ? 1 : 0.75,
    });
    return isBall
      ? disc
      : disc + text(name, { ...fonts, x: px, y: py - 12, fill: colors.label, 'text-anchor': 'middle' });
  });
  const ground = element('rect', { width, height, rx: 6, fill: colors.ground });
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`,
      width: Math.round(width),
      role: 'img',
      'aria-label': `${env.spec.id} from above`,
    },
    ground,
    ...appearance.fixed.map((shape) => outline(shape, at)),
    ...bodies,
  )}\n`;
}

/** Lines, rings, spheres and boxes, such as the net; other shapes are not seen. */
function outline(
  { geometry, position = [0, 0, 0] }: Shape,
  at: (point: Vector3) => [number, number],
): string {
  const [cx, cy] = at(position);
  switch (geometry.type) {
    case 'line': {
      const points = geometry.closed ? [...geometry.points, geometry.points[0]!] : geometry.points;
      return element('path', {
        d: path(points.map(at)),
        fill: 'none',
        stroke: colors.line,
        'stroke-width': 1.5,
      });
    }
    case 'ring':
    case 'sphere':
      return element('circle', {
        cx,
        cy,
        r: SCALE * geometry.radius,
        fill: 'none',
        stroke: colors.ring,
        'stroke-dasharray': '4 3',
      });
    case 'box': {
      const [w, h] = [Math.max(3, SCALE * geometry.size[0]), SCALE * geometry.size[1]];
      return element('rect', { x: cx - w / 2, y: cy - h / 2, width: w, height: h, fill: colors.line });
    }
    default:
      return '';
  }
}

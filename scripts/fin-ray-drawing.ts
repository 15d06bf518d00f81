/**
 * A drawing of the fin ray for docs/fin-ray.md, from the model's own numbers: from above what drives and loads it, and below
 * that how an offset of its half-rays bends it, and its side.
 */
import { finRay } from '../robots/fin-ray/index.ts';
import { freeAngle, restAngles } from '../robots/fin-ray/offset.ts';
import { type Attributes, element, path, text } from './bench/plot/svg.ts';
import { arrow, label, line, type Place, page } from './drawing.ts';

const [WIDTH, HEIGHT] = [900, 560];
const DEGREES = 180 / Math.PI;
const { links, span, limits, offsetDecay, massRatio, bendingStiffness, damping, reynoldsNumber } = finRay;

/** Of the view from above: pixels a length, and where the base is when it is centred. */
const SCALE = 480;
const [ORIGIN_X, ORIGIN_Y] = [250, 216];
/** What the ray is drawn at: the offset alone bends it. */
const HEAVE = 0.15;
const PITCH = 18 / DEGREES;
const OFFSET = -limits.offset.position;

/** Series colours of the theme: the ray, its drive, and forces. */
const [RAY, DRIVE, FORCE] = ['s1', 's0', 's2'];

const ownStyle = [
  '.link{fill:none;stroke:currentColor;stroke-width:9;stroke-linecap:round;stroke-opacity:.85}',
  '.ghost{fill:none;stroke:currentColor;stroke-width:9;stroke-linecap:round;stroke-linejoin:round;stroke-opacity:.14}',
  '.half{fill:none;stroke:currentColor;stroke-width:4;stroke-linecap:round}',
  '.strip{fill:currentColor;fill-opacity:.16;stroke:currentColor;stroke-width:1.5}',
].join('');

export const finRayDrawing = (): string =>
  page(
    {
      title: 'The fin ray',
      description: `A chain of ${links} links with elastic joints on a base that heaves and pitches in a stream, the offset of its half-rays, and its side.`,
      size: [WIDTH, HEIGHT],
      style: ownStyle,
    },
    text('The fin ray from above', { class: 'title strong', x: 24, y: 34 }),
    ...stream(),
    ...drives(),
    ...chain(),
    ...offsetDetail([24, 420]),
    ...sideView([430, 420]),
  );

/** @param x along the stream and @param y across it from the base's middle place, L */
const at = (x: number, y: number): Place => [ORIGIN_X + SCALE * x, ORIGIN_Y - SCALE * y];

function stream(): string[] {
  const heights = [0.25, 0, -0.25].map((y) => at(0, y)[1]);
  return [
    ...heights.map((y) => arrow([30, y], [92, y], 's5')),
    label('stream U', [30, heights[0]! - 12], 'name strong'),
  ];
}

/** The base on its track, heave, and pitch. */
function drives(): string[] {
  const [x, y] = at(0, HEAVE);
  const reach = limits.heave.position;
  const [top, bottom] = [at(0, reach), at(0, -reach)];
  const stop = ([, height]: Place): string => line([x - 12, height], [x + 12, height], 'axis');
  const along = (length: number, angle: number): Place => [
    x + length * Math.cos(angle),
    y - length * Math.sin(angle),
  ];
  const arc = Array.from({ length: 13 }, (_, i) => along(140, (PITCH * i) / 12));
  return [
    line(top, bottom, 'axis'),
    stop(top),
    stop(bottom),
    line([x - 70, ORIGIN_Y], [x + 1.05 * SCALE, ORIGIN_Y], 'axis guide'),
    label('straight ray', [x + 1.05 * SCALE + 8, ORIGIN_Y + 4]),
    arrow([x - 34, ORIGIN_Y], [x - 34, y], DRIVE, true),
    label('heave', [x - 44, (y + ORIGIN_Y) / 2 + 2], 'name strong right'),
    label(`at most ±${reach} L`, [x - 44, (y + ORIGIN_Y) / 2 + 18], 'right'),
    line([x, y], [x + 175, y], 'axis guide'),
    line([x, y], along(185, PITCH), 'axis guide'),
    element('path', { class: `${DRIVE} line thin`, d: path(arc) }),
    label('pitch', [x + 52, y - 76], 'name strong'),
    label(`at most ±${Math.round(limits.pitch.position * DEGREES)}°`, [x + 52, y - 60]),
    element('circle', { class: `${DRIVE} solid`, cx: x, cy: y, r: 13, 'fill-opacity': 0.35 }),
    arrow([x - 16, y], [x - 92, y], FORCE),
    label('thrust', [x - 92, y - 10], 'name strong'),
    arrow([x, y + 16], [x, y + 84], FORCE),
    label('side force', [x + 10, y + 82], 'name strong'),
  ];
}

/** Where the joints are, and how each link lies. */
function pose(): { readonly joints: readonly Place[]; readonly angles: readonly number[] } {
  const rest = restAngles(finRay);
  const joints: Place[] = [[0, HEAVE]];
  const angles: number[] = [];
  for (const [i, bend] of rest.entries()) {
    angles.push((angles.at(-1) ?? PITCH) + OFFSET * bend);
    const [x, y] = joints[i]!;
    joints.push([x + Math.cos(angles[i]!) / links, y + Math.sin(angles[i]!) / links]);
  }
  return { joints: joints.map(([x, y]) => at(x, y)), angles };
}

/** Links, springs and the load on each link, and how the ray lies half a period later. */
function chain(): string[] {
  const { joints, angles } = pose();
  const tip = joints.at(-1)!;
  /** Beside the middle of a link, in pixels above it. */
  const beside = (link: number, distance: number, part = 0.5): Place => {
    const [[x0, y0], [x1, y1]] = [joints[link]!, joints[link + 1]!];
    return [
      x0 + part * (x1 - x0) - distance * Math.sin(angles[link]!),
      y0 + part * (y1 - y0) - distance * Math.cos(angles[link]!),
    ];
  };
  const measured = 5;
  const sprung = 3;
  const opposite = joints.map(([x, y]): Place => [x, 2 * ORIGIN_Y - y]);
  return [
    element('path', { class: `${RAY} ghost`, d: path(opposite) }),
    ...angles.map((_, i) => line(beside(i, 0, 0.16), beside(i, 0, 0.84), `${RAY} link`)),
    ...joints.slice(0, -1).map((place) => spring(place)),
    element('circle', { class: `${RAY} solid`, cx: tip[0], cy: tip[1], r: 4 }),
    label('tip', [tip[0] + 10, tip[1] + 4], 'name strong'),
    ...angles.flatMap((_, i) => (i < 2 ? [] : [arrow(beside(i, -12 - 26), beside(i, -10), FORCE)])),
    label('load of the fluid on each link', [beside(4, -62)[0] - 60, beside(4, -62)[1] + 4]),
    arrow(beside(measured, 20, 0), beside(measured, 20, 1), 's3', true),
    label(`L/${links}`, [beside(measured, 30)[0], beside(measured, 30)[1]], 'name strong'),
    line(
      [joints[sprung]![0], joints[sprung]![1] - 12],
      [joints[sprung]![0] + 18, joints[sprung]![1] - 46],
      'axis',
    ),
    label(
      `${links} links, ${links} elastic joints`,
      [joints[sprung]![0] + 24, joints[sprung]![1] - 48],
      'name strong',
    ),
  ];
}

/** A spiral about a joint. */
function spring([x, y]: Place): string {
  const turns = 1.75;
  const points = Array.from({ length: 43 }, (_, i): Place => {
    const part = i / 42;
    const [radius, angle] = [1.5 + 7 * part, 2 * Math.PI * turns * part];
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  return element('path', { class: `${RAY} line thin`, d: path(points) });
}

/** Two half-rays whose roots are shifted against each other. @param corner top left */
function offsetDetail([left, top]: Place): string[] {
  const [length, distance, samples] = [270, 44, 40];
  const start: Place = [left + 64, top + 66];
  const shift = limits.offset.position * distance;
  const middle: { readonly place: Place; readonly angle: number }[] = [];
  let [x, y] = start;
  for (let i = 0; i <= samples; i++) {
    const angle = limits.offset.position * freeAngle(i / samples, offsetDecay);
    middle.push({ place: [x, y], angle });
    x += (length / samples) * Math.cos(angle);
    y -= (length / samples) * Math.sin(angle);
  }
  const side = (half: number): Place[] =>
    middle.map(({ place, angle }) => [place[0] - half * Math.sin(angle), place[1] - half * Math.cos(angle)]);
  const [upper, lower] = [side(distance / 2), side(-distance / 2)];
  const rootOf = ([px, py]: Place, back: number): Place => [px - back, py];
  return [
    label('Offset of the half-rays', [left, top], 'name strong'),
    ...upper.flatMap((place, i) => (i % 4 === 0 ? [line(place, lower[i]!, 'axis')] : [])),
    element('path', { class: `${RAY} half`, d: path([rootOf(upper[0]!, 16 + shift), ...upper]) }),
    element('path', { class: `${RAY} half`, d: path([rootOf(lower[0]!, 16), ...lower]) }),
    arrow([start[0] - 16 - shift, start[1]], [start[0] - 16, start[1]], DRIVE, true),
    label('Δ', [start[0] - 40 - shift, start[1] + 4], 'name strong'),
    arrow([upper.at(-1)![0], upper.at(-1)![1]], [lower.at(-1)![0], lower.at(-1)![1]], 's3', true),
    label('d', [x + 16, y + 4], 'name strong'),
    label(`Δ/d is at most ±${limits.offset.position}; the bend fades within ${offsetDecay} L of the base`, [
      left,
      top + 118,
    ]),
  ];
}

/** The strip and its numbers. @param corner top left */
function sideView([left, top]: Place): string[] {
  const [length, x, y] = [150, left + 10, top + 16];
  const height = span * length;
  const seam = (i: number): string => {
    const place = x + (length * i) / links;
    return line([place, y], [place, y + height], `${RAY} line thin`);
  };
  const numbers = [
    [`mass ρₛh/(ρL)`, massRatio],
    [`stiffness EI/(ρU²L³b)`, bendingStiffness],
    [`damping (L/U)`, damping],
    [`Reynolds number`, reynoldsNumber],
  ] as const;
  const dimension: Attributes = { class: 'middle name strong', x: x + length / 2, y: y + height + 32 };
  return [
    label('From the side', [left, top], 'name strong'),
    element('rect', { class: `${RAY} strip`, x, y, width: length, height }),
    ...Array.from({ length: links - 1 }, (_, i) => seam(i + 1)),
    line([x, y - 6], [x, y + height + 6], `${DRIVE} half`),
    arrow([x, y + height + 16], [x + length, y + height + 16], 's3', true),
    text('L', dimension),
    arrow([x + length + 12, y], [x + length + 12, y + height], 's3', true),
    label(`b = ${span} L`, [x + length + 20, y + height / 2 + 4], 'name strong'),
    ...numbers.flatMap(([name, value], i) => [
      label(name, [left + 262, y + 8 + 22 * i]),
      label(String(value), [WIDTH - 24, y + 8 + 22 * i], 'strong right'),
    ]),
  ];
}

/**
 * A drawing of the humanoid hand for docs/hands.md, from the model's own numbers: its palm with the axes of all joints, and its
 * index finger from the side, straight and bent.
 */
import { handArticulation, rightHand } from '../robots/humanoid-hand/index.ts';
import type { Vector3 } from '../src/core/appearance.ts';
import { createFrames, pointOfLink, poseLinks } from '../src/physics/articulation.ts';
import { volumeOf } from '../src/physics/solids.ts';
import { element, path, text } from './bench/plot/svg.ts';
import { arrow, label, line, type Place, page } from './drawing.ts';

const [WIDTH, HEIGHT] = [900, 620];
const DEGREES = 180 / Math.PI;
/** Pixels a metre, and where the wrist is: from the palm's side with the fingers up, and of the finger from the side. */
const SCALE = 2300;
const WRIST: Place = [230, 560];
const PROFILE_SCALE = 1600;
const PROFILE: Place = [545, 190];
/** Length of an axis in the picture, m. */
const AXIS = 0.011;
/** Flexion of the bent finger, rad. */
const BENT = [0, 0.7, 0.9, 0.6] as const;

const [HAND, JOINT, SIZE] = ['s0', 's1', 's2'];
const ownStyle = [
  '.bone{fill:none;stroke:currentColor;stroke-linecap:round;stroke-opacity:.25}',
  '.ghost{fill:none;stroke:currentColor;stroke-linecap:round;stroke-opacity:.12}',
  '.palm{fill:currentColor;fill-opacity:.16;stroke:currentColor;stroke-width:1.5}',
  '.ring{fill:none;stroke:currentColor;stroke-width:1.75}',
].join('');

const { links } = handArticulation(rightHand);

/** How places of the hand's frame are shown. */
interface View {
  readonly scale: number;
  /** What points at the reader. */
  readonly towards: Vector3;
  place(point: Vector3): Place;
}
const fromPalm: View = {
  scale: SCALE,
  towards: [0, 0, 1],
  place: ([x, y]) => [WRIST[0] - SCALE * y, WRIST[1] - SCALE * x],
};
const fromSide: View = {
  scale: PROFILE_SCALE,
  towards: [0, 1, 0],
  place: ([x, , z]) => [PROFILE[0] + PROFILE_SCALE * x, PROFILE[1] + PROFILE_SCALE * z],
};

export const handDrawing = (): string =>
  page(
    {
      title: 'The hand H20',
      description:
        'A right hand from the side of its palm with the axes of its twenty joints, and its index finger from the side.',
      size: [WIDTH, HEIGHT],
      style: ownStyle,
    },
    text('The right hand, palm towards you', { class: 'title strong', x: 24, y: 34 }),
    ...palmView(),
    ...sideView(),
    ...legend([500, 400]),
  );

/** Where a point of each link is when joints are bent. @param angles `[20]` rad */
function posed(angles: ArrayLike<number>): (link: number, point: Vector3) => Vector3 {
  const frames = createFrames(links.length);
  poseLinks(handArticulation(rightHand), angles, 0, frames);
  const out = new Float64Array(3);
  return (link, point) => {
    pointOfLink(frames, link, point, out, 0);
    return [out[0]!, out[1]!, out[2]!];
  };
}

/** Capsules of a digit, as wide as they are. */
function bones(
  digit: number,
  at: (link: number, point: Vector3) => Vector3,
  view: View,
  classes: string,
): string[] {
  const { lengths, radii } = rightHand.digits[digit]!;
  return lengths.map((length, phalanx) => {
    const link = 4 * digit + phalanx + 1;
    const ends = [view.place(at(link, [0, 0, 0])), view.place(at(link, [length, 0, 0]))];
    return element('path', {
      class: `${HAND} ${classes}`,
      d: path(ends),
      'stroke-width': 2 * view.scale * radii[phalanx]!,
    });
  });
}

/** The axis of a joint: an arrow by the right-hand rule; its point or its feathers in a ring where it goes out of the picture or in. */
function axisOf(link: number, at: (link: number, point: Vector3) => Vector3, view: View): string {
  const { axis } = links[link]!.joint;
  const tip = at(link, axis.map((part) => part * AXIS) as unknown as Vector3);
  const middle = at(link, [0, 0, 0]);
  const outwards = tip.reduce((sum, part, k) => sum + (part - middle[k]!) * view.towards[k]!, 0) / AXIS;
  const [x, y] = view.place(middle);
  const [toX, toY] = view.place(tip);
  if (Math.abs(outwards) < 0.5) return arrow([2 * x - toX, 2 * y - toY], [toX, toY], JOINT!);
  const ring = element('circle', { class: `${JOINT} ring`, cx: x, cy: y, r: 8 });
  if (outwards > 0) return ring + element('circle', { class: `${JOINT} solid`, cx: x, cy: y, r: 2.5 });
  const feather = (rise: number): string =>
    line([x - 5.6, y - 5.6 * rise], [x + 5.6, y + 5.6 * rise], `${JOINT} ring`);
  return ring + feather(1) + feather(-1);
}

const STRAIGHT = new Float64Array(links.length);

function palmView(): string[] {
  const at = posed(STRAIGHT);
  const { size, position } = rightHand.palm;
  const corner = fromPalm.place([position[0] + size[0] / 2, position[1] + size[1] / 2, 0]);
  const tips = rightHand.digits.map(
    ({ lengths, radii }, digit): Place => fromPalm.place(at(4 * digit + 3, [lengths[2] + radii[2], 0, 0])),
  );
  const mm = (metres: number): string => `${Math.round(1000 * metres)} mm`;
  const reach = (digit: number): string => {
    const { lengths, radii } = rightHand.digits[digit]!;
    return mm(lengths.reduce((sum, length) => sum + length, radii[2]));
  };
  const top = Math.min(...tips.map(([, y]) => y));
  return [
    element('rect', {
      class: `${HAND} palm`,
      x: corner[0],
      y: corner[1],
      width: SCALE * size[1],
      height: SCALE * size[0],
      rx: 8,
    }),
    ...rightHand.digits.flatMap((_, digit) => bones(digit, at, fromPalm, 'bone')),
    ...links.map((_, link) => axisOf(link, at, fromPalm)),
    ...rightHand.digits.flatMap(({ name }, digit) => {
      const [x, y] = tips[digit]!;
      return name === 'thumb'
        ? [label(name, [x + 8, y - 16], 'name strong'), label(reach(digit), [x + 8, y])]
        : [
            text(name, { class: 'name strong middle', x, y: y - 24 }),
            text(reach(digit), { class: 'middle', x, y: y - 9 }),
          ];
    }),
    arrow([48, WRIST[1]], [48, top], SIZE!, true),
    text(mm((WRIST[1] - top) / SCALE), { class: 'name strong', x: 56, y: (WRIST[1] + top) / 2 }),
    line([40, WRIST[1]], [WRIST[0] - 70, WRIST[1]], 'axis guide'),
    line([40, top], [150, top], 'axis guide'),
    ...frameOf(WRIST),
  ];
}

/** The hand's own frame, in the middle of its wrist. */
const frameOf = ([x, y]: Place): string[] => [
  arrow([x, y], [x, y - 52], SIZE!),
  label('x', [x + 8, y - 44], 'name strong'),
  arrow([x, y], [x - 52, y], SIZE!),
  label('y', [x - 50, y - 8], 'name strong'),
  element('circle', { class: `${SIZE} ring`, cx: x, cy: y, r: 6 }),
  element('circle', { class: `${SIZE} solid`, cx: x, cy: y, r: 2 }),
  label('z', [x + 10, y + 6], 'name strong'),
  text('wrist', { class: 'middle', x, y: y + 24 }),
];

/** The index finger straight, and bent towards the palm's side. */
function sideView(): string[] {
  const bent = new Float64Array(links.length);
  bent.set(BENT);
  const [straight, flexed] = [posed(STRAIGHT), posed(bent)];
  const { size, position } = rightHand.palm;
  const [left, top] = fromSide.place([position[0] - size[0] / 2, 0, position[2] - size[2] / 2]);
  const joints = rightHand.digits[0]!.joints;
  const heading = fromSide.place([0, 0, -0.055]);
  return [
    text('The index finger from the side', { class: 'name strong', x: heading[0], y: heading[1] }),
    element('rect', {
      class: `${HAND} palm`,
      x: left,
      y: top,
      width: PROFILE_SCALE * size[0],
      height: PROFILE_SCALE * size[2],
      rx: 6,
    }),
    text('palm', { class: 'middle', x: left + 50, y: top + 24 }),
    ...bones(0, straight, fromSide, 'ghost'),
    ...bones(0, flexed, fromSide, 'bone'),
    ...[1, 2, 3].flatMap((link) => {
      const [x, y] = fromSide.place(flexed(link, [0, 0, 0]));
      const { name, range } = joints[link]!;
      // Clear of the straight finger, which begins there.
      const above = link === 1 ? 36 : 0;
      return [
        axisOf(link, flexed, fromSide),
        label(name, [x + 22, y - 2 - above], 'name strong'),
        label(`${degrees(range[0])} to ${degrees(range[1])}`, [x + 22, y + 13 - above]),
      ];
    }),
  ];
}

const degrees = (angle: number): string => `${Math.round(angle * DEGREES)}°`.replace('-', '−');

/** Ranges of what the pictures do not name, and numbers of all. @param corner upper left */
function legend([x, y]: Place): string[] {
  const [index, thumb] = [rightHand.digits[0]!, rightHand.digits[4]!];
  const rangeOf = ({ name, range }: (typeof index.joints)[number]): string =>
    `${name} ${degrees(range[0])} to ${degrees(range[1])}`;
  const mass = links.reduce(
    (sum, { solids, mass }) =>
      solids.reduce((all, { geometry, density = 0 }) => all + density * volumeOf(geometry), sum) +
      (mass?.mass ?? 0),
    0,
  );
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['axes', 'by the right-hand rule; dot: towards you, cross: away'],
    ['fingers', rangeOf(index.joints[0]!)],
    ['thumb', thumb.joints.slice(0, 2).map(rangeOf).join(', ')],
    ['', thumb.joints.slice(2).map(rangeOf).join(', ')],
    ['motors', `${rightHand.stiffness} N·m/rad, at most ${rightHand.maxTorque} N·m`],
    ['mass', `palm ${1000 * rightHand.palm.mass} g, digits ${Math.round(1000 * mass)} g`],
  ];
  return rows.flatMap(([name, value], i) => [
    label(name, [x, y + 26 * i], 'name strong'),
    label(value, [x + 76, y + 26 * i]),
  ]);
}

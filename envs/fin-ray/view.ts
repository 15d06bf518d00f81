/**
 * How a ray in its stream looks, from above as fish are watched: the ray and what drives it, the path of its tip, motes
 * that drift with the stream, and the force of the fluid. Lengths in L stand for metres.
 */
import { ACTUATORS } from '../../robots/fin-ray/index.ts';
import {
  type Appearance,
  ARROW_SIZE,
  type BodyAppearance,
  type Color,
  type EnvView,
  type FieldAppearance,
  POSE_SIZE,
  type Shape,
  viewLayout,
} from '../../src/core/appearance.ts';
import { CONTROL_DT, type FlowPicture } from './rays.ts';
import type { FinScenes } from './scenes.ts';

const color = {
  ray: '#e8894a',
  tip: '#f26b3a',
  base: '#565d68',
  track: '#8a93a0',
  mote: '#7fb4d8',
  thrust: '#2fbf71',
  side: '#4aa8ff',
} as const satisfies Record<string, Color>;

/** Edge of a scene's square, and where the middle of the base's travel is in it, L, where the flow has no picture. */
const EXTENT = 3.4;
const BASE_X = -0.5;
/** Vorticity of the first and the last colour, U/L. */
const VORTICITY = [-12, 12] as const;
/** Height of the middle of the ray over the floor, and the part of its span that is drawn, L. */
const HEIGHT = 0.4;
const SPAN = 0.4;
/** Thickness of a ray at its base and at its tip, L. */
const THICKNESS = [0.04, 0.012] as const;
const MOTES = 40;
/** The motes' places across the stream and along it: evenly spread, and in no pattern (Roberts 2018). */
const SPREAD = [0.7548776662, 0.569840291] as const;
/** Length of an arrow for each unit of a coefficient, L. */
const THRUST_SCALE = 0.12;
const SIDE_SCALE = 0.05;
/** C_P below which nothing is said of efficiency. */
const LEAST_POWER = 0.01;

const signals = ['c_T', 'c_P', 'C_T', 'C_P', 'efficiency'] as const;
const readouts = ['C_T', 'C_P', 'efficiency'] as const;

export function finView(scenes: FinScenes): EnvView {
  const { rays, thrust, power, meanThrust, meanPower, age } = scenes;
  const { links, span } = rays.model;
  const { chains, actuators, means, stream } = rays;
  const { picture } = scenes.flow;
  const appearance = describe(links, picture);
  const layout = viewLayout(appearance);
  const tipAt = layout.bodies + POSE_SIZE * (1 + links);
  const motesAt = tipAt + POSE_SIZE;
  /** Of what is drawn: x and y from the base's middle place, and angle. Numbers in arrays cost no memory when they are passed on. */
  const place = new Float64Array(3);
  const vorticity = new Float32Array(picture ? picture.cells[0] * picture.cells[1] : 0);
  return {
    appearance,
    draw(scene, row) {
      place[0] = 0;
      place[1] = actuators.position[ACTUATORS * scene]!;
      place[2] = actuators.position[ACTUATORS * scene + 1]!;
      writePose(row, layout.bodies, place);
      drawArrow(row, layout.arrows, place);
      row[layout.arrows + 3] = -thrust[scene]!;
      drawArrow(row, layout.arrows + ARROW_SIZE, place);
      row[layout.arrows + ARROW_SIZE + 4] = (2 * means.sideForce[scene]!) / span;
      for (let link = 0; link < links; link++) {
        const k = links * scene + link;
        place[0] = chains.position[2 * k]!;
        place[1] = chains.position[2 * k + 1]!;
        place[2] = chains.angle[k]!;
        writePose(row, layout.bodies + POSE_SIZE * (1 + link), place);
      }
      place[0] += Math.cos(place[2]!) / (2 * links);
      place[1] += Math.sin(place[2]!) / (2 * links);
      writePose(row, tipAt, place);
      if (!picture) drawMotes(row, scene);
      const at = layout.signals;
      row[at] = thrust[scene]!;
      row[at + 1] = power[scene]!;
      row[at + 2] = meanThrust[scene]!;
      row[at + 3] = meanPower[scene]!;
      row[at + 4] = meanPower[scene]! > LEAST_POWER ? meanThrust[scene]! / meanPower[scene]! : 0;
      if (!picture) return;
      picture.write(scene, vorticity);
      row.set(vorticity, layout.fields[0]!);
    },
  };

  function drawMotes(row: Float32Array, scene: number): void {
    /** That the stream has gone, L. */
    const way = age[scene]! * CONTROL_DT * stream[scene]!;
    place[2] = 0;
    for (let mote = 0, at = motesAt; mote < MOTES; mote++, at += POSE_SIZE) {
      place[0] = ((((mote + 1) * SPREAD[1] + way / EXTENT) % 1) - 0.5) * EXTENT - BASE_X;
      place[1] = ((((mote + 1) * SPREAD[0]) % 1) - 0.5) * EXTENT * 0.98;
      writePose(row, at, place);
      // At different heights, above the floor and below the arrows.
      row[at + 2] = HEIGHT + SPAN * (((mote * SPREAD[1]) % 1) - 0.5);
    }
  }
}

/** @param place x and y from the base's middle place, and angle about the vertical, rad */
function writePose(row: Float32Array, at: number, place: Float64Array): void {
  row[at] = BASE_X + place[0]!;
  row[at + 1] = place[1]!;
  row[at + 2] = HEIGHT;
  row[at + 3] = 0;
  row[at + 4] = 0;
  row[at + 5] = Math.sin(place[2]! / 2);
  row[at + 6] = Math.cos(place[2]! / 2);
}

/** An arrow of no length that begins at the base, over the ray. */
function drawArrow(row: Float32Array, at: number, place: Float64Array): void {
  row.fill(0, at, at + ARROW_SIZE);
  row[at] = BASE_X;
  row[at + 1] = place[1]!;
  row[at + 2] = HEIGHT + SPAN / 2 + 0.1;
}

function describe(links: number, picture: FlowPicture | undefined): Appearance {
  const motes = Array.from({ length: MOTES }, (_, mote) => ({ name: `mote ${mote}`, shapes: [moteShape] }));
  return {
    bodies: [
      base,
      ...Array.from({ length: links }, (_, link) => linkAppearance(link, links)),
      tip,
      ...(picture ? [] : motes),
    ],
    fixed: [track],
    arrows: [
      { name: 'thrust', unit: '1', color: color.thrust, scale: THRUST_SCALE },
      { name: 'side force', unit: '1', color: color.side, scale: SIDE_SCALE },
    ],
    signals,
    readouts: readouts.map((name) => ({ name, signal: name })),
    ...(picture ? { fields: [fieldAppearance(picture)] } : {}),
    extent: picture ? Math.max(...picture.size) + 2 * (picture.middle[0] + BASE_X) : EXTENT,
    ground: true,
    cameras: [
      picture
        ? { name: 'oblique', position: [0.6, -3.6, 3.4], target: [0.75, -0.2, 0.1] }
        : { name: 'oblique', position: [-0.55, -1.9, 2.1], target: [0.05, 0, 0.3] },
      { name: 'from above', position: [0, -0.01, 3], target: [0, 0, 0.4] },
      { name: 'downstream', position: [2.2, -0.5, 1.1], target: [-0.3, 0, 0.4] },
    ],
  };
}

/** Under the ray, on the floor. */
const fieldAppearance = ({ cells, size, middle }: FlowPicture): FieldAppearance => ({
  name: 'vorticity',
  unit: '1',
  cells,
  size,
  position: [BASE_X + middle[0], middle[1], 0.02],
  range: VORTICITY,
});

const base: BodyAppearance = {
  name: 'base',
  shapes: [
    {
      geometry: { type: 'cylinder', radius: 0.035, halfHeight: 0.26 },
      material: { color: color.base, metalness: 0.4 },
    },
    { geometry: { type: 'box', size: [0.08, 0.05, SPAN] }, material: { color: color.base, metalness: 0.4 } },
  ],
};

/** What the base slides along. */
const track: Shape = {
  geometry: { type: 'box', size: [0.04, 0.7, 0.03] },
  material: { color: color.track, metalness: 0.4 },
  position: [BASE_X, 0, HEIGHT + 0.26],
};

const linkAppearance = (link: number, links: number): BodyAppearance => {
  const [first, last] = THICKNESS;
  const thickness = first + ((last - first) * (link + 0.5)) / links;
  return {
    name: `link ${link}`,
    shapes: [
      // A little longer than it is, so that no gap shows where the ray bends.
      { geometry: { type: 'box', size: [1.03 / links, thickness, SPAN] }, material: { color: color.ray } },
    ],
  };
};

const tip: BodyAppearance = {
  name: 'tip',
  shapes: [
    {
      geometry: { type: 'capsule', radius: 0.01, halfHeight: SPAN / 2 - 0.01 },
      material: { color: color.tip },
    },
  ],
  trail: { seconds: 1.5, color: color.tip },
};

const moteShape: Shape = {
  geometry: { type: 'box', size: [0.09, 0.008, 0.008] },
  material: { color: color.mote, opacity: 0.8 },
};

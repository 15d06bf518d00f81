/** A run with every kind of shape, and frames that fit it. */
import fc from 'fast-check';
import { type Appearance, viewLayout } from '../../src/core/appearance.ts';
import type { ViewFrame } from '../../src/viewer/protocol.ts';

export const appearance: Appearance = {
  bodies: [
    {
      name: 'cart',
      shapes: [
        { geometry: { type: 'box', size: [1, 2, 3] }, material: { color: '#ff8000' }, position: [0, 0, 1] },
        { geometry: { type: 'sphere', radius: 0.5 }, material: { color: '#000000', opacity: 0.5 } },
        { geometry: { type: 'cylinder', radius: 0.1, halfHeight: 2 }, material: { color: '#ffffff' } },
      ],
    },
    {
      name: 'finger',
      shapes: [
        {
          // A quarter turn about y: its z axis points along x.
          geometry: { type: 'capsule', radius: 0.25, halfHeight: 2 },
          material: { color: '#000000' },
          position: [1, 0, 0],
          rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2],
          glow: { signal: 'touch', color: '#ff0000' },
        },
      ],
    },
  ],
  fixed: [
    { geometry: { type: 'ring', radius: 2, thickness: 0.1 }, material: { color: '#00ff00' } },
    {
      geometry: {
        type: 'line',
        points: [
          [0, 0, 0],
          [1, 0, 0],
        ],
      },
      material: { color: '#00ff00' },
    },
    {
      geometry: { type: 'mesh', vertices: [0, 0, 0, 1, 0, 0, 0, 1, 0], triangles: [0, 1, 2] },
      material: { color: '#0000ff' },
    },
  ],
  arrows: [{ name: 'wind', unit: 'm/s', color: '#00ffff', scale: 0.5 }],
  signals: ['rotor', 'touch'],
  extent: 4,
  ground: true,
  cameras: [{ name: 'near', position: [3, 0, 1], target: [0, 0, 0] }],
};

export const env = {
  rewardTerms: ['upright', 'effort'],
  observation: [{ name: 'position.x' }, { name: 'velocity.x' }, { name: 'angle' }],
  action: [{ name: 'force' }],
};

export const run = { env, appearance };

export const SCENES = 2;
export const layout = viewLayout(appearance);

const IDENTITY_ROW = new Float32Array(layout.size);
IDENTITY_ROW[6] = 1;
IDENTITY_ROW[13] = 1;

/** Bodies at the origin, no wind, no touch. */
export const still: ViewFrame = {
  step: 2,
  time: 0.02,
  age: 1,
  focus: 0,
  agent: 0,
  intervened: false,
  value: Number.NaN,
  reward: 1,
  rows: Float32Array.of(...IDENTITY_ROW, ...IDENTITY_ROW),
  action: Float32Array.of(0.5),
  obs: Float32Array.of(1, 2, 3),
  rewardTerms: Float32Array.of(1.5, -0.5),
  contacts: new Float32Array(0),
};

/** `still` with numbers of scene 0's row replaced from `at` on. */
export function withRow(at: number, values: readonly number[], changes: Partial<ViewFrame> = {}): ViewFrame {
  const rows = still.rows.slice();
  rows.set(values, at);
  return { ...still, ...changes, rows };
}

const floats = (length: number) =>
  fc
    .array(fc.float({ noDefaultInfinity: true, noNaN: true, min: -1e6, max: 1e6 }), {
      minLength: length,
      maxLength: length,
    })
    // JSON knows no negative zero.
    .map((values) => Float32Array.from(values, (value) => value + 0));

/** Any frame of the run. */
export const anyFrame: fc.Arbitrary<ViewFrame> = fc.record({
  step: fc.nat(),
  time: fc.double({ min: 0, max: 1e5, noNaN: true }),
  age: fc.nat(10_000),
  focus: fc.nat(SCENES - 1),
  agent: fc.nat(11),
  intervened: fc.boolean(),
  value: fc.oneof(fc.constant(Number.NaN), fc.double({ min: -1e3, max: 1e3, noNaN: true })),
  reward: fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((value) => value + 0),
  rows: floats(SCENES * layout.size),
  action: floats(env.action.length),
  obs: floats(env.observation.length),
  rewardTerms: floats(env.rewardTerms.length),
  contacts: floats(6),
});

/** JSON of a message. */
// biome-ignore lint/suspicious/noExplicitAny: what was decoded is checked field by field
export const decode = (data: Uint8Array | DataView<ArrayBuffer>): any =>
  JSON.parse(new TextDecoder().decode(data));

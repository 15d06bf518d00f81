/** Pictures of fin rays: spectra beside known sines, waveforms, and the drawing of the model. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finRay } from '../../robots/fin-ray/index.ts';
import { amplitudeSpectrum } from '../../scripts/bench/fin-compare/spectrum.ts';
import { drawWaveforms, upwardStroke } from '../../scripts/bench/fin-compare/waveforms.ts';
import { finRayDrawing } from '../../scripts/fin-ray-drawing.ts';
import { wellFormed } from '../support/svg.ts';

const TIMESTEP = 0.05;
const SAMPLES = 160;
const sampled = (of: (time: number) => number, count = SAMPLES): number[] =>
  Array.from({ length: count }, (_, i) => of(i * TIMESTEP));
const sine =
  (amplitude: number, frequency: number, phase = 0) =>
  (time: number) =>
    amplitude * Math.sin(2 * Math.PI * frequency * time + phase);

test('a spectrum has the amplitudes of the sines in a sum, and next to nothing between them', () => {
  const [slow, fast] = [sine(0.2, 1.2, 1), sine(0.01, 3.6)];
  const samples = sampled((time) => 3 + slow(time) + fast(time));
  const [none, first, between, second] = amplitudeSpectrum(samples, TIMESTEP, [0.02, 1.2, 2.4, 3.6]);
  expect(first).toBeCloseTo(0.2, 3);
  expect(second).toBeCloseTo(0.01, 4);
  expect(between).toBeLessThan(2e-4);
  expect(none).toBeLessThan(2e-4);
});

test('the amplitude of a sine does not hang on its phase, nor on whether whole periods are seen', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 6.28, noNaN: true }),
      fc.double({ min: -10, max: 10, noNaN: true }),
      (frequency, phase, mean) => {
        const samples = sampled((time) => mean + sine(1, frequency, phase)(time));
        expect(amplitudeSpectrum(samples, TIMESTEP, [frequency])[0]).toBeCloseTo(1, 1.7);
      },
    ),
  );
});

test('what is drawn begins where a stroke goes up, with enough left', () => {
  const wave = sampled(sine(1, 0.5, -0.3));
  const from = upwardStroke(wave, 80);
  expect(wave[from - 1]).toBeLessThan(0);
  expect(wave[from]).toBeGreaterThanOrEqual(0);
  expect(from).toBeLessThanOrEqual(SAMPLES - 81);
  expect(from).toBeGreaterThan(SAMPLES - 81 - 40);
  expect(
    upwardStroke(
      sampled(() => 1),
      80,
    ),
  ).toBe(SAMPLES - 81);
});

test('waveforms show what acts, the means of the forces, and the strongest frequency', () => {
  const figures = { objective: 1, thrust: 1.25, power: 5, efficiency: 0.25, failures: 0 };
  const waveformOf = (pitch: number) => ({
    time: sampled((time) => time + TIMESTEP, 249),
    heave: sampled(sine(0.125, 1), 249),
    pitch: sampled(sine(pitch, 1, 2), 249),
    tip: sampled(sine(0.4, 1), 249),
    c_T: sampled(() => 2, 249),
    c_P: sampled((time) => 4 + sine(1, 2)(time), 249),
  });
  const svg = drawWaveforms('Waves & forces', [
    { name: 'sinusoid', figures, waveform: waveformOf(Math.PI / 9) },
    { name: 'sac, seed 2', figures, waveform: waveformOf(Math.PI / 18) },
  ]);
  wellFormed(svg);
  const said = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
  expect(said).toContain('Waves &amp; forces');
  expect(said.filter((text) => text === 'C_T 1.25, C_P 5.00, efficiency 0.250')).toHaveLength(2);
  expect(said.filter((text) => text === '100 %: 0.125 L at 1.00 U/L')).toHaveLength(2);
  expect(said).toContain('100 %: 20.0° at 1.00 U/L');
  expect(said).toContain('100 %: 10.0° at 1.00 U/L');
  expect(said.filter((text) => text === 'mean 2.00')).toHaveLength(2);
  expect(said).toContain('heave (L)');
  expect(said.join()).not.toContain('offset');
  // Heave, pitch, c_T and c_P over time, and two spectra, in each column.
  expect(svg.match(/class="s0 line"/g)).toHaveLength(6);
  expect(svg.match(/class="s1 line"/g)).toHaveLength(6);
});

test('the drawing of the model has its links, joints, limits and numbers', () => {
  const svg = finRayDrawing();
  wellFormed(svg);
  expect(svg.match(/class="s1 link"/g)).toHaveLength(finRay.links);
  // Spirals at the joints, and the seams of the side view.
  expect(svg.match(/class="s1 line thin"/g)).toHaveLength(finRay.links + finRay.links - 1);
  for (const told of [
    'at most ±0.25 L',
    'at most ±30°',
    'at most ±0.5;',
    `L/${finRay.links}`,
    'b = 0.5 L',
    '1.32',
  ])
    expect(svg).toContain(told);
});

test('the ray is drawn as long as it is, a link after the other', () => {
  const links = [...finRayDrawing().matchAll(/class="s1 link" d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/g)];
  const lengths = links.map(([, x0, y0, x1, y1]) =>
    Math.hypot(Number(x1) - Number(x0), Number(y1) - Number(y0)),
  );
  // 480 pixels a length, of which the ends of each link are hidden by its joints.
  for (const length of lengths) expect(length).toBeCloseTo((0.68 * 480) / finRay.links, 0);
});

/** What is capped and guessed, and that it is told. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/physics/urdf/findings.ts';
import { accepted, hinge, readText, readTwoFinger } from './files.ts';

const told = (findings: readonly Finding[], wanted: Finding['kind']): string[] =>
  findings.filter(({ kind }) => kind === wanted).map(({ label, text }) => `${label}: ${text}`);

const named = (name: string): string =>
  hinge({ limit: '<limit lower="-1" upper="1" effort="10" velocity="3"/>' }).replace('"test"', `"${name}"`);

describe('limits', () => {
  it.each([
    ['allegro_hand_right', 0.5],
    ['LEAP Hand', 0.22],
    ['shadow', 10],
  ])('caps placeholders of files that are known: %s at %d N·m', async (name, most) => {
    const reading = await readText(named(name));
    expect(accepted(reading).joints[0]!.maxEffort).toBe(most);
    const capped = most < 10 ? [`<joint "hinge"> <limit>: effort 10 N·m is capped at ${most} N·m.`] : [];
    expect(told(reading.findings, 'capped')).toEqual(capped);
  });

  it('caps as the options say, one joint before all', async () => {
    const { robot, findings } = await readTwoFinger({ maxEffort: { '*': 0.45, 10: 0.6 } });
    expect(robot!.joints.map(({ maxEffort }) => maxEffort)).toEqual([0.6, 0.45, 0.4, 0.45, 0.45]);
    expect(told(findings, 'capped')).toEqual([
      '<joint "10"> <limit>: effort 10 N·m is capped at 0.6 N·m.',
      '<joint "2"> <limit>: effort 0.5 N·m is capped at 0.45 N·m.',
      '<joint "spin">: effort Infinity N·m is capped at 0.45 N·m.',
      '<joint "slide"> <limit>: effort 25 N is capped at 0.45 N.',
    ]);
  });

  it('says which hinges the engine damps more than the file', async () => {
    const { findings } = await readTwoFinger();
    expect(told(findings, 'limited')).toEqual([
      '<robot "two_finger">: the engine damps every hinge by 0.1 N·m·s/rad, and these are to have less: 2 (0.001), 1 (0), spin (0).',
      '<robot "two_finger">: 2 collision meshes touch by their convex hulls: hollows of theirs are filled.',
    ]);
  });

  it('says of an effort of 0 that nothing holds the joint', async () => {
    const limit = '<limit lower="-1" upper="1" effort="0" velocity="3"/>';
    const { findings } = await readText(hinge({ limit }));
    expect(told(findings, 'limited')).toContain(
      '<joint "hinge"> <limit>: effort 0 N·m: no motor can move or hold it.',
    );
  });

  it('gives a moving link that says nothing the least that the engine moves steadily', async () => {
    const reading = await readTwoFinger();
    expect(accepted(reading).links[2]!.inertia).toEqual({
      mass: 0.005,
      centre: [0, 0, 0],
      rotation: [0, 0, 0, 1],
      moments: [2e-6, 2e-6, 2e-6],
    });
    expect(told(reading.findings, 'guessed')).toEqual([
      '<link "index_distal">: has no <inertial>: 0.005 kg and 0.000002 kg·m² about each axis are taken.',
    ]);
  });

  it('draws a colour that nothing says in grey, and offers the nearest name', async () => {
    const shape = (material: string) =>
      `<visual><geometry><sphere radius="1"/></geometry>${material}</visual>`;
    const link =
      shape('<material name="steal"/>') + shape('<material name="steel"><color rgba="0 0 1 1"/></material>');
    const { robot, findings } = await readText(hinge({ link }));
    expect(robot!.links[1]!.visuals.map(({ material }) => material.color)).toEqual(['#a8adb3', '#0000ff']);
    expect(told(findings, 'guessed')[0]).toBe(
      '<link "arm"> <visual> <material "steal">: nothing says which colour that is; it is drawn grey. Did you mean "steel"?',
    );
  });
});

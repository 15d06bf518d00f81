/** What is read of a URDF file, tag by tag. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Findings } from '../../../src/physics/urdf/findings.ts';
import { parseUrdf } from '../../../src/physics/urdf/parse.ts';
import { accepted, hinge, readText, readTwoFinger, robotOf } from './files.ts';
import { print, trees } from './trees.ts';

/** Without where things stand, which is of the text. */
const content = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === 'line' || key === 'label' ? undefined : part)));

describe('reading URDF', () => {
  it('reads what was printed as it was', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const findings = new Findings();
        const read = parseUrdf(print(tree), findings);
        expect(findings.list).toEqual([]);
        expect(content(read)).toEqual(content(tree));
      }),
    );
  });

  it('reads links, shapes and colours of a file with every tag', async () => {
    const { links } = accepted(await readTwoFinger());
    expect(links.map(({ name }) => name)).toEqual([
      'wrist',
      'index_proximal',
      'index_distal',
      'thumb',
      'rotor',
      'slider',
    ]);
    const [wrist, index] = links;
    expect(wrist!.frames.map(({ name }) => name)).toEqual(['palm', 'bracket', 'camera']);
    expect(wrist!.collisions.map(({ geometry }) => geometry)).toEqual([
      { type: 'box', size: [0.09, 0.084, 0.024] },
      { type: 'cylinder', radius: 0.01, halfHeight: 0.015 },
      { type: 'sphere', radius: 0.012 },
    ]);
    expect(wrist!.visuals).toMatchObject([{ geometry: { type: 'mesh' }, material: { color: '#336699' } }]);
    expect(index!.visuals[0]!.material).toEqual({ color: '#ffcc99', opacity: 0.5 });
  });

  it('reads joints in the order of the tree and the file, whatever their names', async () => {
    const { joints } = accepted(await readTwoFinger());
    expect(joints.map(({ name, kind, parent }) => [name, kind, parent])).toEqual([
      ['10', 'revolute', 0],
      ['2', 'revolute', 1],
      ['1', 'revolute', 0],
      ['spin', 'continuous', 0],
      ['slide', 'prismatic', 4],
    ]);
    const [first, , thumb, spin, slide] = joints;
    expect(first).toMatchObject({ range: [-0.35, 0.35], maxSpeed: 8.48, damping: 0.2, friction: 0.01 });
    expect(thumb!.mimic).toEqual({ joint: 1, multiplier: 1.0585, offset: 0.2 });
    expect(spin).toMatchObject({ axis: [0, 1, 0], range: [-Infinity, Infinity], maxEffort: Infinity });
    expect(slide).toMatchObject({ range: [-0.01, 0.04], maxEffort: 25, maxSpeed: 0.1 });
  });

  it('says what plays no part, a line for each tag', async () => {
    const { findings } = await readTwoFinger();
    const ignored = findings.filter(({ kind }) => kind === 'ignored');
    expect(ignored.map(({ line, label, text }) => `${line} ${label}: ${text}`)).toEqual([
      '26 <link "palm"> <visual>: "package://two_finger/meshes/cover.glb" is not drawn: of meshes, obj and stl are read.',
      '66 <joint "10"> <safety_controller>: plays no part here.',
      '67 <joint "10"> <calibration>: plays no part here.',
      '68 <joint "10"> <joint_properties>: plays no part here.',
      '147 <transmission "index_transmission">: plays no part here.',
      '152 <gazebo>: plays no part here; <gazebo> stands there 2 times.',
      '154 <sensor "eye">: plays no part here.',
    ]);
  });

  it('tells lines by line breaks of every kind, after letters of several bytes', async () => {
    const text = robotOf('<!-- ä€😀 -->', '<link name="é"/>', '<link name="ß"/>').replaceAll('\n', '\r\n');
    const { findings } = await readText(`\uFEFF${text}`);
    expect(findings).toMatchObject([{ line: 4, label: '<link "ß">' }]);
  });

  it('takes what the specification says where nothing is said', async () => {
    const robot = accepted(await readText(hinge({ joint: '<mimic joint="b"/>', rest: slide })));
    const [first, second] = robot.joints;
    expect(first).toMatchObject({
      damping: 0,
      friction: 0,
      origin: { position: [0, 0, 0], rotation: [0, 0, 0, 1] },
    });
    expect(first!.mimic).toEqual({ joint: 1, multiplier: 1, offset: 0 });
    expect(second!.axis).toEqual([1, 0, 0]);
  });
});

const slide = `<joint name="b" type="continuous"><parent link="base"/><child link="c"/></joint><link name="c"/>`;

/** Every file that is no robot, with the line, the element, what is wrong and what to do. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, ProprioError } from '../../../src/core/errors.ts';
import { loadUrdf, readUrdf } from '../../../src/physics/urdf/load.ts';
import { parseUrdfOptions } from '../../../src/physics/urdf/options.ts';
import { hinge, readFile, readText, robotOf, twoFinger } from './files.ts';

const joint = (name: string, parent: string, child: string, type = 'fixed'): string =>
  `<joint name="${name}" type="${type}"><parent link="${parent}"/><child link="${child}"/></joint>`;

const inertial = (mass: string, [ixx, iyy, izz]: readonly string[], ixy = '0'): string =>
  `<inertial><mass value="${mass}"/><inertia ixx="${ixx}" ixy="${ixy}" ixz="0" iyy="${iyy}" iyz="0" izz="${izz}"/></inertial>`;

const one = ['1', '1', '1'];
const collision = (geometry: string): string => `<collision><geometry>${geometry}</geometry></collision>`;
const limit = (lower: string, upper: string): string =>
  `<limit lower="${lower}" upper="${upper}" effort="1" velocity="1"/>`;

/** What is wrong, the file, and each line of what is said of it. */
const refusals: readonly (readonly [what: string, text: string, ...said: string[]])[] = [
  ['no XML', robotOf('<link name="a">'), '3 <xml>: this is no XML: Missing end tag for element link'],
  ['elements without end', '<robot>'.repeat(100_000), '1 <xml>: its elements stand too deep in each other'],
  ['nothing', '', '1 <xml>: this is no XML'],
  ['another format', '<sdf version="1.9"/>', '1 <sdf>: is not <robot>. This is SDF; convert it to URDF.'],
  ['MJCF', '<mujoco/>', '1 <mujoco>: is not <robot>. This is MJCF, the format of MuJoCo'],
  [
    'xacro as an element',
    robotOf('<link name="a"/>', '<xacro:finger/>'),
    '3 <xacro:finger>: is xacro, the macro language of ROS; expand it first: xacro robot.xacro > robot.urdf',
  ],
  ['xacro in an attribute', robotOf('<link name="$(arg side)"/>'), '2 <link "$(arg side)">: is xacro'],
  ['no links', '<robot name="a"/>', '1 <robot "a">: has no links.'],
  ['no name', robotOf('<link/>'), '2 <link>: has no name; write name="…".'],
  [
    'two links of a name',
    robotOf('<link name="a"/>', '<link name="a"/>'),
    '3 <link "a">: is the second link of that name after line 2; rename one of them.',
  ],
  [
    'two joints of a name',
    robotOf('<link name="a"/><link name="b"/><link name="c"/>', joint('j', 'a', 'b'), joint('j', 'a', 'c')),
    '4 <joint "j">: is the second joint of that name after line 3',
  ],
  [
    'an unknown joint type',
    robotOf('<link name="a"/><link name="b"/>', joint('j', 'a', 'b', 'revolut')),
    '3 <joint "j">: joints of type "revolut" are not supported. Did you mean "revolute"?',
  ],
  [
    'a planar joint',
    robotOf('<link name="a"/><link name="b"/>', joint('j', 'a', 'b', 'planar')),
    '3 <joint "j">: joints of type "planar" are not supported: two slides (prismatic) and a revolute joint',
  ],
  [
    'a floating joint',
    robotOf('<link name="a"/><link name="b"/>', joint('j', 'a', 'b', 'floating')),
    '3 <joint "j">: joints of type "floating" are not supported: leave it and what it hangs on out',
  ],
  [
    'a joint without an end',
    robotOf('<link name="a"/>', '<joint name="j" type="fixed"><parent link="a"/></joint>'),
    '3 <joint "j">: has no <child>; write <child link="…"/>.',
  ],
  [
    'a link that there is not',
    robotOf('<link name="palm"/><link name="finger"/>', joint('j', 'pam', 'finger')),
    '3 <joint "j">: has the parent "pam", which is no link of this robot. Did you mean "palm"?',
  ],
  [
    'a joint from a link to itself',
    robotOf('<link name="a"/>', joint('j', 'a', 'a')),
    '3 <joint "j">: joins "a" with itself; give it another parent.',
  ],
  [
    'two parents, as in a closed loop',
    robotOf(
      '<link name="a"/><link name="b"/><link name="c"/>',
      joint('p', 'a', 'b'),
      joint('q', 'a', 'c'),
      joint('r', 'b', 'c'),
    ),
    '5 <joint "r">: gives "c" a second parent beside joint "q" (line 4). Closed loops are not supported',
  ],
  [
    'a cycle beside a root',
    robotOf(
      '<link name="a"/>',
      '<link name="b"/><link name="c"/>',
      joint('p', 'b', 'c'),
      joint('q', 'c', 'b'),
    ),
    '3 <link "b">: hangs on itself: b → c → b. Leave one of these joints out.',
  ],
  [
    'a cycle of everything',
    robotOf('<link name="b"/><link name="c"/>', joint('p', 'b', 'c'), joint('q', 'c', 'b')),
    '2 <link "b">: hangs on itself: b → c → b.',
  ],
  [
    'two trees',
    robotOf('<link name="a"/>', '<link name="b"/>'),
    '3 <link "b">: hangs on nothing, and neither does "a": join them, so that all links are one tree.',
  ],
  [
    'a number that is none',
    hinge({ joint: '<origin xyz="0 nan 0"/>' }),
    '4 <joint "hinge"> <origin>: has xyz="0 nan 0", and "nan" is no finite number.',
  ],
  [
    'a number out of reach',
    hinge({ joint: '<origin xyz="0 1e999 0"/>' }),
    '4 <joint "hinge"> <origin>: has xyz="0 1e999 0", and "1e999" is no finite number.',
  ],
  [
    'two numbers for three',
    hinge({ joint: '<origin rpy="0 0"/>' }),
    '4 <joint "hinge"> <origin>: has rpy="0 0", where 3 numbers are needed, in SI units.',
  ],
  [
    'an axis of no length',
    robotOf(
      '<link name="a"/><link name="b"/>',
      '<joint name="j" type="continuous"><parent link="a"/><child link="b"/>',
      '<axis xyz="0 0 0"/></joint>',
    ),
    '4 <joint "j"> <axis>: has length 0, so it has no direction; along z it is xyz="0 0 1".',
  ],
  [
    'no limit',
    hinge({ limit: '' }),
    '3 <joint "hinge">: is revolute and has no <limit>; write <limit lower=',
  ],
  [
    'limits upside down',
    hinge({ limit: limit('1', '-1') }),
    '4 <joint "hinge"> <limit>: is upside down: lower 1 is above upper -1. Exchange them.',
  ],
  [
    'limits that leave no room',
    hinge({ limit: '<limit effort="1" velocity="1"/>' }),
    '4 <joint "hinge"> <limit>: leaves no room: lower and upper are 0. If it does not move, make it fixed.',
  ],
  [
    'a limit without effort, and a speed below 0',
    hinge({ limit: '<limit lower="0" upper="1" velocity="-1"/>' }),
    '4 <joint "hinge"> <limit>: has no effort, where one number is needed, in SI units.',
  ],
  [
    'a speed below 0',
    hinge({ limit: '<limit lower="0" upper="1" effort="1" velocity="-1"/>' }),
    '4 <joint "hinge"> <limit>: has velocity="-1"; it is a magnitude, 0 or more.',
  ],
  [
    'friction that drives',
    hinge({ joint: '<dynamics friction="-1"/>' }),
    '4 <joint "hinge"> <dynamics>: has friction="-1", which would drive the joint; 0 or more.',
  ],
  [
    'a mimic of a joint that there is not',
    hinge({ joint: '<mimic joint="hing"/>' }),
    '4 <joint "hinge"> <mimic>: follows "hing", which is no joint that moves. Did you mean "hinge"?',
  ],
  [
    'a mimic of itself',
    hinge({ joint: '<mimic joint="hinge"/>' }),
    '4 <joint "hinge"> <mimic>: follows itself: hinge → hinge. One of them has to be free.',
  ],
  [
    'no mass',
    hinge({ link: inertial('0', one) }),
    '5 <link "arm"> <inertial> <mass>: has value="0"; it has to be more than 0.',
  ],
  [
    'a negative mass, and a joint that is wrong as well',
    hinge({ link: inertial('-2', one), limit: '' }),
    '3 <joint "hinge">: is revolute and has no <limit>',
    '5 <link "arm"> <inertial> <mass>: has value="-2"; it has to be more than 0.',
  ],
  [
    'an inertia that is not positive',
    hinge({ link: inertial('1', ['1', '1', '-1']) }),
    '5 <link "arm"> <inertial> <inertia>: is not positive: its principal moments are -1.00, 1.00, 1.00 kg·m².',
  ],
  [
    'an inertia that no body can have',
    hinge({ link: inertial('1', ['1', '1', '3']) }),
    '5 <link "arm"> <inertial> <inertia>: no body can have it: of its principal moments 1.00, 1.00, 3.00 kg·m²',
  ],
  [
    'an inertial without inertia',
    hinge({ link: '<inertial><mass value="1"/></inertial>' }),
    '5 <link "arm"> <inertial>: has no <inertia>; give it, or leave the whole <inertial> out.',
  ],
  [
    'a box that is inside out',
    hinge({ link: collision('<box size="1 -1 1"/>') }),
    '5 <link "arm"> <collision> <geometry> <box>: has size="1 -1 1"; it has to be more than 0.',
  ],
  [
    'a shape that is not known',
    hinge({ link: collision('<capsul radius="1"/>') }),
    '5 <link "arm"> <collision> <geometry>: has a <capsul>, which is not known; a geometry is one of box, sphere',
  ],
  [
    'a collision without a shape',
    hinge({ link: '<collision/>' }),
    '5 <link "arm"> <collision>: says nothing; a geometry is one of box, sphere, cylinder, mesh.',
  ],
  [
    'a colour beyond white',
    hinge({
      link: '<visual><geometry><sphere radius="1"/></geometry><material name="m"><color rgba="2 0 0 1"/></material></visual>',
    }),
    '5 <link "arm"> <visual> <material "m"> <color>: has rgba="2 0 0 1"; all four are from 0 to 1.',
  ],
];

describe('URDF files that are no robots', () => {
  it.each(refusals)('%s', async (_, text, ...said) => {
    const { robot, findings } = await readText(text);
    const refused = findings.filter(({ kind }) => kind === 'refused');
    expect(robot).toBeUndefined();
    const told = refused.map(({ line, label, text }) => `${line} ${label}: ${text}`);
    expect(told.map((text, i) => text.slice(0, said[i]?.length))).toEqual(said);
  });

  it('throws one error that says all of it, with the file', async () => {
    const text = hinge({ link: inertial('-2', one), limit: limit('1', '0') });
    const loading = loadUrdf({ path: 'robots/test.urdf', text, read: async () => undefined });
    await expect(loading).rejects.toThrow(ProprioError);
    await expect(loading).rejects.toThrow(
      'robots/test.urdf:4 <joint "hinge"> <limit>: is upside down: lower 1 is above upper 0. Exchange them.',
    );
    await expect(loading).rejects.toThrow(
      'robots/test.urdf:5 <link "arm"> <inertial> <mass>: has value="-2"',
    );
  });
});

describe('whatever a file holds', () => {
  it('is a robot or refused, and nothing is thrown', async () => {
    const whole = readFileSync(twoFinger, 'utf8');
    const damage = fc.record({
      from: fc.nat(whole.length),
      length: fc.nat(200),
      put: fc.oneof(
        fc.constant(''),
        fc.string(),
        fc.constantFrom('0', '-1', 'nan', '"', '/>', '<link name="palm"/>', 'palm', 'thumb', 'type="fixed"'),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const text = damages.reduce(
          (text, { from, length, put }) => text.slice(0, from) + put + text.slice(from + length),
          whole,
        );
        const { robot, findings } = await readUrdf({ path: twoFinger, text, read: readFile });
        expect(robot === undefined).toBe(findings.some(({ kind }) => kind === 'refused'));
      }),
      { numRuns: 200 },
    );
  });
});

describe('options beside a URDF file', () => {
  it.each([
    ['{', 'hand.json is no JSON: '],
    ['[1]', 'hand.json has to hold an object, such as {"maxEffort": {"*": 0.7}}.'],
    ['{"pasing": []}', 'Unknown setting "hand.json.pasing". Did you mean "passing"?'],
    ['{"maxEffort": {"*": -1}}', 'Setting hand.json.maxEffort.*=-1: too small'],
  ])('refuses %s', (text, said) => {
    expect(() => parseUrdfOptions(text, 'hand.json')).toThrow(ConfigurationError);
    expect(() => parseUrdfOptions(text, 'hand.json')).toThrow(said);
  });

  it('refuses names that the robot does not have', async () => {
    const { robot, findings } = await readText(hinge({}), {
      passing: [['base', 'arn']],
      maxEffort: { hing: 1 },
    });
    expect(robot).toBeUndefined();
    expect(findings.filter(({ kind }) => kind === 'refused').map(({ text }) => text)).toEqual([
      'the options limit the effort of "hing", which is no joint of it. Did you mean "hinge"?',
      'the option "passing" names "arn", which is no link of it. Did you mean "arm"?',
    ]);
  });
});

/** One defect at a time in how an environment looks, and the problem that `checkEnv` names. */
import { describe, expect, test } from 'vitest';
import type { Appearance, BodyAppearance, EnvView, Geometry, Shape } from '../../src/core/appearance.ts';
import { checkEnv } from '../../src/core/check-env.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { broken, expectProblems, type ProblemCase } from '../support/broken-env.ts';
import { TOY_STEPS, toyEnv, toyTask } from '../support/toy-env.ts';
import { toyAppearance, toyRow, toyView } from '../support/toy-view.ts';
import { teamView } from '../viewer/team-view.ts';

const SCENES = 4;

/** The toy environment, of which a view with `changes` is seen. */
function seen(changes: Partial<EnvView>): VectorEnv {
  const { env } = toyView(SCENES, { spec: toyEnv(1).spec });
  return broken({ view: { ...env.view!, ...changes } }, env);
}
const looking = (changes: Partial<Appearance>): VectorEnv =>
  seen({ appearance: { ...toyAppearance, ...changes } });
const withBall = (changes: Partial<BodyAppearance>): VectorEnv =>
  looking({ bodies: toyAppearance.bodies.map((body, i) => (i === 0 ? { ...body, ...changes } : body)) });
const withShape = (changes: Partial<Shape>): VectorEnv =>
  withBall({ shapes: [{ ...toyAppearance.bodies[0]!.shapes[0]!, ...changes }] });
const shaped = (geometry: Geometry): VectorEnv => withShape({ geometry });
const [camera] = toyAppearance.cameras;

/** A word for each age that a toy is seen at. */
const numerals = ['none', 'one', 'two', 'three', 'four', 'five'];

test('a good view has no problems', () => {
  expect(checkEnv(seen({}))).toEqual([]);
  const readouts = [
    { name: 'age in words', signal: 'age', words: numerals },
    { name: 'age', signal: 'age', unit: 's' as const },
  ];
  expect(checkEnv(looking({ readouts }))).toEqual([]);
});

test('a team is drawn, and pushed by nothing, once for each episode', () => {
  const { env, asked } = teamView(2, TOY_STEPS);
  expect(checkEnv(env)).toEqual([]);
  for (const scenes of [asked.draw, asked.contacts, asked.push])
    expect(new Set(scenes)).toEqual(new Set([0, 1]));
});

describe('what a view says of itself', () => {
  const cases: ProblemCase[] = [
    ['appearance', /one camera at least/, looking({ cameras: [] as never })],
    ['appearance', /bodies have two called "shadow"/, withBall({ name: 'shadow' })],
    ['appearance', /bodies have one without a name/, withBall({ name: '' })],
    [
      'appearance',
      /joint "hinge" refers to a body "door"; there are: ball, shadow\./,
      looking({ joints: [{ name: 'hinge', body: 'door', position: [0, 0, 0], axis: [0, 0, 1] }] }),
    ],
    [
      'appearance',
      /joint "hinge" has the axis \(0,0,2\); its length must be 1/,
      looking({ joints: [{ name: 'hinge', body: 'ball', position: [0, 0, 0], axis: [0, 0, 2] }] }),
    ],
    [
      'appearance',
      /camera "front" refers to a body "sun"/,
      looking({ cameras: [{ ...camera, follow: 'sun' }] }),
    ],
    [
      'appearance',
      /camera "front" looks at where it stands/,
      looking({ cameras: [{ ...camera, target: camera.position }] }),
    ],
    [
      'appearance',
      /shape 0 of "ball" refers to a signal "rpm"; there are: age\..*write it in draw/,
      withShape({ spin: { signal: 'rpm', rate: 1 } }),
    ],
    [
      'appearance',
      /shape 0 of "ball" is a sphere of -1 m; every length must be positive/,
      shaped({ type: 'sphere', radius: -1 }),
    ],
    ['appearance', /is a box of 1 × 0 × 1 m/, shaped({ type: 'box', size: [1, 0, 1] })],
    ['appearance', /is a line of less than two points/, shaped({ type: 'line', points: [[0, 0, 0]] })],
    [
      'appearance',
      /do not come in threes/,
      shaped({ type: 'mesh', vertices: [0, 0, 0, 1], triangles: [0, 0, 0] }),
    ],
    [
      'appearance',
      /a mesh of 1 vertices, and a triangle refers to 1/,
      shaped({ type: 'mesh', vertices: [0, 0, 0], triangles: [0, 0, 1] }),
    ],
    ['appearance', /has the rotation \(0,0,0,2\); a quaternion/, withShape({ rotation: [0, 0, 0, 2] })],
    [
      'appearance',
      /has the color orange; it must look like #/,
      withShape({ material: { color: 'orange' as never } }),
    ],
    [
      'appearance',
      /has the opacity 2; it goes from 0 to 1/,
      withShape({ material: { color: '#ffffff', opacity: 2 } }),
    ],
    ['appearance', /body "ball" has a mass of 0 kg/, withBall({ mass: 0 })],
    [
      'appearance',
      /collider 0 of "ball" is a capsule of 0\.1 × 0 m/,
      withBall({ colliders: [{ geometry: { type: 'capsule', radius: 0.1, halfHeight: 0 } }] }),
    ],
    [
      'appearance',
      /read-out "turn" refers to a signal "server"; there are: age\..*write it in draw/,
      looking({ readouts: [{ name: 'turn', signal: 'server', words: ['left', 'right'] }] }),
    ],
    [
      'appearance',
      /readouts have two called "age"/,
      looking({ readouts: ['age', 'age'].map((name) => ({ name, signal: 'age' })) }),
    ],
    [
      'appearance',
      /read-out "age" has words and a unit/,
      looking({ readouts: [{ name: 'age', signal: 'age', unit: 's', words: numerals }] }),
    ],
    ['appearance', /extent is 0; it must be the edge/, looking({ extent: 0 })],
  ];
  test.each(cases)('%s: %s', (rules, message, subject) => expectProblems(rules, message, subject));
});

describe('what is written when it is drawn', () => {
  const { draw } = toyView(1).env.view!;
  const drawing = (change: (row: Float32Array) => void): VectorEnv =>
    seen({
      draw(_, row) {
        draw(0, row);
        change(row);
      },
    });
  const cases: ProblemCase[] = [
    [
      'view-row',
      /draw\(\) left the pose of "ball" at NaN in scene 0 after reset\(1\)/,
      drawing((row) => row.fill(Number.NaN, 1, 2)),
    ],
    [
      'view-row',
      /draw\(\) left signal "age" at Infinity/,
      drawing((row) => row.fill(Number.POSITIVE_INFINITY, toyRow.signals)),
    ],
    [
      'view-row',
      /gave "shadow" the rotation \(0, 0, 0, 0\), of length 0/,
      drawing((row) => row.fill(0, 10, 14)),
    ],
    [
      'view-row',
      /gave read-out "age" the value 3 in scene \d at step 3 after reset\(1\), and its words are for 0 to 2/,
      looking({ readouts: [{ name: 'age', signal: 'age', words: numerals.slice(0, 3) }] }),
    ],
    [
      'view-row',
      /gave read-out "age" the value 0\.5/,
      seen({
        appearance: { ...toyAppearance, readouts: [{ name: 'age', signal: 'age', words: numerals }] },
        draw(_, row) {
          draw(0, row);
          row[toyRow.signals] = 0.5;
        },
      }),
    ],
    ['view-contacts', /contacts\(\) returned 5 numbers/, seen({ contacts: () => new Float32Array(5) })],
    [
      'crash',
      /view\.draw\(\) in scene 0 after reset\(1\) threw: Error: no picture\./,
      seen({
        draw: () => {
          throw new Error('no picture');
        },
      }),
    ],
  ];
  test.each(cases)('%s: %s', (rules, message, subject) => expectProblems(rules, message, subject));
});

describe('looking, and pushing by nothing', () => {
  const noContacts = new Float32Array(0);
  /** A toy whose ball is moved by a hundredth wherever `view` says `nudge`. */
  function meddling(view: (nudge: (scene: number) => void) => Partial<EnvView>): VectorEnv {
    const task = toyTask(SCENES);
    const x = task.state[2] as Float32Array;
    const still = toyView(1).env.view!;
    const changes = view((scene) => {
      x[scene]! += 0.01;
    });
    return createVectorEnv({
      ...task,
      view: {
        ...still,
        draw: (_, row) => still.draw(0, row),
        contacts: () => noContacts,
        push() {},
        ...changes,
      },
    });
  }
  test('that changes nothing is fine', () => {
    expect(checkEnv(meddling(() => ({})))).toEqual([]);
  });

  test.each<ProblemCase>([
    [
      'view-disturbs',
      /When scenes had been drawn.*observation "x" \[m\] of scene \d was .* Let draw\(\) and contacts\(\) only read/,
      meddling((nudge) => ({
        contacts(scene) {
          nudge(scene);
          return noContacts;
        },
      })),
    ],
    [
      'view-disturbs',
      /A push of 0 N, which lets go, made the same actions lead elsewhere/,
      meddling((nudge) => ({ push: nudge })),
    ],
  ])('%s: %s', (rules, message, subject) => expectProblems(rules, message, subject));
});

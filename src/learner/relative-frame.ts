/**
 * An agent that sees and acts in the frame of a body, such as a wrist: what it learns at one place holds at others, and
 * whichever way the body is turned (SERL, arXiv:2401.16013, section IV; relative observation and action frames). What is
 * stored, recorded and exported stays in the scene's frame.
 *
 * By their names and units: `….x`, `.y`, `.z` in metres are a place, in other units a vector of the scene's frame, `.x` and
 * `.y` alone a place on the ground, `….rotation.xx` to `.zy` the first two columns of a rotation; `….from-…` is in another
 * frame already. Of the body itself there is its height left, and which way down is.
 *
 * Shapes: N rows, O observed components, A components of an action, H steps of a plan.
 */
import { ConfigurationError } from '../core/errors.ts';
import { type Component, type Space, space, symmetric, vector } from '../core/space.ts';
import { type Tensor, tf } from '../tensor/index.ts';
import type { BatchTensors, OffPolicyDefinition, OffPolicyMaths, Tensors } from './definition.ts';

/** The body's axes in the scene's frame, and where it is: `[N, 3]` each. */
interface Frame {
  readonly axes: readonly [Tensor, Tensor, Tensor];
  readonly origin: Tensor;
}

/** Neighbouring components that are turned into others together. */
interface Piece {
  readonly components: readonly Component[];
  /** @param columns of the piece, `[N, …]` */
  apply(columns: Tensor, frame: Frame): Tensor;
  /** Components that it takes. */
  readonly size: number;
}

const ROTATION = ['xx', 'yx', 'zx', 'xy', 'yy', 'zy'];

/** @param body as observations name it */
export const inFrameOf = (agent: OffPolicyDefinition, body: string): OffPolicyDefinition => ({
  ...agent,
  build(spaces, settings) {
    const { observation, action } = spaces;
    const pose = poseOf(observation, body);
    const seen = piecesOf(observation, body);
    const done = piecesOf(action, body);
    const inside = space(...seen.map(({ components }) => components));
    const maths = agent.build({ ...spaces, observation: inside }, settings);
    const look = (obs: Tensor, frame: Frame): Tensor => changed(seen, obs, frame);
    return turned(maths, {
      frameOf: (obs) => frameOf(obs, pose),
      look,
      toBody: (actions, frame) => eachStep(actions, action.size, (step) => changed(done, step, frame)),
      toScene: (actions, frame) =>
        eachStep(actions, action.size, (step) => changed(done, step, inverse(frame))),
    });
  },
});

interface Change {
  frameOf(obs: Tensor): Frame;
  look(obs: Tensor, frame: Frame): Tensor;
  toBody(actions: Tensor, frame: Frame): Tensor;
  toScene(actions: Tensor, frame: Frame): Tensor;
}

function turned(maths: OffPolicyMaths, { frameOf, look, toBody, toScene }: Change): OffPolicyMaths {
  const { value } = maths;
  return {
    ...maths,
    policy(state, obs, noise) {
      const frame = frameOf(obs);
      return toScene(maths.policy(state, look(obs, frame), noise), frame);
    },
    ...(value && {
      value(state: Tensors, obs: Tensor, action: Tensor) {
        const frame = frameOf(obs);
        return value(state, look(obs, frame), toBody(action, frame));
      },
    }),
    update(state, batch, noise, progress) {
      const frame = frameOf(batch.obs);
      const seen: BatchTensors = {
        ...batch,
        obs: look(batch.obs, frame),
        nextObs: look(batch.nextObs, frameOf(batch.nextObs)),
        action: toBody(batch.action, frame),
        ...(batch.plan && { plan: toBody(batch.plan, frame) }),
      };
      return maths.update(state, seen, noise, progress);
    },
  };
}

/** @throws ConfigurationError where no pose of it is observed @returns columns of its place and of its rotation */
function poseOf({ components }: Space, body: string): { readonly place: number; readonly rotation: number } {
  const place = components.findIndex(({ name }) => name === `${body}.x`);
  const rotation = components.findIndex(({ name }) => name === `${body}.rotation.xx`);
  if (place >= 0 && rotation >= 0) return { place, rotation };
  const poses = components.flatMap(({ name }) => /^(.*)\.rotation\.xx$/.exec(name)?.[1] ?? []);
  throw new ConfigurationError(
    `Setting training.inFrameOf=${body}: its place and rotation are not observed${poses.length > 0 ? `; those of ${poses.join(', ')} are` : ''}.`,
  );
}

function frameOf(obs: Tensor, { place, rotation }: { place: number; rotation: number }): Frame {
  const three = (column: number): Tensor => tf.slice(obs, [0, column], [-1, 3]);
  const [x, y] = [three(rotation), three(rotation + 3)];
  return { axes: [x, y, cross(x, y)], origin: three(place) };
}

/** The other way: axes of the scene in the body's frame. Places are not changed back. */
const inverse = ({ axes, origin }: Frame): Frame => ({
  axes: [0, 1, 2].map((row) =>
    tf.concat(
      axes.map((axis) => tf.slice(axis, [0, row], [-1, 1])),
      1,
    ),
  ) as unknown as Frame['axes'],
  origin,
});

function cross(a: Tensor, b: Tensor): Tensor {
  // (y, z, x) and (z, x, y) of each.
  const from = (tensor: Tensor, first: number): Tensor =>
    tf.concat(
      [0, 1, 2].map((i) => tf.slice(tensor, [0, (first + i) % 3], [-1, 1])),
      1,
    );
  return tf.sub(tf.mul(from(a, 1), from(b, 2)), tf.mul(from(a, 2), from(b, 1)));
}

/** A vector of the scene's frame in the body's. @param value `[N, 3]` */
const along = (value: Tensor, { axes }: Frame): Tensor =>
  tf.concat(
    axes.map((axis) => tf.sum(tf.mul(value, axis), 1, true)),
    1,
  );

const changed = (pieces: readonly Piece[], columns: Tensor, frame: Frame): Tensor => {
  let at = 0;
  const parts = pieces.map(({ size, apply }) => {
    const part = apply(tf.slice(columns, [0, at], [-1, size]), frame);
    at += size;
    return part;
  });
  return parts.length > 1 ? tf.concat(parts, 1) : parts[0]!;
};

/** @param actions `[N, A]`, or plans `[N, H·A]` */
function eachStep(actions: Tensor, size: number, change: (step: Tensor) => Tensor): Tensor {
  const steps = actions.shape[1]! / size;
  if (steps === 1) return change(actions);
  return tf.concat(
    Array.from({ length: steps }, (_, step) => change(tf.slice(actions, [0, size * step], [-1, size]))),
    1,
  );
}

function piecesOf({ components }: Space, body: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < components.length; ) {
    const piece = pieceAt(components.slice(at, at + ROTATION.length), body);
    at += piece.size;
    const last = pieces.at(-1);
    if (last?.apply === unchanged && piece.apply === unchanged)
      pieces[pieces.length - 1] = same([...last.components, ...piece.components]);
    else pieces.push(piece);
  }
  return pieces;
}

const unchanged = (columns: Tensor): Tensor => columns;
const same = (components: readonly Component[]): Piece => ({
  components,
  apply: unchanged,
  size: components.length,
});

/** What begins with the first of these. */
function pieceAt(ahead: readonly Component[], body: string): Piece {
  const names = ahead.map(({ name }) => name);
  const [, stem = '', tail = ''] = /^(.*)\.(rotation\.xx|x)$/.exec(names[0]!) ?? [];
  const follows = (tails: readonly string[]): boolean =>
    stem !== '' && tails.every((each, i) => names[i] === `${stem}.${each}`);
  if (tail === 'rotation.xx' && follows(ROTATION.map((entry) => `rotation.${entry}`)))
    return rotationPiece(ahead, stem, body);
  if (tail !== 'x' || /\.from-[^.]*$/.test(stem)) return same(ahead.slice(0, 1));
  const isPlace = ahead[0]!.unit === 'm';
  if (follows(['x', 'y', 'z'])) return isPlace ? placePiece(ahead, stem, body) : vectorPiece(ahead);
  return isPlace && follows(['x', 'y']) ? groundPiece(ahead, stem) : same(ahead.slice(0, 1));
}

const vectorPiece = (ahead: readonly Component[]): Piece => ({
  components: ahead.slice(0, 3),
  apply: along,
  size: 3,
});

function placePiece(ahead: readonly Component[], stem: string, body: string): Piece {
  if (stem === body)
    return { components: [ahead[2]!], apply: (place) => tf.slice(place, [0, 2], [-1, 1]), size: 3 };
  return {
    components: ahead.slice(0, 3),
    apply: (place, frame) => along(tf.sub(place, frame.origin), frame),
    size: 3,
  };
}

const groundPiece = ([x]: readonly Component[], stem: string): Piece => ({
  components: vector(stem, 'm', Math.max(Math.abs(x!.low), Math.abs(x!.high))),
  apply(place, frame) {
    const onGround = tf.concat([place, tf.zerosLike(tf.slice(place, [0, 0], [-1, 1]))], 1);
    return along(tf.sub(onGround, frame.origin), frame);
  },
  size: 2,
});

function rotationPiece(ahead: readonly Component[], stem: string, body: string): Piece {
  if (stem === body)
    return {
      components: ['x', 'y', 'z'].map((axis) => symmetric(`${stem}.down.${axis}`, '1', 1)),
      apply: (_, { axes }) => tf.neg(inverse({ axes, origin: axes[0] }).axes[2]),
      size: ROTATION.length,
    };
  return {
    components: ahead.slice(0, ROTATION.length),
    apply: (columns, frame) =>
      tf.concat(
        [0, 3].map((first) => along(tf.slice(columns, [0, first], [-1, 3]), frame)),
        1,
      ),
    size: ROTATION.length,
  };
}

/**
 * A transformer that turns one observation into a sequence: encoder layers over tokens of the observation, and decoder layers
 * over one learned query for each element that comes out (Vaswani et al. 2017, arXiv:1706.03762, normalised after each part, as
 * in DETR and ACT, arXiv:2304.13705).
 *
 * Shapes: B batch, I inputs, K tokens, H queries, D width, T any number of tokens, O outputs of a query.
 */
import { type Tensor, tf } from '../tensor/index.ts';
import { activate } from './activation.ts';
import { layerNorm } from './mlp.ts';
import { constant, type Layout, type ParameterArray, unflatten, xavierUniform, zeros } from './parameters.ts';

export interface TransformerOptions {
  readonly inputs: number;
  /** Tokens that an observation becomes, K. */
  readonly tokens: number;
  /** Elements that come out, H. */
  readonly queries: number;
  /** Numbers of each of them, O. */
  readonly outputs: number;
  /** Numbers of a token, D. */
  readonly width: number;
  /** Heads of attention, which share the width. */
  readonly heads: number;
  /** Units between the two layers after each attention. */
  readonly feedForward: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
}

export interface SequenceNetwork {
  readonly layout: Layout;
  /** @param x `[B, I]` @returns `[B, H·O]`, an element after another */
  apply(vector: Tensor, x: Tensor): Tensor;
}

type Parameters = Readonly<Record<string, Tensor>>;

/** @throws RangeError where the heads cannot share the width equally */
export function transformer(options: TransformerOptions): SequenceNetwork {
  const { inputs, tokens, queries, outputs, width, heads, feedForward } = options;
  if (width % heads !== 0) throw new RangeError(`${heads} heads cannot share a width of ${width} equally.`);
  const layers = (kind: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${kind}.${i}`);
  const encoder = layers('encoder', options.encoderLayers);
  const decoder = layers('decoder', options.decoderLayers);
  const sizes = { width, feedForward };
  const layout: Layout = [
    ...dense('tokens', inputs, tokens * width),
    { name: 'tokens.place', shape: [tokens, width], initialize: xavierUniform(tokens, width) },
    ...encoder.flatMap((name) => [...attentionLayout(`${name}.self`, width), ...mixLayout(name, sizes)]),
    { name: 'queries', shape: [queries, width], initialize: xavierUniform(queries, width) },
    ...decoder.flatMap((name) => [
      ...attentionLayout(`${name}.self`, width),
      ...attentionLayout(`${name}.cross`, width),
      ...mixLayout(name, sizes),
    ]),
    ...dense('head', width, outputs),
  ];

  return {
    layout,
    apply(vector, x) {
      const p = unflatten(vector, layout);
      const place = p['tokens.place']!;
      let memory = tf.reshape(affine(p, 'tokens', x), [-1, tokens, width]);
      for (const name of encoder) {
        const placed = tf.add(memory, place);
        memory = attended(p, `${name}.self`, memory, { query: placed, key: placed, value: memory, heads });
        memory = mixed(p, name, memory);
      }
      const seen = tf.add(memory, place);
      // Zero in every row, whatever their number.
      let made = tf.mul(tf.slice(memory, [0, 0, 0], [-1, 1, -1]), tf.zeros([1, queries, 1]));
      for (const name of decoder) {
        const asked = tf.add(made, p.queries!);
        made = attended(p, `${name}.self`, made, { query: asked, key: asked, value: made, heads });
        const query = tf.add(made, p.queries!);
        made = attended(p, `${name}.cross`, made, { query, key: seen, value: memory, heads });
        made = mixed(p, name, made);
      }
      return tf.reshape(onTokens(p, 'head', made), [-1, queries * outputs]);
    },
  };
}

const dense = (name: string, fanIn: number, units: number): ParameterArray[] => [
  { name: `${name}.kernel`, shape: [fanIn, units], initialize: xavierUniform(fanIn, units) },
  { name: `${name}.bias`, shape: [1, units], initialize: zeros },
];

const normLayout = (name: string, width: number): ParameterArray[] => [
  { name: `${name}.scale`, shape: [1, width], initialize: constant(1) },
  { name: `${name}.shift`, shape: [1, width], initialize: zeros },
];

const attentionLayout = (name: string, width: number): ParameterArray[] => [
  ...['query', 'key', 'value', 'out'].flatMap((part) => dense(`${name}.${part}`, width, width)),
  ...normLayout(`${name}.norm`, width),
];

const mixLayout = (
  name: string,
  { width, feedForward }: Pick<TransformerOptions, 'width' | 'feedForward'>,
): ParameterArray[] => [
  ...dense(`${name}.widen`, width, feedForward),
  ...dense(`${name}.narrow`, feedForward, width),
  ...normLayout(`${name}.norm`, width),
];

/** @param x `[B, I]` @returns `[B, units]` */
const affine = (p: Parameters, name: string, x: Tensor): Tensor =>
  tf.add(tf.matMul(x, p[`${name}.kernel`]!), p[`${name}.bias`]!);

/** The same on each token. @param x `[B, T, I]` @returns `[B, T, units]` */
function onTokens(p: Parameters, name: string, x: Tensor): Tensor {
  const [, count, size] = x.shape as [number, number, number];
  const units = p[`${name}.kernel`]!.shape[1]!;
  return tf.reshape(affine(p, name, tf.reshape(x, [-1, size])), [-1, count, units]);
}

const normalised = (p: Parameters, name: string, x: Tensor): Tensor =>
  layerNorm(x, p[`${name}.norm.scale`]!, p[`${name}.norm.shift`]!);

interface Attention {
  /** What asks, `[B, T, D]`; what is compared with it, and what is taken from there, `[B, S, D]` both. */
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly heads: number;
}

/** LN(x + attention), Eq. 1. @returns `[B, T, D]` */
function attended(p: Parameters, name: string, x: Tensor, { query, key, value, heads }: Attention): Tensor {
  const width = x.shape[2]!;
  const size = width / heads;
  const split = (part: string, of: Tensor): Tensor =>
    tf.transpose(
      tf.reshape(onTokens(p, `${name}.${part}`, of), [-1, of.shape[1]!, heads, size]),
      [0, 2, 1, 3],
    );
  const scores = tf.matMul(split('query', query), split('key', key), false, true);
  const weights = tf.softmax(tf.mul(scores, 1 / Math.sqrt(size)));
  const taken = tf.transpose(tf.matMul(weights, split('value', value)), [0, 2, 1, 3]);
  const out = onTokens(p, `${name}.out`, tf.reshape(taken, [-1, query.shape[1]!, width]));
  return normalised(p, name, tf.add(x, out));
}

/** LN(x + two layers with a ReLU between them), Eq. 2. @param x `[B, T, D]` */
function mixed(p: Parameters, name: string, x: Tensor): Tensor {
  const wide = activate('relu', onTokens(p, `${name}.widen`, x));
  return normalised(p, name, tf.add(x, onTokens(p, `${name}.narrow`, wide)));
}

/** Matrix products, where nearly all the time of an update goes. */
import { lower, type Recorder, type TensorInfo } from '../recorder.ts';
import { tf } from '../tf.ts';

/** The matrices of `x`, rows and columns exchanged. The runtime folds this node into the product that reads it. */
function transposed(r: Recorder, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const perm = [...x.shape.keys()];
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return r.emit(
    'Transpose',
    [x],
    perm.map((i) => x.shape[i]!),
    x.dtype,
    { perm },
  );
}

/** A plain product stays `MatMul`, which the runtime merges with a bias that follows; a transposed one is `Gemm`. */
lower('BatchMatMul', (r, { a, b }, { transposeA, transposeB }) => {
  const [rankA, rankB] = [a!.shape.length, b!.shape.length];
  const rows = a!.shape[transposeA ? rankA - 1 : rankA - 2]!;
  const columns = b!.shape[transposeB ? rankB - 2 : rankB - 1]!;
  const batch = tf.backend_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  const shape = [...batch, rows, columns];
  const { dtype } = a!;
  if (!transposeA && !transposeB) return r.emit('MatMul', [a!, b!], shape, dtype);
  if (shape.length === 2 && dtype === 'float32') {
    return r.emit('Gemm', [a!, b!], shape, dtype, {
      transA: transposeA ? 1 : 0,
      transB: transposeB ? 1 : 0,
    });
  }
  const left = transposeA ? transposed(r, a!) : a!;
  const right = transposeB ? transposed(r, b!) : b!;
  return r.emit('MatMul', [left, right], shape, dtype);
});

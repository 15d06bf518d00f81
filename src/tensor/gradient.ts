/** Gradients by tfjs's own differentiation, with the intermediate results that a learner wants to report. */
import { type Tensor, tf } from './tf.ts';

/**
 * The gradient of `f(x).loss` with respect to `x`, beside all that `f` returned.
 * @param f returns a scalar `loss` and any further tensors that it made
 */
export function valueAndGradient<X extends Tensor, Result extends { readonly loss: Tensor }>(
  f: (x: X) => Result,
  x: X,
): Result & { readonly gradient: X } {
  let result: Result | undefined;
  const gradient = tf.grad((input: Tensor) => {
    result = f(input as X);
    // tf.grad disposes of what f made; what is reported has to outlive it, and then belongs to the caller's scope.
    for (const tensor of Object.values(result)) tf.keep(tensor as Tensor);
    return result.loss;
  })(x) as X;
  for (const tensor of Object.values(result!) as Tensor[]) {
    (tensor as { kept: boolean }).kept = false;
    (tf.engine() as unknown as { track(tensor: Tensor): void }).track(tensor);
  }
  return { ...result!, gradient };
}

/** `x` as a constant: another tensor over the same values, which the differentiation has not seen being made. */
export function stopGradient(x: Tensor): Tensor {
  const { dataId, shape, dtype } = x;
  tf.engine().backend.incRef(dataId);
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
}

/** Arithmetic on four numbers at once, by names short enough to read formulas in. */
export function splat(value: f32): v128 {
  return f32x4.splat(value);
}

export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

export function subtract(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

export function multiply(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

export function divide(a: v128, b: v128): v128 {
  return f32x4.div(a, b);
}

export function sqrt(a: v128): v128 {
  return f32x4.sqrt(a);
}

/** Student's t: how sure a mean of few values is (Student 1908, Biometrika 6:1). */
import { mean, standardDeviation } from '../statistics.ts';

const CONFIDENCE = 0.95;
const HALVINGS = 60;

/** The lower end of the two-sided 95 % interval of the mean; null for a single value, which has none. */
export function lowerBound(values: readonly number[]): number | null {
  const n = values.length;
  if (n < 2) return null;
  return mean(values) - (studentQuantile(CONFIDENCE, n - 1) * standardDeviation(values)) / Math.sqrt(n);
}

/** The t within which, either way, a part of Student's distribution lies. @param freedom degrees of it, at least 1 */
export function studentQuantile(part: number, freedom: number): number {
  let [low, high] = [0, Math.PI / 2];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (partWithin(middle, freedom) < part) low = middle;
    else high = middle;
  }
  return Math.sqrt(freedom) * Math.tan(low);
}

/** Of t = √ν·tan θ: the finite series for whole degrees of freedom (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
function partWithin(theta: number, freedom: number): number {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  const odd = freedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}

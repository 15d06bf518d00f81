/** Fields in the chaos that comes before the pattern: where episodes begin. */
import { createRng, type Rng } from '../../src/core/rng.ts';
import { createFlow, POINTS } from './flow.ts';

const NOISES = 2;
const SNAPSHOTS = 10;
/** Before the first snapshot of a noise, and between two of them. */
const SPIN_UP = 25;
const APART = 5;
const DT = 0.002;

let made: readonly Float64Array[] | undefined;

/** The same in every process; made once. */
function snapshots(): readonly Float64Array[] {
  if (made) return made;
  const unforced = new Float64Array(POINTS);
  const rng = createRng(0);
  const fields: Float64Array[] = [];
  for (let noise = 0; noise < NOISES; noise++) {
    const { field, advance } = createFlow();
    for (let i = 0; i < POINTS; i++) field[i] = 0.1 * rng.normal();
    const mean = field.reduce((sum, u) => sum + u, 0) / POINTS;
    for (let i = 0; i < POINTS; i++) field[i]! -= mean;
    advance(unforced, SPIN_UP / DT, DT);
    for (let snapshot = 0; snapshot < SNAPSHOTS; snapshot++) {
      fields.push(field.slice());
      advance(unforced, APART / DT, DT);
    }
  }
  made = fields;
  return made;
}

/** Writes one of them, turned round the ring and, half of the time, reflected, which the equation does not tell apart. */
export function drawStart(field: Float64Array, rng: Rng): void {
  const start = snapshots()[rng.integer(NOISES * SNAPSHOTS)]!;
  const shift = rng.integer(POINTS);
  const sign = rng.integer(2) === 0 ? 1 : -1;
  for (let i = 0; i < POINTS; i++) field[i] = sign * start[(sign * i + shift + POINTS) % POINTS]!;
}

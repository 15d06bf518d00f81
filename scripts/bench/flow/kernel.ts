/**
 * Speed of the fluid alone: million lattice updates a second on one core, beside what the memory would allow: a copy of all
 * populations, 36 bytes read and 36 written a node, as the fluid does. Rounds of both alternate, and the clock is the
 * processor's time of this process, so other work on the machine disturbs little.
 */
import { Fluid } from '../../../src/flow/fluid.ts';
import { instantiateProgram } from '../../../src/flow/program.ts';
import { machine, median } from '../machine.ts';

const GRIDS: readonly (readonly [columns: number, rows: number])[] = [
  [192, 128],
  [512, 320],
  [960, 576],
];
const ROUNDS = 15;
const UPDATES_PER_ROUND = 10e6;
/** Million updates a second. */
const TARGET = 80;
const BYTES_PER_NODE = 36;

export interface KernelSpeed {
  readonly nodes: number;
  /** Million updates a second, median and range of the rounds. */
  readonly updates: number;
  readonly lowest: number;
  readonly highest: number;
  /** The same unit, of the copy. */
  readonly ceiling: number;
}

export function benchKernel(): KernelSpeed[] {
  console.log(`million lattice updates a second on one core (to reach: ${TARGET}); ${machine()}`);
  return GRIDS.map(([columns, rows]) => {
    const speed = speedOf(columns, rows);
    const range = `${speed.lowest.toFixed(0)} to ${speed.highest.toFixed(0)}`;
    console.log(
      `${String(speed.nodes).padStart(7)} nodes  ${speed.updates.toFixed(0)} (${range})  ceiling by a copy ${speed.ceiling.toFixed(0)}`,
    );
    return speed;
  });
}

function speedOf(columns: number, rows: number): KernelSpeed {
  const nodes = columns * rows;
  const steps = Math.ceil(UPDATES_PER_ROUND / nodes);
  const fluid = new Fluid({
    ...{ columns, rows, viscosity: 0.01, speed: 0.05, inletBuffer: 12, outletBuffer: 32 },
    ...{ left: 'matched', right: 'convective', bottom: 'matched', top: 'matched' },
  });
  // Disturbed, so that no number is zero.
  fluid.settle((x, y) => ({ density: 1, velocityX: 0.05, velocityY: 0.01 * Math.sin(0.1 * x + 0.2 * y) }));
  const copy = populationCopy(nodes);
  const updates: number[] = [];
  const copies: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [stepTime, copyTime] = [time(steps, () => fluid.advance()), time(steps, copy)];
    // The first one is for the compiler.
    if (round === 0) continue;
    updates.push((nodes * steps) / stepTime);
    copies.push((nodes * steps) / copyTime);
  }
  return {
    nodes,
    updates: median(updates),
    lowest: Math.min(...updates),
    highest: Math.max(...updates),
    ceiling: median(copies),
  };
}

/** Copies as many bytes as the populations of `nodes` have, within memory of the same kind. */
function populationCopy(nodes: number): () => void {
  const program = instantiateProgram();
  // Room for twice the nodes; written to, since memory that never was costs nothing to read.
  program.allocate(nodes / 32, 64);
  const bytes = new Uint8Array(program.memory.buffer).fill(1);
  const half = BYTES_PER_NODE * nodes;
  return () => bytes.copyWithin(half, 0, half);
}

/** Microseconds of processor time. */
function time(steps: number, run: () => void): number {
  const { user, system } = process.cpuUsage();
  for (let step = 0; step < steps; step++) run();
  const after = process.cpuUsage();
  return after.user + after.system - user - system;
}

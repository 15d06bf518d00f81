/** Flows with a known answer, and what must be conserved. */
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { Fluid, type FluidSettings, type NodeState } from '../../src/flow/fluid.ts';

const walls = { left: 'wall', right: 'wall', bottom: 'wall', top: 'wall' } as const;
const periodic = { left: 'periodic', right: 'periodic', bottom: 'periodic', top: 'periodic' } as const;

function forEachNode(fluid: Fluid, visit: (x: number, y: number, state: NodeState) => void): void {
  const state = { density: 0, velocityX: 0, velocityY: 0 };
  for (let y = 1; y <= fluid.rows; y++) {
    for (let x = 1; x <= fluid.columns; x++) visit(x, y, fluid.read(fluid.node(x, y), state));
  }
}

function total(fluid: Fluid, quantity: (state: NodeState) => number): number {
  let sum = 0;
  forEachNode(fluid, (_x, _y, state) => {
    sum += quantity(state);
  });
  return sum;
}

describe('a channel under a uniform force', () => {
  test('has the parabola of Poiseuille, walls half a spacing beyond the last nodes', () => {
    const [rows, viscosity, push] = [14, 0.12, 1.5e-4];
    const fluid = new Fluid({ ...periodic, bottom: 'wall', top: 'wall', columns: 4, rows, viscosity });
    const force = (): void => forEachNode(fluid, (x, y) => fluid.addForce(fluid.node(x, y), push, 0));
    // Ten times the time H²/π²ν in which the slowest disturbance falls by e.
    for (let step = 0; step < 1700; step++) {
      force();
      fluid.advance();
    }
    force();
    const parabola = (y: number): number => (push / (2 * viscosity)) * (y - 0.5) * (rows + 0.5 - y);
    forEachNode(fluid, (_, y, { velocityX, velocityY }) => {
      expect(velocityX / parabola(y)).toBeCloseTo(1, 3);
      expect(Math.abs(velocityY)).toBeLessThan(1e-7);
    });
  });
});

describe('a channel from inlet to outlet', () => {
  test('keeps the parabola and the mean speed of its inflow, under the pressure that friction takes', () => {
    const [rows, columns, viscosity, speed] = [14, 40, 0.12, 0.02];
    const inflow = (y: number): number => (6 * speed * (y - 0.5) * (rows + 0.5 - y)) / rows ** 2;
    const fluid = new Fluid({
      ...{ columns, rows, viscosity, inflow },
      ...{ left: 'velocity', right: 'pressure', bottom: 'wall', top: 'wall' },
    });
    for (let step = 0; step < 4000; step++) fluid.advance();
    forEachNode(fluid, (x, y, { density, velocityX }) => {
      if (x < 8 || x > 32) return;
      expect(Math.abs(velocityX / inflow(y) - 1)).toBeLessThan(0.02);
      // Pressure is a third of density: it falls by 12νU/H² a spacing.
      const fall = (3 * 12 * viscosity * speed) / rows ** 2;
      expect(Math.abs((density - 1) / (fall * (columns + 1 - x)) - 1)).toBeLessThan(0.1);
    });
  });
});

describe('the vortices of Taylor and Green', () => {
  /** By how much, relatively, kinetic energy falls at another rate than 4νk². */
  function rateError(size: number): number {
    const viscosity = 0.04;
    const wave = (2 * Math.PI) / size;
    const speed = 0.16 / size;
    const fluid = new Fluid({ ...periodic, columns: size, rows: size, viscosity });
    fluid.settle((x, y) => ({
      density: 1 - 0.75 * speed ** 2 * (Math.cos(2 * wave * x) + Math.cos(2 * wave * y)),
      velocityX: -speed * Math.cos(wave * x) * Math.sin(wave * y),
      velocityY: speed * Math.sin(wave * x) * Math.cos(wave * y),
    }));
    const energy = (): number =>
      total(fluid, ({ density, velocityX, velocityY }) => density * (velocityX ** 2 + velocityY ** 2));
    const rate = 4 * viscosity * wave ** 2;
    const steps = Math.round(0.5 / rate);
    // The start in equilibrium, without viscous stress, is forgotten by then.
    for (let step = 0; step < steps; step++) fluid.advance();
    const before = energy();
    for (let step = 0; step < steps; step++) fluid.advance();
    return Math.abs(Math.log(before / energy()) / (rate * steps) - 1);
  }

  test('decay as the closed form says, with an error of second order', () => {
    const [coarse, middle, fine] = [rateError(12), rateError(24), rateError(48)] as const;
    expect(fine).toBeLessThan(2e-3);
    expect(Math.log2(coarse / middle)).toBeCloseTo(2, 0);
    expect(Math.log2(middle / fine)).toBeCloseTo(2, 0);
  });
});

describe('conservation', () => {
  test('a closed box keeps its mass', () => {
    const fluid = new Fluid({ ...walls, columns: 20, rows: 15, viscosity: 0.01 });
    fluid.settle((x, y) => ({
      density: 1 + (x === 6 && y === 5 ? 0.1 : 0),
      velocityX: 0.04 * Math.sin(x * y),
      velocityY: 0.04 * Math.cos(x + 2 * y),
    }));
    const excess = (): number => total(fluid, ({ density }) => density - 1);
    const before = excess();
    for (let step = 0; step < 500; step++) fluid.advance();
    expect(Math.abs(excess() - before)).toBeLessThan(2e-6);
  });

  test('forces become momentum, all of it, at once', () => {
    const fluid = new Fluid({ ...periodic, columns: 16, rows: 10, viscosity: 0.02 });
    const rng = createRng(1);
    let [pushX, pushY] = [0, 0];
    for (let step = 0; step < 100; step++) {
      for (let n = 0; n < 5; n++) {
        const [x, y] = [rng.uniform(-1e-3, 2e-3), rng.uniform(-2e-3, 1e-3)];
        fluid.addForce(fluid.node(1 + rng.integer(16), 1 + rng.integer(10)), x, y);
        pushX += x;
        pushY += y;
      }
      fluid.advance();
    }
    expect(Math.abs(pushX)).toBeGreaterThan(0.1);
    expect(total(fluid, ({ density, velocityX }) => density * velocityX)).toBeCloseTo(pushX, 5);
    expect(total(fluid, ({ density, velocityY }) => density * velocityY)).toBeCloseTo(pushY, 5);
  });

  test('a stream that nothing disturbs stays as it is', () => {
    const fluid = new Fluid({ ...stream, speed: 0.07, inletBuffer: 6, outletBuffer: 10 });
    for (let step = 0; step < 300; step++) fluid.advance();
    forEachNode(fluid, (_x, _y, { density, velocityX, velocityY }) => {
      expect(Math.abs(density - 1)).toBeLessThan(1e-6);
      expect(Math.hypot(velocityX - 0.07, velocityY)).toBeLessThan(1e-6);
    });
  });
});

const stream: FluidSettings = {
  ...{ columns: 32, rows: 12, viscosity: 0.01 },
  ...{ left: 'matched', right: 'convective', bottom: 'matched', top: 'matched' },
};

describe('a pulse of sound', () => {
  /** What is left of a pulse towards `side`, relative to its height, when it has met that side. */
  function echo(side: 'left' | 'right' | 'bottom' | 'top', kind: 'matched' | 'velocity' | 'wall'): number {
    const upright = side === 'left' || side === 'right';
    const sign = side === 'left' || side === 'bottom' ? -1 : 1;
    const other = kind === 'velocity' ? 'matched' : kind;
    const sides = upright ? { left: kind, right: other } : { bottom: other, top: other };
    const fluid = new Fluid({ ...periodic, ...sides, columns: 64, rows: 64, viscosity: 0.005 });
    const height = 1e-3;
    fluid.settle((x, y) => {
      const pulse = height * Math.exp(-((((upright ? x : y) - 32) / 6) ** 2));
      const speed = (sign * pulse) / Math.sqrt(3);
      return { density: 1 + pulse, velocityX: upright ? speed : 0, velocityY: upright ? 0 : speed };
    });
    // To the side and half-way back.
    for (let step = 0; step < 83; step++) fluid.advance();
    let loudest = 0;
    forEachNode(fluid, (_x, _y, { density }) => {
      loudest = Math.max(loudest, Math.abs(density - 1));
    });
    return loudest / height;
  }

  test.each(['left', 'right', 'bottom', 'top'] as const)('leaves through a matched %s', (side) => {
    expect(echo(side, 'wall')).toBeGreaterThan(0.8);
    expect(echo(side, 'matched')).toBeLessThan(0.03);
  });

  test('leaves through an inlet of given velocity', () => {
    expect(echo('left', 'velocity')).toBeLessThan(0.06);
  });
});

describe('instances', () => {
  test('of the same settings calculate the same bits, whatever runs beside them', () => {
    const settings = { ...stream, speed: 0.05 };
    const run = (beside: readonly Fluid[]): number[] => {
      const fluid = new Fluid(settings);
      for (let step = 0; step < 80; step++) {
        fluid.addForce(fluid.node(9, 6), 1e-3, 2e-3 * Math.sin(step));
        for (const other of beside) other.addForce(other.node(5, 5), 1e-3, 0);
        fluid.advance();
        for (const other of beside) other.advance();
      }
      const values: number[] = [];
      forEachNode(fluid, (_x, _y, { density, velocityX, velocityY }) => {
        values.push(density, velocityX, velocityY);
      });
      return values;
    };
    const alone = run([]);
    expect(run([new Fluid(settings), new Fluid({ ...settings, columns: 16 })])).toEqual(alone);
  });
});

test.each<[string, Partial<FluidSettings>]>([
  ['30 columns', { columns: 30 }],
  ['1 rows', { rows: 1 }],
  ['viscosity of 0', { viscosity: 0 }],
  ['bottom and top of a fluid are periodic and matched', { bottom: 'periodic' }],
  ['left of a fluid is convective', { left: 'convective' }],
  ['right of a fluid is velocity', { right: 'velocity' }],
])('%s is refused', (message, change) => {
  expect(() => new Fluid({ ...stream, ...change })).toThrow(ConfigurationError);
  expect(() => new Fluid({ ...stream, ...change })).toThrow(message);
});

/**
 * Collision with two relaxation times (Ginzburg, Verhaeghe and d'Humières 2008) and the force of Guo, Zheng and Shi
 * (2002), four nodes at once. The even and the odd half of an opposite pair relax at rates of their own, ω and ω'. With the
 * momentum m = ρu, counted half a step after the force F, and σ = 1 − ω/2, a pair of weight w along c gains
 *   even  w [ω (ρ − 1 − 3/2 m·u) − 3σ u·F + (c·u) c·(9/2 ω m + 9σ F)]
 *   odd   3w c·(ω' m + σ' F)
 * and keeps 1 − ω and 1 − ω' of what it had.
 *
 * Where eddies are on, the relaxation time τ = 1/ω grows with the strain, which what the stress lacks to equilibrium tells
 * (Hou, Sterling, Chen and Doolen 1996): τ ← (τ + √(τ² + 18√2 C² |Π|/ρ))/2, and ω' follows, so that their product stays.
 */
import {
  AXIS_WEIGHT,
  columns,
  DIAGONAL_WEIGHT,
  evenRates,
  forcesX,
  forcesY,
  oddRates,
  origin,
  REST_WEIGHT,
  rows,
  width,
} from './lattice';
import { add, divide, multiply, splat, sqrt, subtract } from './vector';

/** (τ₊ − ½)(τ₋ − ½). */
let magic: f32 = 0;
/** 18√2 times the square of Smagorinsky's constant; 0 without eddies. */
let eddies: f32 = 0;

/** @param smagorinsky constant of the eddies' viscosity, C² |strain|, that is added where the flow is strained */
export function setRelaxation(magicNumber: f32, smagorinsky: f32): void {
  magic = magicNumber;
  eddies = <f32>(18.0 * Math.SQRT2) * smagorinsky * smagorinsky;
}

/** Collides all nodes between the boundaries. Only rows `bottom` to `top` have forces, which are cleared. */
export function collide(bottom: i32, top: i32): void {
  for (let y = 1; y <= rows; y++) collideRow((<usize>(y * width + 1)) << 2, y >= bottom && y <= top);
  if (top < bottom) return;
  const first = (<usize>(bottom * width)) << 2;
  const bytes = (<usize>((top - bottom + 1) * width)) << 2;
  memory.fill(forcesX + first, 0, bytes);
  memory.fill(forcesY + first, 0, bytes);
}

/** @param row bytes from node 0 to the first node of the row */
function collideRow(row: usize, forced: bool): void {
  const rest = origin(0) + row;
  const east = origin(1) + row;
  const west = origin(2) + row;
  const north = origin(3) + row;
  const south = origin(4) + row;
  const northEast = origin(5) + row;
  const southWest = origin(6) + row;
  const southEast = origin(7) + row;
  const northWest = origin(8) + row;
  const pushX = forcesX + row;
  const pushY = forcesY + row;
  const end = (<usize>columns) << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const still = v128.load(rest + at);
    const toEast = v128.load(east + at);
    const toWest = v128.load(west + at);
    const toNorth = v128.load(north + at);
    const toSouth = v128.load(south + at);
    const toNorthEast = v128.load(northEast + at);
    const toSouthWest = v128.load(southWest + at);
    const toSouthEast = v128.load(southEast + at);
    const toNorthWest = v128.load(northWest + at);

    const evenX = add(toEast, toWest);
    const evenY = add(toNorth, toSouth);
    const evenUp = add(toNorthEast, toSouthWest);
    const evenDown = add(toSouthEast, toNorthWest);
    const oddX = subtract(toEast, toWest);
    const oddY = subtract(toNorth, toSouth);
    const oddUp = subtract(toNorthEast, toSouthWest);
    const oddDown = subtract(toSouthEast, toNorthWest);

    const excess = add(add(still, add(evenX, evenY)), add(evenUp, evenDown));
    const volume = divide(splat(1), add(splat(1), excess));
    let momentumX = add(oddX, add(oddUp, oddDown));
    let momentumY = add(oddY, subtract(oddUp, oddDown));
    let forceX = splat(0);
    let forceY = splat(0);
    if (forced) {
      forceX = v128.load(pushX + at);
      forceY = v128.load(pushY + at);
      momentumX = add(momentumX, multiply(splat(0.5), forceX));
      momentumY = add(momentumY, multiply(splat(0.5), forceY));
    }
    const speedX = multiply(momentumX, volume);
    const speedY = multiply(momentumY, volume);
    const energy = add(multiply(momentumX, speedX), multiply(momentumY, speedY));

    let evenRate = v128.load(evenRates + at + 4);
    let oddRate = v128.load(oddRates + at + 4);
    if (eddies > 0) {
      // A third of the density and what flows with the momentum is the stress in equilibrium.
      const pressure = multiply(splat(<f32>(1.0 / 3.0)), excess);
      const diagonals = add(evenUp, evenDown);
      const stressXX = subtract(add(evenX, diagonals), add(pressure, multiply(momentumX, speedX)));
      const stressYY = subtract(add(evenY, diagonals), add(pressure, multiply(momentumY, speedY)));
      const stressXY = subtract(subtract(evenUp, evenDown), multiply(momentumX, speedY));
      const square = add(
        add(multiply(stressXX, stressXX), multiply(stressYY, stressYY)),
        multiply(splat(2), multiply(stressXY, stressXY)),
      );
      const growth = multiply(multiply(splat(eddies), evenRate), multiply(evenRate, volume));
      const root = sqrt(add(splat(1), multiply(growth, sqrt(square))));
      evenRate = divide(multiply(splat(2), evenRate), add(splat(1), root));
      const rest = subtract(splat(1), multiply(splat(0.5), evenRate));
      oddRate = divide(rest, add(multiply(splat(0.5), rest), multiply(splat(magic), evenRate)));
    }
    const evenKept = subtract(splat(0.5), multiply(splat(0.5), evenRate));
    const oddKept = subtract(splat(0.5), multiply(splat(0.5), oddRate));
    const stretch = multiply(splat(4.5), evenRate);
    let level = multiply(evenRate, subtract(excess, multiply(splat(1.5), energy)));
    let stressX = multiply(stretch, momentumX);
    let stressY = multiply(stretch, momentumY);
    let gainX = multiply(oddRate, momentumX);
    let gainY = multiply(oddRate, momentumY);
    if (forced) {
      // σ = 1 − ω/2 is a half more than what a half of the pair keeps.
      const evenShare = add(splat(0.5), evenKept);
      const oddShare = add(splat(0.5), oddKept);
      const power = add(multiply(speedX, forceX), multiply(speedY, forceY));
      level = subtract(level, multiply(multiply(splat(3), evenShare), power));
      stressX = add(stressX, multiply(multiply(splat(9), evenShare), forceX));
      stressY = add(stressY, multiply(multiply(splat(9), evenShare), forceY));
      gainX = add(gainX, multiply(oddShare, forceX));
      gainY = add(gainY, multiply(oddShare, forceY));
    }

    v128.store(
      rest + at,
      add(subtract(still, multiply(evenRate, still)), multiply(splat(REST_WEIGHT), level)),
    );
    const axis = splat(AXIS_WEIGHT);
    const diagonal = splat(DIAGONAL_WEIGHT);
    const up = multiply(add(speedX, speedY), add(stressX, stressY));
    const down = multiply(subtract(speedX, speedY), subtract(stressX, stressY));
    const levelX = add(level, multiply(speedX, stressX));
    const levelY = add(level, multiply(speedY, stressY));
    const levelUp = add(level, up);
    const levelDown = add(level, down);
    relax(east + at, west + at, multiply(evenKept, evenX), multiply(oddKept, oddX), axis, levelX, gainX);
    relax(north + at, south + at, multiply(evenKept, evenY), multiply(oddKept, oddY), axis, levelY, gainY);
    relax(
      northEast + at,
      southWest + at,
      multiply(evenKept, evenUp),
      multiply(oddKept, oddUp),
      diagonal,
      levelUp,
      add(gainX, gainY),
    );
    relax(
      southEast + at,
      northWest + at,
      multiply(evenKept, evenDown),
      multiply(oddKept, oddDown),
      diagonal,
      levelDown,
      subtract(gainX, gainY),
    );
  }
}

/** One opposite pair: what is kept of its even and odd part, plus what both gain. */
function relax(
  forward: usize,
  backward: usize,
  evenKept: v128,
  oddKept: v128,
  weight: v128,
  level: v128,
  gain: v128,
): void {
  const even = add(evenKept, multiply(weight, level));
  const odd = add(oddKept, multiply(multiply(splat(3), weight), gain));
  v128.store(forward, add(even, odd));
  v128.store(backward, subtract(even, odd));
}

/** Energy of chains and fluids, for tests. Lattice units. */
import type { ChainSettings, ElasticChain } from '../../src/flow/elastic-chain.ts';
import type { Fluid, NodeState } from '../../src/flow/fluid.ts';

/** Of motion and of bent joints, with the base held. */
export function chainEnergy(chain: ElasticChain, { mass, length, stiffness }: ChainSettings): number {
  const link = length / stiffness.length;
  let [velocityX, velocityY, energy] = [0, 0, 0];
  for (let i = 0; i < chain.links; i++) {
    const [c, s] = [Math.cos(chain.angle[i]!), Math.sin(chain.angle[i]!)];
    const rate = chain.rate[i]!;
    const [middleX, middleY] = [velocityX - (rate * link * s) / 2, velocityY + (rate * link * c) / 2];
    energy += (mass * link * (middleX ** 2 + middleY ** 2 + (rate * link) ** 2 / 12)) / 2;
    const bend = chain.angle[i]! - (i === 0 ? chain.base.angle : chain.angle[i - 1]!) - chain.restAngle[i]!;
    energy += (stiffness[i]! * bend ** 2) / 2;
    [velocityX, velocityY] = [velocityX - rate * link * s, velocityY + rate * link * c];
  }
  return energy;
}

/** About the base, of the links' motion. */
export function angularMomentum(chain: ElasticChain, { mass, length, stiffness }: ChainSettings): number {
  const link = length / stiffness.length;
  let [x, y, velocityX, velocityY, sum] = [0, 0, 0, 0, 0];
  for (let i = 0; i < chain.links; i++) {
    const [dx, dy] = [link * Math.cos(chain.angle[i]!), link * Math.sin(chain.angle[i]!)];
    const rate = chain.rate[i]!;
    const [middleX, middleY] = [velocityX - (rate * dy) / 2, velocityY + (rate * dx) / 2];
    sum += mass * link * ((x + dx / 2) * middleY - (y + dy / 2) * middleX + (rate * link ** 2) / 12);
    [x, y] = [x + dx, y + dy];
    [velocityX, velocityY] = [velocityX - rate * dy, velocityY + rate * dx];
  }
  return sum;
}

/** Of motion and of sound. */
export function fluidEnergy(fluid: Fluid): number {
  const state: NodeState = { density: 1, velocityX: 0, velocityY: 0 };
  let energy = 0;
  for (let y = 1; y <= fluid.rows; y++) {
    for (let x = 1; x <= fluid.columns; x++) {
      const { density, velocityX, velocityY } = fluid.read(fluid.node(x, y), state);
      energy += (density * (velocityX ** 2 + velocityY ** 2)) / 2 + (density - 1) ** 2 / 6;
    }
  }
  return energy;
}

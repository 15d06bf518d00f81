/** What the program offers to its host. */
export {
  CONVECTIVE,
  enter,
  inflow,
  MATCHED,
  PERIODIC,
  PRESSURE,
  setBoundaries,
  VELOCITY,
  WALL,
} from './boundaries';
export { collide } from './collide';
export { allocate, evenRates, forcesX, forcesY, oddRates, origins, settle, stream } from './lattice';

/** What the program offers to its host. */
export {
  CONVECTIVE,
  enter,
  inflow,
  lateInletExcess,
  MATCHED,
  outflow,
  PERIODIC,
  PRESSURE,
  setBoundaries,
  streamSpeed,
  VELOCITY,
  WALL,
} from './boundaries';
export { collide, setRelaxation } from './collide';
export { allocate, evenRates, forcesX, forcesY, loudest, oddRates, origins, settle, stream } from './lattice';

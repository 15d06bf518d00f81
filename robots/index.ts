/** Every listed robot: its geometry, limits and units as data. */
import { iris, type QuadrotorModel } from './quadrotor/index.ts';

export interface RobotListing {
  readonly name: string;
  readonly description: string;
  readonly model: QuadrotorModel;
}

export const robots: Readonly<Record<string, RobotListing>> = {
  iris: { name: 'iris', description: '3DR Iris quadrotor, 1.52 kg, thrust-to-weight 1.6', model: iris },
};

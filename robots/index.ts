/** Every listed robot: its geometry, limits and units as data. */
import { type FinRayModel, finRay } from './fin-ray/index.ts';
import { iris, type QuadrotorModel } from './quadrotor/index.ts';

/** What kind of machine it is says what its model holds. */
export type RobotListing = {
  readonly name: string;
  readonly description: string;
} & (
  | { readonly kind: 'quadrotor'; readonly model: QuadrotorModel }
  | { readonly kind: 'fin-ray'; readonly model: FinRayModel }
);

export const robots: Readonly<Record<string, RobotListing>> = {
  iris: {
    name: 'iris',
    description: '3DR Iris quadrotor, 1.52 kg, thrust-to-weight 1.6',
    kind: 'quadrotor',
    model: iris,
  },
  'fin-ray': {
    name: 'fin-ray',
    description: 'elastic fin ray, span half its length, 8 links; heave, pitch and offset of the half-rays',
    kind: 'fin-ray',
    model: finRay,
  },
};

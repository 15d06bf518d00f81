/** Every listed robot: its geometry, limits and units as data. */
import { type FinRayModel, finRay } from './fin-ray/index.ts';
import { type HandModel, leftHand, rightHand } from './humanoid-hand/index.ts';
import { iris, type QuadrotorModel } from './quadrotor/index.ts';

/** What kind of machine it is says what its model holds. */
export type RobotListing = {
  readonly name: string;
  readonly description: string;
} & (
  | { readonly kind: 'quadrotor'; readonly model: QuadrotorModel }
  | { readonly kind: 'fin-ray'; readonly model: FinRayModel }
  | { readonly kind: 'humanoid-hand'; readonly model: HandModel }
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
  'h20-right': {
    name: 'h20-right',
    description:
      'right hand of five digits, 20 joints of 0.6 N·m, 16 places of touch; with or without a wrist',
    kind: 'humanoid-hand',
    model: rightHand,
  },
  'h20-left': {
    name: 'h20-left',
    description: 'its mirror image, a left hand',
    kind: 'humanoid-hand',
    model: leftHand,
  },
};

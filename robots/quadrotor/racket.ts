/** A quadrotor that plays: a racket disc on top of the airframe, as in VolleyBots (arXiv:2502.01932). */
import { iris } from './iris.ts';
import type { QuadrotorModel } from './model.ts';

/** Racket of 20 cm radius. The mass of the model is the whole's. */
export const racketIris: QuadrotorModel = {
  ...iris,
  name: 'iris with racket',
  racket: { radius: 0.2, halfHeight: 0.01, restitution: 0.8 },
};

/** Height of the racket's face above the centre of mass, m; 0 without one. */
export const racketHeight = ({ body, racket }: QuadrotorModel): number =>
  racket ? body.halfHeight + 2 * racket.halfHeight : 0;

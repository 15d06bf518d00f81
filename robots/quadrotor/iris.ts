/**
 * The 3DR Iris, as data. Source: `iris.yaml` of VolleyBots (github.com/thu-uav/VolleyBots) and OmniDrones
 * (github.com/btx0424/OmniDrones), from which its simulators take mass, inertia, rotor geometry and rotor constants.
 *
 * Body frame: x forward, y left, z up (ROS's FLU).
 *
 *              x
 *          2   ↑   0         rotors 0 and 1 turn one way, 2 and 3 the other
 *       y ←────┼────
 *          1       3
 */
import type { QuadrotorModel } from './model.ts';

/** 3DR Iris with the motor lag of the VolleyBots model: 43 % of the way to the command in 20 ms. */
export const iris: QuadrotorModel = {
  name: 'iris',
  mass: 1.52,
  inertia: [0.0347563, 0.0458929, 0.0977],
  rotors: [
    { armLength: 0.255539, armAngle: -0.533708, spin: 1 },
    { armLength: 0.238537, armAngle: 2.565218, spin: 1 },
    { armLength: 0.255539, armAngle: 0.533708, spin: -1 },
    { armLength: 0.238537, armAngle: -2.565218, spin: -1 },
  ],
  thrustConstant: 8.54858e-6,
  torqueConstant: 1.36777e-7,
  maxRotorSpeed: 838,
  motorTimeConstant: -0.02 / Math.log(1 - 0.43),
  linearDrag: 0.2,
  angularDrag: 0.2,
  maxBodyRate: Math.PI,
  rateGains: [0.52, 0.52, 0.025],
  body: { radius: 0.26, halfHeight: 0.055 },
};

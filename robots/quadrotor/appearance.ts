/**
 * How a quadrotor looks, from its model: hull, arms, motors, legs and propellers. Front arms and propellers
 * have a colour of their own, so that the heading is seen.
 */
import type {
  Appearance,
  BodyAppearance,
  Color,
  Quaternion,
  Shape,
  Vector3,
} from '../../src/core/appearance.ts';
import { type QuadrotorModel, type Rotor, solidsOf } from './model.ts';

/** Signals that its shapes refer to: speed of each rotor over its maximum. @param prefix where there are several aircraft */
export const rotorSignals = (prefix = ''): readonly string[] =>
  [0, 1, 2, 3].map((rotor) => `${prefix}rotor.${rotor}`);

/**
 * Real propellers turn too fast for a screen: they would seem to stand or to turn back. Gazebo's Iris slows
 * them so too.
 */
const ROTOR_SLOWDOWN = 10;

const color = {
  hull: '#30353d',
  arm: '#565d68',
  front: '#f26b3a',
  rear: '#c9d1dc',
  racket: '#4aa8ff',
} as const;
const THICKNESS = { arm: 0.018, motor: 0.014, leg: 0.006, blade: 0.003 } as const;

const metal = (of: Color): Shape['material'] => ({ color: of, roughness: 0.5, metalness: 0.3 });
const isFront = ({ armAngle }: Rotor): boolean => Math.cos(armAngle) > 0;
const yaw = (angle: number): Quaternion => [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)];

/**
 * A body called `name` of which each rotor is spun by its signal, and the axes of the rotors.
 * @param prefix of signals and axes, where there are several aircraft
 */
export function quadrotorAppearance(
  model: QuadrotorModel,
  name: string,
  prefix = '',
): { readonly body: BodyAppearance; readonly joints: NonNullable<Appearance['joints']> } {
  const { radius, halfHeight } = model.body;
  const propeller = propellerRadius(model);
  const signals = rotorSignals(prefix);
  const hull: Shape = {
    geometry: { type: 'box', size: [0.8 * radius, 0.45 * radius, 0.9 * halfHeight] },
    material: metal(color.hull),
  };
  const joints = model.rotors.map((rotor, i) => ({
    name: signals[i]!,
    body: name,
    position: hub(rotor, halfHeight),
    axis: [0, 0, rotor.spin] as const,
  }));
  return {
    body: {
      name,
      shapes: [
        hull,
        ...model.rotors.flatMap((rotor) => [arm(rotor), motor(rotor, halfHeight), leg(rotor, halfHeight)]),
        ...model.rotors.flatMap((rotor, i) => propellerShapes(model, rotor, signals[i]!, propeller)),
        ...racketShapes(model),
      ],
      colliders: solidsOf(model).map(({ radius, halfHeight = 0, height = 0 }) => ({
        geometry: { type: 'cylinder', radius, halfHeight },
        ...(height === 0 ? {} : { position: [0, 0, height] as const }),
      })),
      mass: model.mass,
    },
    joints,
  };
}

/** So clear that the rotors are seen through it. */
function racketShapes({ body, racket }: QuadrotorModel): Shape[] {
  if (!racket) return [];
  const { radius, halfHeight } = racket;
  return [
    {
      geometry: { type: 'cylinder', radius, halfHeight },
      material: { color: color.racket, roughness: 0.6, opacity: 0.55 },
      position: [0, 0, body.halfHeight + halfHeight],
    },
  ];
}

/** As large as they can be without touching each other, m. */
function propellerRadius({ rotors }: QuadrotorModel): number {
  const hubs = rotors.map((rotor) => hub(rotor, 0));
  const distances = hubs.flatMap((a, i) =>
    hubs.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1])),
  );
  return 0.49 * Math.min(...distances);
}

const hub = ({ armLength, armAngle }: Rotor, height: number): Vector3 => [
  armLength * Math.cos(armAngle),
  armLength * Math.sin(armAngle),
  height,
];

function arm(rotor: Rotor): Shape {
  const [x, y] = hub(rotor, 0);
  return {
    geometry: { type: 'box', size: [rotor.armLength, THICKNESS.arm, THICKNESS.arm] },
    material: metal(isFront(rotor) ? color.front : color.arm),
    position: [x / 2, y / 2, 0],
    rotation: yaw(rotor.armAngle),
  };
}

/** From the arm up to the propeller. */
const motor = (rotor: Rotor, height: number): Shape => ({
  geometry: { type: 'cylinder', radius: THICKNESS.motor, halfHeight: height / 2 },
  material: metal(color.hull),
  position: hub(rotor, height / 2),
});

/** From the arm down to where the collider ends, so that it stands on the floor. */
const leg = (rotor: Rotor, height: number): Shape => ({
  geometry: { type: 'cylinder', radius: THICKNESS.leg, halfHeight: height / 2 },
  material: metal(color.hull),
  position: hub(rotor, -height / 2),
});

/** Two blades within a faint disc. They turn as `spin` says: the torque on the body is opposite to it. */
function propellerShapes(
  { maxRotorSpeed, body }: QuadrotorModel,
  rotor: Rotor,
  signal: string,
  radius: number,
): Shape[] {
  const position = hub(rotor, body.halfHeight);
  const bladeColor = isFront(rotor) ? color.front : color.rear;
  return [
    {
      geometry: { type: 'box', size: [2 * radius, 0.14 * radius, THICKNESS.blade] },
      material: { color: bladeColor },
      position,
      spin: { signal, rate: (rotor.spin * maxRotorSpeed) / ROTOR_SLOWDOWN },
    },
    {
      geometry: { type: 'cylinder', radius, halfHeight: THICKNESS.blade / 2 },
      material: { color: bladeColor, opacity: 0.25 },
      position,
    },
  ];
}

/** A ball or a cube in the palm of a hand that looks down, so that weight pulls it out, and fingers that close around it. */
import {
  GRAVITY,
  HandScenes,
  type HandScenesOptions,
  loose,
  rightHand,
} from '../../../robots/humanoid-hand/index.ts';

export const shapes = {
  ball: { type: 'sphere', radius: 0.03 },
  cube: { type: 'box', size: [0.055, 0.055, 0.055] },
} as const;

const MASS = 0.1;
/** Motors of a third of their torque hold it as well. */
export const gripModel = { ...rightHand, maxTorque: 0.3 };
const each = (finger: readonly number[], thumb: readonly number[]): readonly number[] =>
  [finger, finger, finger, finger, thumb].flat();
const open = each([0, 0.2, 0.26, 0.18], [0.75, 0, 0, 0]);
const closed = each([0, 1.35, 1.3, 0.9], [0.75, 0.55, 0.9, 0.9]);
const WRIST_HEIGHT = 0.3;

/** Where the object is at first, in the frame of a hand that looks down, m. */
export const starts = [
  [0.075, 0.015, 0.048],
  [0.07, 0.015, 0.048],
  [0.075, 0.02, 0.048],
  [0.08, 0.015, 0.048],
] as const;

export interface Grip {
  readonly scenes: HandScenes;
  readonly object: ReturnType<HandScenes['addBodies']>;
}

/** One scene for each start; all hands have closed, and 1.5 s have passed. */
export function grip(shape: keyof typeof shapes, options: Partial<HandScenesOptions> = {}): Grip {
  const scenes = new HandScenes(starts.length, { hands: [{ model: gripModel }], ...options });
  const object = scenes.addBodies(loose(shapes[shape], MASS));
  starts.forEach(([x, y, below], scene) => {
    scenes.hands[0]!.place(scene, {
      angles: open,
      position: [0, 0, WRIST_HEIGHT],
      rotation: [1, 0, 0, 0],
    });
    object.position.set([x, y, WRIST_HEIGHT - below], 3 * scene);
    object.rotation.set([1, 0, 0, 0], 4 * scene);
    scenes.build(scene);
  });
  for (let step = 0; step < 75; step++) {
    close(scenes, Math.min(1, step / 30));
    // Until it is held, it floats in something viscous.
    if (step < 40) float(object);
    else for (const values of [object.force, object.torque]) values.fill(0);
    scenes.advance(8);
  }
  return { scenes, object };
}

function close(scenes: HandScenes, part: number): void {
  const { command } = scenes.hands[0]!;
  command.forEach((_, i) => {
    command[i] = open[i % 20]! + part * (closed[i % 20]! - open[i % 20]!);
  });
}

function float({ force, torque, linearVelocity, angularVelocity }: Grip['object']): void {
  for (let i = 0; i < force.length; i++) {
    force[i] = (i % 3 === 2 ? MASS * GRAVITY : 0) - 20 * MASS * linearVelocity[i]!;
    torque[i] = -1e-3 * angularVelocity[i]!;
  }
}

/** How an object moves in a grip, at most. */
export interface Shift {
  /** m */
  readonly drift: number;
  /** rad */
  readonly spin: number;
  /** m */
  readonly depth: number;
}

/** Holds on for `seconds`. @returns how the object moves in each scene meanwhile, from where it is first */
export function hold({ scenes, object }: Grip, seconds: number): Shift[] {
  const [position, rotation] = [object.position.slice(), object.rotation.slice()];
  const shifts = starts.map(() => ({ drift: 0, spin: 0, depth: 0 }));
  for (let step = 0; step < 50 * seconds; step++) {
    scenes.advance(8);
    shifts.forEach((shift, scene) => {
      const moved = [0, 1, 2].map((axis) => object.position[3 * scene + axis]! - position[3 * scene + axis]!);
      // From the vector part of the rotation between: its cosine would hide small angles.
      const [x, y, z, w] = rotation.subarray(4 * scene, 4 * scene + 4);
      const [a, b, c, d] = object.rotation.subarray(4 * scene, 4 * scene + 4);
      const sine = Math.hypot(
        w! * a! - x! * d! - y! * c! + z! * b!,
        w! * b! - y! * d! - z! * a! + x! * c!,
        w! * c! - z! * d! - x! * b! + y! * a!,
      );
      shift.drift = Math.max(shift.drift, Math.hypot(...moved));
      shift.spin = Math.max(shift.spin, 2 * Math.asin(Math.min(1, sine)));
      shift.depth = Math.max(shift.depth, scenes.depth[scene]!);
    });
  }
  return shifts;
}

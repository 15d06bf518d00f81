/**
 * What a command may ask of a machine, component by component: within which bounds, how fast it may change, and how fast
 * that speed may. Limits act on what is commanded, one step after another, starting from what was commanded last: seeded
 * from what is measured, an arm that gravity has pulled down would be let down further.
 */

/** Of one component. In `unit`, `unit`/s and `unit`/s². */
export interface ComponentLimit {
  readonly low: number;
  readonly high: number;
  /** Of its change; any unless told. */
  readonly speed?: number;
  /** Of the change of its speed; any unless told. */
  readonly acceleration?: number;
}

/** What a component was last told, and how fast that was changing. */
export interface Setpoint {
  readonly value: number;
  readonly speed: number;
}

/** Room for the rounding of a step, as part of the bounds' width. */
const ROUNDING = 1e-9;

/**
 * The setpoint one step later: as near to `target` as the limits let it come, and never so fast towards a bound that it
 * could not stop before it.
 * @param last within its bounds, and able to stop there: what this function returned, or at rest
 * @param dt of the step, s
 */
export function limitStep(last: Setpoint, target: number, limit: ComponentLimit, dt: number): Setpoint {
  const { low, high, speed = Infinity, acceleration = Infinity } = limit;
  const change = acceleration * dt;
  const least = Math.max(-speed, last.speed - change, -fastest(last.value - low, acceleration, dt));
  const most = Math.min(speed, last.speed + change, fastest(high - last.value, acceleration, dt));
  const distance = clamp(target, low, high) - last.value;
  // No faster than it can stop there, too.
  const towards = Math.sign(distance) * fastest(Math.abs(distance), acceleration, dt);
  // Braking comes first where both cannot be had, as it may be by a rounding.
  const next = least <= most ? clamp(towards, least, most) : last.speed - clamp(last.speed, -change, change);
  const value = clamp(last.value + next * dt, low, high);
  return { value, speed: (value - last.value) / dt };
}

/** The greatest speed of a step after which braking stops within `room` of where it began. */
function fastest(room: number, acceleration: number, dt: number): number {
  if (room <= 0) return 0;
  if (room === Infinity) return Infinity;
  if (acceleration === Infinity) return room / dt;
  // Braking takes n whole steps after this one: v·dt + Σ (v − i·a·dt)·dt, i = 1 … n, is what there is room for.
  const step = acceleration * dt * dt;
  const steps = Math.floor((Math.sqrt(1 + (8 * room) / step) - 1) / 2);
  return (room + (step * steps * (steps + 1)) / 2) / ((steps + 1) * dt);
}

/** What became of a command. */
export interface LimitedCommand {
  readonly setpoints: readonly Setpoint[];
  /** Indices of the components that were asked for more than their bounds allow. */
  readonly clipped: readonly number[];
}

/** @param target `[A]`, finite */
export function limitCommand(
  last: readonly Setpoint[],
  target: readonly number[],
  limits: readonly ComponentLimit[],
  dt: number,
): LimitedCommand {
  const clipped = target.flatMap((value, i) => {
    const { low, high } = limits[i]!;
    const room = ROUNDING * (high - low);
    return value < low - room || value > high + room ? [i] : [];
  });
  return { setpoints: last.map((each, i) => limitStep(each, target[i]!, limits[i]!, dt)), clipped };
}

/** Setpoints one step nearer to rest, as fast as the limits let them come to it. */
export const brake = (last: readonly Setpoint[], limits: readonly ComponentLimit[], dt: number): Setpoint[] =>
  last.map((each, i) => {
    const change = (limits[i]!.acceleration ?? Infinity) * dt;
    const speed = each.speed - clamp(each.speed, -change, change);
    const { low, high } = limits[i]!;
    return { value: clamp(each.value + speed * dt, low, high), speed };
  });

export const isAtRest = (setpoints: readonly Setpoint[]): boolean =>
  setpoints.every(({ speed }) => speed === 0);

/** How long `brake` takes at most, s. */
export const brakingTime = (limits: readonly ComponentLimit[], dt: number): number =>
  Math.max(
    dt,
    ...limits.map(({ speed = Infinity, acceleration = Infinity }) =>
      acceleration === Infinity ? dt : dt * Math.ceil(speed / (acceleration * dt)),
    ),
  );

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/**
 * The air that a quadrotor pushes down onto those below it. With n the direction of its thrust T, z = (p_upper − p_lower)·n
 * how far it is above, and r how far the lower one is from that axis, the force on the lower one is
 *   −T·exp(−½(2r/z)²)/(1 + 0.3 z)².
 * Source: `downwash` of OmniDrones's multirotor (github.com/btx0424/OmniDrones), which VolleyBots uses.
 */
import { rotate } from '../../src/physics/math.ts';
import type { QuadrotorFleet } from './fleet.ts';

const up = Float64Array.of(0, 0, 1);
const axis = new Float64Array(3);

/** Adds the downwash that the aircraft of each scene make for one another to their forces of this physics step. */
export function addDownwash(fleet: QuadrotorFleet): void {
  const { perScene } = fleet.bodies;
  for (let first = 0; first < fleet.count; first += perScene) {
    for (let upper = first; upper < first + perScene; upper++) {
      rotate(axis, 0, fleet.bodies.rotation, 4 * upper, up, 0);
      for (let lower = first; lower < first + perScene; lower++)
        if (lower !== upper) blow(fleet, upper, lower);
    }
  }
}

/** @param upper aircraft whose thrust points along `axis` */
function blow({ bodies, thrust }: QuadrotorFleet, upper: number, lower: number): void {
  const { position, force } = bodies;
  const [i, j] = [3 * upper, 3 * lower];
  const [x, y, z] = [
    position[i]! - position[j]!,
    position[i + 1]! - position[j + 1]!,
    position[i + 2]! - position[j + 2]!,
  ];
  const above = x * axis[0]! + y * axis[1]! + z * axis[2]!;
  if (above <= 0) return;
  const aside2 = Math.max(0, x * x + y * y + z * z - above * above);
  const strength = Math.exp((-2 * aside2) / (above * above)) / (1 + 0.3 * above) ** 2;
  for (let k = 0; k < 3; k++) force[j + k]! -= thrust[upper]! * axis[k]! * strength;
}

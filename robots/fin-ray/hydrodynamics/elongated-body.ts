/**
 * The load of the fluid's inertia on a slender ray: Lighthill's large-amplitude elongated-body theory (1971, Proc. R.
 * Soc. B 179:125), in the local form that is used for flags (Eloy and Michelin, arXiv:2409.20162). Per length, with u
 * the velocity past the stream, t along and n across the ray, m the added mass per length:
 *   f = −m (aₙ − 2 uₜ θ̇ + (uₜ² − ½uₙ²) θ′) n.
 * On rigid links θ′ is at the joints. There, what is left of the flux Φ = m uₜuₙ n − ½ m uₙ² t on its way from one link
 * to the next is a force. At the leading edge all of Φ is; at the tip nothing is: that momentum stays in the wake. −m
 * aₙ is no part of this: it is in the links' own inertia.
 */
import type { RayLoads, RayMotion } from './motion.ts';

export interface ElongatedBody {
  /** m */
  readonly addedMass: number;
  /** Parts of Φ at the leading edge, across and along the ray; both 1 in potential flow with full suction. */
  readonly edgeNormal: number;
  readonly edgeSuction: number;
}

/** Adds the reactive load of every ray to `loads`, without the part of the acceleration. */
export function addReactiveLoad(motion: RayMotion, body: ElongatedBody, loads: RayLoads): void {
  const { links, linkLength, angle, rate, velocity, stream } = motion;
  const { addedMass, edgeNormal, edgeSuction } = body;
  for (let ray = 0; ray < stream.length; ray++) {
    // The flux out of the link before.
    let [leavingX, leavingY] = [0, 0];
    for (let link = 0; link < links; link++) {
      const i = links * ray + link;
      const [c, s] = [Math.cos(angle[i]!), Math.sin(angle[i]!)];
      const [vx, vy] = [velocity[2 * i]! - stream[ray]!, velocity[2 * i + 1]!];
      const [along, across] = [vx * c + vy * s, vy * c - vx * s];
      const turn = (rate[i]! * linkLength) / 2;
      const [atStart, atEnd] = [across - turn, across + turn];

      const turning = 2 * addedMass * linkLength * along * rate[i]!;
      loads.force[2 * i]! -= turning * s;
      loads.force[2 * i + 1]! += turning * c;

      const normal = addedMass * along * atStart;
      const suction = -0.5 * addedMass * atStart * atStart;
      if (link === 0) {
        loads.edge[2 * ray]! += edgeSuction * suction * c - edgeNormal * normal * s;
        loads.edge[2 * ray + 1]! += edgeSuction * suction * s + edgeNormal * normal * c;
      } else {
        const forceX = suction * c - normal * s - leavingX;
        const forceY = suction * s + normal * c - leavingY;
        loads.force[2 * i]! += forceX;
        loads.force[2 * i + 1]! += forceY;
        loads.torque[i]! -= (linkLength / 2) * (forceY * c - forceX * s);
      }
      const outNormal = addedMass * along * atEnd;
      const outSuction = -0.5 * addedMass * atEnd * atEnd;
      leavingX = outSuction * c - outNormal * s;
      leavingY = outSuction * s + outNormal * c;
    }
  }
}

/** What bodies touch others with, as data that is drawn as well, and what it weighs. Lengths in m. */
import RAPIER from '@dimforge/rapier3d-compat';
import type { Geometry, Quaternion, Vector3 } from '../core/appearance.ts';
import type { MassProperties } from './body-fleet.ts';
import { multiply, rotate } from './math.ts';

export type SolidGeometry = Extract<Geometry, { type: 'box' | 'sphere' | 'cylinder' | 'capsule' }>;

/** Corners and faces of a convex body; its inside is full, whatever the faces say. */
export type Hull = Extract<Geometry, { type: 'mesh' }>;

export interface Solid {
  readonly geometry: SolidGeometry | Hull;
  /** In the frame of its body. */
  readonly position?: Vector3;
  readonly rotation?: Quaternion;
  /** Coefficient; of two solids the mean counts. 1 unless told. */
  readonly friction?: number;
  /** kg/m³; 0 unless told, of a body whose mass is given as a whole. */
  readonly density?: number;
}

/**
 * The engine's description of a solid, which tells of every force on it.
 * @param frame rotation of the solid's body in the frame that the engine has of it, a quaternion
 * @param groups what it may touch, in the engine's format of two half-words
 * @param friction instead of its own, where it is varied
 */
export function colliderOf(
  solid: Solid,
  frame: Float64Array,
  groups: number,
  friction = solid.friction ?? 1,
): RAPIER.ColliderDesc {
  const position = Float64Array.from(solid.position ?? [0, 0, 0]);
  const rotation = Float64Array.from(solid.rotation ?? [0, 0, 0, 1]);
  rotate(position, 0, frame, 0, position, 0);
  multiply(rotation, 0, frame, 0, rotation, 0);
  const { type } = solid.geometry;
  // Rapier's cylinders and capsules stand along y.
  if (type === 'cylinder' || type === 'capsule') multiply(rotation, 0, rotation, 0, Y_TO_Z, 0);
  const [x, y, z, w] = rotation as unknown as Quaternion;
  return shapeOf(solid.geometry)
    .setTranslation(position[0]!, position[1]!, position[2]!)
    .setRotation({ x, y, z, w })
    .setDensity(solid.density ?? 0)
    .setFriction(friction)
    .setCollisionGroups(groups)
    .setActiveEvents(RAPIER.ActiveEvents.CONTACT_FORCE_EVENTS)
    .setContactForceEventThreshold(0);
}

/** @throws RangeError for a hull without an inside */
function shapeOf(geometry: SolidGeometry | Hull): RAPIER.ColliderDesc {
  switch (geometry.type) {
    case 'box': {
      const [x, y, z] = geometry.size;
      return RAPIER.ColliderDesc.cuboid(x / 2, y / 2, z / 2);
    }
    case 'sphere':
      return RAPIER.ColliderDesc.ball(geometry.radius);
    case 'cylinder':
      return RAPIER.ColliderDesc.cylinder(geometry.halfHeight, geometry.radius);
    case 'capsule':
      return RAPIER.ColliderDesc.capsule(geometry.halfHeight, geometry.radius);
    case 'mesh':
      return hullOf(geometry);
  }
}

function hullOf({ vertices }: Hull): RAPIER.ColliderDesc {
  const description = RAPIER.ColliderDesc.convexHull(Float32Array.from(vertices));
  if (description) return description;
  throw new RangeError(`A hull of ${vertices.length / 3} corners has no inside.`);
}

const Y_TO_Z = Float64Array.of(Math.SQRT1_2, 0, 0, Math.SQRT1_2);

/** m³ */
export function volumeOf(geometry: SolidGeometry | Hull): number {
  switch (geometry.type) {
    case 'box':
      return geometry.size[0] * geometry.size[1] * geometry.size[2];
    case 'sphere':
      return (4 / 3) * Math.PI * geometry.radius ** 3;
    case 'cylinder':
      return 2 * Math.PI * geometry.radius ** 2 * geometry.halfHeight;
    case 'capsule':
      return Math.PI * geometry.radius ** 2 * (2 * geometry.halfHeight + (4 / 3) * geometry.radius);
    case 'mesh':
      return volumeWithin(geometry);
  }
}

/** By the divergence theorem: of the pyramids from the origin to each triangle. */
function volumeWithin({ vertices, triangles }: Hull): number {
  const corner = (i: number) =>
    vertices.slice(3 * triangles[i]!, 3 * triangles[i]! + 3) as unknown as Vector3;
  let volume = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const [[ax, ay, az], [bx, by, bz], [cx, cy, cz]] = [corner(i), corner(i + 1), corner(i + 2)];
    volume += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return volume / 6;
}

/** Of a homogeneous solid about its own centre. @param mass kg */
export function massOf(geometry: SolidGeometry, mass: number): MassProperties {
  switch (geometry.type) {
    case 'box': {
      const [x, y, z] = geometry.size.map((edge) => edge ** 2) as [number, number, number];
      return { mass, inertia: [(mass * (y + z)) / 12, (mass * (x + z)) / 12, (mass * (x + y)) / 12] };
    }
    case 'sphere': {
      const moment = 0.4 * mass * geometry.radius ** 2;
      return { mass, inertia: [moment, moment, moment] };
    }
    case 'cylinder':
      return { mass, inertia: roundInertia(mass, 0, geometry.radius, geometry.halfHeight) };
    case 'capsule': {
      const { radius, halfHeight } = geometry;
      const caps = mass * (volumeOf({ type: 'sphere', radius }) / volumeOf(geometry));
      return { mass, inertia: roundInertia(mass - caps, caps, radius, halfHeight) };
    }
  }
}

/** Of a cylinder along z of mass `straight`, between two half-balls of mass `caps` together. */
function roundInertia(straight: number, caps: number, radius: number, half: number): Vector3 {
  const across =
    straight * (radius ** 2 / 4 + half ** 2 / 3) +
    caps * (0.4 * radius ** 2 + half ** 2 + 0.75 * half * radius);
  return [across, across, straight * (radius ** 2 / 2) + caps * 0.4 * radius ** 2];
}

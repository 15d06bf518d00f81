/** Shapes as data to geometries of three.js, which has cylinders along y where ours are along z. */
import {
  BoxGeometry,
  BufferGeometry,
  CapsuleGeometry,
  CylinderGeometry,
  Float32BufferAttribute,
  Quaternion,
  SphereGeometry,
  TorusGeometry,
  Vector3,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { Geometry, Vector3 as Point } from '../../../core/appearance.ts';

const QUARTER = Math.PI / 2;
const LINE_SIDES = 6;

/** Parts that a full turn is drawn in. Many scenes are seen from afar, and each has all the shapes again. */
const parts = { few: 32, many: 12 } as const;
const MANY_SCENES = 16;

/** @param lineWidth m, of lines, which are drawn as thin rods so that they can be instanced like all else */
export function toGeometry(geometry: Geometry, lineWidth: number, scenes: number): BufferGeometry {
  const around = scenes > MANY_SCENES ? parts.many : parts.few;
  switch (geometry.type) {
    case 'box':
      return new BoxGeometry(...geometry.size);
    case 'sphere':
      return new SphereGeometry(geometry.radius, around, around / 2);
    case 'cylinder': {
      const { radius, halfHeight } = geometry;
      return new CylinderGeometry(radius, radius, 2 * halfHeight, around).rotateX(QUARTER);
    }
    case 'capsule':
      return new CapsuleGeometry(geometry.radius, 2 * geometry.halfHeight, around / 4, around).rotateX(
        QUARTER,
      );
    case 'ring':
      return new TorusGeometry(geometry.radius, geometry.thickness / 2, around / 4, 2 * around);
    case 'line':
      return rods(geometry.points, geometry.closed ?? false, lineWidth);
    case 'mesh': {
      const mesh = new BufferGeometry();
      mesh.setAttribute('position', new Float32BufferAttribute(geometry.vertices, 3));
      mesh.setIndex([...geometry.triangles]);
      // Edges stay sharp: robots are made of flat parts more often than of smooth ones.
      const flat = mesh.toNonIndexed();
      flat.computeVertexNormals();
      return flat;
    }
  }
}

function rods(points: readonly Point[], closed: boolean, width: number): BufferGeometry {
  const ends = closed ? [...points.slice(1), points[0]!] : points.slice(1);
  const parts = ends.map((end, i) => {
    const from = new Vector3(...points[i]!);
    const along = new Vector3(...end).sub(from);
    const turn = new Quaternion().setFromUnitVectors(new Vector3(0, 1, 0), along.clone().normalize());
    const middle = from.addScaledVector(along, 0.5);
    return new CylinderGeometry(width / 2, width / 2, along.length(), LINE_SIDES)
      .applyQuaternion(turn)
      .translate(middle.x, middle.y, middle.z);
  });
  return parts.length > 0 ? mergeGeometries(parts) : new BufferGeometry();
}

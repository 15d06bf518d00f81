/** From a place on the screen to a body, and to a point in space. */
import { type Camera, Plane, Raycaster, Vector2, Vector3 } from 'three';
import type { World } from './world.ts';

/** A body under the pointer. */
export interface Hit {
  readonly scene: number;
  readonly body: number;
  /** m, all scenes in one frame. */
  readonly point: Vector3;
}

const raycaster = new Raycaster();
const pointer = new Vector2();
const direction = new Vector3();

/** A place on the canvas in the coordinates of the view volume, −1 to 1. */
function aim(camera: Camera, canvas: HTMLCanvasElement, clientX: number, clientY: number): void {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  pointer.set((2 * (clientX - left)) / width - 1, 1 - (2 * (clientY - top)) / height);
  raycaster.setFromCamera(pointer, camera);
}

/** The nearest body there; what stands still is looked through, since it often surrounds what moves. */
export function pickBody(
  world: World,
  camera: Camera,
  canvas: HTMLCanvasElement,
  clientX: number,
  clientY: number,
): Hit | null {
  aim(camera, canvas, clientX, clientY);
  const candidates = world.shapes.filter(({ listed }) => listed.body >= 0 && !listed.layer);
  let nearest: (Hit & { readonly distance: number }) | null = null;
  for (const { mesh, listed } of candidates) {
    mesh.updateMatrixWorld();
    mesh.computeBoundingSphere();
    for (const { instanceId, point, distance } of raycaster.intersectObject(mesh, false))
      if (!nearest || distance < nearest.distance)
        nearest = { scene: instanceId!, body: listed.body, point: point.clone(), distance };
  }
  return nearest;
}

/** The plane through a point that faces the camera. */
export const facingPlane = (camera: Camera, point: Vector3): Plane =>
  new Plane().setFromNormalAndCoplanarPoint(camera.getWorldDirection(direction), point);

/** Where the pointer meets a plane. @returns whether it does */
export function pointOnPlane(
  plane: Plane,
  camera: Camera,
  canvas: HTMLCanvasElement,
  clientX: number,
  clientY: number,
  out: Vector3,
): boolean {
  aim(camera, canvas, clientX, clientY);
  return raycaster.ray.intersectPlane(plane, out) !== null;
}

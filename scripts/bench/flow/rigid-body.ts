/** A rigid body in the fluid, carried by markers whose velocity is prescribed. */
import type { Fluid } from '../../../src/flow/fluid.ts';
import { Markers } from '../../../src/flow/markers.ts';

/** The fluid feels markers a little beyond their circle, so it is drawn this much smaller than the body, in nodes. */
const RETRACTION = 0.2;

/** Markers about one spacing apart that stand for a disc. */
export function circle(
  fluid: Fluid,
  x: number,
  y: number,
  diameter: number,
  retraction = RETRACTION,
): Markers {
  const radius = diameter / 2 - retraction;
  const markers = new Markers(fluid, Math.round(2 * Math.PI * radius));
  for (let i = 0; i < markers.count; i++) {
    const angle = (2 * Math.PI * (i + 0.5)) / markers.count;
    markers.x[i] = x + radius * Math.cos(angle);
    markers.y[i] = y + radius * Math.sin(angle);
  }
  return markers;
}

/** Force of the fluid on a body in each step, and of what it is told by. */
export interface ForceRecord {
  /** Along the stream and across it, over ½ρU²D. */
  readonly drag: Float64Array;
  readonly lift: Float64Array;
}

/**
 * Runs the fluid around a body that stays where it is.
 * @param spin speed of the surface by step, anticlockwise: a turn at the start breaks the symmetry
 */
export function recordForces(
  fluid: Fluid,
  markers: Markers,
  scale: { readonly speed: number; readonly diameter: number },
  steps: number,
  spin: (step: number) => number = () => 0,
): ForceRecord {
  const drag = new Float64Array(steps);
  const lift = new Float64Array(steps);
  const velocityX = new Float64Array(markers.count);
  const velocityY = new Float64Array(markers.count);
  const unit = 0.5 * scale.speed ** 2 * scale.diameter;
  for (let step = 0; step < steps; step++) {
    const speed = spin(step);
    for (let i = 0; i < markers.count; i++) {
      const angle = (2 * Math.PI * (i + 0.5)) / markers.count;
      velocityX[i] = -speed * Math.sin(angle);
      velocityY[i] = speed * Math.cos(angle);
    }
    markers.sample();
    markers.drive(velocityX, velocityY);
    markers.spread();
    fluid.advance();
    drag[step] = -sum(markers.forceX) / unit;
    lift[step] = -sum(markers.forceY) / unit;
  }
  return { drag, lift };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

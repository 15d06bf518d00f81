/**
 * The load on a ray of endless span that moves little: unsteady thin-foil theory (Theodorsen 1935, NACA report 496;
 * Küssner and Schwarz for any shape of the chord), with the wake in two lag states (R. T. Jones 1940, NACA report 681).
 * With x = B(1 − cos φ) along the chord 2B, and the velocity across the foil and past the stream w = W₀ + 2 Σ Wₘ cos
 * mφ, the pressure is, per length,
 *   −2ρU ((C·Q + W₁) cot(φ/2) − 2 Σ Wₘ sin mφ) − 2ρ √(x(2B − x)) ∂w/∂t,   Q = W₀ − W₁,
 * and the edge is sucked forward by 2πρB (C·Q + W₁)² (Garrick 1936, NACA report 567). C·Q lags behind Q as lift does in
 * Wagner's problem. The last term of the pressure is exact for the foil's forces, and double for the moment of rigid
 * rotation: added mass has to be each link's own to be in its inertia.
 */
import type { AddedMass, RayLoads, RayMotion } from './motion.ts';

/** Harmonics Wₘ that are told apart. */
const HARMONICS = 4;
/** Half of the chord, which is 1. */
const HALF_CHORD = 0.5;
/** Points of the midpoint rule on a link, in φ, where all integrands are smooth. */
const QUADRATURE = 100;

/** Wagner's function is 1 − Σ part·exp(−pace·U t/B). */
const LAGS = [
  { part: 0.165, pace: 0.0455 },
  { part: 0.335, pace: 0.3 },
] as const;
/** Part of Q that lifts at once. */
const IMMEDIATE = 1 - LAGS[0].part - LAGS[1].part;
export const WAKE_STATES = LAGS.length;

export interface ThinFoil {
  readonly span: number;
  /** Part of the suction at the leading edge. */
  readonly edgeSuction: number;
  readonly addedMass: AddedMass;
  /** Wₘ for each unit of velocity across a link's middle and of its rate, `[HARMONICS + 1, n, 2]`. */
  readonly projection: Float64Array;
  /** Force and torque on a link of cot(φ/2) and then of each sin mφ, `[HARMONICS + 1, n, 2]`. */
  readonly pressure: Float64Array;
  /** Wₘ of the ray at hand. */
  readonly harmonics: Float64Array;
}

export function createThinFoil(links: number, span: number, edgeSuction: number): ThinFoil {
  const projection = new Float64Array(2 * links * (HARMONICS + 1));
  const pressure = new Float64Array(2 * links * (HARMONICS + 1));
  overChord(links, (link, phi, width, lever) => {
    for (let m = 0; m <= HARMONICS; m++) {
      const i = 2 * (links * m + link);
      const share = (Math.cos(m * phi) * width) / Math.PI;
      projection[i]! += share;
      projection[i + 1]! += share * lever;
      // dx = B sin φ dφ, and cot(φ/2) sin φ = 1 + cos φ.
      const force = HALF_CHORD * width * (m === 0 ? 1 + Math.cos(phi) : Math.sin(m * phi) * Math.sin(phi));
      pressure[i]! += force;
      pressure[i + 1]! += force * lever;
    }
  });
  const harmonics = new Float64Array(HARMONICS + 1);
  return { span, edgeSuction, addedMass: thinFoilAddedMass(links, span), projection, pressure, harmonics };
}

/** 2ρ√(x(2B − x)) per length, over each link. */
export function thinFoilAddedMass(links: number, span: number): AddedMass {
  const [mass, inertia] = [new Float64Array(links), new Float64Array(links)];
  overChord(links, (link, phi, width, lever) => {
    const part = 2 * span * (HALF_CHORD * Math.sin(phi)) ** 2 * width;
    mass[link]! += part;
    inertia[link]! += part * lever ** 2;
  });
  return { mass, inertia };
}

/** Visits points of all links. @param visit with the point's φ, its share of φ and its distance from the link's middle */
function overChord(
  links: number,
  visit: (link: number, phi: number, width: number, lever: number) => void,
): void {
  const phiAt = (x: number): number => Math.acos(1 - x / HALF_CHORD);
  for (let link = 0; link < links; link++) {
    const [from, to] = [phiAt(link / links), phiAt((link + 1) / links)];
    const width = (to - from) / QUADRATURE;
    for (let point = 0; point < QUADRATURE; point++) {
      const phi = from + (point + 0.5) * width;
      visit(link, phi, width, HALF_CHORD * (1 - Math.cos(phi)) - (link + 0.5) / links);
    }
  }
}

/**
 * Adds the load of every ray to `loads`, but for the part of the acceleration, which is in the links' inertia.
 * @param wake lag states, `[N, 2]`, which go on by `timestep`
 */
export function addThinFoilLoad(
  motion: RayMotion,
  foil: ThinFoil,
  wake: Float64Array,
  timestep: number,
  loads: RayLoads,
): void {
  const { links, angle, stream } = motion;
  for (let ray = 0; ray < stream.length; ray++) {
    const speed = stream[ray]!;
    foil.harmonics.fill(0);
    for (let link = 0; link < links; link++) project(motion, foil, ray, link);
    const [w0, w1] = [foil.harmonics[0]!, foil.harmonics[1]!];
    const edge = lagged(wake, ray, w0 - w1, (speed * timestep) / HALF_CHORD) + w1;
    for (let link = 0; link < links; link++) press(motion, foil, ray, link, edge, loads);
    const suction = -2 * Math.PI * foil.span * HALF_CHORD * foil.edgeSuction * edge * edge;
    loads.edge[2 * ray]! += suction * Math.cos(angle[links * ray]!);
    loads.edge[2 * ray + 1]! += suction * Math.sin(angle[links * ray]!);
  }
}

function project(
  { links, angle, rate, velocity, stream }: RayMotion,
  foil: ThinFoil,
  ray: number,
  link: number,
): void {
  const i = links * ray + link;
  const across =
    velocity[2 * i + 1]! * Math.cos(angle[i]!) - (velocity[2 * i]! - stream[ray]!) * Math.sin(angle[i]!);
  for (let m = 0; m <= HARMONICS; m++) {
    const k = 2 * (links * m + link);
    foil.harmonics[m]! += foil.projection[k]! * across + foil.projection[k + 1]! * rate[i]!;
  }
}

/** C·Q now; the wake goes on by `advance` half chords of the stream's way. */
function lagged(wake: Float64Array, ray: number, circulatory: number, advance: number): number {
  let lift = IMMEDIATE * circulatory;
  for (let lag = 0; lag < WAKE_STATES; lag++) {
    const { part, pace } = LAGS[lag]!;
    const i = WAKE_STATES * ray + lag;
    lift += wake[i]!;
    wake[i]! += (part * circulatory - wake[i]!) * (1 - Math.exp(-pace * advance));
  }
  return lift;
}

function press(
  { links, angle, rate, velocity, stream }: RayMotion,
  foil: ThinFoil,
  ray: number,
  link: number,
  edge: number,
  loads: RayLoads,
): void {
  const i = links * ray + link;
  const [c, s] = [Math.cos(angle[i]!), Math.sin(angle[i]!)];
  const along = (velocity[2 * i]! - stream[ray]!) * c + velocity[2 * i + 1]! * s;
  // ∂w/∂t = aₙ − uₜ θ̇, and aₙ is in the inertia.
  let normal = foil.addedMass.mass[link]! * along * rate[i]!;
  let torque = 0;
  for (let m = 0; m <= HARMONICS; m++) {
    const k = 2 * (links * m + link);
    const strength = 2 * foil.span * stream[ray]! * (m === 0 ? -edge : 2 * foil.harmonics[m]!);
    normal += strength * foil.pressure[k]!;
    torque += strength * foil.pressure[k + 1]!;
  }
  loads.force[2 * i]! -= normal * s;
  loads.force[2 * i + 1]! += normal * c;
  loads.torque[i]! += torque;
}

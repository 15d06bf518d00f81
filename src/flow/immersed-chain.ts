/**
 * An elastic chain in the fluid, each moving the other. Within a step the fluid pushes a marker in proportion to how much
 * faster it is than the marker, so its push is linear in the rates of the chain at the end of the step and is part of the
 * chain's own equations. Thus nothing has to be repeated, and chains of any mass are stable. The fluid gets the opposite
 * push, so that momentum is kept.
 *
 * A step is: `advance(base)`, then `fluid.advance()`.
 */
import { ConfigurationError } from '../core/errors.ts';
import { type BaseState, type ChainSettings, ElasticChain } from './elastic-chain.ts';
import type { Fluid } from './fluid.ts';
import { Markers } from './markers.ts';

export interface ImmersedChainSettings extends ChainSettings {
  /** Markers along each link, in each line; one for each spacing of the lattice does. */
  readonly markersPerLink: number;
  /** How far across the chain, to the left of its direction, the lines of markers lie. `[0]`, one line, by default. */
  readonly lines?: readonly number[];
  /** Markers nearer to the base than this are left out, where another body is there. 0 by default. */
  readonly clearance?: number;
  /**
   * Markers of each line at the tip that hold the fluid across the chain only. A row of markers acts as a plate with a
   * blunt end, about a spacing thick, and the suction of the vortices that a swinging tip sheds is a drag on that end which
   * a thin plate does not have. 0 by default.
   */
  readonly openTip?: number;
}

/** Of the whole chain on the fluid in the last step. */
export interface ChainPush {
  forceX: number;
  forceY: number;
  /** About the base. */
  moment: number;
  /** Work done on the fluid. */
  power: number;
}

/** Where a marker lies in its link: along it and across it, and whether it holds the fluid along the link too. */
interface MarkerPlace {
  readonly link: number;
  readonly along: number;
  readonly across: number;
  readonly holdsAlong: boolean;
}

export class ImmersedChain {
  readonly chain: ElasticChain;
  readonly markers: Markers;
  readonly push: ChainPush = { forceX: 0, forceY: 0, moment: 0, power: 0 };
  readonly #places: readonly MarkerPlace[];
  /** From the start of its link to each marker, `[m]`. */
  readonly #armX: Float64Array;
  readonly #armY: Float64Array;
  /** Force of each marker per missing velocity, a symmetric matrix, `[m]` each. */
  readonly #gainXX: Float64Array;
  readonly #gainXY: Float64Array;
  readonly #gainYY: Float64Array;

  /** @throws ConfigurationError */
  constructor(fluid: Fluid, settings: ImmersedChainSettings) {
    this.chain = new ElasticChain(settings);
    this.#places = placesOf(settings, this.chain);
    const count = this.#places.length;
    this.markers = new Markers(fluid, count);
    const perMarker = (): Float64Array => new Float64Array(count);
    [this.#armX, this.#armY] = [perMarker(), perMarker()];
    [this.#gainXX, this.#gainXY, this.#gainYY] = [perMarker(), perMarker(), perMarker()];
  }

  /** One step of the chain, whose push the fluid takes in its next step. @param next the base at the end of the step */
  advance(next: BaseState): void {
    this.#locate();
    this.markers.sample();
    this.#setGains();
    // Markers stay where they were at the start of the step, while the chain moves on.
    const angles = this.chain.angle.slice();
    const start = this.chain.base;
    this.chain.advance(next, (matrix, vector) => this.#addDrag(matrix, vector, next));
    this.#pushFluid(angles, start, next);
    this.markers.spread();
  }

  #locate(): void {
    const { angle, linkLength, base, links } = this.chain;
    let { x, y } = base;
    for (let link = 0, marker = 0; link < links; link++) {
      const [c, s] = [Math.cos(angle[link]!), Math.sin(angle[link]!)];
      for (; this.#places[marker]?.link === link; marker++) {
        const { along, across } = this.#places[marker]!;
        this.#armX[marker] = along * c - across * s;
        this.#armY[marker] = along * s + across * c;
        this.markers.x[marker] = x + this.#armX[marker]!;
        this.markers.y[marker] = y + this.#armY[marker]!;
      }
      x += linkLength * c;
      y += linkLength * s;
    }
  }

  #setGains(): void {
    const { angle } = this.chain;
    for (const [marker, { link, holdsAlong }] of this.#places.entries()) {
      const gain = this.markers.gains[marker]!;
      const [c, s] = holdsAlong ? [0, 0] : [Math.cos(angle[link]!), Math.sin(angle[link]!)];
      this.#gainXX[marker] = gain * (1 - c * c);
      this.#gainXY[marker] = -gain * c * s;
      this.#gainYY[marker] = gain * (1 - s * s);
    }
  }

  /**
   * Σ over markers of JᵀGJ and JᵀG (fluid − base), J the velocity of the marker per rate of each link: for its own link its
   * arm turned by 90°, for the links before it theirs. So from the tip on, sums over the links beyond are all it takes.
   */
  #addDrag(matrix: Float64Array, vector: Float64Array, { velocityX, velocityY }: BaseState): void {
    const { links: n, angle, linkLength } = this.chain;
    const { fluidX, fluidY } = this.markers;
    let marker = this.#places.length - 1;
    let [sumXX, sumXY, sumYY, forceX, forceY] = [0, 0, 0, 0, 0];
    for (let link = n - 1; link >= 0; link--) {
      const [endX, endY] = [-linkLength * Math.sin(angle[link]!), linkLength * Math.cos(angle[link]!)];
      // Force per rate of this link, on it and all beyond.
      let dragX = sumXX * endX + sumXY * endY;
      let dragY = sumXY * endX + sumYY * endY;
      matrix[(n + 1) * link]! += endX * dragX + endY * dragY;
      vector[link]! += endX * forceX + endY * forceY;
      for (; this.#places[marker]?.link === link; marker--) {
        const [xx, xy, yy] = [this.#gainXX[marker]!, this.#gainXY[marker]!, this.#gainYY[marker]!];
        const [turnX, turnY] = [-this.#armY[marker]!, this.#armX[marker]!];
        const [ownX, ownY] = [xx * turnX + xy * turnY, xy * turnX + yy * turnY];
        const [lackX, lackY] = [fluidX[marker]! - velocityX, fluidY[marker]! - velocityY];
        const [pushX, pushY] = [xx * lackX + xy * lackY, xy * lackX + yy * lackY];
        matrix[(n + 1) * link]! += turnX * ownX + turnY * ownY;
        vector[link]! += turnX * pushX + turnY * pushY;
        dragX += ownX;
        dragY += ownY;
        sumXX += xx;
        sumXY += xy;
        sumYY += yy;
        forceX += pushX;
        forceY += pushY;
      }
      for (let before = 0; before < link; before++) {
        const coupling = linkLength * (dragY * Math.cos(angle[before]!) - dragX * Math.sin(angle[before]!));
        matrix[n * link + before]! += coupling;
        matrix[n * before + link]! += coupling;
      }
    }
  }

  #pushFluid(angles: Float64Array, { x: baseX, y: baseY }: BaseState, next: BaseState): void {
    const { chain, markers, push } = this;
    let { velocityX, velocityY } = next;
    [push.forceX, push.forceY, push.moment, push.power] = [0, 0, 0, 0];
    for (let link = 0, marker = 0; link < chain.links; link++) {
      const rate = chain.rate[link]!;
      for (; this.#places[marker]?.link === link; marker++) {
        const x = velocityX - rate * this.#armY[marker]!;
        const y = velocityY + rate * this.#armX[marker]!;
        const [lackX, lackY] = [x - markers.fluidX[marker]!, y - markers.fluidY[marker]!];
        const forceX = this.#gainXX[marker]! * lackX + this.#gainXY[marker]! * lackY;
        const forceY = this.#gainXY[marker]! * lackX + this.#gainYY[marker]! * lackY;
        markers.forceX[marker] = forceX;
        markers.forceY[marker] = forceY;
        push.forceX += forceX;
        push.forceY += forceY;
        push.moment += (markers.x[marker]! - baseX) * forceY - (markers.y[marker]! - baseY) * forceX;
        push.power += forceX * x + forceY * y;
      }
      velocityX -= chain.linkLength * rate * Math.sin(angles[link]!);
      velocityY += chain.linkLength * rate * Math.cos(angles[link]!);
    }
  }
}

function placesOf(
  { markersPerLink, lines = [0], clearance = 0, openTip = 0 }: ImmersedChainSettings,
  { links, linkLength }: ElasticChain,
): MarkerPlace[] {
  if (!Number.isInteger(markersPerLink) || markersPerLink < 1) {
    throw new ConfigurationError(
      `${markersPerLink} markers on each link of a chain: a whole number is needed.`,
    );
  }
  const held = links * markersPerLink - openTip;
  const places = Array.from({ length: links * markersPerLink }, (_, at) =>
    lines.map((across) => ({
      link: Math.floor(at / markersPerLink),
      along: (((at % markersPerLink) + 0.5) * linkLength) / markersPerLink,
      across,
      holdsAlong: at < held,
    })),
  ).flat();
  return places.filter(({ link, along }) => link * linkLength + along >= clearance);
}

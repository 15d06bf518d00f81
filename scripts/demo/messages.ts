/** What the page of the demo and its workers say to each other beside the viewer's own protocol. */
import type { FlightOptions } from './flight.ts';

/** To a worker; the first message says what it is for. */
export type WorkerRequest =
  /** Flies a `policy.onnx` in an environment of the demo. */
  | ({ readonly type: 'fly' } & FlightOptions)
  | { readonly type: 'learn'; readonly seed: number }
  /** Comes with a port, over which a viewer's page is connected; one that is connected already is let go. */
  | { readonly type: 'watch' }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' };

/** From a worker that learns, or from one that fails. */
export type WorkerReport =
  | { readonly type: 'progress'; readonly step: number; readonly steps: number }
  /** An evaluation; `model` comes where it is the best one so far. */
  | {
      readonly type: 'evaluated';
      readonly step: number;
      /** Fraction of episodes. */
      readonly successRate: number;
      readonly model?: Uint8Array;
    }
  | { readonly type: 'finished' }
  | { readonly type: 'failed'; readonly message: string };

/** The compiled fluid as a function: one call makes one fluid with memory of its own. */
import { programBytes } from './program-bytes.ts';

/** A number that the program holds. */
interface Global {
  readonly value: number;
}

interface MutableGlobal {
  value: number;
}

/** Exports of `src/flow/assembly/index.ts`, where they are described. Addresses are in bytes. */
export interface Program {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly origins: Global;
  readonly forcesX: Global;
  readonly forcesY: Global;
  readonly evenRates: Global;
  readonly oddRates: Global;
  readonly inflow: Global;
  readonly outflow: Global;
  readonly streamSpeed: MutableGlobal;
  readonly lateInletExcess: MutableGlobal;
  readonly WALL: Global;
  readonly PERIODIC: Global;
  readonly MATCHED: Global;
  readonly VELOCITY: Global;
  readonly CONVECTIVE: Global;
  readonly PRESSURE: Global;
  allocate(columns: number, rows: number): void;
  setBoundaries(left: number, right: number, bottom: number, top: number, speed: number): void;
  setRelaxation(magic: number, smagorinsky: number): void;
  settle(node: number, excess: number, speedX: number, speedY: number): void;
  loudest(): number;
  collide(bottom: number, top: number): void;
  stream(): void;
  enter(): void;
}

/** What is used of the WebAssembly of browsers and Node, whose types would bring all of the DOM's. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

let compiled: object | undefined;

/** Compiles in the first call, at once: the program is a few kilobytes. */
export function instantiateProgram(): Program {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyHost };
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(programBytes), (letter) => letter.charCodeAt(0)));
  return new WebAssembly.Instance(compiled).exports as Program;
}

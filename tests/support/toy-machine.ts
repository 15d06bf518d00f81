/** A machine of two joints that go where they are told. */
import type { Machine } from '../../src/bridge/robot/machine.ts';

export interface ToyMachine extends Machine {
  at: number[];
  /** Modes of all commands so far. */
  readonly told: string[];
  broken: 'read' | 'write' | undefined;
}

export function toyMachine(controlDt = 0.01): ToyMachine {
  const made: ToyMachine = {
    controlDt,
    description: {
      name: 'arm',
      joints: ['shoulder', 'elbow'],
      observed: [],
      mode: 'position',
      commanded: ['shoulder', 'elbow'].map((name) => ({
        ...{ name, unit: 'rad', low: -1, high: 1, speed: 2, acceleration: 50 },
      })),
    },
    at: [0.1, -0.1],
    told: [],
    broken: undefined,
    read() {
      if (made.broken === 'read') throw new Error('no encoder');
      return { q: [...made.at] };
    },
    stand: () => [...made.at],
    write(command, mode) {
      if (made.broken === 'write') throw new Error('no current');
      made.at = [...command];
      made.told.push(mode);
    },
  };
  return made;
}

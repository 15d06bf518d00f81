/** A machine as its driver shows it: what it is, what it measures, and how it is told what to do. */
import type { FromRobot } from './protocol.ts';
import type { Mode } from './supervisor.ts';

type Welcome = Extract<FromRobot, { type: 'welcome' }>;
type Observation = Extract<FromRobot, { type: 'obs' }>;

/** Its joints, what is observed beside them, and what it takes for a command, with all limits. */
export type MachineDescription = Welcome['robot'];

/** What is measured at one moment. Numbers that are not finite are a fault. */
export type Measurement = Omit<Observation, 'type' | 'seq' | 't' | 'applied' | 'dropped'>;

export interface Machine {
  readonly description: MachineDescription;
  /** Of its control loop, s. */
  readonly controlDt: number;
  /** What it is told while nobody commands it, `[A]`, such as to hover; to stay where it is unless told. */
  readonly rest?: readonly number[];
  /** @throws Error where the machine fails: a fault */
  read(): Measurement;
  /** Where it stands, as a command would have it, `[A]`; absent where commands are no places. @throws Error as `read` */
  stand?(): readonly number[];
  /**
   * @param command `[A]`, within all limits
   * @param mode what it is for: a machine that is disarmed, or has failed, may take its power away once it stands still
   * @throws Error where the machine fails: a fault
   */
  write(command: readonly number[], mode: Mode): void;
}

/** The benchmarks of the fluid: its speed, and flows that others have measured or computed. */
import { validateSheddingChannel, validateSteadyChannel } from './channel.ts';
import { validateCylinder } from './cylinder.ts';
import type { Validation } from './validation.ts';

export { benchKernel } from './kernel.ts';
export { type Validation, validationTable } from './validation.ts';

/** Minutes each, on one core. */
export const flowValidations: Readonly<Record<string, () => Validation>> = {
  cylinder: () => validateCylinder(),
  'channel-steady': () => validateSteadyChannel(),
  'channel-shedding': () => validateSheddingChannel(),
};

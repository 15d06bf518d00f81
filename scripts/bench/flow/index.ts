/** The benchmarks of the fluid: its speed, and flows that others have measured or computed. */
import { validateSheddingChannel, validateSteadyChannel } from './channel.ts';
import { validateCylinder } from './cylinder.ts';
import { validateFilament } from './filament.ts';
import { validateRay } from './ray.ts';
import { validateRingDown } from './ring-down.ts';
import { validateTurekHron2, validateTurekHron3 } from './turek-hron.ts';
import type { Validation } from './validation.ts';

export { benchKernel } from './kernel.ts';
export { type Validation, validationTable } from './validation.ts';

/** Minutes each, on one core. */
export const flowValidations: Readonly<Record<string, () => readonly Validation[]>> = {
  cylinder: () => [validateCylinder()],
  'channel-steady': () => [validateSteadyChannel()],
  'channel-shedding': () => [validateSheddingChannel()],
  'ring-down': () => [validateRingDown()],
  filament: () => [validateFilament()],
  'turek-hron-2': () => [validateTurekHron2()],
  'turek-hron-3': () => [validateTurekHron3()],
  ray: () => validateRay(),
};

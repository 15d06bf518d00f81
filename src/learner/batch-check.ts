/** Numbers that are none stop a run before they reach the parameters. */
import type { Batch } from '../core/batch.ts';
import { ProprioError } from '../core/errors.ts';
import type { Spaces } from '../core/policy.ts';

/** @throws ProprioError naming the column, its component and the row */
export function assertFiniteBatch(batch: Batch, { observation, action }: Spaces): void {
  const spaces: Partial<Record<keyof Batch, Spaces['action'] | null>> = {
    obs: observation,
    action,
    reward: null,
    nextObs: observation,
    terminated: null,
    discount: null,
    ...(batch.plan ? { plan: action } : {}),
    ...(batch.returnToGo ? { returnToGo: null } : {}),
  };
  for (const [column, space] of Object.entries(spaces)) {
    const values = batch[column as keyof Batch] as Float32Array;
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(values[i])) continue;
      const width = values.length / batch.size;
      const component = space ? ` ("${space.components[(i % width) % space.size]!.name}")` : '';
      throw new ProprioError(
        `Column "${column}"${component} of the minibatch is ${values[i]} in row ${Math.floor(i / width)}; an agent can learn from finite numbers only. Check what filled the batch.`,
      );
    }
  }
}

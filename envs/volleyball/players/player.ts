/** Players written by hand: yardsticks of the tasks, and demonstrators. They see what a policy sees, and nothing else. */
import type { ActionMode } from '../../../robots/quadrotor/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import type { Space } from '../../../src/core/space.ts';

/** Writes the action for one observation. @param obs `[O]` @param action `[4]` */
export type Player = (obs: Float32Array, action: Float32Array) => void;

/** The player of a task in every row, without a memory. */
export const playedBy =
  (create: (observation: Space, mode: ActionMode) => Player) =>
  (env: VectorEnv, { actionMode }: { readonly actionMode: ActionMode }): Policy => {
    const { observationSpace, actionSpace } = env;
    const player = create(observationSpace, actionMode);
    return {
      async act(obs, actions) {
        for (let row = 0; row < obs.length / observationSpace.size; row++) {
          player(
            obs.subarray(row * observationSpace.size, (row + 1) * observationSpace.size),
            actions.subarray(row * actionSpace.size, (row + 1) * actionSpace.size),
          );
        }
      },
    };
  };

/**
 * A policy with an expert beside it, who watches every step, knows what it would do itself, and takes over now and then: the
 * person of interactive imitation learning and of RLIF (Luo et al. 2023, arXiv:2311.12996), for simulation. Shapes: N scenes,
 * O observation, A action size.
 */
import { packBytes, unpackBytes } from '../core/bytes.ts';
import { ProprioError } from '../core/errors.ts';
import type { Policy, Spaces } from '../core/policy.ts';
import type { Rng } from '../core/rng.ts';
import { type Saveable, saveable } from '../core/saved-state.ts';
import { choice, integer, number } from '../core/settings.ts';

/** When an expert takes over. */
export const interventionSettings = {
  intervention: choice(
    'random',
    ['never', 'random', 'difference', 'value'],
    'when an expert takes over: never, it only tells; by chance; where the actions differ; where a reference values the policy’s less',
  ),
  interventionChance: number(0.5, 0, 1, 'by chance: probability of a take-over in a step'),
  interventionReliability: number(
    0.95,
    0,
    1,
    'else: probability of one where it is due, and its complement where it is not',
  ),
  interventionSteps: integer(
    1,
    1,
    1e6,
    'control steps of a take-over; the policy then acts for at least one',
  ),
  interventionDifference: number(
    0.5,
    0,
    2,
    'mean absolute difference of the actions from which on it is due',
  ),
  interventionValue: number(
    0.97,
    -10,
    10,
    'part δ of the value of the expert’s action that the policy’s has to have, or else it is due',
  ),
};

export interface InterventionSchedule {
  readonly intervention: 'never' | 'random' | 'difference' | 'value';
  readonly interventionChance: number;
  readonly interventionReliability: number;
  readonly interventionSteps: number;
  readonly interventionDifference: number;
  readonly interventionValue: number;
}

/** What it keeps from step to step is saved with a run. */
export interface Expert extends Policy, Partial<Saveable> {
  dispose?(): Promise<void>;
}

/** Values of actions to whoever knows the task. @param obs `[N, O]` @param actions `[N, A]` @returns `[N]` */
export type ReferenceValue = (obs: Float32Array, actions: Float32Array) => Promise<Float32Array>;

export interface WithExpertOptions {
  readonly policy: Policy;
  readonly expert: Expert;
  readonly spaces: Spaces;
  readonly numEnvs: number;
  readonly schedule: InterventionSchedule;
  /** Needed to intervene by value. */
  readonly reference?: ReferenceValue | undefined;
  readonly rng: Rng;
}

export interface GuidedPolicy extends Policy, Saveable {
  readonly intervened: Uint8Array;
  /** What the expert did, or would have done, in the last step, `[N, A]`, a view. */
  readonly advice: Float32Array;
}

export function withExpert(options: WithExpertOptions): GuidedPolicy {
  const { policy, expert, spaces, numEnvs, schedule, reference, rng } = options;
  const A = spaces.action.size;
  const { intervention, interventionChance, interventionReliability, interventionSteps } = schedule;
  const draws = rng.split('interventions');
  const intervened = new Uint8Array(numEnvs);
  const advice = new Float32Array(numEnvs * A);
  /** Steps that are left of the take-over in each scene. */
  const left = new Uint32Array(numEnvs);
  const own = saveable(() => [intervened, advice, left], draws);

  async function advise(obs: Float32Array): Promise<void> {
    await expert.act(obs, advice, 'exploit');
    advice.forEach((value, i) => {
      if (!Number.isFinite(value))
        throw new ProprioError(
          `The expert's action "${spaces.action.components[i % A]!.name}" is ${value} in scene ${Math.floor(i / A)}; only an expert whose actions are numbers can take over.`,
        );
      advice[i] = Math.max(-1, Math.min(1, value));
    });
  }

  const difference = (scene: number, actions: Float32Array): number => {
    let sum = 0;
    for (let i = scene * A; i < (scene + 1) * A; i++) sum += Math.abs(actions[i]! - advice[i]!);
    return sum / A;
  };

  const reliably = (isDue: boolean): number =>
    isDue ? interventionReliability : 1 - interventionReliability;

  /** Probability of a take-over in each scene. */
  async function chances(obs: Float32Array, actions: Float32Array): Promise<(scene: number) => number> {
    if (intervention === 'random') return () => interventionChance;
    if (intervention === 'difference')
      return (scene) => reliably(difference(scene, actions) >= schedule.interventionDifference);
    const own = (await reference!(obs, actions)).slice();
    const better = await reference!(obs, advice);
    // δ·q where q is above zero, as the paper has it, and as much below it where it is not.
    const least = (q: number): number => q - (1 - schedule.interventionValue) * Math.abs(q);
    return (scene) => reliably(own[scene]! < least(better[scene]!));
  }

  function takeOver(scene: number, actions: Float32Array): void {
    actions.set(advice.subarray(scene * A, (scene + 1) * A), scene * A);
    intervened[scene] = 1;
  }

  return {
    intervened,
    advice,
    begin(scene, obs) {
      policy.begin?.(scene, obs);
      expert.begin?.(scene, obs);
      left[scene] = 0;
      intervened[scene] = 0;
    },
    async act(obs, actions, mode) {
      await policy.act(obs, actions, mode);
      await advise(obs);
      if (intervention === 'never') return;
      const chance = await chances(obs, actions);
      for (let scene = 0; scene < numEnvs; scene++) {
        // Always as many numbers, so that what happens in one scene is no matter of the others.
        const draw = draws.uniform(0, 1);
        const hasActed = intervened[scene] === 1;
        intervened[scene] = 0;
        if (left[scene]! > 0) {
          left[scene]!--;
          takeOver(scene, actions);
        } else if (!(hasActed && interventionSteps > 1)) {
          if (draw >= chance(scene)) continue;
          left[scene] = interventionSteps - 1;
          takeOver(scene, actions);
        }
      }
    },
    snapshot: () => packBytes([own.snapshot(), expert.snapshot?.() ?? new Uint8Array(0)]),
    restore(snapshot) {
      const [mine, theirs] = unpackBytes(snapshot);
      own.restore(mine!);
      expert.restore?.(theirs!);
    },
  };
}

/**
 * A policy that a person can take over, scene by scene, and what tells of it. Frames carry who acted, and the
 * executed actions are the ones that are stored, so learning from interventions needs nothing beside the
 * frames and this stream, in simulation and on a robot.
 */
import { type Observable, Subject } from 'rxjs';
import type { Teleoperation } from '../core/appearance.ts';
import type { Policy, Spaces } from '../core/policy.ts';

/** What a person says about an episode; LeRobot's names (`teleoperators/utils.py`). */
export const episodeMarks = ['success', 'failure', 'rerecord_episode', 'terminate_episode'] as const;
export type EpisodeMark = (typeof episodeMarks)[number];

/**
 * `start` and `end` stand at the first and the last frame that a person acted in, a mark at the last frame
 * before it; `step` is that frame's.
 */
export type Intervention = { readonly scene: number; readonly step: number } & (
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'mark'; readonly mark: EpisodeMark }
);

export interface InterventionOptions {
  /** Acts wherever no person does. */
  readonly policy: Policy;
  readonly teleoperation: Teleoperation;
  readonly spaces: Spaces;
  readonly numEnvs: number;
  /** Control steps that the loop has made so far, summed over scenes. */
  readonly step: () => number;
}

export interface IntervenedPolicy extends Policy {
  readonly intervened: Uint8Array;
  /** Hot. */
  readonly interventions$: Observable<Intervention>;
  /**
   * The person acts in `scene` from the next step on, with these commands until others are given.
   * @throws RangeError when their number is not that of the controls
   */
  takeOver(scene: number, commands: ArrayLike<number>): void;
  /** The policy acts in `scene` from the next step on. */
  giveBack(scene: number): void;
  mark(scene: number, mark: EpisodeMark): void;
}

export function intervene(options: InterventionOptions): IntervenedPolicy {
  const { policy, teleoperation, spaces, numEnvs, step } = options;
  const [observation, action] = [spaces.observation.size, spaces.action.size];
  /** Where the person acts, and where anybody but a policy does: an expert may stand beside it. */
  const steering = new Uint8Array(numEnvs);
  const intervened = new Uint8Array(numEnvs);
  const interventions = new Subject<Intervention>();
  /** Present commands, by scene that a person acts in. */
  const steered = new Map<number, Float32Array>();

  function endWhereGivenBack(): void {
    for (let scene = 0; scene < numEnvs; scene++) {
      if (steering[scene] === 0 || steered.has(scene)) continue;
      steering[scene] = 0;
      interventions.next({ kind: 'end', scene, step: step() });
    }
  }

  function act(scene: number, commands: Float32Array, obs: Float32Array, actions: Float32Array): void {
    teleoperation.act(
      commands,
      obs.subarray(scene * observation, (scene + 1) * observation),
      actions.subarray(scene * action, (scene + 1) * action),
    );
    if (steering[scene] === 1) return;
    steering[scene] = 1;
    interventions.next({ kind: 'start', scene, step: step() + numEnvs });
  }

  return {
    intervened,
    interventions$: interventions.asObservable(),
    takeOver(scene, commands) {
      const { controls } = teleoperation;
      if (commands.length !== controls.length) {
        throw new RangeError(
          `${commands.length} commands were given, and there are ${controls.length} controls: ${controls.map(({ name }) => name).join(', ')}.`,
        );
      }
      steered.set(scene, Float32Array.from(commands));
    },
    giveBack: (scene) => void steered.delete(scene),
    mark: (scene, mark) => interventions.next({ kind: 'mark', mark, scene, step: step() }),
    ...(policy.begin ? { begin: (scene: number, obs: Float32Array) => policy.begin!(scene, obs) } : {}),
    async act(obs, actions, mode) {
      await policy.act(obs, actions, mode);
      endWhereGivenBack();
      // Read after the policy has been waited for, so that the commands are the latest.
      for (const [scene, commands] of steered) act(scene, commands, obs, actions);
      for (let scene = 0; scene < numEnvs; scene++)
        intervened[scene] = steering[scene]! | (policy.intervened?.[scene] ?? 0);
    },
  };
}

/**
 * What a page can do to any source: look at a scene, push a body, take a scene over, say how an episode went.
 */
import { POSE_SIZE, type Vector3, viewLayout } from '../core/appearance.ts';
import type { VectorEnv } from '../core/env.ts';
import type { IntervenedPolicy } from '../rollout/intervention.ts';
import { Refusal, type SourceRequest, viewOf } from './source.ts';

type HandsOn = Extract<SourceRequest, { type: 'focus' | 'push' | 'intervene' | 'mark' }>;

/** Greatest acceleration that a push may give, m/s²: no engine has to bear more. */
const MOST_ACCELERATION = 1_000;

export interface Hands {
  /** Scene that is looked at and steered. */
  readonly focus: number;
  /** @throws Refusal saying why not */
  handle(request: HandsOn): void;
}

/** @param intervention absent where nobody may take over, for the reason in `refusal` */
export function createHands(
  env: VectorEnv,
  { intervention, refusal = '' }: { readonly intervention?: IntervenedPolicy; readonly refusal?: string },
): Hands {
  const view = viewOf(env);
  const { bodies, extent } = view.appearance;
  const row = new Float32Array(viewLayout(view.appearance).size);
  let focus = 0;

  function assertScene(scene: number): void {
    if (scene < env.numEnvs) return;
    throw new Refusal('E_RANGE', `There is no scene ${scene}; there are ${env.numEnvs}, counted from 0.`);
  }

  function push(scene: number, body: number, force: Vector3, point: Vector3): void {
    if (!view.push) throw new Refusal('E_CANNOT', `Nothing can be pushed in "${env.spec.id}".`);
    assertScene(scene);
    const pushed = bodies[body];
    if (!pushed) {
      throw new Refusal('E_RANGE', `There is no body ${body}; there are ${bodies.length}, counted from 0.`);
    }
    if (pushed.mass === undefined) throw new Refusal('E_CANNOT', `"${pushed.name}" cannot be pushed.`);
    const strength = Math.hypot(...force);
    const most = MOST_ACCELERATION * pushed.mass;
    if (strength > most) {
      throw new Refusal('E_RANGE', `"${pushed.name}" can be pushed with at most ${most.toFixed(1)} N.`);
    }
    if (strength > 0 && distanceTo(scene, body, point) > extent) {
      throw new Refusal('E_RANGE', `A push has to act within ${extent} m of "${pushed.name}".`);
    }
    view.push(scene, body, force, point);
  }

  function distanceTo(scene: number, body: number, [x, y, z]: Vector3): number {
    view.draw(scene, row);
    const at = POSE_SIZE * body;
    return Math.hypot(x - row[at]!, y - row[at + 1]!, z - row[at + 2]!);
  }

  function takeOver(commands: readonly number[]): void {
    if (!intervention) throw new Refusal('E_CANNOT', refusal);
    try {
      intervention.takeOver(focus, commands);
    } catch (error) {
      throw new Refusal('E_RANGE', (error as Error).message);
    }
  }

  return {
    get focus() {
      return focus;
    },
    handle(request) {
      switch (request.type) {
        case 'focus':
          assertScene(request.scene);
          focus = request.scene;
          return;
        case 'push':
          push(request.scene, request.body, request.force, request.point);
          return;
        case 'intervene':
          if (request.active) takeOver(request.commands);
          else intervention?.giveBack(focus);
          return;
        case 'mark':
          if (!intervention) throw new Refusal('E_CANNOT', refusal);
          intervention.mark(focus, request.mark);
          // The episode ends with the next step: each of the marks is the last word on it.
          env.interrupt?.(focus);
      }
    },
  };
}

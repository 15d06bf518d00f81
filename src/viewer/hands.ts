/**
 * What a page can do to any source: look at a scene, push a body, take an agent over, say how an episode went.
 */
import { POSE_SIZE, scenesOf, type Vector3, viewLayout } from '../core/appearance.ts';
import type { SteppedScenes } from '../core/env.ts';
import type { IntervenedPolicy } from '../rollout/intervention.ts';
import { Refusal, type SourceRequest, viewOf } from './source.ts';

type HandsOn = Extract<SourceRequest, { type: 'focus' | 'push' | 'intervene' | 'mark' }>;

/** Greatest acceleration that a push may give, m/s²: no engine has to bear more. */
const MOST_ACCELERATION = 1_000;

export interface Hands {
  /** Scene that is looked at. */
  readonly focus: number;
  /** Which of its agents is steered; its numbers are shown. */
  readonly agent: number;
  /** That agent's row among those of the environment. */
  readonly row: number;
  /** @throws Refusal saying why not */
  handle(request: HandsOn): void;
}

/** @param intervention absent where nobody may take over, for the reason in `refusal` */
export function createHands(
  env: SteppedScenes,
  { intervention, refusal = '' }: { readonly intervention?: IntervenedPolicy; readonly refusal?: string },
): Hands {
  const view = viewOf(env);
  const { bodies, extent } = view.appearance;
  const scenes = scenesOf(env);
  const { agents } = env.spec;
  const picture = new Float32Array(viewLayout(view.appearance).size);
  let focus = 0;
  let agent = 0;
  const row = (): number => focus * agents + agent;

  function assertScene(scene: number): void {
    if (scene < scenes) return;
    throw new Refusal('E_RANGE', `There is no scene ${scene}; there are ${scenes}, counted from 0.`);
  }

  function assertAgent(wanted: number): void {
    if (wanted < agents) return;
    throw new Refusal('E_RANGE', `There is no agent ${wanted}; there are ${agents}, counted from 0.`);
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
    view.draw(scene, picture);
    const at = POSE_SIZE * body;
    return Math.hypot(x - picture[at]!, y - picture[at + 1]!, z - picture[at + 2]!);
  }

  function takeOver(commands: readonly number[]): void {
    if (!intervention) throw new Refusal('E_CANNOT', refusal);
    try {
      intervention.takeOver(row(), commands);
    } catch (error) {
      throw new Refusal('E_RANGE', (error as Error).message);
    }
  }

  return {
    get focus() {
      return focus;
    },
    get agent() {
      return agent;
    },
    get row() {
      return row();
    },
    handle(request) {
      switch (request.type) {
        case 'focus':
          assertScene(request.scene);
          assertAgent(request.agent ?? agent);
          focus = request.scene;
          agent = request.agent ?? agent;
          return;
        case 'push':
          push(request.scene, request.body, request.force, request.point);
          return;
        case 'intervene':
          if (request.active) takeOver(request.commands);
          else intervention?.giveBack(row());
          return;
        case 'mark':
          if (!intervention) throw new Refusal('E_CANNOT', refusal);
          intervention.mark(row(), request.mark);
          // The episode ends with the next step: each of the marks is the last word on it.
          env.interrupt?.(focus);
      }
    },
  };
}

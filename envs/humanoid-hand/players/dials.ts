/**
 * The demonstrator of a task in which a hand, or two, grasp something over a table: any player of it, with dials that distort
 * what it sees and what it does. The player stays as it is. A constant error of the place moves every episode over the same edge
 * at once; a scale that is wrong misses what lies far from the middle, and a policy that copies it does too.
 */
import { z } from 'zod';
import { Delay, type Demonstrator, type DemonstratorDefinition } from '../../../src/core/demonstrator.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import type { Rng } from '../../../src/core/rng.ts';
import { saveable } from '../../../src/core/saved-state.ts';
import { integer, number, settings } from '../../../src/core/settings.ts';
import { Fingers } from './fingers.ts';
import { MISTAKES, Mistakes } from './mistakes.ts';
import type { TabletopPlayerSettings } from './tabletop-hand.ts';

const metres = z.number().min(-0.2).max(0.2);

export const handDials = settings({
  scale: number(
    0,
    0,
    1,
    'part k of its way from the middle by which the thing is seen nearer to it: a scale of 1 − k',
  ),
  poseBias: z
    .tuple([metres, metres])
    .default([0, 0])
    .describe('by which the place of the thing is seen wrong in all episodes, along x and y, m'),
  poseNoise: number(0, 0, 0.2, 'the same, drawn anew for each episode, uniform within ± this, m'),
  lagSteps: integer(0, 0, 20, 'control steps by which what is seen is late'),
  gripSlack: number(1, 0.5, 1, 'part of the way to which the fingers close'),
  jitter: number(0, 0, 1, 'deviation of normal noise on the actions of the wrist'),
  coverage: number(1, 0.01, 1, 'part of the area in which things begin that is shown: its middle'),
  mistakeRate: number(
    0,
    0,
    1,
    'part of the episodes with a mistake: the first hand closes too early, or opens after it has closed, and then goes on',
  ),
});
export type HandDials = ReturnType<typeof handDials.parse>;

/** What the dials have to know of a task. */
export interface HandDemonstration<Settings> {
  player(env: VectorEnv, settings: Settings): Policy;
  /** What is grasped, as observations name it. */
  readonly thing: string;
  /** Before the names of each hand, in the order of their actions; one hand without a name of its own unless told. */
  readonly hands?: readonly string[];
  /** Where it lies when an episode begins: within `half` of one of the middles along x and y, m. */
  area(settings: Settings): {
    readonly middles: readonly (readonly [x: number, y: number])[];
    readonly half: number;
  };
  grades(settings: Settings): ReturnType<DemonstratorDefinition<Settings>['grades']>;
}

export const handDemonstrator = <Settings extends TabletopPlayerSettings>(
  demonstration: HandDemonstration<Settings>,
): DemonstratorDefinition<Settings> => ({
  robot: demonstration.hands ? 'h20-right, h20-left' : 'h20-right',
  dials: handDials,
  grades: (s) => demonstration.grades(s),
  create: (env, s, dials, rng) => demonstrate(demonstration, env, s, handDials.parse(dials), rng),
});

function demonstrate<Settings extends TabletopPlayerSettings>(
  { player, thing, hands = [''], ...demonstration }: HandDemonstration<Settings>,
  env: VectorEnv,
  s: Settings,
  dials: HandDials,
  rng: Rng,
): Demonstrator {
  const { numEnvs, observationSpace, actionSpace } = env;
  const [O, A] = [observationSpace.size, actionSpace.size];
  const indexOf = (name: string): number =>
    observationSpace.components.findIndex((each) => each.name === name);
  const seen = {
    place: indexOf(`${thing}.x`),
    wrists: hands.map((hand) => ({
      thing: indexOf(`${thing}.from-${hand.replace('.', '-')}wrist.x`),
      turn: indexOf(`${hand}wrist.rotation.xx`),
    })),
  } as const;
  /** Components of one hand's action. */
  const each = A / hands.length;
  const area = demonstration.area(s);
  const policy = player(env, s);
  const delay = new Delay(env, dials.lagSteps);
  const fingers = hands.map((hand) => new Fingers(env, s, dials.gripSlack, hand));
  const mistakes = new Mistakes(numEnvs, s.rate);
  const [draws, noise] = [rng.split('episodes'), rng.split('jitter')];
  /** Of the place, drawn for the episode, `[N, 2]` m. */
  const drawn = new Float64Array(2 * numEnvs);

  /** The middle that the thing is nearest to. */
  const middleOf = (obs: Float32Array): readonly [x: number, y: number] => {
    const off = ([x, y]: readonly [number, number]): number =>
      Math.hypot(obs[seen.place]! - x, obs[seen.place + 1]! - y);
    return area.middles.reduce((nearest, each) => (off(each) < off(nearest) ? each : nearest));
  };

  /** How far the thing is seen from where it is, along one axis, m. */
  const error = (scene: number, axis: 0 | 1, fromMiddle: number): number => {
    const offMiddle = Math.max(-area.half, Math.min(area.half, fromMiddle));
    return dials.poseBias[axis] + drawn[2 * scene + axis]! - dials.scale * offMiddle;
  };

  /** Shifts the thing in what is seen, in the scene's frame and in those of the wrists. */
  function misplace(scene: number, row: Float32Array): void {
    const middle = middleOf(row);
    const x = error(scene, 0, row[seen.place]! - middle[0]);
    const y = error(scene, 1, row[seen.place + 1]! - middle[1]);
    row[seen.place]! += x;
    row[seen.place + 1]! += y;
    for (const { thing, turn } of seen.wrists) {
      const [xx = 0, yx = 0, zx = 0, xy = 0, yy = 0, zy = 0] = row.subarray(turn, turn + 6);
      row[thing]! += xx * x + yx * y;
      row[thing + 1]! += xy * x + yy * y;
      // The third column of a rotation is the product of the others.
      row[thing + 2]! += (yx * zy - zx * yy) * x + (zx * xy - xx * zy) * y;
    }
  }

  /** From the middle to the edges of what is shown, m: no edge where it is all, which rounding could cross. */
  const side = dials.coverage < 1 ? area.half * Math.sqrt(dials.coverage) : Infinity;
  const isCovered = (obs: Float32Array): boolean =>
    middleOf(obs).every((middle, axis) => Math.abs(obs[seen.place + axis]! - middle) <= side);

  return {
    ...saveable(() => [...delay.state, drawn, mistakes.state], draws, noise),
    begin(scene, obs) {
      delay.begin(scene, obs);
      for (let axis = 0; axis < 2; axis++)
        drawn[2 * scene + axis] = draws.uniform(-dials.poseNoise, dials.poseNoise);
      const mistake = mistakes.begin(scene, dials.mistakeRate, draws);
      if (!isCovered(obs)) return undefined;
      const [x, y] = drawn.subarray(2 * scene, 2 * scene + 2);
      return { 'poseNoise.x': x!, 'poseNoise.y': y!, mistake: MISTAKES.indexOf(mistake) };
    },
    async act(obs, actions, mode) {
      // Both are changed row by row: what it sees before it acts, and what it does afterwards.
      const sight = delay.see(obs);
      for (let scene = 0; scene < numEnvs; scene++) {
        const row = sight.subarray(O * scene, O * (scene + 1));
        misplace(scene, row);
        for (const hand of fingers) hand.see(row);
      }
      await policy.act(sight, actions, mode);
      for (let scene = 0; scene < numEnvs; scene++) {
        const now = obs.subarray(O * scene, O * (scene + 1));
        const action = actions.subarray(A * scene, A * (scene + 1));
        fingers.forEach((hand, k) => {
          hand.act(action.subarray(each * k, each * (k + 1)));
        });
        const [first] = fingers;
        const mistaken = mistakes.next(scene, first!.curl(now));
        if (mistaken) first!.force(mistaken, now, action.subarray(0, each));
        for (let end = each; end <= A; end += each)
          for (let i = end - 6; i < end; i++) action[i]! += dials.jitter * noise.normal();
      }
    },
  };
}

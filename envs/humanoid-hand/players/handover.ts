/**
 * The scripted player of `two-hand-handover`: the right hand takes one end of the parcel and carries it to the middle, the left
 * one takes the other end, the right one lets go and gets out of the way, and the left one carries the parcel over the zone. It
 * decides by what it sees alone, without a clock, so that what learns from it can do the same.
 */
import { curlOf, flexionOf, jointRanges, rightHand } from '../../../robots/humanoid-hand/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { actTowards, type FingerMode, WRIST_SPEED, WRIST_TURN } from '../control.ts';
import { ABOVE, AHEAD, createEnds, findEnds, headingOf, holdingError, MEETING } from '../parcel.ts';

/** Inputs of the synergy, open and closed. */
const OPEN_CURL = 0.03;
const GRIP = 0.95;
const FLEXION = 0.75;
const OPPOSITION = 0.35;
/** Curl from which a hand counts as closing. */
const CLOSING_CURL = 0.07;
/** Full closing takes this long, s. */
const CLOSING_TIME = 0.44;
/** A closed hand that is farther than this from where it should hold has lost the parcel, m. */
const SLIPPED = 0.05;
/** Off by more than this it does not come down, and stays so far above, m. */
const ASIDE = 0.025;
const CLEARANCE = 0.11;
/** Off by less in all directions, it closes, m and rad. */
const THERE = 0.008;
const ALIGNED = 0.1;
/** Below this the parcel is lifted slowly, m, by this part of the full speed. */
const SWEPT_HEIGHT = 0.06;
const SLOWLY = 0.4;
/** The parcel is where it is handed over when its middle is this near, m. */
const MET = 0.02;
/** A hand that has let go is out of the way this far above, m. */
const CLEAR = 0.1;
/** Part of the way that it goes in a second. */
const APPROACH = 10;

/** How the fingers are driven, and control steps a second. */
interface PlayerSettings {
  readonly fingers: FingerMode;
  readonly rate: number;
}

/** One hand in one scene, as it is seen. */
interface SeenHand {
  readonly wrist: Float32Array;
  /** About the vertical, rad. */
  readonly heading: number;
  readonly curl: number;
  readonly flexion: number;
  readonly touched: boolean;
}

export function handoverPlayer(env: VectorEnv, settings: PlayerSettings): Policy {
  const ranges = jointRanges(rightHand);
  const names = env.observationSpace.components.map(({ name }) => name);
  const [O, A] = [env.observationSpace.size, env.actionSpace.size];
  const at = (name: string): number => names.indexOf(name);
  const placesOf = (side: 'right' | 'left') => ({
    wrist: at(`${side}.wrist.x`),
    turn: at(`${side}.wrist.rotation.xx`),
    targets: at(`${side}.index.abduction.target`),
    curl: at(`${side}.index.mcp.target`),
    thumb: at(`${side}.thumb.cmc.target`),
    touch: at(`${side}.palm.touch`),
  });
  const hands = { right: placesOf('right'), left: placesOf('left') } as const;
  const touches = names.filter((name) => name.startsWith('right.') && name.endsWith('.touch')).length;
  const seen = { parcel: at('parcel.x'), turn: at('parcel.rotation.xx'), zone: at('zone.x') } as const;
  const dt = 1 / settings.rate;
  const farthest = WRIST_SPEED * dt;
  const inputs = new Float32Array(6);
  const ends = createEnds();
  const axis = new Float64Array(3);
  const goal = new Float64Array(3);
  return {
    async act(obs, actions) {
      for (let scene = 0; scene < obs.length / O; scene++)
        play(obs.subarray(O * scene, O * (scene + 1)), actions.subarray(A * scene, A * (scene + 1)));
    },
  };

  function look(obs: Float32Array, side: 'right' | 'left'): SeenHand {
    const { wrist, turn, curl, thumb, touch } = hands[side];
    return {
      wrist: obs.subarray(wrist, wrist + 3),
      heading: headingOf(obs.subarray(turn, turn + 6)),
      // Targets tell the inputs that they were made from.
      curl: curlOf(obs[curl]!),
      flexion: flexionOf(obs[thumb]!),
      touched: obs.subarray(touch, touch + touches).some((force) => force > 0),
    };
  }

  function play(obs: Float32Array, action: Float32Array): void {
    const [right, left] = [look(obs, 'right'), look(obs, 'left')];
    const parcel = obs.subarray(seen.parcel, seen.parcel + 3);
    const [xx, yx, zx, xy, yy, zy] = obs.subarray(seen.turn, seen.turn + 6);
    axis.set([yx! * zy! - zx! * yy!, zx! * xy! - xx! * zy!, xx! * yy! - yx! * xy!]);
    findEnds(parcel, axis, ends);
    const across = alongside(axis);
    const leftHolds =
      isClosed(left) && left.touched && holdingError(left.wrist, left.heading, ends.left) < SLIPPED;
    const rightIsClear =
      right.wrist[2]! - ends.right[2]! > CLEAR ||
      holdingError(right.wrist, right.heading, ends.right) > 2 * CLEAR;
    const rightHolds = isClosed(right) && holdingError(right.wrist, right.heading, ends.right) < SLIPPED;
    const met = Math.hypot(parcel[0]! - MEETING[0], parcel[1]! - MEETING[1], parcel[2]! - MEETING[2]) < MET;
    action.fill(0);
    const first = action.subarray(0, A / 2);
    const second = action.subarray(A / 2);
    if (leftHolds) {
      letGo(right, obs, 'right', first);
      goal.set([obs[seen.zone]!, obs[seen.zone + 1]!, MEETING[2]]);
      carry(left, obs, 'left', second, parcel, across, rightIsClear);
      return;
    }
    goal.set(MEETING);
    if (rightHolds) carry(right, obs, 'right', first, parcel, across, true);
    else take(right, obs, 'right', first, ends.right, across);
    if (isClosed(right) && met) take(left, obs, 'left', second, ends.left, across);
    else open(left, obs, 'left', second);
  }

  /** Goes over the place where it is to hold, down, and closes. */
  function take(
    hand: SeenHand,
    obs: Float32Array,
    side: 'right' | 'left',
    action: Float32Array,
    end: Float64Array,
    across: number,
  ): void {
    const off = [
      end[0]! - AHEAD * Math.cos(hand.heading) - hand.wrist[0]!,
      end[1]! - AHEAD * Math.sin(hand.heading) - hand.wrist[1]!,
      end[2]! - ABOVE - hand.wrist[2]!,
    ] as const;
    const turn = nearestTurn(across - hand.heading);
    const away = Math.hypot(off[0], off[1]);
    const closing =
      (hand.curl > CLOSING_CURL && holdingError(hand.wrist, hand.heading, end) < SLIPPED) ||
      (away < THERE && Math.abs(off[2]) < THERE && Math.abs(turn) < ALIGNED);
    if (closing) close(hand, obs, side, action);
    else open(hand, obs, side, action);
    const step = action.length - 6;
    for (let k = 0; k < 3; k++) action[step + k] = clip((APPROACH * dt * off[k]!) / farthest);
    if (away > ASIDE && off[2] > -CLEARANCE) action[step + 2] = clip((off[2] + CLEARANCE) / farthest);
    action[step + 5] = clip((APPROACH * dt * turn) / (WRIST_TURN * dt));
  }

  /** Keeps its grip, and moves so that the parcel comes to the goal, level with the other hand. */
  function carry(
    hand: SeenHand,
    obs: Float32Array,
    side: 'right' | 'left',
    action: Float32Array,
    parcel: Float32Array,
    across: number,
    moving: boolean,
  ): void {
    close(hand, obs, side, action);
    if (!moving) return;
    const step = action.length - 6;
    const up = parcel[2]! < SWEPT_HEIGHT;
    for (let k = 0; k < 3; k++)
      action[step + k] = up ? 0 : clip((APPROACH * dt * (goal[k]! - parcel[k]!)) / farthest);
    if (up) action[step + 2] = SLOWLY;
    else action[step + 5] = clip((-APPROACH * dt * nearestTurn(across)) / (WRIST_TURN * dt)) / 2;
  }

  /** Opens, and when it is open goes up. */
  function letGo(hand: SeenHand, obs: Float32Array, side: 'right' | 'left', action: Float32Array): void {
    open(hand, obs, side, action);
    if (hand.curl < CLOSING_CURL) action[action.length - 4] = 0.6;
  }

  function open(
    { curl, flexion }: SeenHand,
    obs: Float32Array,
    side: 'right' | 'left',
    action: Float32Array,
  ): void {
    inputs.fill(Math.max(OPEN_CURL, curl - dt / CLOSING_TIME));
    inputs[0] = Math.max(0, flexion - dt / CLOSING_TIME);
    bend(obs, side, action);
  }

  function close(
    { curl, flexion }: SeenHand,
    obs: Float32Array,
    side: 'right' | 'left',
    action: Float32Array,
  ): void {
    inputs.fill(Math.min(GRIP, curl + dt / CLOSING_TIME));
    inputs[0] = Math.min(FLEXION, flexion + dt / CLOSING_TIME);
    bend(obs, side, action);
  }

  function bend(obs: Float32Array, side: 'right' | 'left', action: Float32Array): void {
    inputs[1] = OPPOSITION;
    const { targets } = hands[side];
    actTowards(settings, ranges, inputs, obs.subarray(targets, targets + ranges.length), action);
  }
}

const isClosed = ({ curl }: SeenHand): boolean => curl > 0.97 * GRIP;

/** Heading of a hand whose fingers point across the parcel, rad. */
const alongside = (axis: Float64Array): number => nearestTurn(Math.atan2(axis[1]!, axis[0]!) - Math.PI / 2);

/** The same line by less than a quarter of a turn, rad: the parcel has no front. */
const nearestTurn = (angle: number): number => angle - Math.PI * Math.round(angle / Math.PI);

const clip = (value: number): number => Math.max(-1, Math.min(1, value));

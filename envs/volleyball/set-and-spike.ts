/**
 * `volley-set-and-spike-easy` and `-hard`: the setter lifts the ball to the attacker, who spikes it over the net to a target; in the hard
 * one past a board that defends. After VolleyBots (arXiv:2502.01932), `multi_attack_volleyball_*.py` of github.com/thu-uav/VolleyBots. There, the ball that
 * comes down counts as lost wherever it does; here it does not in the far half, after both hits.
 */
import type { Shape, Vector3 } from '../../src/core/appearance.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { number, settings } from '../../src/core/settings.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { board as boardShape } from './board.ts';
import { courts } from './court.ts';
import { PAIR, Pair, pairRewards } from './pair.ts';
import { playedBy } from './players/player.ts';
import { setAndSpikeEasyPlayer, setAndSpikeHardPlayer } from './players/set-and-spike.ts';
import {
  setAndSpikeEasy as easyRules,
  setAndSpikeHard as hardRules,
  type MatchRules,
} from './rules/by-task.ts';
import { Outcome } from './rules/events.ts';
import { CONTROL_DT, volleySettings } from './scenes.ts';
import { volleyTeleoperation } from './teleoperation.ts';
import { tellMatch } from './tell.ts';
import { volleyView } from './view.ts';

const EPISODE_STEPS = 16 / CONTROL_DT;
/** On the floor of the far half, m. */
const TARGET: Vector3 = [-4.5, 0, 0];
const TARGET_RADIUS = 1;
/** A ball this low has landed, m. */
const LANDED = 0.2;
/** The plane behind the net that a spike has to reach, m. */
const BEHIND_NET = -0.1;
/** Speeds and distances up to which `spikeReward` and `landingReward` rise, m/s and m. */
const [SPIKE_FROM, LANDING_FROM] = [5, 10];

const setAndSpikeSettings = settings({
  ...volleySettings,
  ...pairRewards,
  stageReward: number(
    5,
    0,
    100,
    'reward of both for each hit, a spike downwards, one over the net, one into the target',
  ),
  spikeReward: number(
    0.2,
    0,
    100,
    'weight of how much slower than 5 m/s upwards the ball leaves the attacker, per m/s',
  ),
  landingReward: number(
    0.2,
    0,
    100,
    'weight of how much nearer than 10 m to the target the ball lands, per m',
  ),
  hitReward: number(0, 0, 100, 'reward of both for each legal hit, beside the stage'),
});

/** What the pair has achieved, in order; kept as bits. */
const STAGES = { set: 1, attacked: 2, down: 4, over: 8, target: 16 } as const;

interface Variant {
  readonly id: string;
  readonly description: string;
  readonly rules: MatchRules;
  /** Whether a board defends: then the target is reached where it cannot return the spike. */
  readonly board: boolean;
  readonly success: string;
  /** The scripted one. */
  readonly player: Parameters<typeof playedBy>[0];
}

type SetAndSpike = EnvDefinition<ReturnType<typeof setAndSpikeSettings.parse>>;

const setAndSpike = ({ id, description, rules, board, success, player }: Variant): SetAndSpike => ({
  id,
  description,
  settings: setAndSpikeSettings,
  agents: () => PAIR,
  scripted: playedBy(player),
  teleoperation: volleyTeleoperation,
  create(numEnvs, s) {
    const places = [
      [2, -2.5, 2.5],
      [2, 2.5, 3.5],
    ] as const;
    const pair = new Pair(numEnvs, s, { rules, places, turns: PAIR + 1, board });
    const { scenes, game } = pair;
    const { ball, referee } = game;
    const { sheet } = referee;
    const scenesCount = numEnvs / PAIR;
    /** Stages reached, and those of the last control step; distance at which the ball landed in it, m, else NaN. */
    const [stages, fresh] = [new Uint8Array(scenesCount), new Uint8Array(scenesCount)];
    const landing = new Float32Array(scenesCount);

    function follow(scene: number): void {
      const [x, y, z] = ball.position.subarray(3 * scene, 3 * scene + 3) as unknown as [
        number,
        number,
        number,
      ];
      const before = stages[scene]!;
      let reached = before;
      if (pair.hit(PAIR * scene)) reached |= STAGES.set;
      const attack = pair.hit(PAIR * scene + 1);
      if (attack) reached |= STAGES.attacked;
      if (attack && ball.linearVelocity[3 * scene + 2]! < 0) reached |= STAGES.down;
      const spiked = (reached & STAGES.attacked) !== 0;
      if (spiked && x < BEHIND_NET) reached |= STAGES.over;
      landing[scene] = spiked && z < LANDED ? Math.hypot(x - TARGET[0], y - TARGET[1]) : Number.NaN;
      if (!board && landing[scene]! < TARGET_RADIUS) reached |= STAGES.target;
      stages[scene] = reached;
      fresh[scene] = reached & ~before;
    }

    /** A spike that the board tried to return in vain: it came down, or what the board sent back was no good. */
    function notePoint(scene: number): void {
      if (sheet.outcome[scene] !== Outcome.nearWins || !game.answered[scene]) return;
      stages[scene]! |= STAGES.target;
      fresh[scene]! |= STAGES.target;
    }

    const hasHitTarget = (scene: number): boolean => (stages[scene]! & STAGES.target) !== 0;

    return createVectorEnv({
      spec: {
        id,
        description,
        agents: PAIR,
        controlDt: CONTROL_DT,
        maxEpisodeSteps: EPISODE_STEPS,
        rewardTerms: ['stage', 'hit', 'aim', 'spike', 'landing', 'near', 'place', 'fault'],
        success,
        scores: [
          {
            name: 'stages',
            unit: '1',
            description: 'part of four that was reached: the set, the attack, a spike downwards, the target',
          },
        ],
      },
      numEnvs,
      observationSpace: pair.observationSpace,
      actionSpace: scenes.actionSpace,
      view: volleyView(scenes, {
        court: courts.regulation,
        fixed: board ? [] : [targetRing],
        readouts: pair.readouts,
        markers: board ? [boardMarker(game.boards!)] : [],
      }),
      start(row, rng) {
        pair.start(row, rng);
        const scene = Math.floor(row / PAIR);
        stages[scene] = 0;
        fresh[scene] = 0;
        landing[scene] = Number.NaN;
      },
      advance(actions) {
        scenes.fly(actions);
        for (let scene = 0; scene < scenesCount; scene++) follow(scene);
      },
      observe: (row, obs) => pair.observe(row, obs),
      judge(row, terms) {
        const scene = Math.floor(row / PAIR);
        const over = referee.judge(scene);
        const attack = pair.hit(PAIR * scene + 1);
        if (board && over && row % PAIR === 0) notePoint(scene);
        terms[0] = s.stageReward * bits(fresh[scene]!);
        terms[1] = s.hitReward * pair.hits(scene);
        terms[2] =
          row % PAIR === 0
            ? pair.aimTerm(row, scenes.fleet.bodies.position, 3 * (row + 1))
            : pair.aimTerm(row, TARGET);
        terms[3] = attack ? s.spikeReward * Math.max(0, SPIKE_FROM - ball.linearVelocity[3 * scene + 2]!) : 0;
        terms[4] =
          !board && landing[scene]! >= 0 ? s.landingReward * Math.max(0, LANDING_FROM - landing[scene]!) : 0;
        terms[5] = pair.nearTerm(scene, signsOf[sheet.turn[scene]!]!);
        terms[6] = pair.placeTerm(scene);
        terms[7] = pair.faultTerm(row);
        return over;
      },
      succeeded: (row) => hasHitTarget(Math.floor(row / PAIR)),
      score(row, scores) {
        const reached = stages[Math.floor(row / PAIR)]!;
        scores[0] = bits(reached & ~STAGES.over) / 4;
      },
      tell: tellMatch(game),
      state: [stages, fresh, landing, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
});

export const setAndSpikeEasy = setAndSpike({
  id: 'volley-set-and-spike-easy',
  description: 'One quadrotor sets a volleyball, another one spikes it over the net to a target',
  rules: easyRules,
  board: false,
  success: `the spike lands within ${TARGET_RADIUS} m of the target`,
  player: setAndSpikeEasyPlayer,
});

export const setAndSpikeHard = setAndSpike({
  id: 'volley-set-and-spike-hard',
  description: 'One quadrotor sets a volleyball, another one spikes it past a board that defends',
  rules: hardRules,
  board: true,
  success: 'the board tries to return the spike, and cannot',
  player: setAndSpikeHardPlayer,
});

/** Of setter and attacker: below the ball by turn, and out of the way otherwise. The last turns are a board's, and nobody's. */
const signsOf: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 1],
  [0, -1],
  [0, -1],
];

const bits = (set: number): number => [1, 2, 4, 8, 16].filter((bit) => set & bit).length;

const boardMarker = (boards: BodyFleet) => ({
  body: {
    name: 'board',
    shapes: [
      {
        geometry: { type: 'cylinder', radius: boardShape.radius, halfHeight: boardShape.halfHeight },
        material: { color: '#8d6fd1' },
      },
    ],
  } as const,
  writePose: (scene: number, row: Float32Array, offset: number) => boards.writePose(scene, row, offset),
});

const targetRing: Shape = {
  geometry: { type: 'ring', radius: TARGET_RADIUS, thickness: 0.04 },
  material: { color: '#2fbf71' },
  position: [TARGET[0], TARGET[1], 0.02],
};

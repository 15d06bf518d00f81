/** The tasks of several aircraft: what each sees and is paid, from both sides of the net. */
import { describe, expect, test } from 'vitest';
import { envs } from '../../../envs/index.ts';
import { FAR, NEAR } from '../../../envs/volleyball/court.ts';
import { Match, type MatchSettings, matchSettings } from '../../../envs/volleyball/match.ts';
import { ralliesOf } from '../../../envs/volleyball/players/rally.ts';
import { oneOnOne, threeOnThree } from '../../../envs/volleyball/rules/by-task.ts';
import type { StepBatch, VectorEnv } from '../../../src/core/env.ts';
import { createRng } from '../../../src/core/rng.ts';
import { parseSettings } from '../../../src/core/settings.ts';
import { agentsOf } from '../../../src/core/teams.ts';
import { contest } from '../../../src/rollout/versus.ts';
import { componentReader, createEnv } from '../../support/env-runs.ts';

/** The scripted players, who act; `see` is shown every step. */
function play(
  id: string,
  scenes: number,
  steps: number,
  see: (batch: StepBatch, read: (row: number, name: string) => number) => void,
  settings: Record<string, unknown> = {},
): void {
  const definition = envs[id]!;
  const parsed = parseSettings('env', definition.settings, settings);
  const env = definition.create(scenes * agentsOf(definition, parsed), parsed);
  const player = definition.scripted!(env, parsed);
  const reader = componentReader(env);
  let obs = env.reset(3);
  const actions = new Float32Array(4 * env.numEnvs);
  for (let step = 0; step < steps; step++) {
    void player.act(obs, actions, 'exploit');
    const batch = env.step(actions);
    see(batch, (row, name) => reader(batch.finalObs, row, name));
    obs = batch.obs;
  }
  env.close();
}

const termsOf = (env: VectorEnv, { info }: StepBatch, row: number): Record<string, number> =>
  Object.fromEntries(
    env.spec.rewardTerms.map((name, t) => [name, info.rewardTerms[row * env.spec.rewardTerms.length + t]!]),
  );

test('observations are as long as published', () => {
  const sizes = Object.fromEntries(
    ['bump-and-pass', 'set-and-spike-easy', 'set-and-spike-hard', '1v1', '3v3', '6v6'].map((task) => [
      task,
      createEnv(`volley-${task}`, 1).observationSpace.size,
    ]),
  );
  expect(sizes).toEqual({
    ...{ 'bump-and-pass': 39, 'set-and-spike-easy': 40, 'set-and-spike-hard': 40 },
    ...{ '1v1': 37, '3v3': 57, '6v6': 78 },
  });
});

test('bumps and passes: both are paid for hits and high passes, each for its aim and its faults', () => {
  const id = 'volley-bump-and-pass';
  const env = createEnv(id, 1);
  const scenes = 4;
  const turn = new Array(scenes).fill(0);
  const seen = { hits: 0, passes: 0, ends: 0 };
  play(id, scenes, 500, (batch, read) => {
    for (let scene = 0; scene < scenes; scene++) {
      const rows = [2 * scene, 2 * scene + 1];
      const [own, mate] = rows.map((row) => termsOf(env, batch, row)) as [
        Record<string, number>,
        Record<string, number>,
      ];
      for (const shared of ['hit', 'pass', 'near', 'place']) expect(own[shared]).toBe(mate[shared]);
      expect([0, 1]).toContain(own.hit);
      if (own.hit === 1) {
        // Whoever's turn it was has hit, and nobody else has aimed.
        expect([own, mate][1 - turn[scene]]!.aim).toBe(0);
        expect(Math.abs([own, mate][turn[scene]]!.aim!)).toBeGreaterThan(0.5);
        turn[scene] = 1 - turn[scene];
        seen.hits++;
      }
      seen.passes += own.pass!;
      const beyond = rows.map((row) => {
        const d = Math.hypot(...['x', 'y', 'z'].map((axis) => read(row, `anchor.${axis}`)));
        return Math.max(0, d - 0.5) / 2;
      });
      expect(own.place).toBeCloseTo(-0.05 * (beyond[0]! + beyond[1]!), 5);
      const near = rows.map((row) => 1 / (1 + Math.hypot(read(row, 'ball.x'), read(row, 'ball.y'))));
      const signed = turn[scene] === 0 ? near[0]! - near[1]! : near[1]! - near[0]!;
      expect(own.near).toBeCloseTo((0.05 * signed) / 2, 5);
      expect(batch.terminated[rows[0]!]).toBe(batch.terminated[rows[1]!]);
      if (!batch.terminated[rows[0]!]) {
        rows.forEach((row, k) => {
          expect([read(row, 'turn.0'), read(row, 'turn.1')]).toEqual(turn[scene] === 0 ? [1, 0] : [0, 1]);
          expect([read(row, 'self.0'), read(row, 'self.1')]).toEqual(k === 0 ? [1, 0] : [0, 1]);
          // Where the mate is, from here and from there.
          expect(read(row, 'mate.y')).toBeCloseTo(-read(rows[1 - k]!, 'mate.y'), 4);
        });
        continue;
      }
      expect(own.fault! + mate.fault!).toBeLessThanOrEqual(-10);
      turn[scene] = 0;
      seen.ends++;
    }
  });
  expect(seen.hits).toBeGreaterThan(10);
  expect(seen.passes).toBeGreaterThan(2);
  env.close();
});

describe('a match, seen from both sides', () => {
  const cases = [
    { rules: oneOnOne, team: false, places: [[1.5, 0, 2]] },
    {
      rules: threeOnThree,
      team: true,
      places: [
        [3, -1.5, 2],
        [3, 1.5, 2],
        [6, 0, 2],
      ],
    },
  ] as const;

  test.each(cases)(
    'is the same when court and sides are turned round ($places)',
    ({ rules, team, places }) => {
      const settings = matchSettings(team).parse({}) as MatchSettings;
      const start = { position: [0, 0, 0], tilt: 0, yaw: [0, 0] } as const;
      const options = {
        rules,
        team,
        places,
        start,
        server: 0,
        serveHeight: 2,
        seconds: 10,
        opponent: ralliesOf,
      };
      const [one, turned] = [new Match(1, settings, options), new Match(1, settings, options)];
      const rng = createRng(4);
      const { players, perSide } = one;
      one.start(0, createRng(1));
      turned.start(0, createRng(1));
      const vector = () => [rng.normal(), rng.normal(), rng.normal()];
      const about = ([x, y, z]: number[]): number[] => [-x!, -y!, z!];
      const ball = { position: [rng.uniform(1, 3), rng.normal(), 3], velocity: vector() };
      for (const match of [one, turned]) {
        const isTurned = match === turned;
        match.game.ball.position.set(isTurned ? about(ball.position) : ball.position);
        match.game.ball.linearVelocity.set(isTurned ? about(ball.velocity) : ball.velocity);
        match.game.ball.place(0);
        match.game.referee.start(0, isTurned ? perSide : 0, match.game.ball.position, 0);
      }
      for (let player = 0; player < players; player++) {
        const mirror = (player + perSide) % players;
        const [p, v, w] = [vector(), vector(), vector()];
        const q = [rng.normal(), rng.normal(), rng.normal(), rng.normal()];
        const unit = q.map((part) => part / Math.hypot(...q)) as [number, number, number, number];
        // Half a turn about z, before.
        const round = [-unit[1], unit[0], unit[3], -unit[2]];
        const set = (match: Match, i: number, turn: boolean): void => {
          const { bodies, throttle } = match.scenes.fleet;
          bodies.position.set(turn ? about(p) : p, 3 * i);
          bodies.linearVelocity.set(turn ? about(v) : v, 3 * i);
          bodies.angularVelocity.set(turn ? about(w) : w, 3 * i);
          bodies.rotation.set(turn ? round : unit, 4 * i);
          throttle.fill(0.3 + 0.1 * player, 4 * i, 4 * i + 4);
        };
        set(one, player, false);
        set(turned, mirror, true);
      }
      const [a, b] = [0, 0].map(() => new Float32Array(one.observationSpace.size));
      for (let player = 0; player < players; player++) {
        one.observe(0, player, a!);
        turned.observe(0, (player + perSide) % players, b!);
        a!.forEach((value, i) => {
          expect(Math.abs(value - b![i]!)).toBeLessThan(1e-5);
        });
        // And it is no picture that anything would give.
        expect(new Set(a).size).toBeGreaterThan(20);
      }
      one.scenes.close();
      turned.scenes.close();
    },
  );
});

test.each([
  ['volley-1v1', 2],
  ['volley-3v3', 6],
])('what a side of %s wins, the other one loses', (id, players) => {
  const env = createEnv(id, 1);
  const seen = { decided: 0, hits: 0 };
  play(
    id,
    8,
    1000,
    (batch) => {
      for (let row = 0; row < batch.reward.length; row += players) {
        const terms = Array.from({ length: players }, (_, k) => termsOf(env, batch, row + k));
        const near = terms.slice(0, players / 2);
        const far = terms.slice(players / 2);
        const result = near[0]!.result!;
        expect(Math.abs(result) === 100 || result === 0).toBe(true);
        for (const { result: own } of near) expect(own).toBe(result);
        for (const { result: own } of far) expect(own! + 0).toBe(-result + 0);
        if (result !== 0) {
          seen.decided++;
          expect(batch.terminated[row]).toBe(1);
          expect(batch.info.success[row]).toBe(result > 0 ? 1 : 0);
          expect(batch.info.success[row + players - 1]).toBe(result > 0 ? 0 : 1);
        }
        seen.hits += terms.filter(({ hit }) => hit! > 0).length;
      }
      // The weakest, who miss the court.
    },
    { level: 0 },
  );
  expect(seen.decided).toBeGreaterThan(5);
  expect(seen.hits).toBeGreaterThan(10);
  env.close();
});

describe('scripted players of matches', () => {
  async function winsOf(id: string, strong: number, weak: number, games: number): Promise<number> {
    const definition = envs[id]!;
    const settings = parseSettings('env', definition.settings, {});
    const env = definition.create(8 * agentsOf(definition, settings), settings);
    const at = (level: number) => definition.scripted!(env, { ...settings, level });
    const { wins, draws, losses } = await contest(env, at(strong), at(weak), games, 5);
    env.close();
    expect(wins + draws + losses).toBe(games);
    return wins / (wins + losses);
  }

  test('are stronger the higher their level', async () => {
    expect(await winsOf('volley-1v1', 1, 0, 48)).toBeGreaterThan(0.75);
    expect(await winsOf('volley-1v1', 0, 1, 48)).toBeLessThan(0.25);
    expect(await winsOf('volley-3v3', 1, 0, 32)).toBeGreaterThan(0.7);
  });

  test('may play the far side for a learner, who then has the near side alone', () => {
    const env = createEnv('volley-3v3', 2, { opponent: 'scripted' });
    expect([env.numEnvs, env.spec.agents, env.spec.sides]).toEqual([6, 3, undefined]);
    const seen: string[] = [];
    env.events$!.subscribe(({ text }) => seen.push(text));
    env.reset(2);
    for (let step = 0; step < 300; step++) env.step(new Float32Array(24).fill(0.242));
    // Somebody on the far side serves and hits; nobody there waits to fall.
    expect(seen.some((text) => /drone 5 \(far\) hits/.test(text))).toBe(true);
    env.close();
  });

  test('do not play where there is no match', async () => {
    const env = createEnv('volley-bump-and-pass', 2);
    const nobody = { act: async () => {} };
    await expect(contest(env, nobody, nobody, 2, 1)).rejects.toThrow(/"volley-bump-and-pass" is no match/);
    env.close();
  });
});

test('the near and the far side are told apart by the sign of x', () => {
  expect([NEAR, FAR]).toEqual([0, 1]);
  const env = createEnv('volley-1v1', 3);
  const obs = env.reset(1);
  const read = componentReader(env);
  // Both see themselves at x > 0, facing away from the net, the other one beyond it.
  for (let row = 0; row < 6; row++) {
    expect(read(obs, row, 'position.x')).toBeGreaterThan(1);
    expect(read(obs, row, 'heading.x')).toBeGreaterThan(0.9);
    expect(read(obs, row, 'opponent.x')).toBeLessThan(-2.5);
  }
  env.close();
});

/** What holds of every match, whatever happens in it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAR, NEAR, type Side } from '../../../envs/volleyball/court.ts';
import {
  bumpAndPass,
  type MatchRules,
  oneOnOne,
  sixOnSix,
  threeOnThree,
} from '../../../envs/volleyball/rules/by-task.ts';
import { Outcome } from '../../../envs/volleyball/rules/events.ts';
import { Referee } from '../../../envs/volleyball/rules/referee.ts';
import { packBytes, restoreArray, unpackBytes } from '../../../src/core/bytes.ts';

type Happening =
  | { readonly touch: number; readonly withRacket: boolean }
  | { readonly ball: readonly number[]; readonly verticalSpeed: number }
  | { readonly drones: readonly number[] };

type Match = { readonly server: number; readonly steps: readonly (readonly Happening[])[] };

/** A place on a grid of decimetres, so that lines, limits and the plane of the net are met exactly too. */
const place = (
  court: MatchRules['court'],
  lowest: number,
  highest: number,
  beyond: number,
): fc.Arbitrary<number[]> => {
  const [length, width] = [5 * court.length + beyond, 5 * court.width + beyond];
  return fc
    .tuple(
      fc.integer({ min: -length, max: length }),
      fc.integer({ min: -width, max: width }),
      fc.integer({ min: lowest, max: highest }),
    )
    .map((decimetres) => decimetres.map((value) => value / 10));
};

/** Matches in which most that happens is harmless, so that they last. */
function matches({ court, sides }: MatchRules): fc.Arbitrary<Match> {
  const player = fc.nat(sides.length - 1);
  const speed = fc.integer({ min: -5, max: 5 });
  const ball = (where: fc.Arbitrary<number[]>): fc.Arbitrary<Happening> =>
    fc.record({ ball: where, verticalSpeed: speed });
  const drones = fc
    .tuple(
      ...sides.map((side) =>
        place(court, 2, 40, 0).map(([x, y, z]) =>
          side === NEAR ? [Math.abs(x!), y, z] : [-Math.abs(x!), y, z],
        ),
      ),
    )
    .map((positions) => ({ drones: positions.flat() as number[] }));
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ touch: player, withRacket: fc.constant(true) }) },
    { weight: 1, arbitrary: fc.record({ touch: player, withRacket: fc.boolean() }) },
    { weight: 6, arbitrary: ball(place(court, 30, 60, 0)) },
    { weight: 1, arbitrary: ball(place(court, 0, 40, 3)) },
    { weight: 1, arbitrary: drones },
  );
  return fc.record({
    server: player,
    steps: fc.array(fc.array(happening, { maxLength: 3 }), { maxLength: 40 }),
  });
}

const serverPlace = (rules: MatchRules, server: number): number[] => [
  rules.sides[server] === NEAR ? 1 : -1,
  0,
  3,
];

function tell(referee: Referee, scene: number, what: Happening): void {
  if ('touch' in what) referee.touch(scene, what.touch, what.withRacket);
  else if ('ball' in what) referee.ball(scene, what.ball, 0, what.verticalSpeed);
  else referee.drones(scene, what.drones, 0);
}

/** Plays matches side by side, a scene each, as many steps as the longest has. @returns what is told of every step */
function playAll(
  referee: Referee,
  all: readonly Match[],
  from = 0,
  to = Number.POSITIVE_INFINITY,
): unknown[][] {
  if (from === 0)
    all.forEach(({ server }, scene) => {
      referee.start(scene, server, serverPlace(referee.rules, server), 0);
    });
  const log: unknown[][] = all.map(() => []);
  const steps = Math.min(to, Math.max(...all.map((match) => match.steps.length)));
  for (let step = from; step < steps; step++) {
    referee.beginStep();
    all.forEach((match, scene) => {
      for (const what of match.steps[step] ?? []) tell(referee, scene, what);
      referee.judge(scene);
      log[scene]!.push(referee.happened(scene).map((event) => ({ ...event, scene: 0 })));
    });
  }
  return log;
}

/** All that is kept of a scene. */
const picture = ({ state, sheet }: Referee, scene: number): number[][] =>
  state.map((array) => {
    const size = array.length / sheet.outcome.length;
    return [...array.subarray(scene * size, (scene + 1) * size)];
  });

const play = (rules: MatchRules, match: Match): Referee => {
  const referee = new Referee(rules, 1);
  playAll(referee, [match]);
  return referee;
};

describe.each([
  ['1v1', oneOnOne],
  ['3v3', threeOnThree],
  ['6v6', sixOnSix],
])('%s', (_, rules) => {
  const half = rules.sides.length / 2;
  const mirrored = (player: number): number => (player + half) % rules.sides.length;
  const turned = ([x, y, z]: readonly number[]): number[] => [-x!, -y!, z!];

  function mirror({ server, steps }: Match): Match {
    const mirrorOne = (what: Happening): Happening => {
      if ('touch' in what) return { ...what, touch: mirrored(what.touch) };
      if ('ball' in what) return { ...what, ball: turned(what.ball) };
      const each = rules.sides.map((_, player) =>
        turned(what.drones.slice(3 * mirrored(player), 3 * mirrored(player) + 3)),
      );
      return { drones: each.flat() };
    };
    return { server: mirrored(server), steps: steps.map((events) => events.map(mirrorOne)) };
  }

  test('is the same game seen from the other side', () => {
    const swap = (set: number): number =>
      rules.sides.reduce<number>((sum, _, p) => sum | (set & (1 << p) ? 1 << mirrored(p) : 0), 0);
    const others = [Outcome.playing, Outcome.farWins, Outcome.nearWins, Outcome.draw];
    fc.assert(
      fc.property(matches(rules), (match) => {
        const [a, b] = [play(rules, match).sheet, play(rules, mirror(match)).sheet];
        expect(b.outcome[0]).toBe(others[a.outcome[0]!]);
        expect(b.step[0]).toBe(a.step[0]);
        expect([...b.faults]).toEqual(rules.sides.map((_, player) => a.faults[mirrored(player)]));
        expect([...b.sideFaults]).toEqual([...a.sideFaults].reverse());
        expect([b.hits[0], b.free[0], b.touched[0]]).toEqual([
          swap(a.hits[0]!),
          swap(a.free[0]!),
          swap(a.touched[0]!),
        ]);
        expect(b.side[0]).toBe(1 - a.side[0]!);
      }),
    );
  });

  test('nobody wins with a fault, nor without one of the other side, and a fault ends play', () => {
    fc.assert(
      fc.property(matches(rules), (match) => {
        const { sheet } = play(rules, match);
        const faults = [...sheet.sideFaults];
        expect(sheet.outcome[0] !== Outcome.playing).toBe(faults.some((set) => set !== 0));
        for (const side of [NEAR, FAR] as Side[]) {
          expect(sheet.result(0, side)).toBe(-sheet.result(0, (1 - side) as Side) || 0);
          if (sheet.result(0, side) < 1) continue;
          expect(faults[side]).toBe(0);
          expect(faults[1 - side]).not.toBe(0);
        }
      }),
    );
  });

  test('at most those who are free hit legally', () => {
    fc.assert(
      fc.property(matches(rules), (match) => {
        const referee = new Referee(rules, 1);
        const { sheet } = referee;
        referee.start(0, match.server, serverPlace(rules, match.server), 0);
        for (const events of match.steps) {
          referee.beginStep();
          for (const what of events) {
            const [free, rally] = [sheet.free[0]!, sheet.rally[0]!];
            tell(referee, 0, what);
            if (sheet.rally[0] === rally) continue;
            expect('touch' in what && what.withRacket && (free & (1 << what.touch)) !== 0).toBe(true);
          }
          if (referee.judge(0)) break;
        }
      }),
    );
  });
});

const someRules = fc.constantFrom(oneOnOne, threeOnThree, bumpAndPass);
const some = (count: number): fc.Arbitrary<[MatchRules, Match[]]> =>
  someRules.chain((rules) =>
    fc.tuple(fc.constant(rules), fc.array(matches(rules), { minLength: count, maxLength: count })),
  );

test('after its end nothing of a match changes until the next one begins', () => {
  fc.assert(
    fc.property(some(2), ([rules, [first, second]]) => {
      const referee = play(rules, first!);
      fc.pre(referee.sheet.outcome[0] !== Outcome.playing);
      const before = packBytes(referee.state);
      for (const events of second!.steps) {
        referee.beginStep();
        for (const what of events) tell(referee, 0, what);
        expect(referee.judge(0)).toBe(true);
        expect(referee.happened(0)).toEqual([]);
      }
      expect(packBytes(referee.state)).toEqual(before);
      playAll(referee, [second!]);
      expect(picture(referee, 0)).toEqual(picture(play(rules, second!), 0));
    }),
  );
});

test('a scene knows nothing of those beside it', () => {
  fc.assert(
    fc.property(some(3), ([rules, all]) => {
      const together = new Referee(rules, 3);
      const steps = Math.max(...all.map((match) => match.steps.length));
      const log = playAll(together, all);
      all.forEach((match, scene) => {
        const padded = [...match.steps, ...Array(steps - match.steps.length).fill([])];
        const alone = new Referee(rules, 1);
        expect(playAll(alone, [{ ...match, steps: padded }])).toEqual([log[scene]]);
        expect(picture(together, scene)).toEqual(picture(alone, 0));
      });
    }),
  );
});

test('a match goes on from a snapshot as if there had been none', () => {
  fc.assert(
    fc.property(some(2), fc.integer({ min: 1, max: 40 }), ([rules, all], at) => {
      const whole = new Referee(rules, 2);
      playAll(whole, all, 0, at);
      const snapshot = unpackBytes(packBytes(whole.state));
      const resumed = new Referee(rules, 2);
      playAll(resumed, [...all].reverse());
      resumed.state.forEach((array, i) => {
        restoreArray(array, snapshot[i]!);
      });
      expect(playAll(resumed, all, at)).toEqual(playAll(whole, all, at));
      expect(packBytes(resumed.state)).toEqual(packBytes(whole.state));
    }),
  );
});

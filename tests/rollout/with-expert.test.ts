/** An expert beside a policy: when they take over, for how long, and what is told of it. */
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import type { Space } from '../../src/core/space.ts';
import { type InterventionSchedule, type ReferenceValue, withExpert } from '../../src/rollout/with-expert.ts';

const component = (name: string) => ({ name, unit: '1', low: -1, high: 1 });
const space = (...names: string[]): Space =>
  ({ size: names.length, components: names.map(component) }) as Space;
const spaces = { observation: space('x'), action: space('left', 'right') };

const acting = (action: readonly number[]): Policy => ({
  async act(_, actions) {
    for (let i = 0; i < actions.length; i++) actions[i] = action[i % 2]!;
  },
});

interface Trial extends Partial<InterventionSchedule> {
  readonly numEnvs?: number;
  readonly policy?: readonly number[];
  readonly expert?: readonly number[];
  readonly reference?: ReferenceValue;
  readonly seed?: number;
}

function guided({ numEnvs = 1, policy = [0, 0], expert = [1, -1], reference, seed = 1, ...schedule }: Trial) {
  const made = withExpert({
    policy: acting(policy),
    expert: acting(expert),
    spaces,
    numEnvs,
    schedule: {
      intervention: 'random',
      interventionChance: 0.5,
      interventionReliability: 1,
      interventionSteps: 1,
      interventionDifference: 0.5,
      interventionValue: 0.9,
      ...schedule,
    },
    reference,
    rng: createRng(seed),
  });
  const obs = new Float32Array(numEnvs);
  const actions = new Float32Array(2 * numEnvs);
  return {
    made,
    obs,
    /** Makes so many steps. @returns who acted in each scene, step after step */
    async steps(count: number): Promise<string[]> {
      const who = Array.from({ length: numEnvs }, () => '');
      for (let i = 0; i < count; i++) {
        await made.act(obs, actions, 'explore');
        for (let scene = 0; scene < numEnvs; scene++) {
          const flagged = made.intervened[scene] === 1;
          const own = flagged ? expert : policy;
          expect([...actions.subarray(2 * scene, 2 * scene + 2)]).toEqual(
            own.map((a) => Math.max(-1, Math.min(1, a))),
          );
          who[scene] += flagged ? 'e' : 'p';
        }
      }
      return who;
    },
  };
}

const runsOf = (who: string, letter: string): number[] =>
  [...who.matchAll(new RegExp(`${letter}+`, 'g'))].map(([run]) => run!.length);

describe('by chance', () => {
  it.each([0, 0.3, 1])('they act in %d of all steps where a take-over is one step', async (chance) => {
    const who = (await guided({ interventionChance: chance, numEnvs: 20 }).steps(500)).join('');
    const part = runsOf(who, 'e').reduce((a, b) => a + b, 0) / who.length;
    expect(Math.abs(part - chance)).toBeLessThanOrEqual(5 * Math.sqrt((chance * (1 - chance)) / who.length));
  });

  it('a longer one lasts as long as it is to, and the policy acts before the next', async () => {
    const [who] = await guided({ interventionChance: 1, interventionSteps: 4 }).steps(20);
    expect(who).toBe('eeeepeeeepeeeepeeeep');
    const [rare] = await guided({ interventionChance: 0.2, interventionSteps: 3 }).steps(2_000);
    expect(new Set(runsOf(rare!, 'e').slice(0, -1))).toEqual(new Set([3]));
    // Geometric: the first step is never theirs, and then one in five.
    const waits = runsOf(rare!, 'p').slice(1, -1);
    const mean = waits.reduce((a, b) => a + b, 0) / waits.length;
    expect(Math.abs(mean - 5)).toBeLessThan(1);
  });

  it('an episode that begins is the policy’s', async () => {
    const { made, steps } = guided({ interventionChance: 1, interventionSteps: 50 });
    await steps(3);
    made.begin!(0, new Float32Array(1));
    expect([...made.intervened]).toEqual([0]);
    const [who] = await steps(51);
    expect(who).toBe(`${'e'.repeat(50)}p`);
  });
});

describe('where actions differ', () => {
  it('they take over from the threshold on, by the mean over components', async () => {
    const take = { intervention: 'difference', interventionDifference: 0.5 } as const;
    expect(await guided({ ...take, policy: [0.5, -0.5] }).steps(5)).toEqual(['eeeee']);
    expect(await guided({ ...take, policy: [0.5, -0.75] }).steps(5)).toEqual(['ppppp']);
    expect(await guided({ ...take, policy: [1, 0] }).steps(5)).toEqual(['eeeee']);
  });

  it('and with the complement of the reliability where they do not', async () => {
    const take = { intervention: 'difference', interventionReliability: 0.9, numEnvs: 20 } as const;
    const near = (await guided({ ...take, policy: [1, -1] }).steps(500)).join('');
    const part = near.replaceAll('p', '').length / near.length;
    expect(Math.abs(part - 0.1)).toBeLessThan(0.02);
  });
});

describe('by value', () => {
  /** Worth of the first component, times `scale`, plus `offset`. */
  const worth =
    (scale: number, offset: number): ReferenceValue =>
    async (_, actions) =>
      Float32Array.from({ length: actions.length / 2 }, (_, i) => scale * actions[2 * i]! + offset);
  const take = { intervention: 'value', interventionValue: 0.9 } as const;

  it.each([
    ['below δ·q', 0.8, worth(1, 0), 'eee'],
    ['not above it', 0.9375, worth(1, 0), 'ppp'],
    ['where values are below zero, as far below', 0.5, worth(1, -2), 'eee'],
    ['and not nearer', 0.9375, worth(1, -2), 'ppp'],
  ])('they take over %s', async (_, own, reference, who) => {
    expect(await guided({ ...take, policy: [own, 0], reference }).steps(3)).toEqual([who]);
  });
});

describe('what is told', () => {
  it('is what they would have done, within bounds, also where they never act', async () => {
    const { made, steps } = guided({ intervention: 'never', expert: [3, -0.25] });
    expect(await steps(4)).toEqual(['pppp']);
    expect([...made.advice]).toEqual([1, -0.25]);
  });

  it('an expert whose action is no number is refused by its name', async () => {
    const { steps } = guided({ expert: [0, Number.NaN], intervention: 'never' });
    await expect(steps(1)).rejects.toThrow(/The expert's action "right" is NaN in scene 0/);
  });

  it('goes on as it was from a snapshot', async () => {
    const schedule = { interventionChance: 0.3, interventionSteps: 3, numEnvs: 4 };
    const whole = await guided(schedule).steps(60);
    const first = guided(schedule);
    const before = await first.steps(25);
    const second = guided({ ...schedule, seed: 99 });
    second.made.restore(first.made.snapshot());
    const after = await second.steps(35);
    expect(before.map((who, scene) => who + after[scene])).toEqual(whole);
  });
});

/** Transitions that somebody else than the policy made: what they are worth, and how they are drawn. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import type { Frame } from '../../src/core/frame.ts';
import { createRng } from '../../src/core/rng.ts';
import { sampleMixture } from '../../src/replay/mixture.ts';
import { ReplayBuffer, type ReplayOptions } from '../../src/replay/replay-buffer.ts';
import { intervenedTeams } from '../../src/replay/teams-where.ts';

/** One control step of each scene: `e` where an expert acts, `p` where the policy does; a capital letter ends the episode. */
function push(replay: ReplayBuffer, step: number, letters: string): void {
  const numEnvs = letters.length;
  const flags = (test: RegExp): Uint8Array =>
    Uint8Array.from(letters, (letter) => (test.test(letter) ? 1 : 0));
  const row = Float32Array.from(letters, (_, scene) => step * numEnvs + scene);
  const frame: Frame = {
    step: (step + 1) * numEnvs,
    time: 0,
    numEnvs,
    obs: row,
    action: row,
    reward: new Float32Array(numEnvs).fill(7),
    rewardTerms: row,
    nextObs: row,
    terminated: flags(/P/),
    truncated: flags(/E/),
    intervened: flags(/e/i),
  };
  replay.push(frame);
}

function filled(scenes: readonly string[], options: Partial<ReplayOptions> = {}): ReplayBuffer {
  const numEnvs = scenes.length;
  const replay = new ReplayBuffer({
    capacity: 1_000,
    observationSize: 1,
    actionSize: 1,
    rewards: 'interventions',
    multiStep: { steps: 1, discount: 0.5, numEnvs },
    ...options,
  });
  for (let step = 0; step < scenes[0]!.length; step++)
    push(replay, step, scenes.map((letters) => letters[step]).join(''));
  return replay;
}

/** Rewards of one scene, step after step, as they are sampled. */
function rewardsOf(replay: ReplayBuffer, scene: number, scenes: number): number[] {
  const batch = createBatch(1, 1, 1);
  return Array.from({ length: replay.size / scenes }, (_, step) => {
    replay.copyTeam(step * scenes + scene, batch, 0);
    return batch.reward[0]!;
  });
}

describe('the reward of not being taken over', () => {
  it.each([
    ['is −1 at the policy’s last step before a take-over', 'ppeepp', [0, -1, 0, 0, 0, 0]],
    ['counts each take-over once', 'peeepe', [-1, 0, 0, 0, -1, 0]],
    ['is 0 at an expert’s own steps, and after them', 'eepp', [0, 0, 0, 0]],
    ['blames no episode for the next one’s expert', 'pPeppEe', [0, 0, 0, 0, -1, 0, 0]],
    ['is 0 for the newest step, after which nobody has acted yet', 'pp', [0, 0]],
  ])('%s', (_, letters, rewards) => {
    expect(rewardsOf(filled([letters]), 0, 1).map((r) => r + 0)).toEqual(rewards);
  });

  it('is told scene by scene, and scaled', () => {
    const replay = filled(['pe', 'pp', 'Pe'], { rewardScale: 3 });
    expect([0, 1, 2].map((scene) => rewardsOf(replay, scene, 3)[0]! + 0)).toEqual([-3, 0, 0]);
  });

  it('is known as soon as the next step is, and adds up over several', () => {
    const replay = filled(['ppp'], { multiStep: { steps: 3, discount: 0.5, numEnvs: 1 } });
    const batch = createBatch(1, 1, 1);
    const first = (): number => {
      replay.copyTeam(0, batch, 0);
      return batch.reward[0]! + 0;
    };
    expect(first()).toBe(0);
    push(replay, 3, 'e');
    expect(first()).toBe(-0.25);
  });

  it('is the same where the ring has gone round', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('p', 'e', 'P', 'E'), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: 2, max: 15 }),
        (letters, capacity) => {
          const ring = filled([letters.join('')], { capacity });
          const all = rewardsOf(filled([letters.join('')]), 0, 1);
          const batch = createBatch(1, 1, 1);
          for (let step = Math.max(0, letters.length - capacity); step < letters.length; step++) {
            ring.copyTeam(step % capacity, batch, 0);
            expect(batch.obs[0]).toBe(step);
            expect(batch.reward[0]).toBe(all[step]);
          }
        },
      ),
    );
  });
});

describe('interventions as a store of their own', () => {
  it('are all that is stored of them, and nothing else, each as often as the others', () => {
    const replay = filled(['pepppeeppe'.repeat(4)], { capacity: 30 });
    const batch = createBatch(6_000, 1, 1);
    const drawn = intervenedTeams(replay).sample(batch, createRng(1));
    const counts = new Map<number, number>();
    for (const id of drawn.obs) counts.set(id, (counts.get(id) ?? 0) + 1);
    const expected = [...'pepppeeppe'.repeat(4)].flatMap((letter, i) =>
      letter === 'e' && i >= 10 ? [i] : [],
    );
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(expected);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(5 * Math.sqrt(500));
  });

  it('follow what is stored later, and what is restored', () => {
    const replay = filled(['pep']);
    const teams = intervenedTeams(replay);
    expect(teams.teams).toBe(1);
    push(replay, 3, 'e');
    expect(teams.teams).toBe(2);
    const copy = filled(['p']);
    copy.restore(structuredClone(replay.contents()));
    expect(intervenedTeams(copy).teams).toBe(2);
  });

  it('leave a minibatch to demonstrations as long as there are none, and the other way round', () => {
    const [nobody, shown] = [filled(['ppp']), filled(['eeee'])];
    const fill = (experience: ReplayBuffer, demonstrations: ReplayBuffer): number[] => {
      const batch = createBatch(8, 1, 1);
      const transitions = intervenedTeams(demonstrations);
      const demonstrated = { transitions, fraction: 0.5 };
      const source = { experience: intervenedTeams(experience), demonstrations: demonstrated };
      sampleMixture(batch, 2, [source], createRng(3));
      return [...batch.obs];
    };
    expect(Math.max(...fill(nobody, shown))).toBe(3);
    expect(Math.max(...fill(filled(['pe']), nobody))).toBe(1);
    expect(() => fill(nobody, nobody)).toThrow(/Nothing is stored yet/);
  });
});

/** Actions of the next steps beside each sampled transition. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import type { Frame } from '../../src/core/frame.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';

it('they are those of the episode, and its last one again where it, or what is stored of it, ends', () => {
  const scenario = fc.record({
    numEnvs: fc.integer({ min: 1, max: 3 }),
    horizon: fc.integer({ min: 1, max: 6 }),
    rounds: fc.integer({ min: 1, max: 12 }),
    room: fc.integer({ min: 1, max: 12 }),
    // 0: goes on, 1: terminated, 2: truncated.
    ends: fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: 36, maxLength: 36 }),
  });
  fc.assert(
    fc.property(scenario, ({ numEnvs, horizon, rounds, room, ends }) => {
      const capacity = room * numEnvs;
      const multiStep = { steps: 1, discount: 1, numEnvs };
      const buffer = new ReplayBuffer({ capacity, observationSize: 1, actionSize: 2, multiStep });
      const endOf = (round: number, scene: number): number => ends[numEnvs * round + scene]!;
      const column = (values: (scene: number) => number[]): Float32Array =>
        Float32Array.from(Array.from({ length: numEnvs }, (_, scene) => values(scene)).flat());
      for (let round = 0; round < rounds; round++) {
        const flags = (kind: number): Uint8Array =>
          Uint8Array.from({ length: numEnvs }, (_, scene) => Number(endOf(round, scene) === kind));
        buffer.push({
          ...{ step: round, time: 0, numEnvs, rewardTerms: new Float32Array(0) },
          obs: column((scene) => [100 * scene + round]),
          action: column((scene) => [scene, round]),
          reward: column(() => [0]),
          nextObs: column(() => [0]),
          ...{ terminated: flags(1), truncated: flags(2), intervened: new Uint8Array(numEnvs) },
        } satisfies Frame);
      }
      const batch = createBatch(1, 1, 2, { horizon });
      for (let row = 0; row < buffer.teams; row++) {
        buffer.copyTeam(row, batch, 0);
        const scene = Math.floor(batch.obs[0]! / 100);
        let round = batch.obs[0]! % 100;
        const expected: number[] = [];
        for (let step = 0; step < horizon; step++) {
          expected.push(scene, round);
          if (round < rounds - 1 && endOf(round, scene) === 0) round++;
        }
        expect([...batch.plan!]).toEqual(expected);
      }
    }),
  );
});

/** Fin-ray tasks in the fast flow: what a wave through their actions does, and what no action can. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sinusoidPlayer } from '../../../envs/fin-ray/sinusoid-player.ts';
import { prescribedBase } from '../../../envs/fin-ray/tasks.ts';
import type { Sinusoid } from '../../../envs/fin-ray/wave.ts';
import { isWithin } from '../../../envs/fin-ray/wave.ts';
import { finRay } from '../../../robots/fin-ray/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import { componentReader, createEnv } from '../../support/env-runs.ts';
import { poseOf } from '../../support/view-runs.ts';

const CALM = { streamVariation: 0, startBend: 0 };
const still = { offset: 0, offsetPhase: 0 };

/** c_T and c_P of each control step, from the rewards. */
async function swim(env: VectorEnv, wave: Sinusoid, steps = 249) {
  const player = sinusoidPlayer(env, wave, finRay.limits);
  const actions = new Float32Array(env.numEnvs * env.actionSpace.size);
  let obs = env.reset(1);
  const course: { thrust: number; power: number; obs: Float32Array }[] = [];
  for (let step = 0; step < steps; step++) {
    await player.act(obs, actions, 'exploit');
    const batch = env.step(actions);
    ({ obs } = batch);
    const [thrust, price] = batch.info.rewardTerms;
    course.push({ thrust: thrust!, power: -price!, obs: obs.slice() });
  }
  return course;
}

describe('a sinusoid through the actions', () => {
  // Within 3 %, over five L/U, which are whole periods of all.
  test.each([
    [0.6, 0.15, 0, 0, 0.0241, 0.1179],
    [1, 0.15, 0, 0, 0.14, 0.4537],
    [0.8, 0.15, 15, 270, 0.1419, 0.4579],
    [0.6, 0, 20, 0, 0.0745, 0.3594],
  ])(
    'of f %f, heave %f, pitch %f° at %f° has about the thrust %f and the power %f of the reference',
    async (...row) => {
      const [frequency, heave, pitch, pitchPhase, thrust, power] = row;
      const env = createEnv('fin-base', 1, { ...CALM, objective: 'combined', combinedPowerPrice: 1 });
      const course = await swim(env, { frequency, heave, pitch, pitchPhase, ...still });
      const last = course.slice(-100);
      const mean = (of: 'thrust' | 'power'): number =>
        (last.reduce((sum, step) => sum + step[of], 0) / last.length) * (finRay.span / 2);
      expect(Math.abs(mean('thrust') / thrust - 1)).toBeLessThan(0.03);
      expect(Math.abs(mean('power') / power - 1)).toBeLessThan(0.03);
      env.close();
    },
  );

  test('is followed by all three actuators, in phase', async () => {
    const wave = { frequency: 0.8, heave: 0.2, pitch: 15, pitchPhase: 90, offset: 0.4, offsetPhase: 180 };
    const env = createEnv('fin-full', 1, CALM);
    const read = componentReader(env);
    const course = await swim(env, wave);
    for (let step = 100; step < 249; step++) {
      const angle = 2 * Math.PI * 0.8 * 0.05 * (step + 1);
      const { obs } = course[step]!;
      expect(Math.abs(read(obs, 0, 'heave') - 0.2 * Math.sin(angle))).toBeLessThan(0.01);
      expect(Math.abs(read(obs, 0, 'pitch') - (Math.PI / 12) * Math.cos(angle))).toBeLessThan(0.02);
      expect(Math.abs(read(obs, 0, 'offset') + 0.4 * Math.sin(angle))).toBeLessThan(0.01);
    }
    env.close();
  });

  test('begins each episode with a phase of its own, evenly spread', async () => {
    const env = createEnv('fin-base', 8);
    const player = sinusoidPlayer(env, { ...prescribedBase, pitch: 0 }, finRay.limits);
    const actions = new Float32Array(16);
    let obs = env.reset(1);
    const at = new Set<string>();
    for (let step = 0; step < 60; step++) {
      await player.act(obs, actions, 'exploit');
      ({ obs } = env.step(actions));
    }
    const read = componentReader(env);
    for (let scene = 0; scene < 8; scene++) at.add(read(obs, scene, 'heave').toFixed(2));
    expect(at.size).toBeGreaterThan(5);
    env.close();
  });
});

describe('the prescribed base of fin-offset', () => {
  test('swings at the phase that is observed, one of its own in each scene, whatever the action', () => {
    const env = createEnv('fin-offset', 3);
    const read = componentReader(env);
    env.reset(1);
    const phases = new Set<string>();
    for (let step = 0; step < 120; step++) {
      const { obs } = env.step(new Float32Array(3).fill(step % 7 < 3 ? 1 : -1));
      for (let scene = 0; step > 45 && scene < 3; scene++) {
        const [sine, cosine] = [read(obs, scene, 'base.sine'), read(obs, scene, 'base.cosine')];
        expect(Math.hypot(sine, cosine)).toBeCloseTo(1, 5);
        expect(Math.abs(read(obs, scene, 'heave') - prescribedBase.heave * sine)).toBeLessThan(0.01);
        // 270° ahead: sin(φ + 270°) = −cos φ.
        const pitch = (prescribedBase.pitch * Math.PI) / 180;
        expect(Math.abs(read(obs, scene, 'pitch') + pitch * cosine)).toBeLessThan(0.01);
        if (step === 60) phases.add(sine.toFixed(3));
      }
    }
    expect(phases.size).toBe(3);
    env.close();
  });

  test('is not driven by actions of others: fin-base has no offset that moves', () => {
    const names = createEnv('fin-base', 1).observationSpace.components.map(({ name }) => name);
    expect(names.filter((name) => name.includes('offset'))).toEqual([]);
    expect(names.filter((name) => name.startsWith('base'))).toEqual([]);
  });
});

describe('no actions bring an actuator', () => {
  const env = createEnv('fin-full', 1);
  const { heave, pitch } = finRay.limits;
  /** Where the base is, as it is drawn: L and rad. */
  const base = (): readonly [number, number] => {
    const { position, rotation } = poseOf(env, 0);
    return [position[1]!, 2 * Math.atan2(rotation[2]!, rotation[3]!)];
  };
  const held = fc.array(
    fc.record({
      action: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -1, max: 1, noNaN: true }))),
      steps: fc.integer({ min: 1, max: 15 }),
    }),
    { minLength: 1, maxLength: 6 },
  );

  test('beyond its position or its rate', () => {
    fc.assert(
      fc.property(held, (parts) => {
        env.reset(1);
        for (const { action, steps } of parts)
          for (let step = 0; step < steps; step++) {
            const before = base();
            env.step(Float32Array.from(action));
            for (const [i, limit] of [heave, pitch].entries()) {
              const now = base()[i]!;
              const rounding = 1e-6;
              if (Math.abs(now) > limit.position + rounding) return false;
              if (Math.abs(now - before[i]!) > 0.05 * limit.rate + rounding) return false;
            }
          }
        return true;
      }),
      { numRuns: 15 },
    );
  });

  test('past the end of its travel, where the greatest action holds it', () => {
    env.reset(1);
    for (let step = 0; step < 40; step++) env.step(Float32Array.of(1, -1, 1));
    expect(base()[0]).toBeCloseTo(heave.position, 5);
    expect(base()[1]).toBeCloseTo(-pitch.position, 5);
    const { finalObs } = env.step(Float32Array.of(1, -1, 1));
    expect(componentReader(env)(finalObs, 0, 'offset')).toBeCloseTo(finRay.limits.offset.position, 5);
  });
});

describe('what actuators can follow', () => {
  const wave = { frequency: 1, heave: 0.2, pitch: 20, pitchPhase: 0, ...still };
  test.each([
    ['all of it', {}, true],
    ['a heave beyond its travel', { frequency: 0.2, heave: 0.26 }, false],
    ['too fast a heave', { frequency: 1.2, heave: 0.2 }, false],
    ['too great an acceleration of heave', { frequency: 1.6, heave: 0.12 }, false],
    ['too great an acceleration of pitch', { frequency: 1.6, heave: 0, pitch: 18 }, false],
    ['too wide an offset', { offset: 0.51 }, false],
    ['no frequency', { frequency: 0 }, false],
    ['an amplitude below 0', { pitch: -1 }, false],
  ])('%s', (_, change, expected) => {
    expect(isWithin(finRay.limits, { ...wave, ...change })).toBe(expected);
  });
});

test('fast and fine physics agree on what a wave is worth', async () => {
  const wave = { frequency: 1, heave: 0.2, pitch: 20, pitchPhase: 0, ...still };
  const means = await Promise.all(
    ['fast', 'fine'].map(async (clock) => {
      const env = createEnv('fin-base', 1, { ...CALM, clock });
      const course = await swim(env, wave, 180);
      env.close();
      return course.slice(-80).reduce((sum, { thrust }) => sum + thrust, 0) / 80;
    }),
  );
  expect(Math.abs(means[0]! / means[1]! - 1)).toBeLessThan(0.03);
  expect(means[0]).not.toBe(means[1]);
});

/** What an environment refuses, and what it then says. */
import { describe, expect, it } from 'vitest';
import { TOY_ACTION, toyColumn, toyEnv } from '../support/toy-env.ts';

describe('VectorEnv.step', () => {
  it('says that a reset has to come first', () => {
    expect(() => toyEnv(1).step(new Float32Array(TOY_ACTION))).toThrow(
      'Environment "toy" was stepped before its first reset(seed).',
    );
  });

  it('says that the environment has been closed', () => {
    const env = toyEnv(1);
    env.reset(0);
    env.close();
    env.close();
    expect(() => env.step(new Float32Array(TOY_ACTION))).toThrow('Environment "toy" has been closed');
    expect(() => env.reset(0)).toThrow('Environment "toy" has been closed');
  });

  it('says how many action values it was given and how many it needs', () => {
    const env = toyEnv(3);
    env.reset(0);
    expect(() => env.step(new Float32Array(4))).toThrow(
      new RangeError('Environment "toy" was given 4 action values; 3 scenes of 2 need 6.'),
    );
  });

  it.each([Number.NaN, Infinity, -Infinity])('names component and scene of an action that is %d', (value) => {
    const env = toyEnv(3);
    env.reset(0);
    const actions = new Float32Array(6);
    actions[5] = value;
    expect(() => env.step(actions)).toThrow(
      new RangeError(`Action "burn" [1] of scene 2 is ${value}; it must be a finite number.`),
    );
  });

  it('has changed nothing when it refuses an action', () => {
    const [env, other] = [toyEnv(1), toyEnv(1)];
    env.reset(1);
    other.reset(1);
    expect(() => env.step(Float32Array.of(1, Number.NaN))).toThrow(RangeError);
    expect(env.step(Float32Array.of(1, 0))).toEqual(other.step(Float32Array.of(1, 0)));
  });

  it('names component and scene of an observation that is not a number', () => {
    let broken = false;
    const env = toyEnv(2, {
      observe(scene, obs) {
        obs[toyColumn.x] = broken && scene === 1 ? Number.NaN : 0;
      },
    });
    env.reset(0);
    broken = true;
    expect(() => env.step(new Float32Array(2 * TOY_ACTION))).toThrow(
      new RangeError('Observation "x" [m] of scene 1 is NaN; it must be a finite number.'),
    );
  });

  it('names term and scene of a reward that is not finite', () => {
    const env = toyEnv(2, {
      judge(scene, terms) {
        terms.fill(0);
        if (scene === 1) terms[1] = Number.NaN;
        return false;
      },
    });
    env.reset(0);
    const term = env.spec.rewardTerms[1];
    expect(() => env.step(new Float32Array(2 * TOY_ACTION))).toThrow(
      new RangeError(`Reward term "${term}" of scene 1 is NaN; it must be a finite number.`),
    );
  });

  it('refuses an infinite observation, although its component has bounds to clip to', () => {
    let broken = false;
    const env = toyEnv(2, {
      observe(scene, obs) {
        obs[toyColumn.x] = broken && scene === 1 ? Infinity : 0;
      },
    });
    expect(Number.isFinite(env.observationSpace.components[toyColumn.x]!.high)).toBe(true);
    env.reset(0);
    broken = true;
    expect(() => env.step(new Float32Array(2 * TOY_ACTION))).toThrow(
      new RangeError('Observation "x" [m] of scene 1 is Infinity; it must be a finite number.'),
    );
  });

  it('checks the first observation of an episode too', () => {
    const env = toyEnv(1, {
      observe(_, obs) {
        obs[toyColumn.x] = Number.NaN;
      },
    });
    expect(() => env.reset(0)).toThrow(
      new RangeError('Observation "x" [m] of scene 0 is NaN; it must be a finite number.'),
    );
  });

  it('blames the observation, not the action it would lead to, where a later episode starts broken', () => {
    let starts = 0;
    const env = toyEnv(1, {
      start: () => {
        starts++;
      },
      judge: () => true,
      observe(_, obs) {
        // Seen at the start, at the end of the step, and at the start of the second episode.
        obs[toyColumn.age] = starts > 1 ? Number.NaN : 0;
      },
    });
    env.reset(0);
    expect(() => env.step(new Float32Array(TOY_ACTION))).toThrow(
      /^Observation "age" \[s\] of scene 0 is NaN/,
    );
  });
});

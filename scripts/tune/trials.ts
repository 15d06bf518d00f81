/** The settings to be tried: the defaults, and draws from the space that fit each other. */
import { ConfigurationError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { drawSettings } from '../../src/core/search.ts';
import { DEFAULTS } from './halving.ts';
import type { TuningSpace } from './space.ts';

export interface Trial {
  readonly number: number;
  /** What differs from the defaults, by full name; nothing in trial 0. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Draws for one trial, before the space is taken to hold no further one. */
const ATTEMPTS = 1_000;

export interface DrawOptions {
  readonly space: TuningSpace;
  /** Number of trials, the defaults included. */
  readonly count: number;
  readonly seed: number;
  /**
   * All settings of a trial, to know the same ones again.
   * @throws ConfigurationError where they contradict each other
   */
  readonly resolve: (settings: Trial['settings']) => unknown;
}

/**
 * Trial n is the same however many there are, because each has random numbers of its own.
 * @throws ConfigurationError where the defaults contradict each other, or where there are not so many different trials
 */
export function drawTrials({ space, count, seed, resolve }: DrawOptions): Trial[] {
  const trials: Trial[] = [{ number: DEFAULTS, settings: {} }];
  const known = new Set([JSON.stringify(resolve({}))]);
  const rng = createRng(seed).split('trials');
  while (trials.length < count) {
    const number = trials.length;
    const settings = drawOne(space, rng.split(`trial ${number}`), (drawn) => {
      const resolved = JSON.stringify(resolve(drawn));
      if (known.has(resolved)) return false;
      known.add(resolved);
      return true;
    });
    if (settings instanceof ConfigurationError) {
      throw new ConfigurationError(
        `Only ${number} different trials could be drawn, the defaults among them: give at most --trials ${number}, or a wider --search. Last of all: ${settings.message}`,
        { cause: settings },
      );
    }
    trials.push({ number, settings });
  }
  return trials;
}

/** @returns why there is none, where there is none */
function drawOne(
  space: TuningSpace,
  rng: ReturnType<typeof createRng>,
  isNew: (settings: Trial['settings']) => boolean,
): Trial['settings'] | ConfigurationError {
  let reason = new ConfigurationError('everything that is drawn has been drawn before.');
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const settings = drawSettings(space, rng.split(`attempt ${attempt}`));
    try {
      if (isNew(settings)) return settings;
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      reason = error;
    }
  }
  return reason;
}

/** As `--set` takes them. */
export const assignments = (settings: Trial['settings']): string[] =>
  Object.entries(settings).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );

/** One defect at a time in snapshots, definitions and calls, and the problem that `checkEnv` names. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkEnv } from '../../src/core/check-env.ts';
import type { EnvDefinition, VectorEnv } from '../../src/core/env.ts';
import { number, type SettingsSchema, settings } from '../../src/core/settings.ts';
import { broken, expectProblems, type ProblemCase, rowOf } from '../support/broken-env.ts';
import { TOY_ACTION, toyColumn, toyEnv } from '../support/toy-env.ts';

describe('snapshots', () => {
  const restless = toyEnv(4);
  const live = toyEnv(4).snapshot!();
  /** A snapshot is the number under which this instance keeps it. */
  function ownSnapshots(scenes: number): VectorEnv {
    const env = toyEnv(scenes);
    const kept: Uint8Array[] = [];
    return broken(
      {
        snapshot: () => Uint8Array.of(kept.push(env.snapshot!()) - 1),
        restore: (snapshot) => env.restore!(kept[snapshot[0]!] ?? env.snapshot!()),
      },
      env,
    );
  }
  const written = toyEnv(4);
  const cases: ProblemCase[] = [
    [
      'snapshot-differs',
      /^After a snapshot at step 2 was restored, .* observation "episode" \[1\] of scene 0 .* at step 3\. .*In a Task/,
      toyEnv(4, { state: [] }),
    ],
    [
      'snapshot-differs',
      /^After a snapshot at step 2 was restored in a new instance, the same actions led elsewhere/,
      ownSnapshots,
    ],
    [
      'snapshot-differs',
      /^Taking a snapshot changes what follows: .* Let snapshot\(\) only read/,
      broken(
        {
          snapshot() {
            restless.step(new Float32Array(4 * TOY_ACTION));
            return restless.snapshot!();
          },
        },
        restless,
      ),
    ],
    [
      'snapshot-view',
      /^A snapshot changed while the environment went on\. Return a copy/,
      broken(
        {
          snapshot() {
            live.set(written.snapshot!());
            return live;
          },
          step() {
            live.set(written.snapshot!());
          },
        },
        written,
      ),
    ],
    [
      'array-type',
      /^snapshot\(\) at step 2 after reset\(1\) returned String/,
      broken({ snapshot: () => '' as never }),
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);
});

describe('calls that throw', () => {
  const jam = (): never => {
    throw new TypeError('jammed');
  };
  const reaching = (age: number) =>
    broken({ step: ({ finalObs }) => (rowOf(finalObs, 0)[toyColumn.age] === age ? jam() : undefined) });
  let created = 0;
  let closed = 0;
  const cases: ProblemCase[] = [
    [
      'crash',
      /^reset\(1\) threw: TypeError: jammed\. The stack is in this problem's `cause`/,
      broken({ reset: jam }),
    ],
    ['crash', /^step\(\) number 3 after reset\(1\) threw: TypeError: jammed\./, reaching(3)],
    ['crash', /^snapshot\(\) at step 2 after reset\(1\) threw/, broken({ snapshot: jam })],
    ['crash', /^restore\(\) of a snapshot of step 2 threw/, broken({ restore: jam })],
    ['crash', /^Creating an environment of 4 scenes threw/, jam],
    [
      'crash',
      /^Creating an environment of 4 scenes beside others threw/,
      (scenes: number) => (++created > 1 ? jam() : toyEnv(scenes)),
    ],
    [
      'crash',
      /^Creating an environment of one scene beside others threw/,
      (scenes) => (scenes === 1 ? jam() : toyEnv(scenes)),
    ],
    ['crash', /^close\(\) threw/, (scenes: number) => broken({ close: jam }, toyEnv(scenes))],
    [
      'crash',
      /^The second close\(\) threw/,
      (scenes: number) => broken({ close: () => (++closed % 2 === 0 ? jam() : undefined) }, toyEnv(scenes)),
    ],
    ['crash', /^Reading the environment threw: TypeError/, broken({ spec: undefined as never })],
    ['member member member member snapshot-absent', /no method reset/, {} as VectorEnv],
    ['member', /^checkEnv was given null; it takes an environment/, null as never],
    ['member', /^checkEnv was given pendulum;/, 'pendulum' as never],
  ];
  test.each(cases)('%s: %s', expectProblems);

  test('hand over what was thrown', () => {
    const [problem] = checkEnv(reaching(3));
    expect(problem?.cause).toBeInstanceOf(TypeError);
  });

  test('are told of a controller too', () => {
    expectProblems('crash', /^options.controller threw: TypeError: jammed/, toyEnv(4), { controller: jam });
  });
});

describe('definitions', () => {
  const gain = number(1, 0, 2, 'how far a push goes');
  const toy = (changes: Partial<EnvDefinition> = {}): EnvDefinition => ({
    id: 'toy',
    description: 'a point on a line',
    settings: settings({ gain }) as SettingsSchema<Record<string, unknown>>,
    create: (scenes) => toyEnv(scenes),
    ...changes,
  });
  const schema = (type: unknown) => type as SettingsSchema<Record<string, unknown>>;
  const cases: ProblemCase[] = [
    ['id', /^The definition's id is "other" and its environment's spec.id "toy"/, toy({ id: 'other' })],
    ['member', /^create\(4\) made an environment whose numEnvs is 2/, toy({ create: () => toyEnv(2) })],
    [
      'settings',
      /^The settings {} are refused\. Setting env.gain=undefined: .* Each setting needs a default/,
      toy({ settings: schema(settings({ gain: z.number() })) }),
    ],
    ['settings-loose', /a misspelt one goes unnoticed/, toy({ settings: schema(z.object({ gain })) })],
  ];
  test.each(cases)('%s: %s', expectProblems);

  test('are given the settings and scenes of the options, and everything created is closed', () => {
    const given: unknown[] = [];
    let open = 0;
    const definition = toy({
      create(scenes, values) {
        given.push([scenes, values.gain]);
        open++;
        return broken({ close: () => open-- }, toyEnv(scenes));
      },
    });
    expect(checkEnv(definition, { numEnvs: 3, settings: { gain: 2 } })).toEqual([]);
    expect(given).toEqual([
      [3, 2],
      [3, 2],
      [3, 2],
      [1, 2],
    ]);
    // Closed twice each, which has to be allowed.
    expect(open).toBe(-4);
    expectProblems('settings', /"gain":3/, definition, { settings: { gain: 3 } });
  });
});

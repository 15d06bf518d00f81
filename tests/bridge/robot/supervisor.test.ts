/** The safety supervisor: its modes by table, which commands count, and what holds whatever happens. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brakingTime, isAtRest } from '../../../src/bridge/robot/limits.ts';
import {
  type Command,
  defaultRules,
  initialState,
  type Mode,
  type Refusal,
  type SafetyRules,
  type SupervisorEvent,
  type SupervisorState,
  supervise,
} from '../../../src/bridge/robot/supervisor.ts';

const DT = 0.01;
const limits = [
  { low: -1, high: 1, speed: 2, acceleration: 20 },
  { low: 0, high: 3, speed: 1, acceleration: 5 },
];
const rules: SafetyRules = { ...defaultRules(DT, limits), softStart: 0 };

/** A robot with a clock, to which things happen. */
function robot(given: Partial<SafetyRules> = {}) {
  const all = { ...rules, ...given };
  let state = initialState(all);
  let seq = 0;
  const told = {
    time: 0,
    get state(): SupervisorState {
      return state;
    },
    get mode(): Mode {
      return state.mode;
    },
    now(event: SupervisorEvent): Refusal | undefined {
      const result = supervise(all, state, event, told.time);
      state = result.state;
      return result.refusal;
    },
    command(data: readonly number[], other: Partial<Command> = {}): Refusal | undefined {
      const { generation } = state;
      const command = { seq: seq++, generation, data, observedAt: told.time, validFor: 1, ...other };
      return told.now({ kind: 'command', command });
    },
    /** Ticks for so long. @returns what it was told, of the first component */
    wait(seconds: number, before?: () => void): number[] {
      return Array.from({ length: Math.round(seconds / DT) }, () => {
        told.time += DT;
        before?.();
        told.now({ kind: 'tick' });
        return state.setpoints[0]!.value;
      });
    },
  };
  return told;
}
const running = (given: Partial<SafetyRules> = {}) => {
  const made = robot(given);
  for (const kind of ['connect', 'arm'] as const) made.now({ kind });
  made.command([0, 1.5]);
  return made;
};

describe('modes', () => {
  const reach: Readonly<Record<Mode, (made: ReturnType<typeof robot>) => void>> = {
    disconnected() {},
    idle: (made) => void made.now({ kind: 'connect' }),
    armed(made) {
      reach.idle(made);
      made.now({ kind: 'arm' });
    },
    running(made) {
      reach.armed(made);
      made.command([0, 1.5]);
    },
    holding(made) {
      reach.running(made);
      made.wait(0.3);
    },
    fault: (made) => void made.now({ kind: 'fault', reason: 'a motor is hot' }),
    estopped: (made) => void made.now({ kind: 'estop', reason: 'somebody pressed' }),
  };
  const events = {
    connect: (made) => made.now({ kind: 'connect' }),
    disconnect: (made) => made.now({ kind: 'disconnect' }),
    arm: (made) => made.now({ kind: 'arm' }),
    disarm: (made) => made.now({ kind: 'disarm' }),
    command: (made) => made.command([0.1, 1.5]),
    estop: (made) => made.now({ kind: 'estop', reason: 'now' }),
    fault: (made) => made.now({ kind: 'fault', reason: 'now' }),
    reset: (made) => made.now({ kind: 'reset', generation: made.state.generation }),
  } satisfies Record<string, (made: ReturnType<typeof robot>) => Refusal | undefined>;

  test.each([
    [
      'disconnected',
      {
        connect: 'idle',
        arm: 'E_MODE',
        command: 'E_MODE',
        estop: 'estopped',
        fault: 'fault',
        reset: 'E_MODE',
      },
    ],
    [
      'idle',
      {
        disconnect: 'disconnected',
        arm: 'armed',
        command: 'E_MODE',
        estop: 'estopped',
        fault: 'fault',
        reset: 'E_MODE',
      },
    ],
    [
      'armed',
      {
        disconnect: 'disconnected',
        arm: 'E_MODE',
        disarm: 'idle',
        command: 'running',
        estop: 'estopped',
        fault: 'fault',
        reset: 'E_MODE',
      },
    ],
    [
      'running',
      {
        disconnect: 'holding',
        arm: 'E_MODE',
        disarm: 'idle',
        estop: 'estopped',
        fault: 'fault',
        reset: 'E_MODE',
      },
    ],
    [
      'holding',
      {
        arm: 'E_MODE',
        disarm: 'idle',
        command: 'running',
        estop: 'estopped',
        fault: 'fault',
        reset: 'E_MODE',
      },
    ],
    ['fault', { arm: 'E_MODE', command: 'E_MODE', estop: 'estopped', reset: 'disconnected' }],
    ['estopped', { arm: 'E_MODE', command: 'E_MODE', reset: 'disconnected' }],
  ] as readonly [Mode, Partial<Record<keyof typeof events, Mode | Refusal>>][])('%s', (mode, expected) => {
    const came: Record<string, unknown> = {};
    for (const [name, happen] of Object.entries(events)) {
      const made = robot();
      reach[mode](made);
      expect(made.mode).toBe(mode);
      const refusal = happen(made);
      if (refusal) expect(made.mode).toBe(mode);
      if (refusal ?? made.mode !== mode) came[name] = refusal ?? made.mode;
    }
    expect(came).toEqual(expected);
  });

  test('a reset that has not seen the last stop does nothing, nor one before everything stands still', () => {
    const made = running();
    made.wait(0.2, () => void made.command([1, 3]));
    made.now({ kind: 'estop', reason: 'pressed' });
    const { generation } = made.state;
    expect(isAtRest(made.state.setpoints)).toBe(false);
    expect(made.now({ kind: 'reset', generation })).toBe('E_MODE');
    made.wait(0.5);
    expect(made.now({ kind: 'reset', generation: generation - 1 })).toBe('E_STALE');
    expect(made.now({ kind: 'reset', generation })).toBeUndefined();
    expect(made.mode).toBe('idle');
  });
});

describe('a command counts', () => {
  test.each([
    ['once', { seq: 0 }, 'E_STALE'],
    ['in this generation alone', { generation: 0 }, 'E_STALE'],
    ['if it answers to something recent', { observedAt: -1 }, 'E_STALE'],
    ['if it says what it answers to', { observedAt: undefined }, 'E_STALE'],
    ['if what it answers to has a time', { observedAt: Number.NaN }, 'E_STALE'],
    ['if it counts for a while', { validFor: 0 }, 'E_RANGE'],
    ['if it says for how long', { validFor: Number.NaN }, 'E_RANGE'],
  ] as readonly [string, Partial<Command>, Refusal][])('%s', (_, other, refusal) => {
    const made = running();
    expect(made.command([0.1, 1], other)).toBe(refusal);
    expect(made.mode).toBe('running');
  });

  test('if it has as many numbers as the robot has components, all of them finite', () => {
    const made = running();
    expect(made.command([0.1])).toBe('E_SHAPE');
    expect(made.mode).toBe('running');
    expect(made.command([0.1, Number.NaN])).toBe('E_RANGE');
    expect([made.mode, made.state.reason]).toEqual(['fault', 'a command is not a finite number']);
  });

  test('if there are not too many of them: a flood is dropped, and does not come later', () => {
    const made = running();
    const refusals = Array.from({ length: 200 }, () => made.command([0.1, 1.5]));
    expect(refusals.filter((refusal) => refusal === 'E_RATE').length).toBe(200 - 29);
    made.wait(1);
    expect(made.command([0.1, 1.5])).toBeUndefined();
  });

  test('for as long as it says, and no longer than the rules allow', () => {
    const made = running();
    made.command([0.1, 1.5], { validFor: 0.05 });
    made.wait(0.05);
    expect(made.mode).toBe('running');
    made.wait(0.01);
    expect([made.mode, made.state.reason]).toEqual(['holding', 'commands stay away']);
    made.command([0.1, 1.5], { validFor: 60 });
    made.wait(0.1);
    expect(made.mode).toBe('running');
    made.wait(0.02);
    expect(made.mode).toBe('holding');
  });
});

describe('following', () => {
  test('begins softly', () => {
    const made = running({ softStart: 1 });
    const path = made.wait(0.5, () => void made.command([1, 1.5]));
    expect(path.at(-1)).toBeCloseTo(0.5, 1);
    expect(path.at(24)).toBeCloseTo(0.25, 1);
  });

  test('needs the switch to be held, where the rules want it', () => {
    const made = running({ deadman: true });
    made.now({ kind: 'deadman' });
    const press = (): void => {
      made.command([1, 1.5]);
    };
    made.wait(0.19, press);
    expect(made.mode).toBe('running');
    made.time += 0.02;
    press();
    made.now({ kind: 'tick' });
    expect([made.mode, made.state.reason]).toEqual(['holding', 'the dead-man switch was let go']);
  });

  test('ends where too much is asked for too often', () => {
    const made = running({ maxClips: 10 });
    let steps = 0;
    made.wait(0.5, () => {
      if (made.mode !== 'running') return;
      steps++;
      made.command([2, 1.5]);
    });
    expect([steps, made.mode]).toEqual([11, 'fault']);
    expect(made.state.reason).toBe('11 commands beyond the bounds');
  });

  test('comes to a rest that the rules name where commands stay away, and has to be allowed again after a while', () => {
    const made = running({ rest: [0.25, 0] });
    made.wait(0.4, () => void made.command([-0.9, 2]));
    made.wait(2);
    expect(made.state.setpoints.map(({ value }) => +value.toFixed(6))).toEqual([0.25, 0]);
    expect(made.mode).toBe('holding');
    made.wait(4);
    expect([made.mode, made.state.reason]).toEqual(['idle', 'no command for too long']);
    expect(made.command([0, 0])).toBe('E_MODE');
  });
});

test('what is measured and is no number is a fault', () => {
  const made = running();
  made.now({ kind: 'tick', measured: [0, Number.NaN] });
  expect(made.mode).toBe('fault');
});

test('what was moved by hand begins where it stands', () => {
  const made = robot();
  made.now({ kind: 'connect' });
  made.now({ kind: 'tick', measured: [0.4, 2.5] });
  expect(made.state.setpoints).toEqual([
    { value: 0.4, speed: 0 },
    { value: 2.5, speed: 0 },
  ]);
  made.now({ kind: 'arm' });
  made.now({ kind: 'tick', measured: [0.1, 2] });
  expect(made.state.setpoints[0]!.value).toBe(0.4);
});

/** Anything that may happen, in any order: commands late, twice, out of order, absurd; people; lost connections. */
const numbers = fc.oneof(
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e300),
);
const command = fc.record({
  seq: fc.integer({ min: 0, max: 400 }),
  behind: fc.integer({ min: 0, max: 1 }),
  data: fc.oneof(
    {
      weight: 20,
      arbitrary: fc.tuple(
        fc.double({ min: -2, max: 4, noNaN: true }),
        fc.double({ min: -2, max: 4, noNaN: true }),
      ),
    },
    fc.array(numbers, { maxLength: 3 }),
  ),
  age: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.2, noNaN: true })),
  validFor: fc.oneof(fc.constant(0.1), numbers),
});
const happening = fc.oneof(
  { weight: 12, arbitrary: command.map((given) => ({ kind: 'command' as const, given })) },
  { weight: 12, arbitrary: fc.constant({ kind: 'tick' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'arm' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { kind: 'connect' as const },
      { kind: 'disconnect' as const },
      { kind: 'disarm' as const },
      { kind: 'deadman' as const },
      { kind: 'estop' as const, reason: 'somebody' },
      { kind: 'fault' as const, reason: 'something' },
      { kind: 'reset' as const },
    ),
  },
);
const story = fc.array(fc.tuple(happening, fc.double({ min: 0, max: 0.05, noNaN: true })), {
  maxLength: 150,
});

test.each([
  ['stays where it is', {}],
  ['has a rest of its own', { rest: [0, 0.5], softStart: 0.3 }],
] as readonly [string, Partial<SafetyRules>][])(
  'whatever happens, a robot that %s keeps its limits, and comes to rest in time',
  (_, given) => {
    const all: SafetyRules = { ...rules, ...given };
    const time = { now: 0 };
    const isMoving = (mode: Mode): boolean => mode === 'running';
    let moved = 0;
    fc.assert(
      fc.property(story, (events) => {
        time.now = 0;
        let state = supervise(all, initialState(all), { kind: 'connect' }, 0).state;
        const happen = (event: SupervisorEvent): void => {
          const before = state;
          state = supervise(all, before, event, time.now).state;
          if (event.kind !== 'tick') expect(state.setpoints).toBe(before.setpoints);
          // Only a person's word takes it out of idle, fault and emergency stop.
          if (isMoving(state.mode) && before.mode !== state.mode)
            expect(['armed', 'holding']).toContain(before.mode);
          if (['fault', 'estopped'].includes(before.mode) && state.mode !== before.mode)
            expect([...(before.mode === 'fault' ? ['estop'] : []), 'reset']).toContain(event.kind);
          state.setpoints.forEach((next, i) => {
            const { low, high, speed, acceleration } = limits[i]!;
            const last = before.setpoints[i]!;
            expect(next.value).toBeGreaterThanOrEqual(low);
            expect(next.value).toBeLessThanOrEqual(high);
            expect(Math.abs(next.value - last.value)).toBeLessThanOrEqual(speed * DT * (1 + 1e-9));
            if (event.kind === 'tick')
              expect(Math.abs(next.speed - last.speed)).toBeLessThanOrEqual(acceleration * DT * (1 + 1e-6));
            if (next.value !== last.value) moved++;
          });
        };
        happen({ kind: 'arm' });
        for (const [event, pause] of events) {
          time.now += pause;
          if (event.kind === 'command') {
            const { behind, age, ...rest } = event.given;
            const sent = { ...rest, generation: state.generation - behind, observedAt: time.now - age };
            happen({ kind: 'command', command: sent });
          } else if (event.kind === 'reset') happen({ kind: 'reset', generation: state.generation });
          else happen(event);
        }
        const farthest = given.rest
          ? Math.max(...limits.map(({ low, high, speed }) => (high - low) / speed))
          : 0;
        const declared = all.commandTimeout + 2 * brakingTime(limits, DT) + farthest + 2 * DT;
        for (const end = time.now + declared; time.now < end; ) {
          time.now += DT;
          happen({ kind: 'tick' });
        }
        expect(isAtRest(state.setpoints)).toBe(true);
        expect(isMoving(state.mode)).toBe(false);
      }),
      { numRuns: 300 },
    );
    expect(moved).toBeGreaterThan(1_000);
  },
);

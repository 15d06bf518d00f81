/** What is recorded, which of it is shown, and how far a drawing is between two frames. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameClock } from '../../../../src/viewer/app/logic/frame-clock.ts';
import { Playhead } from '../../../../src/viewer/app/logic/playhead.ts';
import { Recording } from '../../../../src/viewer/app/logic/recording.ts';
import { Series } from '../../../../src/viewer/app/logic/series.ts';
import type { ViewFrame } from '../../../../src/viewer/protocol.ts';

const empty = new Float32Array(0);
const frame = (step: number, time = step / 10, floats = 1): ViewFrame => ({
  ...{ step, time, age: step, focus: 0, agent: 0, intervened: false, value: 0, reward: 0 },
  ...{ rows: new Float32Array(floats), action: empty, obs: empty, rewardTerms: empty, contacts: empty },
});

function recordingOf(count: number, maxFrames = 100): Recording {
  const recording = new Recording(maxFrames);
  for (let step = 0; step < count; step++) recording.add(frame(step));
  return recording;
}

describe('a recording', () => {
  test('keeps the newest frames, under places that stay theirs', () => {
    const recording = recordingOf(25, 10);
    expect([recording.oldest, recording.newest]).toEqual([15, 24]);
    expect(recording.at(15).step).toBe(15);
    expect(recording.frames().map(({ step }) => step)).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
    expect(() => recording.at(14)).toThrow('Frame 14 is not among 15 to 24');
    expect(() => recording.at(25)).toThrow(RangeError);
  });

  test('is bounded in bytes, whatever the size of frames', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 80 }), (sizes) => {
        const recording = new Recording(1000, 400);
        for (const [step, floats] of sizes.entries()) recording.add(frame(step, step, floats));
        const kept = recording.frames();
        const bytes = kept.reduce((sum, { rows }) => sum + 4 * rows.length, 0);
        expect(bytes).toBeLessThanOrEqual(400);
        expect(kept.at(-1)!.step).toBe(sizes.length - 1);
        // One more would not have fitted.
        const before = sizes[recording.oldest - 1];
        if (before !== undefined) expect(bytes + 4 * before).toBeGreaterThan(400);
      }),
    );
  });

  test('goes on in time where the simulation starts anew', () => {
    const recording = recordingOf(3);
    const times = [frame(0, 0), frame(1, 0.1), frame(2, 0.2)].map((next) => recording.add(next).time);
    expect(times.map((time) => Number(time.toFixed(6)))).toEqual([0.2, 0.3, 0.4]);
  });

  test('holds a moment once', () => {
    const recording = recordingOf(3);
    recording.add({ ...frame(2), value: 7 });
    expect([recording.newest, recording.at(2).value]).toEqual([2, 7]);
  });
});

describe('the playhead', () => {
  test('follows the newest frame until it is put somewhere, and again when asked', () => {
    const recording = recordingOf(5);
    const playhead = new Playhead(recording);
    expect([playhead.live, playhead.place]).toEqual([true, 4]);
    playhead.seek(2);
    recording.add(frame(5));
    expect([playhead.live, playhead.place]).toEqual([false, 2]);
    playhead.follow();
    expect([playhead.live, playhead.place]).toEqual([true, 5]);
  });

  test('stays within the recording, also when that moves on', () => {
    const recording = recordingOf(10, 10);
    const playhead = new Playhead(recording);
    playhead.seek(-5);
    expect(playhead.place).toBe(0);
    for (let step = 10; step < 14; step++) recording.add(frame(step));
    expect(playhead.place).toBe(4);
    playhead.seek(99);
    expect(playhead.place).toBe(13);
  });

  test('skips by simulated time, by one frame at least', () => {
    const playhead = new Playhead(recordingOf(50));
    playhead.skip(-1);
    expect(playhead.place).toBe(39);
    playhead.skip(0.5);
    expect(playhead.place).toBe(44);
    playhead.skip(-0.01);
    expect(playhead.place).toBe(43);
    playhead.skip(-100);
    expect(playhead.place).toBe(0);
  });

  test('does nothing before there is a frame', () => {
    const playhead = new Playhead(new Recording());
    playhead.seek(3);
    playhead.skip(-1);
    expect(playhead.live).toBe(true);
  });
});

test('a drawing glides from the frame before the last to the last, in the time between them', () => {
  const clock = new FrameClock();
  clock.arrived(10);
  expect(clock.progress(10)).toBe(0);
  clock.arrived(10.04);
  expect(clock.progress(10.05)).toBeCloseTo(0.25, 6);
  expect(clock.progress(10.2)).toBe(1);
  // After a pause the next frame is reached in a moment, not in as long as the pause was.
  clock.arrived(20);
  expect(clock.progress(20.1)).toBeCloseTo(0.5, 6);
});

describe('series', () => {
  test('keep the last points, and no number as null', () => {
    const series = new Series(2);
    for (let x = 0; x < 12_345; x++) series.add(x, [x, Number.NaN]);
    expect(series.x.length).toBeGreaterThanOrEqual(5_000);
    expect(series.x.length).toBeLessThan(5_500);
    expect([series.x.at(-1), series.curves[0]!.at(-1), series.curves[1]!.at(-1)]).toEqual([
      12_344,
      12_344,
      null,
    ]);
    expect(series.curves[0]![0]).toBe(series.x[0]);
  });

  test('stay in order: what comes again replaces what was there', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1 }), (xs) => {
        const series = new Series(1);
        xs.forEach((x, i) => {
          series.add(x, [i]);
        });
        expect(series.x).toEqual([...new Set(series.x)].sort((a, b) => a - b));
        expect([series.x.at(-1), series.curves[0]!.at(-1)]).toEqual([xs.at(-1), xs.length - 1]);
        expect(series.curves[0]).toHaveLength(series.x.length);
      }),
    );
  });

  test('find the point at or before a place', () => {
    const series = new Series(1);
    for (const x of [1, 2, 4]) series.add(x, [x]);
    expect([0, 1, 3, 4, 9].map((x) => series.indexAt(x))).toEqual([-1, 0, 1, 2, 2]);
  });
});

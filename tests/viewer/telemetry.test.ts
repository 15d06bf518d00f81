/** What pages see reaches telemetry: the same poses, at most thirty a second, also in a pause. */
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VectorEnv } from '../../src/core/env.ts';
import { createSimulation } from '../../src/viewer/simulation.ts';
import { telemetryOf } from '../../src/viewer/telemetry.ts';
import { FakeClock, settled } from '../support/fake-clock.ts';
import { toyRow, toyTeleoperation, toyView } from '../support/toy-view.ts';
import { teamView } from './team-view.ts';

let stop = new AbortController();
let listening = new Subscription();
beforeEach(() => {
  stop = new AbortController();
  listening = new Subscription();
});
afterEach(() => {
  listening.unsubscribe();
  stop.abort();
});

function start({ env }: { readonly env: VectorEnv } = toyView(1)) {
  const clock = new FakeClock();
  const simulation = createSimulation({
    env,
    policy: () => ({ act: async (_, actions) => void actions.fill(0.5) }),
    policyName: 'half',
    teleoperation: toyTeleoperation,
    seed: 1,
    clock,
  });
  void simulation.run(stop.signal);
  const channels = telemetryOf(simulation);
  const messages = (topic: string): { time: bigint; content: Record<string, never[]> }[] => {
    const heard: { time: bigint; content: Record<string, never[]> }[] = [];
    const { messages$ } = channels.find((channel) => channel.topic === topic)!;
    listening.add(
      messages$.subscribe(({ time, data }) =>
        heard.push({ time, content: JSON.parse(new TextDecoder().decode(data)) }),
      ),
    );
    return heard;
  };
  return { env, clock, simulation, messages };
}

test('transforms are the poses that the environment draws', async () => {
  const { env, clock, messages } = start();
  const transforms = messages('/tf');
  await clock.advance(0.5);
  const row = new Float32Array(toyRow.size);
  env.view!.draw(0, row);
  const { content, time } = transforms.at(-1)!;
  const ball = (
    content.transforms as unknown as { child_frame_id: string; translation: { x: number } }[]
  ).find(({ child_frame_id }) => child_frame_id === 'ball')!;
  expect(ball.translation.x).toBeCloseTo(row[0]!, 6);
  expect(Number(time)).toBeGreaterThan(0.3e9);
});

test('come at most thirty times in a second, and not faster at ten times the speed', async () => {
  const { clock, simulation, messages } = start();
  simulation.handle({ type: 'speed', factor: 10 });
  const transforms = messages('/tf');
  await clock.advance(2);
  expect(transforms.length).toBeGreaterThan(20);
  expect(transforms.length).toBeLessThanOrEqual(61);
});

test('the present moment comes to who listens in a pause', async () => {
  const { clock, simulation, messages } = start();
  await clock.advance(0.3);
  simulation.handle({ type: 'pause' });
  await clock.advance(0.3);
  const transforms = messages('/tf');
  await settled();
  await settled();
  expect(transforms).toHaveLength(1);
  await clock.advance(1);
  expect(transforms).toHaveLength(1);
});

test('read-outs and events are those of the scene in focus', async () => {
  const { clock, simulation, messages } = start(teamView(2));
  const [readouts, events] = [messages('/readouts'), messages('/event')];
  simulation.handle({ type: 'focus', scene: 1 });
  await clock.advance(0.25);
  // Both balls of a scene go at the same speed.
  expect(readouts.at(-1)!.content).toEqual({ ahead: 'nobody', distance: 0 });
  const told = { kind: 'push', text: 'left at 0.5', scalars: [{ label: 'speed', value: 0.5 }] };
  expect(events.map(({ content }) => content)).toEqual([1, 2, 3].map((age) => ({ scene: 1, age, ...told })));
});

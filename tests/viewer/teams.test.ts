/** Scenes of several agents: a picture for each episode, and one agent of it in focus. */
import { lastValueFrom, take } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { EnvEvent } from '../../src/core/events.ts';
import { intervene } from '../../src/rollout/intervention.ts';
import { type Rollout, rollout } from '../../src/rollout/rollout.ts';
import type { ViewFrame } from '../../src/viewer/protocol.ts';
import { createSimulation } from '../../src/viewer/simulation.ts';
import type { SourceReport, SourceRequest } from '../../src/viewer/source.ts';
import { createTraining } from '../../src/viewer/training.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { constantPolicy, TOY_OBSERVATION } from '../support/toy-env.ts';
import { toyTeleoperation } from '../support/toy-view.ts';
import { teamRow, teamView } from './team-view.ts';

const O = TOY_OBSERVATION;

/** Of the four rows of two scenes. */
const acting = () => constantPolicy([0.25, 0], [0.5, 0], [-0.25, 0], [-0.5, 0]);

function simulate(maxEpisodeSteps?: number) {
  const team = teamView(2, maxEpisodeSteps);
  const clock = new FakeClock();
  const simulation = createSimulation({
    env: team.env,
    policy: acting,
    policyName: 'each its own',
    teleoperation: toyTeleoperation,
    seed: 1,
    clock,
    // Of each agent the third of its own numbers, and of the other's.
    value: async (obs) => Float32Array.of(obs[2]! + 10 * obs[O + 2]!, obs[O + 2]! + 10 * obs[2]!),
  });
  void simulation.run(new AbortController().signal);
  const reports: SourceReport[] = [];
  simulation.reports$.subscribe((report) => reports.push(report));
  return { ...team, clock, simulation, reports };
}

describe('a simulation of teams', () => {
  test('shows a picture for each episode, and the numbers of the agent in focus', async () => {
    const { simulation, clock, asked } = simulate();
    expect(simulation.hello).toMatchObject({ scenes: 2, agents: 2 });
    simulation.handle({ type: 'focus', scene: 1, agent: 1 });
    await clock.advance(0.15);
    asked.draw.length = 0;
    const frame = await simulation.capture(true);
    expect([asked.draw, asked.contacts]).toEqual([[0, 1], [1]]);
    expect(frame).toMatchObject({ step: 8, age: 2, focus: 1, agent: 1, reward: -0.5 });
    expect(frame.time).toBeCloseTo(0.2, 9);
    expect([...frame.action]).toEqual([-0.5, 0]);
    // What was acted on: where the step before had led the last row.
    expect(frame.obs[2]).toBe(-0.125);
    // Its mate had gone half as far.
    expect(frame.value).toBe(-0.125 + 10 * -0.0625);
    const place = (scene: number, body: number): number => frame.rows[scene * teamRow.size + 7 * body]!;
    expect([place(0, 0), place(0, 1), place(1, 0), place(1, 1)]).toEqual([0.125, 0.25, -0.125, -0.25]);
    expect(frame.rows).toHaveLength(2 * teamRow.size);
  });

  test('stays with the agent when another scene is asked for, and says who is in focus', () => {
    const { simulation } = simulate();
    const seen: (readonly [number, number])[] = [];
    simulation.state$.subscribe(({ focus, agent }) => seen.push([focus, agent]));
    simulation.handle({ type: 'focus', scene: 0, agent: 1 });
    simulation.handle({ type: 'focus', scene: 1 });
    expect(seen).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  test.each<[SourceRequest, message: string]>([
    [{ type: 'focus', scene: 2 }, 'There is no scene 2; there are 2, counted from 0.'],
    [{ type: 'focus', scene: 0, agent: 2 }, 'There is no agent 2; there are 2, counted from 0.'],
    [
      { type: 'push', scene: 2, body: 0, force: [1, 0, 0], point: [0, 0, 0] },
      'There is no scene 2; there are 2, counted from 0.',
    ],
  ])('refuses %j', (request, message) => {
    const { simulation } = simulate();
    simulation.handle({ type: 'focus', scene: 1, agent: 1 });
    expect(() => simulation.handle(request)).toThrow(expect.objectContaining({ code: 'E_RANGE', message }));
    expect([simulation.hello.scenes, simulation.hello.agents]).toEqual([2, 2]);
  });

  test('is pushed by the index of the episode', () => {
    const { simulation, asked } = simulate();
    simulation.handle({ type: 'push', scene: 1, body: 1, force: [1, 0, 0], point: [0, 1, 0.1] });
    expect(asked.push).toEqual([1]);
  });

  test('lets a person steer one agent, and the policy the others', async () => {
    const { simulation, clock, given } = simulate();
    simulation.handle({ type: 'focus', scene: 1, agent: 0 });
    simulation.handle({ type: 'intervene', active: true, commands: [0, -0.75] });
    await clock.advance(0.05);
    const first = await simulation.capture(false);
    simulation.handle({ type: 'intervene', active: false, commands: [] });
    await clock.advance(0.1);
    expect(given.slice(0, 2).map((actions) => [...actions])).toEqual([
      [0.25, 0, 0.5, 0, 0, -0.75, -0.5, 0],
      [0.25, 0, 0.5, 0, -0.25, 0, -0.5, 0],
    ]);
    expect(first.intervened).toBe(true);
    expect((await simulation.capture(false)).intervened).toBe(false);
  });

  test('tells of an episode once, with the return of the agent in focus', async () => {
    const { simulation, clock, reports } = simulate(2);
    simulation.handle({ type: 'focus', scene: 1, agent: 1 });
    await clock.advance(0.15);
    expect(reports).toEqual([{ type: 'episode', step: 8, scene: 1, return: -1, length: 2, success: false }]);
  });

  test('ends the episode of all its agents where a person marks it', async () => {
    const { simulation, clock, reports } = simulate();
    simulation.handle({ type: 'focus', scene: 1, agent: 1 });
    await clock.advance(0.05);
    simulation.handle({ type: 'mark', mark: 'failure' });
    await clock.advance(0.1);
    expect(reports).toMatchObject([{ type: 'episode', scene: 1, length: 2 }]);
    simulation.handle({ type: 'focus', scene: 1, agent: 0 });
    expect((await simulation.capture(false)).age).toBe(0);
    simulation.handle({ type: 'focus', scene: 0, agent: 0 });
    expect((await simulation.capture(false)).age).toBe(2);
  });
});

describe('what happens', () => {
  test('is told of the focused scene alone, while somebody listens', async () => {
    const { simulation, clock } = simulate();
    const told: EnvEvent[] = [];
    await clock.advance(0.05);
    const listening = simulation.events$.subscribe((event) => told.push(event));
    await clock.advance(0.1);
    // In the other scene nothing is pushed to the right.
    simulation.handle({ type: 'focus', scene: 1 });
    await clock.advance(0.1);
    simulation.handle({ type: 'focus', scene: 0 });
    await clock.advance(0.1);
    listening.unsubscribe();
    await clock.advance(0.1);
    const about = { scene: 0, kind: 'push', text: 'left at 0.25', values: { speed: 0.25 } };
    expect(told).toEqual([
      { ...about, age: 2 },
      { ...about, age: 4 },
    ]);
  });
});

test('a training run of teams is seen in the same way', async () => {
  const { env, asked } = teamView(2, 3);
  const intervention = intervene({
    policy: acting(),
    teleoperation: toyTeleoperation,
    spaces: { observation: env.observationSpace, action: env.actionSpace },
    numEnvs: env.numEnvs,
    step: () => run.step(),
  });
  const run: Rollout = rollout(env, intervention, { seed: 1, steps: 1e9 });
  const about = { policyName: 'sac', seed: 1, teleoperation: toyTeleoperation };
  const source = createTraining({ env, run, intervention, ...about });
  expect(source.hello).toMatchObject({ scenes: 2, agents: 2 });
  const [reports, events]: [SourceReport[], EnvEvent[]] = [[], []];
  source.reports$.subscribe((report) => reports.push(report));
  source.events$.subscribe((event) => events.push(event));
  source.handle({ type: 'focus', scene: 0, agent: 1 });
  source.handle({ type: 'intervene', active: true, commands: [-1, 0] });
  const captured: Promise<ViewFrame>[] = [];
  source.steps$.subscribe(() => captured.push(source.capture(false)));
  await lastValueFrom(run.run$.pipe(take(3)));
  const frames = await Promise.all(captured);
  expect(frames.map(({ focus, agent, age, intervened }) => [focus, agent, age, intervened])).toEqual([
    [0, 1, 1, true],
    [0, 1, 2, true],
    [0, 1, 0, true],
  ]);
  // Turned round where the ball is beyond 0, which it never is.
  expect(frames.map(({ action }) => action[0])).toEqual([-1, -1, -1]);
  expect(frames[1]!.rows[7]).toBe(-0.5);
  expect(new Set(asked.draw)).toEqual(new Set([0, 1]));
  expect(events.map(({ scene, age }) => [scene, age])).toEqual([
    [0, 1],
    [0, 2],
    [0, 3],
  ]);
  // Of each agent, under the index of its scene.
  expect(reports).toMatchObject(
    [0, 0, 1, 1].map((scene, row) => ({ scene, return: [0.75, -3, -0.75, -1.5][row], length: 3 })),
  );
});

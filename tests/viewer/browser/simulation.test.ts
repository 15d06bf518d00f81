/** The page before a simulation: what a person does there reaches the environment, and what it does is seen. */
import { filter, firstValueFrom, map, type Observable, take, toArray } from 'rxjs';
import { afterEach, expect, test } from 'vitest';
import { droneHover } from '../../../envs/drone/hover.ts';
import { pendulum } from '../../../envs/pendulum.ts';
import type { EnvDefinition } from '../../../src/core/env.ts';
import { directTeleoperation } from '../../../src/core/teleoperation.ts';
import { buildPage } from '../../../src/viewer/app/build.ts';
import { createHub } from '../../../src/viewer/hub.ts';
import { openViewServer } from '../../../src/viewer/server.ts';
import { createSimulation, type Simulation } from '../../../src/viewer/simulation.ts';
import { describeInBrowser, openPage, type WatchedPage } from '../../support/browser.ts';
import { expectText, press } from './toy-page.ts';

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

interface Shown extends WatchedPage {
  readonly simulation: Simulation;
}

/** The environment under its scripted controller, or left alone, on a page. */
async function show<S>(definition: EnvDefinition<S>, scenes = 1): Promise<Shown> {
  const settings = definition.settings.parse({});
  const env = definition.create(scenes, settings);
  const still = { act: async (_: Float32Array, actions: Float32Array) => void actions.fill(0) };
  const simulation = createSimulation({
    env,
    policy: () => definition.scripted?.(env, settings) ?? still,
    policyName: 'whoever',
    teleoperation: definition.teleoperation?.(env, settings) ?? directTeleoperation(env.actionSpace),
    seed: 1,
  });
  const server = await openViewServer({ folder: await buildPage(), port: 0, host: '127.0.0.1' });
  server.show(createHub(simulation));
  const ending = new AbortController();
  const running = simulation.run(ending.signal);
  const watched = await openPage(server.url);
  stop = async () => {
    await watched.page.context().close();
    ending.abort();
    await running;
    await server.close('The test is over.');
    env.close();
  };
  await expectText(watched.page, '.time', /[1-9] s/);
  return { ...watched, simulation };
}

/** Position of the first body of the first scene, m, after each control step. */
const positions = (simulation: Simulation): Observable<number[]> => {
  const { appearance } = simulation.hello as { appearance: { bodies: readonly { name: string }[] } };
  const { observation } = simulation.hello.env;
  expect(appearance.bodies.length).toBeGreaterThan(0);
  const first = observation.findIndex(({ name }) => name.startsWith('target'));
  return simulation.frames$.pipe(
    map(({ obs }) => [...obs.subarray(first, first + 3)].map((offset) => -offset)),
  );
};

const next = <T>(values: Observable<T>, count: number): Promise<T[]> =>
  firstValueFrom(values.pipe(take(count), toArray()));

describeInBrowser('a simulation on a page', () => {
  test('pauses, makes the steps that are asked for, and goes on', async () => {
    const { page, simulation } = await show(pendulum);
    let steps = 0;
    simulation.frames$.subscribe(() => steps++);
    await press(page, 'Space');
    await expectText(page, '[data-command=pause]', 'Play');
    const paused = steps;
    await press(page, '.', '.', '.');
    await expect.poll(() => steps).toBe(paused + 3);
    await page.waitForTimeout(300);
    expect(steps).toBe(paused + 3);
    await press(page, 'Space');
    await expect.poll(() => steps).toBeGreaterThan(paused + 10);
  });

  test('repeats itself with the same seed', async () => {
    const { page, simulation } = await show(droneHover);
    const beginning = async (key: string): Promise<number[][]> => {
      const started = simulation.frames$.pipe(
        filter(({ step }) => step <= 5),
        map(({ obs }) => [...obs]),
      );
      const first = next(started, 5);
      await press(page, key);
      return first;
    };
    const once = await beginning('Backspace');
    expect(await beginning('Backspace')).toEqual(once);
    await page.getByLabel('Seed').fill('2');
    expect(await beginning('Enter')).not.toEqual(once);
  });

  test('is pushed about: the aircraft leaves its place to the right of the picture', async () => {
    const { page, simulation, complaints } = await show(droneHover);
    // Towards +y the camera `overview` looks along +x, so the right of its picture is −y.
    await press(page, 'x');
    await page.keyboard.down('Control');
    await page.keyboard.down('ArrowRight');
    const pushed = await firstValueFrom(positions(simulation).pipe(filter(([, y]) => y! < -0.5)));
    expect(pushed[1]).toBeLessThan(-0.5);
    await page.keyboard.up('ArrowRight');
    await page.keyboard.up('Control');
    // The controller brings it back, which it could not against the push.
    await firstValueFrom(positions(simulation).pipe(filter(([, y]) => Math.abs(y!) < 0.2)));
    expect(complaints).toEqual([]);
  });

  test('is taken over: the commands reach the environment, frames say so, and the policy gets it back', async () => {
    const { page, simulation } = await show(droneHover);
    const interventions: string[] = [];
    simulation.interventions$.subscribe(({ kind }) => interventions.push(kind));
    const forwards = positions(simulation).pipe(filter(([x]) => x! > 0.8));
    await page.keyboard.down('Shift');
    await page.keyboard.down('KeyW');
    await expectText(page, '.actor', 'You act');
    const [frame] = await next(simulation.frames$.pipe(map(({ intervened }) => intervened[0])), 1);
    expect(frame).toBe(1);
    await firstValueFrom(forwards);
    await page.keyboard.up('KeyW');
    await page.keyboard.up('Shift');
    await expectText(page, '.actor', 'The policy acts');
    const [after] = await next(simulation.frames$.pipe(map(({ intervened }) => intervened[0])), 1);
    expect(after).toBe(0);
    await press(page, 'Digit6');
    await expect.poll(() => interventions).toEqual(['start', 'end', 'mark']);
  });

  test('of 256 drones is drawn, all of them moving', async () => {
    const { page, complaints } = await show(droneHover, 256);
    await press(page, 'h');
    const before = await page.locator('.picture').screenshot();
    await expect
      .poll(async () => (await page.locator('.picture').screenshot()).equals(before), { timeout: 30_000 })
      .toBe(false);
    const milliseconds = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const started = performance.now();
          let frames = 0;
          const count = (): void => {
            if (++frames === 10) resolve((performance.now() - started) / 10);
            else requestAnimationFrame(count);
          };
          requestAnimationFrame(count);
        }),
    );
    console.log(`256 drones, drawn by software: ${milliseconds.toFixed(0)} ms a frame`);
    expect(complaints).toEqual([]);
  });
});

/** Hands on bodies: selecting by click and key, pulling with a spring by mouse, touch and keyboard. */
import { afterEach, expect, test } from 'vitest';
import { describeInBrowser } from '../../support/browser.ts';
import { expectText, isOrange, openToy, press, type ToyPage } from './toy-page.ts';
import { CUBE_MASS, toyFrame, toyHello, toyState } from './toy-source.ts';

let toy: ToyPage;
afterEach(async () => {
  await toy?.page.context().close();
  await toy?.source.stop();
});

const FRONT = -0.2;
/** N for each metre: 20 m/s² times the mass. */
const STIFFNESS = 20 * CUBE_MASS;

/** Holds the cube in the middle of its front and pulls it `x` m to the right and `z` m up, in the plane of that front. */
async function drag(x: number, z: number): Promise<void> {
  const { mouse } = toy.page;
  await mouse.move(...toy.place([0, FRONT, 1]));
  await mouse.down();
  await mouse.move(...toy.place([x / 2, FRONT, 1 + z / 2]));
  await mouse.move(...toy.place([x, FRONT, 1 + z]));
}

function expectForce(force: readonly number[], expected: readonly number[]): void {
  force.forEach((component, axis) => {
    // The mouse stands on whole pixels, of which there are some 150 to the metre.
    expect(Math.abs(component - expected[axis]!)).toBeLessThan(0.02 * STIFFNESS);
  });
}

describeInBrowser('selecting', () => {
  test('by a click on a body, and of nothing by a click beside it', async () => {
    toy = await openToy();
    await toy.page.mouse.click(...toy.place([0, FRONT, 1]));
    await expectText(toy.page, '.hands', /cube\s+2.00 kg, at 0.00, 0.00, 1.00 m/);
    toy.source.frame(toyFrame({ step: 1, time: 1, cube: [0.25, 0, 1.5] }));
    await expectText(toy.page, '.hands', /at 0.25, 0.00, 1.50 m/);
    await toy.page.mouse.click(...toy.place([-1, FRONT, 1]));
    await expectText(toy.page, '.hands', /Click a body/);
  });

  test('turning the camera selects nothing', async () => {
    toy = await openToy();
    await drag(0.6, 0);
    await toy.page.mouse.up();
    await expectText(toy.page, '.hands', /Click a body/);
    expect(toy.source.requests).toEqual([]);
  });

  test('a body of another scene brings that scene into focus', async () => {
    // Two scenes of 4 m beside each other: the second one is 4 m to the right of the first, which the camera looks at.
    const both = [toyFrame({}), toyFrame({ cube: [-2.4, 0, 1] })].flatMap(({ rows }) => [...rows]);
    const hello = { ...toyHello, scenes: 2 };
    toy = await openToy({ hello }, {}, toyFrame({ rows: Float32Array.from(both) }));
    await toy.page.mouse.click(...toy.place([1.6, FRONT, 1]));
    expect((await toy.source.waitFor('focus')).scene).toBe(1);
    await expectText(toy.page, '.hands', /cube, scene 1.*at -2.40, 0.00, 1.00 m/);
    // From where the source says that it looks.
    toy.source.report({ ...toyState, focus: 1, speed: 2 });
    await expectText(toy.page, '.factor', '2 ×');
    await press(toy.page, 'n');
    expect((await toy.source.waitFor('focus', ({ scene }) => scene === 0)).scene).toBe(0);
  });
});

describeInBrowser('pushing', () => {
  test('by dragging with Ctrl: a spring to the pointer, an arrow, and a release', async () => {
    toy = await openToy();
    await toy.page.keyboard.down('Control');
    await drag(0.6, 0.3);
    const push = await toy.source.waitFor('push', ({ force }) => force[0] > 0.55 * STIFFNESS);
    expect([push.scene, push.body]).toEqual([0, 0]);
    expectForce(push.force, [0.6 * STIFFNESS, 0, 0.3 * STIFFNESS]);
    push.point.forEach((coordinate, axis) => {
      expect(coordinate).toBeCloseTo([0, FRONT, 1][axis]!, 1);
    });
    const [x, y] = toy.place([0.4, FRONT, 1.2]);
    await toy.see((shot) => shot.count(x, y, 5, isOrange) > 10, 'the arrow');
    await expectText(toy.page, '.force', /^2[67]\.\d N$/);

    // The body gives way: the spring is shorter.
    toy.source.frame(toyFrame({ step: 1, time: 1, cube: [0.4, 0, 1.2] }));
    const shorter = ({ force }: { readonly force: readonly number[] }): boolean =>
      Math.abs(force[0]! - 0.2 * STIFFNESS) < 0.02 * STIFFNESS;
    expectForce((await toy.source.waitFor('push', shorter)).force, [0.2 * STIFFNESS, 0, 0.1 * STIFFNESS]);

    await toy.page.mouse.up();
    await toy.page.keyboard.up('Control');
    expect(
      (await toy.source.waitFor('push', ({ force }) => force.every((component) => component === 0))).body,
    ).toBe(0);
    const count = toy.source.asked('push').length;
    await toy.see((shot) => shot.count(x, y, 5, isOrange) === 0, 'no arrow');
    expect(toy.source.asked('push')).toHaveLength(count);
    expect(await toy.page.locator('.force').isVisible()).toBe(false);
  });

  test('no more than thirty times a second', async () => {
    toy = await openToy();
    await toy.page.keyboard.down('Control');
    await drag(0.5, 0);
    await toy.source.waitFor('push');
    const started = performance.now();
    const before = toy.source.asked('push').length;
    await expect
      .poll(() => toy.source.asked('push').length, { timeout: 20_000 })
      .toBeGreaterThan(before + 20);
    const seconds = (performance.now() - started) / 1e3;
    expect((toy.source.asked('push').length - before) / seconds).toBeLessThan(33);
  });

  test('with a finger, once dragging pushes', async () => {
    toy = await openToy();
    await toy.page.getByRole('button', { name: 'Push by dragging' }).click();
    await drag(-0.5, 0);
    const { force } = await toy.source.waitFor('push', (request) => request.force[0] < -0.45 * STIFFNESS);
    expectForce(force, [-0.5 * STIFFNESS, 0, 0]);
  });

  test('by keys: to the sides and up and down as it is seen', async () => {
    toy = await openToy();
    await press(toy.page, 'x');
    await toy.page.keyboard.down('Control');
    await toy.page.keyboard.down('ArrowRight');
    // A key pulls by a quarter of a metre.
    const pull = 0.25 * STIFFNESS;
    expectForce((await toy.source.waitFor('push', ({ force }) => force[0] > 1)).force, [pull, 0, 0]);
    await toy.page.keyboard.down('ArrowUp');
    const both = await toy.source.waitFor('push', ({ force }) => force[2] > 1);
    expectForce(both.force, [pull, 0, pull]);
    await toy.page.keyboard.up('ArrowRight');
    await toy.source.waitFor('push', ({ force }) => Math.abs(force[0]) < 1e-6 && force[2] > 1);
    await toy.page.keyboard.up('Control');
    await toy.source.waitFor('push', ({ force }) => force.every((component) => component === 0));
  });

  test('is given up when the page loses the attention', async () => {
    toy = await openToy();
    await press(toy.page, 'x');
    await toy.page.keyboard.down('Control');
    await toy.page.keyboard.down('ArrowLeft');
    await toy.source.waitFor('push', ({ force }) => force[0] < -1);
    await toy.page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await toy.source.waitFor('push', ({ force }) => force.every((component) => component === 0));
  });

  test('of what cannot be pushed says so, and so does the past', async () => {
    toy = await openToy();
    await press(toy.page, 'x', 'x');
    await expectText(toy.page, '.hands', /bare/);
    await press(toy.page, 'Control+ArrowRight');
    await expectText(toy.page, '.notices', '"bare" cannot be pushed.');
    toy.source.frame(toyFrame({ step: 1, time: 1 }));
    await press(toy.page, 'x', ',', 'Control+ArrowRight');
    await expectText(toy.page, '.notices', /Only the present can be pushed/);
    expect(toy.source.asked('push')).toEqual([]);
  });
});

/** What the page draws, pixel by pixel. */
import { afterEach, expect, test } from 'vitest';
import type { Shape } from '../../../src/core/appearance.ts';
import type { Hello } from '../../../src/viewer/protocol.ts';
import { describeInBrowser, type Rgb, shoot } from '../../support/browser.ts';
import { expectText, isRed, openToy, press, type ToyPage } from './toy-page.ts';
import { CUBE, toyAppearance, toyFrame, toyHello } from './toy-source.ts';

let toy: ToyPage;
afterEach(async () => {
  await toy?.page.context().close();
  await toy?.source.stop();
});

const isGreen = ([red, green, blue]: Rgb): boolean => green > 90 && green > 1.6 * red && green > 1.6 * blue;
const isBlue = ([red, green, blue]: Rgb): boolean => blue > 90 && blue > 1.5 * red && blue > 1.5 * green;
const isLeaf = ([red, green, blue]: Rgb): boolean => green > 60 && green > 2.5 * red && green > 2.5 * blue;

/** The task with other shapes of its first body, and signals, which stand last in a row. */
/** Where places on the picture count, and where thin lines do. */
const large = { viewport: { width: 960, height: 540 } };
const fine = { viewport: { width: 1280, height: 720 } };

const withBody = (shapes: readonly Shape[], signals: readonly string[]): Hello => {
  const bodies = [{ name: 'cube', shapes }, toyAppearance.bodies[1]!];
  return { ...toyHello, appearance: { ...toyAppearance, bodies, signals } };
};

describeInBrowser('the picture', () => {
  test('shows a body where it is, in its size and colour, and loads without a complaint', async () => {
    toy = await openToy({}, large);
    const shot = await shoot(toy.page);
    // The front of the cube is half its size nearer than its middle.
    const near = -CUBE / 2;
    for (const [x, z] of [
      [0, 1],
      [0.18, 1.18],
      [-0.18, 0.82],
    ] as const)
      expect(isRed(shot.at(...toy.place([x, near, z])))).toBe(true);
    for (const [x, z] of [
      [0.23, 1],
      [-0.23, 1],
      [0, 1.23],
      [0, 0.77],
    ] as const)
      expect(isRed(shot.at(...toy.place([x, near, z])))).toBe(false);
    expect(toy.complaints).toEqual([]);
  });

  test('follows the frames, and draws arrows from their point to their tip', async () => {
    toy = await openToy({}, large);
    const moved = toyFrame({ step: 1, time: 0.02, cube: [-0.7, 0, 1.4] });
    // The wind at the origin of its arrow: 1 m/s upwards at x = 0.5.
    moved.rows.set([0.5, 0, 0.7, 0, 0, 1], 14);
    toy.source.frame(moved);
    const tip = toy.place([0.5, 0, 1.62]);
    const shot = await toy.see((seen) => seen.count(...tip, 3, isGreen) > 5, 'the tip of the arrow');
    expect(isRed(shot.at(...toy.place([-0.7, -0.2, 1.4])))).toBe(true);
    expect(isRed(shot.at(...toy.place([0, -0.2, 1])))).toBe(false);
    expect(shot.count(...toy.place([0.5, 0, 1]), 3, isGreen)).toBeGreaterThan(5);
    expect(shot.count(...toy.place([0.5, 0, 1.8]), 3, isGreen)).toBe(0);
    expect(shot.count(...toy.place([0.5, 0, 0.62]), 3, isGreen)).toBe(0);
    await press(toy.page, 'y');
    await toy.see((seen) => seen.count(...toy.place([0.5, 0, 1]), 3, isGreen) === 0, 'no arrow');
  });

  test('has trails that fade, which can be hidden', async () => {
    toy = await openToy({}, fine);
    for (let i = 1; i <= 10; i++) toy.source.frame(toyFrame({ step: i, time: i / 10, cube: [i / 12, 0, 1] }));
    const trail = (shot: Parameters<Parameters<typeof toy.see>[0]>[0]): number =>
      shot.count(...toy.place([0.4, 0, 1]), 4, isBlue);
    await toy.see((shot) => trail(shot) > 3, 'the trail');
    await press(toy.page, 't');
    await toy.see((shot) => trail(shot) === 0, 'no trail');
  });

  test('shows colliders, joint axes and contacts on demand', async () => {
    toy = await openToy({}, fine);
    const isAmber = ([red, green, blue]: Rgb): boolean => red > 150 && green > 0.5 * red && blue < 0.3 * red;
    const isPink = ([red, green, blue]: Rgb): boolean => red > 150 && blue > 110 && green < 100;
    await press(toy.page, 'c');
    // Beside the cube, within the sphere that it collides as.
    await toy.see((shot) => shot.count(...toy.place([0.3, -0.2, 1]), 12, isAmber) > 5, 'the collider');
    await press(toy.page, 'c', 'j');
    const shot = await toy.see(
      (seen) => seen.count(...toy.place([0.1, 0, 1]), 4, isPink) > 3,
      'the joint axis',
    );
    expect(shot.count(...toy.place([0.3, -0.2, 1]), 12, isAmber)).toBe(0);
    await press(toy.page, 'j', 'k');
    await toy.source.waitFor('contacts', ({ wanted }) => wanted);
    toy.source.frame(toyFrame({ step: 1, time: 1, contacts: Float32Array.of(1, 0, 1, 0, 0, 2 * 9.81) }));
    await toy.see((seen) => seen.count(...toy.place([1, 0, 1]), 5, isRed) > 10, 'the contact');
    // Forces that hold up everything are an eighth of a scene long: here half a metre.
    await toy.see((seen) => seen.count(...toy.place([1, 0, 1.45]), 5, isRed) > 3, 'its force');
    await press(toy.page, 'k');
    expect((await toy.source.waitFor('contacts', ({ wanted }) => !wanted)).wanted).toBe(false);
  });

  test('marks a body without shapes', async () => {
    toy = await openToy({}, large);
    const frame = toyFrame({ step: 1, time: 1 });
    frame.rows.set([0.8, 0, 1], 7);
    toy.source.frame(frame);
    const darker = ([red]: Rgb): boolean => red < 170;
    await toy.see((shot) => shot.count(...toy.place([0.8, -0.04, 1]), 3, darker) > 20, 'the mark');
  });

  test('colours fields by their values', async () => {
    const fields = [
      {
        ...{ name: 'vorticity', unit: '1' as const, cells: [2, 1] as const, size: [1, 1] as const },
        ...{ position: [0, 0, 1] as const, rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2] as const },
        range: [-1, 1] as const,
      },
    ];
    const hello = { ...toyHello, appearance: { ...toyAppearance, fields } };
    toy = await openToy({ hello }, large, toyFrame({ more: [0, 0] }));
    toy.source.frame(toyFrame({ step: 1, time: 1, cube: [0, 3, 1], more: [-1, 1] }));
    const [violet, yellow] = [toy.place([-0.25, 0, 1]), toy.place([0.25, 0, 1])];
    await toy.see((shot) => {
      const [low, high] = [shot.at(...violet), shot.at(...yellow)];
      const near = (color: Rgb, wanted: Rgb): boolean =>
        color.every((value, i) => Math.abs(value - wanted[i]!) < 8);
      return near(low, [68, 1, 84]) && near(high, [253, 231, 37]);
    }, 'the first and the last colour');
    await expectText(toy.page, '.field-legend', /vorticity \(1\)\s*−1.00\s*1.00/);
  });

  test.each(['no-preference', 'reduce'] as const)(
    'turns what spins unless less motion is preferred: %s',
    async (preference) => {
      // A bar across the picture, which turns about the line of sight, a quarter of a turn a second.
      const bar = {
        geometry: { type: 'box' as const, size: [1, 0.1, 0.1] as const },
        material: { color: '#d02818' as const },
        rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2] as const,
        spin: { signal: 'speed', rate: Math.PI / 2 },
      };
      toy = await openToy(
        { hello: withBody([bar], ['speed']) },
        { reducedMotion: preference },
        toyFrame({ more: [1] }),
      );
      const [right, top] = [toy.place([0.4, 0, 1]), toy.place([0, 0, 1.4])];
      await toy.see((shot) => isRed(shot.at(...right)) && !isRed(shot.at(...top)), 'the bar across');
      toy.source.frame(toyFrame({ step: 1, time: 1, more: [1] }));
      await expectText(toy.page, '.time', /^1.0 s$/);
      const turned = preference === 'no-preference';
      await toy.see(
        (shot) => isRed(shot.at(...top)) === turned && isRed(shot.at(...right)) !== turned,
        'where it is now',
      );
    },
  );

  test('lights what glows, by its signal', async () => {
    const lamp = {
      geometry: { type: 'box' as const, size: [0.4, 0.4, 0.4] as const },
      material: { color: '#d02818' as const },
      glow: { signal: 'touch', color: '#10a020' as const },
    };
    toy = await openToy({ hello: withBody([lamp], ['touch']) }, {}, toyFrame({ more: [0] }));
    toy.source.frame(toyFrame({ step: 1, time: 1, more: [1] }));
    await toy.see((shot) => shot.count(...toy.place([0, -0.2, 1]), 3, isLeaf) > 20, 'the lamp alight');
    toy.source.frame(toyFrame({ step: 2, time: 2, more: [0] }));
    await toy.see((shot) => isRed(shot.at(...toy.place([0, -0.2, 1]))), 'the lamp dark');
  });

  test('is seen from other cameras, in parallel, and as a whole', async () => {
    toy = await openToy({}, large);
    toy.source.frame(toyFrame({ step: 1, time: 1, cube: [0.5, 0, 1] }));
    await toy.see((shot) => isRed(shot.at(...toy.place([0.5, -0.2, 1]))), 'the cube on the right');
    await press(toy.page, 'Digit2');
    await toy.see((shot) => isRed(shot.at(...toy.place([-0.5, -0.2, 1]))), 'it on the left, from behind');
    await press(toy.page, 'Digit1', 'Digit0');
    // Without perspective the front of the cube is as far from the middle as all of it.
    const edge = toy.place([0.69, 0, 1]);
    const nearer = toy.place([0.72, 0, 1]);
    await toy.see(
      (shot) => isRed(shot.at(...edge)) && !isRed(shot.at(...nearer)),
      'the cube without perspective',
    );
    await press(toy.page, 'Digit0', 'h');
    await toy.see((shot) => !isRed(shot.at(...toy.place([0.5, -0.2, 1]))), 'everything, from farther away');
  });

  test('has the colours of a dark page on a dark page', async () => {
    toy = await openToy({}, large);
    const corner = toy.place([-1.4, 0, 2.2]);
    const [light] = (await shoot(toy.page)).at(...corner);
    await toy.page.emulateMedia({ colorScheme: 'dark' });
    await toy.see((shot) => shot.at(...corner)[0] < 80, 'a dark picture');
    expect(light).toBeGreaterThan(200);
    expect(toy.complaints).toEqual([]);
  });
});

describeInBrowser('the page', () => {
  test.each([
    [1280, 720, 'all at once'],
    [390, 844, 'from top to bottom'],
  ])('fits %i × %i px: nothing is cut off at the sides, and it is seen %s', async (width, height) => {
    toy = await openToy({}, { viewport: { width, height } }, toyFrame({}), () => true);
    const { page } = toy;
    const [across, down] = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return [scrollWidth, scrollHeight];
    });
    expect(across).toBe(width);
    if (width > height) expect(down).toBe(height);
    const cut = await page.locator('button, input, summary').evaluateAll((all, limit) => {
      const outside = all.filter((control) => {
        const { left, right } = control.getBoundingClientRect();
        return left < 0 || right > limit;
      });
      return outside.map((control) => control.outerHTML);
    }, width);
    expect(cut).toEqual([]);
    const picture = (await page.locator('.picture').boundingBox())!;
    expect(picture.height).toBeGreaterThan(0.4 * height);
  });
});

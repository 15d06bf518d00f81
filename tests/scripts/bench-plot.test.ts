/** Pictures of learning curves: well-formed, complete, small, and true to the numbers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvaluationPoint } from '../../scripts/bench/agents/results.ts';
import { drawPicture, type Line, type Picture } from '../../scripts/bench/plot/picture.ts';
import { linearScale, logarithmicScale, roundInterval, spread } from '../../scripts/bench/plot/scales.ts';
import { picturesOf } from '../../scripts/bench/plot.ts';
import { proprio } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { resultsFile, resultWith } from './benchmark-results.ts';

interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** As much of an XML reader as pictures need. @throws Error where the text is not well-formed */
function parseXml(xml: string): XmlElement {
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const piece =
    /<\/(?<end>[\w-]+)>|<(?<begin>[\w-]+)(?<attributes>(?: [\w-]+="[^"<]*")*)(?<empty>\/?)>|(?<text>[^<]+)/y;
  while (piece.lastIndex < xml.length) {
    const { lastIndex } = piece;
    const groups = piece.exec(xml)?.groups;
    if (!groups) throw new Error(`Not well-formed at "${xml.slice(lastIndex, lastIndex + 40)}"`);
    const { begin, end, empty, text } = groups;
    if (/&(?!(amp|lt|quot);)/.test(`${text}${groups.attributes}`)) throw new Error('A stray ampersand');
    if (text !== undefined) open.at(-1)!.text += text;
    else if (end !== undefined) {
      if (open.pop()!.name !== end) throw new Error(`</${end}> closes another element`);
    } else {
      const pairs = [...groups.attributes!.matchAll(/([\w-]+)="([^"]*)"/g)];
      const attributes = Object.fromEntries(pairs.map(([, key, value]) => [key!, value!]));
      if (Object.keys(attributes).length < pairs.length) throw new Error(`<${begin}> has an attribute twice`);
      const element = { name: begin!, attributes, children: [], text: '' };
      open.at(-1)!.children.push(element);
      if (empty === '') open.push(element);
    }
  }
  if (open.length > 1 || top.children.length !== 1) throw new Error('Something is left open');
  return top.children[0]!;
}

const withClass = (svg: XmlElement, name: string): XmlElement[] =>
  svg.children.filter(({ attributes }) => attributes.class?.split(' ').includes(name));
const textsOf = (svg: XmlElement): string[] =>
  svg.children
    .filter(({ name }) => name === 'text')
    .map((text) => [...text.children.map((each) => each.text), text.text].join(''));
const pointsOf = ({ attributes }: XmlElement): number[][] =>
  attributes
    .d!.slice(1)
    .replace('Z', '')
    .split('L')
    .map((point) => point.split(',').map(Number));
const numbersIn = (svg: XmlElement): number[] =>
  svg.children.flatMap(({ attributes }) =>
    ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy'].flatMap((key) =>
      key in attributes ? [Number(attributes[key])] : [],
    ),
  );

/** Three agents of five seeds on a task with success and on one without. */
const results = ['drone-hover', 'pendulum'].flatMap((env) =>
  ['ppo', 'sac', 'td3'].flatMap((agent, slowness) =>
    Array.from({ length: 5 }, (_, seed) => {
      const evaluations = Array.from({ length: 20 }, (_, i): EvaluationPoint => {
        const success = Math.min(1, ((i + 1) / 20) ** (1 + slowness) + 0.02 * seed);
        return [10_000 * (i + 1), 300 * success - 500, env === 'pendulum' ? null : success, null];
      });
      return resultWith(evaluations, { env, agent, seed });
    }),
  ),
);

const line = (name: string, values: readonly number[], steps = 100): Line => ({
  ...{ name, index: 0 },
  points: values.map((value, i) => ({ step: (i + 1) * steps, value, low: value - 1, high: value + 1 })),
});
const picture = (lines: readonly Line[], changes: Partial<Picture> = {}): XmlElement =>
  parseXml(
    drawPicture({
      ...{
        title: 'a task',
        subtitle: 'what is seen',
        measure: 'return',
        write: (value) => value.toFixed(1),
        lines,
      },
      ...changes,
    }),
  );

describe('the picture of an environment', () => {
  const pictures = picturesOf(results);
  const drawn = new Map([...pictures].map(([env, each]) => [env, drawPicture(each)]));
  const svg = parseXml(drawn.get('drone-hover')!);

  it('has a line, an interval and a label for each agent', () => {
    expect([...drawn.keys()]).toEqual(['drone-hover', 'pendulum']);
    // A label repeats its line as a swatch.
    expect(withClass(svg, 'line').filter((each) => pointsOf(each).length === 20)).toHaveLength(3);
    expect(withClass(svg, 'band').map((each) => pointsOf(each).length)).toEqual([40, 40, 40]);
    for (const label of [
      'ppo  100 %',
      'sac  100 %',
      'td3  100 %',
      'drone-hover',
      'success rate (%)',
      'control steps',
    ])
      expect(textsOf(svg)).toContain(label);
  });

  it('has intervals that hold the line, within the frame', () => {
    const lines = withClass(svg, 'line').filter((each) => pointsOf(each).length === 20);
    withClass(svg, 'band').forEach((band, i) => {
      const outline = pointsOf(band);
      pointsOf(lines[i]!).forEach(([x, y], at) => {
        const [[xHigh, high], [xLow, low]] = [outline[at]!, outline[39 - at]!] as [number[], number[]];
        expect([xHigh, xLow]).toEqual([x, x]);
        // Downwards is larger.
        expect(high).toBeLessThanOrEqual(y!);
        expect(low).toBeGreaterThanOrEqual(y!);
      });
    });
    const [, , width, height] = svg.attributes.viewBox!.split(' ').map(Number);
    for (const number of numbersIn(svg)) {
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThanOrEqual(Math.max(width!, height!));
    }
  });

  it('shows the return where there is no success, with the same colours', () => {
    const pendulum = parseXml(drawn.get('pendulum')!);
    for (const text of ['return of an episode', 'ppo  −200', '−200', '−500', '200k'])
      expect(textsOf(pendulum)).toContain(text);
    expect(textsOf(pendulum).some((text) => text.includes('solved'))).toBe(false);
    const colours = (each: XmlElement): (string | undefined)[] =>
      withClass(each, 'band').map(({ attributes }) => attributes.class);
    expect(colours(pendulum)).toEqual(colours(svg));
    expect(new Set(colours(svg)).size).toBe(3);
  });

  it('shows the first score where there is no success, and the highest bound within the frame', () => {
    const bumps = (agent: string, solved_score: number | null) =>
      resultWith([[100, -300, null, 2.25]], { agent, solved_score });
    const draw = (...of: Parameters<typeof picturesOf>[0]): XmlElement =>
      parseXml(drawPicture(picturesOf(of).get('drone-hover')!));
    const scored = draw(bumps('ppo', 6), bumps('sac', 8));
    for (const text of ['bumps of an episode', 'ppo  2.25', 'solved: 8.00', '8'])
      expect(textsOf(scored)).toContain(text);
    const [goal] = withClass(scored, 'goal');
    const [end] = withClass(scored, 'end');
    // The higher, the smaller; the frame begins below the titles.
    expect(Number(goal!.attributes.y1)).toBeLessThan(Number(end!.attributes.cy));
    expect(Number(goal!.attributes.y1)).toBeGreaterThan(100);
    expect(withClass(draw(bumps('ppo', null)), 'goal')).toEqual([]);
  });

  it('is small, has words for who cannot see it, and a dark version', () => {
    for (const text of drawn.values()) expect(text.length).toBeLessThan(20_000);
    const described = Object.fromEntries(svg.children.map(({ name, text }) => [name, text]));
    expect(described.desc).toContain('sac ends at 100 % (100 % to 100 %) after 200,000 control steps');
    expect(described.style).toContain('@media (prefers-color-scheme:dark)');
  });
});

describe('any picture', () => {
  it('is well-formed and finite', () => {
    const lines = fc.array(
      fc.tuple(
        fc.string(),
        fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 9 }),
      ),
      { minLength: 1, maxLength: 9 },
    );
    fc.assert(
      fc.property(lines, (named) => {
        const svg = picture(
          named.map(([name, values], index) => ({ ...line(name, values, index + 1), index })),
        );
        expect(numbersIn(svg).every(Number.isFinite)).toBe(true);
        for (const path of withClass(svg, 'line')) expect(path.attributes.d).not.toMatch(/NaN|Infinity/);
      }),
    );
  });

  it('writes names as they are', () => {
    expect(textsOf(picture([line('a<b & "c"', [1, 2])]))).toContain('a&lt;b &amp; &quot;c&quot;  2.0');
  });

  it('has a logarithmic axis where one line is much longer than another', () => {
    expect(textsOf(picture([line('a', [1, 2]), line('b', [1, 2], 300)]))).toContain('control steps');
    const wide = picture([line('a', [1, 2]), line('b', [1, 2], 50_000)]);
    expect(textsOf(wide)).toContain('control steps (logarithmic)');
    for (const tick of ['100', '1k', '10k', '100k']) expect(textsOf(wide)).toContain(tick);
  });

  it('draws more lines than it has colours', () => {
    const many = Array.from({ length: 18 }, (_, index) => ({ ...line(`agent ${index}`, [index]), index }));
    const classes = withClass(picture(many), 'band').map(({ attributes }) => attributes.class);
    expect(new Set(classes).size).toBe(18);
  });
});

describe('axes', () => {
  it('have round ticks', () => {
    expect(linearScale([0, 200_000], [0, 1], 5).ticks).toEqual([0, 50_000, 100_000, 150_000, 200_000]);
    expect(linearScale([-7, 8], [0, 1], 5).ticks).toEqual([-5, 0, 5]);
    expect(logarithmicScale([15, 2_000], [0, 1]).ticks).toEqual([20, 50, 100, 200, 500, 1_000, 2_000]);
    expect(roundInterval([-1432, 151], 5)).toEqual([-1500, 500]);
    expect(roundInterval([7, 7], 5)).toEqual([6, 8]);
  });

  it('place values in proportion', () => {
    expect([0, 5, 10].map(linearScale([0, 10], [100, 200], 5).at)).toEqual([100, 150, 200]);
    expect(
      [10, 100, 1000].map((value) => Math.round(logarithmicScale([10, 1000], [0, 80]).at(value))),
    ).toEqual([0, 40, 80]);
  });

  it('labels move apart, in their order and within the frame', () => {
    expect(spread([50, 10, 52], 10, [0, 100])).toEqual([50, 10, 60]);
    expect(spread([99, 100, 98], 10, [0, 100])).toEqual([90, 100, 80]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 15 }), (places) => {
        const moved = spread(places, 20, [0, 300]).sort((a, b) => a - b);
        expect(moved.every((place) => place >= 0 && place <= 300)).toBe(true);
        moved.slice(1).forEach((place, i) => {
          expect(place - moved[i]!).toBeGreaterThanOrEqual(20);
        });
      }),
    );
  });
});

describe('proprio bench plot', () => {
  it('writes a picture for each environment and prints the tables', async () => {
    const out = join(temporaryFolder(), 'curves');
    const from = resultsFile(results);
    const ended = await proprio('bench', 'plot', '--from', from, '--out', out, '--agents', 'sac,td3');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(readdirSync(out).sort()).toEqual(['drone-hover.svg', 'pendulum.svg']);
    expect(parseXml(readFileSync(join(out, 'pendulum.svg'), 'utf8').trim()).name).toBe('svg');
    expect(ended.stdout).toContain('### drone-hover\n\n| agent | steps | success at the end |');
    expect(ended.stdout).toContain('| td3 | 200,000 |');
    expect(ended.stdout).not.toContain('| ppo |');
  });

  it('says where results come from when there are none', async () => {
    const out = join(temporaryFolder(), 'curves');
    const { code, stderr } = await proprio('bench', 'plot', '--from', join(out, 'none.jsonl'), '--out', out);
    expect(code).toBe(2);
    expect(stderr).toContain('none.jsonl holds no results. "proprio bench agents" writes some.');
    expect(existsSync(out)).toBe(false);
  });
});

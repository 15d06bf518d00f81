/** Whether a picture can be read by a browser that takes SVG for the XML that it is. */
import { expect } from 'vitest';

/** Every element is closed in its turn, and every number is one. */
export function wellFormed(svg: string): void {
  const open: string[] = [];
  for (const [tag, slash, name, rest] of svg.matchAll(
    /<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*\/?>/g,
  )) {
    expect(rest, tag).not.toMatch(/NaN|Infinity|undefined/);
    if (slash) expect(open.pop(), tag).toBe(name);
    else if (!tag.endsWith('/>')) open.push(name!);
  }
  expect(open).toEqual([]);
  const outside = svg.replaceAll(/<\/?[A-Za-z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '');
  expect(outside).not.toMatch(/[<]|&(?!amp;|lt;|quot;)/);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
}

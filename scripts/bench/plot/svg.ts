/** SVG as text. */

export type Attributes = Readonly<Record<string, string | number>>;

/** @param children elements, or text that `text` has made safe */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? place(value) : escapeText(value)}"`,
  );
  const opening = `<${name}${written.join('')}`;
  return children.length === 0 ? `${opening}/>` : `${opening}>${children.join('')}</${name}>`;
}

export const text = (content: string, attributes: Attributes): string =>
  element('text', attributes, escapeText(content));

/** `M` and `L` commands through the points. */
export const path = (points: readonly (readonly [x: number, y: number])[]): string =>
  `M${points.map(([x, y]) => `${place(x)},${place(y)}`).join('L')}`;

export const escapeText = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A tenth of a pixel is more than an eye sees. */
const place = (value: number): string => String(Math.round(value * 10) / 10);

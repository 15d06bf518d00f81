/** XML as elements that know where they stand, so that whatever is wrong with one can be found in the file. */
import { parseXml, XmlElement, type XmlError } from '@rgrove/parse-xml';
import type { Findings, Place } from './findings.ts';

export interface Element extends Place {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
}

/** @returns the root, and nothing where the text is no XML, which is refused */
export function readXml(text: string, findings: Findings): Element | undefined {
  // The parser does the same before it counts.
  const normal = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  try {
    const { root } = parseXml(normal, { includeOffsets: true });
    if (root) return describe(root, lineCounter(normal), '');
  } catch (error) {
    if (error instanceof RangeError) {
      findings.refuse(
        { line: 1, label: '<xml>' },
        'its elements stand too deep in each other: no robot needs that.',
      );
      return undefined;
    }
    if (!(error instanceof Error && 'line' in error)) throw error;
    const { message, line } = error as XmlError;
    findings.refuse({ line, label: '<xml>' }, `this is no XML: ${message.trim()}`);
    return undefined;
  }
  findings.refuse({ line: 1, label: '<xml>' }, 'there is no element in it: is this the right file?');
  return undefined;
}

function describe(node: XmlElement, lineAt: (at: number) => number, within: string): Element {
  const name = node.attributes.name ?? node.attributes.link;
  const own = name === undefined ? `<${node.name}>` : `<${node.name} "${name}">`;
  const label = within ? `${within} ${own}` : own;
  return {
    name: node.name,
    label,
    line: lineAt(node.start),
    attributes: new Map(Object.entries(node.attributes)),
    // All stands within the root, which need not be told.
    children: node.children
      .filter((child) => child instanceof XmlElement)
      .map((child) => describe(child, lineAt, node.isRootNode ? '' : label)),
  };
}

/** The line of a place in the text, from 1. */
function lineCounter(text: string): (at: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** The first child of that name. */
export const childOf = (element: Element, name: string): Element | undefined =>
  element.children.find((child) => child.name === name);

export const childrenOf = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

/** The element and all within it, in the order of the file. */
export const withDescendants = (element: Element): Element[] => [
  element,
  ...element.children.flatMap(withDescendants),
];

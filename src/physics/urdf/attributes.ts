/** Attributes of elements as names and numbers. What cannot be read is refused, and a harmless value stands in for it. */
import type { Vector3 } from '../../core/appearance.ts';
import type { UrdfOrigin } from './description.ts';
import type { Findings } from './findings.ts';
import { childOf, type Element } from './xml.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export class AttributeReader {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** A name, or a path. @returns an empty one where it is refused */
  text(element: Element, name: string): string {
    const text = element.attributes.get(name)?.trim();
    if (!text) this.#refuse(element, `has no ${name}; write ${name}="…".`);
    return text ?? '';
  }

  /** @param byDefault absent of an attribute that has to be there */
  number(element: Element, name: string, byDefault?: number): number {
    return this.numbers(element, name, 1, byDefault === undefined ? undefined : [byDefault])[0]!;
  }

  /** More than 0. */
  positive(element: Element, name: string): number {
    const value = this.number(element, name);
    return this.#positive(element, name, [value], value) ? value : 1;
  }

  vector(element: Element, name: string, byDefault?: Vector3): Vector3 {
    return this.numbers(element, name, 3, byDefault) as unknown as Vector3;
  }

  positiveVector(element: Element, name: string): Vector3 {
    const value = this.vector(element, name);
    return this.#positive(element, name, value, value.join(' ')) ? value : [1, 1, 1];
  }

  numbers(element: Element, name: string, count: number, byDefault?: readonly number[]): readonly number[] {
    const text = element.attributes.get(name)?.trim();
    if (text === undefined && byDefault) return byDefault;
    const words = text ? text.split(/\s+/) : [];
    const wanted = count === 1 ? 'one number is' : `${count} numbers are`;
    if (words.length !== count) {
      const given = text === undefined ? `has no ${name}` : `has ${name}="${text}"`;
      this.#refuse(element, `${given}, where ${wanted} needed, in SI units.`);
      return byDefault ?? Array(count).fill(1);
    }
    const values = words.map(Number);
    const wrong = words.find((word, i) => !NUMBER.test(word) || !Number.isFinite(values[i]));
    if (wrong === undefined) return values;
    this.#refuse(element, `has ${name}="${text}", and "${wrong}" is no finite number.`);
    return byDefault ?? Array(count).fill(1);
  }

  /** What its child of that name says, and the same frame where there is none. */
  origin(element: Element): UrdfOrigin {
    const origin = childOf(element, 'origin');
    if (!origin) return { xyz: [0, 0, 0], rpy: [0, 0, 0] };
    return { xyz: this.vector(origin, 'xyz', [0, 0, 0]), rpy: this.vector(origin, 'rpy', [0, 0, 0]) };
  }

  #positive(element: Element, name: string, values: readonly number[], given: number | string): boolean {
    if (values.every((value) => value > 0)) return true;
    this.#refuse(element, `has ${name}="${given}"; it has to be more than 0.`);
    return false;
  }

  #refuse(element: Element, text: string): void {
    this.#findings.refuse(element, text);
  }
}

/** Links of a URDF file: what they weigh, what they touch others with, and what is seen of them. */
import { suggestion } from '../../core/errors.ts';
import type { AttributeReader } from './attributes.ts';
import type { UrdfGeometry, UrdfInertial, UrdfLink, UrdfShape, UrdfVisual } from './description.ts';
import type { Findings } from './findings.ts';
import { checkInertia } from './inertia.ts';
import { childOf, childrenOf, type Element, withDescendants } from './xml.ts';

const geometries = ['box', 'sphere', 'cylinder', 'mesh'] as const;

export class LinkReader {
  readonly #reader: AttributeReader;
  readonly #findings: Findings;
  /** By name. A colour may be given anywhere in the file, and used anywhere else by its name. */
  readonly #colors: ReadonlyMap<string, Element>;
  /** Those that have been read, so that what is wrong with one is told once. */
  readonly #rgba = new Map<Element, readonly number[]>();

  constructor(root: Element, reader: AttributeReader, findings: Findings) {
    this.#reader = reader;
    this.#findings = findings;
    this.#colors = new Map(
      withDescendants(root)
        .filter(({ name, attributes }) => name === 'material' && attributes.has('name'))
        .flatMap((material) => {
          const color = childOf(material, 'color');
          return color ? [[material.attributes.get('name')!, color] as const] : [];
        }),
    );
  }

  read(element: Element): UrdfLink {
    const { line, label } = element;
    const inertial = childOf(element, 'inertial');
    return {
      line,
      label,
      name: this.#reader.text(element, 'name'),
      ...(inertial ? this.#inertial(inertial) : {}),
      visuals: childrenOf(element, 'visual').flatMap((visual) => this.#visual(visual)),
      collisions: childrenOf(element, 'collision').flatMap((collision) => this.#shape(collision)),
    };
  }

  #inertial(element: Element): { inertial?: UrdfInertial } {
    const [mass, inertia] = [childOf(element, 'mass'), childOf(element, 'inertia')];
    if (!mass || !inertia) {
      const missing = mass ? 'inertia' : 'mass';
      this.#findings.refuse(element, `has no <${missing}>; give it, or leave the whole <inertial> out.`);
      return {};
    }
    const known = this.#findings.list.length;
    const moments = ['ixx', 'ixy', 'ixz', 'iyy', 'iyz', 'izz'].map((name) =>
      this.#reader.number(inertia, name),
    );
    const problem = this.#findings.list.length === known ? checkInertia(moments) : undefined;
    if (problem) this.#findings.refuse(inertia, problem);
    const { line, label } = element;
    const origin = this.#reader.origin(element);
    return {
      inertial: { line, label, origin, mass: this.#reader.positive(mass, 'value'), inertia: moments },
    };
  }

  #visual(element: Element): UrdfVisual[] {
    const material = childOf(element, 'material');
    const color = material && this.#colorOf(material);
    return this.#shape(element).map((shape) => (color ? { ...shape, color } : shape));
  }

  #colorOf(material: Element): readonly number[] | undefined {
    const name = material.attributes.get('name') ?? '';
    const color = childOf(material, 'color') ?? this.#colors.get(name);
    if (color) return this.#readColor(color);
    // An image is told among what is ignored.
    if (childOf(material, 'texture')) return undefined;
    const hint = suggestion(name, [...this.#colors.keys()]);
    this.#findings.add('guessed', material, `nothing says which colour that is; it is drawn grey.${hint}`);
    return undefined;
  }

  #readColor(color: Element): readonly number[] {
    const known = this.#rgba.get(color);
    if (known) return known;
    const rgba = this.#reader.numbers(color, 'rgba', 4);
    if (rgba.some((part) => part < 0 || part > 1))
      this.#findings.refuse(color, `has rgba="${rgba.join(' ')}"; all four are from 0 to 1.`);
    this.#rgba.set(color, rgba);
    return rgba;
  }

  #shape(element: Element): UrdfShape[] {
    const holder = childOf(element, 'geometry');
    const given = holder?.children.find(({ name }) => (geometries as readonly string[]).includes(name));
    if (!given) {
      const found = holder?.children[0];
      const what = found ? `has a <${found.name}>, which is not known` : 'says nothing';
      this.#findings.refuse(holder ?? element, `${what}; a geometry is one of ${geometries.join(', ')}.`);
      return [];
    }
    const { line, label } = element;
    return [{ line, label, origin: this.#reader.origin(element), geometry: this.#geometry(given) }];
  }

  #geometry(element: Element): UrdfGeometry {
    const reader = this.#reader;
    switch (element.name as (typeof geometries)[number]) {
      case 'box':
        return { type: 'box', size: reader.positiveVector(element, 'size') };
      case 'sphere':
        return { type: 'sphere', radius: reader.positive(element, 'radius') };
      case 'cylinder': {
        const radius = reader.positive(element, 'radius');
        return { type: 'cylinder', radius, length: reader.positive(element, 'length') };
      }
      case 'mesh': {
        const scale = reader.vector(element, 'scale', [1, 1, 1]);
        if (scale.includes(0))
          this.#findings.refuse(element, `has scale="${scale.join(' ')}", which makes it flat.`);
        return { type: 'mesh', filename: reader.text(element, 'filename'), scale };
      }
    }
  }
}

/** An ONNX graph while it is being written: nodes in execution order, constants stored once. Pure data, no I/O. */

export type ElementType = 'float32' | 'int32' | 'int64' | 'bool';

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly values: ArrayLike<number>;
}

/** A graph input or output. A string in `shape` is a dimension that is known only when the graph runs. */
export interface Port {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly type: ElementType;
}

/** Constants of at most this many elements are stored once. */
const SHARED_SIZE = 1024;

export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, Constant>();
  #names = 0;
  #constantNames = new Map<string, string>();
  #producers = new Map<string, GraphNode>();

  #freshName(prefix: string): string {
    return `_${prefix}${this.#names++}`;
  }

  /** Appends a node and returns the names of its outputs. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputCount = 1,
  ): string[] {
    const outputs = Array.from({ length: outputCount }, () => this.#freshName('v'));
    const node = { op, inputs, outputs, attributes };
    this.nodes.push(node);
    for (const output of outputs) this.#producers.set(output, node);
    return outputs;
  }

  /** Gives the value `name` the name that the graph's user reads it by. */
  nameOutput(name: string, output: string): void {
    this.nodes.push({ op: 'Identity', inputs: [name], outputs: [output], attributes: {} });
  }

  /** The name of a constant with these values; equal constants share one. */
  constant(values: ArrayLike<number>, shape: readonly number[], type: ElementType): string {
    // Large constants are weights: never equal, and long to write as text.
    const key =
      values.length > SHARED_SIZE ? '' : `${type}[${shape.join()}]${Array.prototype.join.call(values)}`;
    const known = this.#constantNames.get(key);
    if (known !== undefined && key !== '') return known;
    const name = this.#freshName('k');
    this.constants.set(name, { name, shape, type, values });
    this.#constantNames.set(key, name);
    return name;
  }

  /** The node that writes `name`; undefined for inputs and constants. */
  producer(name: string): GraphNode | undefined {
    return this.#producers.get(name);
  }

  /** Keeps only what `outputs` depend on. */
  prune(outputs: readonly string[]): void {
    const needed = new Set(outputs);
    const kept: GraphNode[] = [];
    for (const node of this.nodes.toReversed()) {
      if (!node.outputs.some((name) => needed.has(name))) continue;
      for (const input of node.inputs) needed.add(input);
      kept.push(node);
    }
    this.nodes.splice(0, this.nodes.length, ...kept.reverse());
    for (const name of this.constants.keys()) if (!needed.has(name)) this.constants.delete(name);
  }
}

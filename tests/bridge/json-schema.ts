/** The part of JSON Schema that published messages use, checked word by word. */

export interface JsonSchema {
  readonly type?: string;
  readonly title?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

const KNOWN = new Set([
  '$schema',
  'type',
  'title',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'minimum',
  'maximum',
  'maxItems',
]);

/** What is wrong with `value`; nothing when it obeys. @throws Error for a word that is not understood */
export function violations(schema: JsonSchema, value: unknown, path = ''): string[] {
  const unknown = Object.keys(schema).find((word) => !KNOWN.has(word));
  if (unknown) throw new Error(`${path}: "${unknown}" is not checked here`);
  switch (schema.type) {
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no object`];
      const { properties = {}, required = [] } = schema;
      const fields = Object.entries(value);
      return [
        ...required.filter((name) => !(name in value)).map((name) => `${path}.${name}: missing`),
        ...fields.flatMap(([name, field]) =>
          properties[name]
            ? violations(properties[name], field, `${path}.${name}`)
            : [`${path}.${name}: unknown`],
        ),
      ];
    }
    case 'array':
      if (!Array.isArray(value)) return [`${path}: no array`];
      return [
        ...(value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY) ? [`${path}: too many`] : []),
        ...value.flatMap((item, i) => violations(schema.items!, item, `${path}[${i}]`)),
      ];
    case 'number':
    case 'integer': {
      const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
      const right = typeof value === 'number' && (schema.type === 'number' || Number.isInteger(value));
      return right && value >= minimum && value <= maximum ? [] : [`${path}: ${value} is no ${schema.type}`];
    }
    case 'string':
    case 'boolean':
      return typeof value === schema.type ? [] : [`${path}: no ${schema.type}`];
    default:
      throw new Error(`${path}: type ${schema.type} is not checked here`);
  }
}

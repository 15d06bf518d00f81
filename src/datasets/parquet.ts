/** Tables in Parquet files: columns of numbers, truth values, texts, or lists of them, all of them filled. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ProprioError } from '../core/errors.ts';

export type ColumnType = 'float' | 'double' | 'int64' | 'bool' | 'string';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Values of each row; without it, each row has one value. */
  readonly list?: true;
  /** One entry a row: the value, or an array of values. Integers are plain numbers. */
  readonly rows: readonly unknown[];
}

const elements = {
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  int64: { type: 'INT64' },
  bool: { type: 'BOOLEAN' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const satisfies Readonly<Record<ColumnType, Partial<SchemaElement>>>;

/** @param metadata texts beside the table, by key */
export function writeParquet(
  path: string,
  columns: readonly Column[],
  metadata: Readonly<Record<string, string>> = {},
): void {
  const bytes = parquetWriteBuffer({
    schema: [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(schemaOf)],
    columnData: columns.map(({ name, type, list, rows }) => ({
      name,
      data:
        type === 'int64'
          ? rows.map((row) => (list ? (row as number[]).map(BigInt) : BigInt(row as number)))
          : [...rows],
      // A dictionary of floats would take −0 for 0.
      ...(type === 'float' || type === 'double' ? { encoding: 'PLAIN' as const } : {}),
    })),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'proprio',
  });
  writeThrough(path, new Uint8Array(bytes));
}

function schemaOf({ name, type, list }: Column): SchemaElement[] {
  const required = { repetition_type: 'REQUIRED' } as const;
  if (!list) return [{ name, ...elements[type], ...required }];
  return [
    { name, converted_type: 'LIST', num_children: 1, ...required },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', ...elements[type], ...required },
  ];
}

/** Writes and forces to disk, so that a folder renamed afterwards is whole. */
export function writeThrough(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * @param wanted whether to read the column of this name
 * @returns one object a row; integers may be bigints, and what is empty is missing or null
 * @throws ProprioError where the file is damaged
 */
export async function readParquet(
  path: string,
  wanted: (column: string) => boolean = () => true,
): Promise<Record<string, unknown>[]> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const columns = parquetSchema(metadata)
      .children.map(({ element }) => element.name)
      .filter(wanted);
    return await parquetReadObjects({ file, metadata, columns });
  } catch (error) {
    const { message } = error as Error;
    throw new ProprioError(`Cannot read ${path}: ${message}. The file is damaged or no Parquet file.`, 1, {
      cause: error,
    });
  }
}

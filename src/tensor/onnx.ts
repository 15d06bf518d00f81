/** Writes a recorded graph as an ONNX model (github.com/onnx/onnx, `onnx.proto`; opset 18, IR version 9). */
import protobuf from 'protobufjs';
import type { Attribute, Constant, ElementType, Graph, Port } from './graph.ts';

const OPSET = 18;
const IR_VERSION = 9;

/** The part of onnx.proto that we write; field numbers are the format's. */
const schema = `
syntax = "proto3";
package onnx;
message AttributeProto { string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated float floats = 7; repeated int64 ints = 8; int32 type = 20; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated AttributeProto attribute = 5; string domain = 7; }
message StringStringEntryProto { string key = 1; string value = 2; }
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
message TypeProto { TensorTypeProto tensor_type = 1; }
message GraphProto { repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5; repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message ModelProto { int64 ir_version = 1; string producer_name = 2; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14; }
`;

const ModelProto = protobuf.parse(schema, { keepCase: true }).root.lookupType('onnx.ModelProto');

/** Codes of `TensorProto.DataType`. */
export const elementCode: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;

export interface ModelPorts {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** @param metadata free key-value pairs stored in the model's `metadata_props` */
export function encodeModel(
  graph: Graph,
  { inputs, outputs }: ModelPorts,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const message = ModelProto.create({
    ir_version: IR_VERSION,
    producer_name: 'proprio',
    opset_import: [{ domain: '', version: OPSET }],
    graph: {
      name: 'proprio',
      node: graph.nodes.map(({ op, inputs, outputs, attributes }) => ({
        op_type: op,
        input: inputs,
        output: outputs,
        attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
      })),
      initializer: [...graph.constants.values()].map(encodeConstant),
      input: inputs.map(encodePort),
      output: outputs.map(encodePort),
    },
    metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return ModelProto.encode(message).finish();
}

function encodeAttribute(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, i: value, type: attributeType.int };
  if (typeof value === 'string')
    return { name, s: new TextEncoder().encode(value), type: attributeType.string };
  if ('float' in value) return { name, f: value.float, type: attributeType.float };
  return { name, ints: value, type: attributeType.ints };
}

function encodePort({ name, shape, type }: Port): object {
  const dim = shape.map((size) => (typeof size === 'string' ? { dim_param: size } : { dim_value: size }));
  return { name, type: { tensor_type: { elem_type: elementCode[type], shape: { dim } } } };
}

function encodeConstant({ name, shape, type, values }: Constant): object {
  return { name, dims: shape, data_type: elementCode[type], raw_data: rawData(values, type) };
}

/** Little-endian bytes, as the format demands; every platform that Node and browsers run on is little-endian. */
function rawData(values: ArrayLike<number>, type: ElementType): Uint8Array {
  switch (type) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(Array.from(values, (value) => BigInt(value))).buffer);
    case 'bool':
      return Uint8Array.from(values);
  }
}

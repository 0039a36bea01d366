/** The messages that an ONNX file is made of (onnx.proto): model, graph, node, attribute, tensor, value. */
import type { DType, TypedArray } from "../../../engine/index.ts";
import { Message } from "../../../files/protobuf.ts";
import { type Dims, isFixed } from "./dims.ts";

/** ONNX's numbers for the types of elements. 16-bit floats are computed in float32, as ONNX Runtime does on CPUs. */
export const elementTypes: { readonly [D in DType | "int64"]: number } = {
  float32: 1,
  float16: 1,
  bfloat16: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
  uint32: 12,
};

/** What an attribute can be; whole numbers are not negative. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly floats: readonly number[] }
  | { readonly float: number }
  | { readonly graph: Message };

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Attribute | undefined>>;

function attribute(name: string, value: Attribute): Message {
  const out = new Message().string(1, name);
  if (typeof value === "number") return out.int(3, value).int(20, 2);
  if (typeof value === "string") return out.string(4, value).int(20, 3);
  if ("graph" in value) return out.message(6, value.graph).int(20, 5);
  if ("float" in value) return out.float(2, value.float).int(20, 1);
  if ("floats" in value) {
    for (const n of value.floats) out.float(7, n);
    return out.int(20, 6);
  }
  if (typeof value[0] === "string") {
    for (const text of value as readonly string[]) out.string(9, text);
    return out.int(20, 8);
  }
  for (const n of value as readonly number[]) out.int(8, n);
  return out.int(20, 7);
}

/** An operator that is applied. */
export function nodeProto(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes,
  name: string,
): Message {
  const out = new Message();
  for (const input of inputs) out.string(1, input);
  for (const output of outputs) out.string(2, output);
  out.string(3, name).string(4, op);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) out.message(5, attribute(key, value));
  return out;
}

/** A tensor with its numbers. */
export function tensorProto(
  name: string,
  dtype: DType | "int64",
  shape: readonly number[],
  values: TypedArray | BigInt64Array,
): Message {
  const out = new Message();
  for (const n of shape) out.int(1, n);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return out.int(2, elementTypes[dtype]).string(8, name).bytes(9, bytes);
}

/** What is known of an input or an output. */
export function valueProto(name: string, dtype: DType | "int64", dims: Dims | undefined): Message {
  const tensor = new Message().int(1, elementTypes[dtype]);
  if (dims !== undefined) {
    const shape = new Message();
    for (const d of dims) {
      const known = isFixed(d);
      const text = d.batch === 1 && d.fixed === 0 ? "batch" : "";
      shape.message(
        1,
        known ? new Message().int(1, d.fixed) : text ? new Message().string(2, text) : new Message(),
      );
    }
    tensor.message(2, shape);
  }
  return new Message().string(1, name).message(2, new Message().message(1, tensor));
}

/** The parts of a graph. */
export interface GraphParts {
  readonly name: string;
  readonly nodes: readonly Message[];
  readonly initializers: readonly Message[];
  readonly inputs: readonly Message[];
  readonly outputs: readonly Message[];
}

export function graphProto({ name, nodes, initializers, inputs, outputs }: GraphParts): Message {
  const out = new Message();
  for (const node of nodes) out.message(1, node);
  out.string(2, name);
  for (const tensor of initializers) out.message(5, tensor);
  for (const input of inputs) out.message(11, input);
  for (const output of outputs) out.message(12, output);
  return out;
}

/** A whole file. */
export function modelProto(graph: Message, opset: number, producer: string): Message {
  // The version of the format in which the operators first came.
  const ir = opset <= 18 ? 8 : opset <= 20 ? 9 : 10;
  return new Message()
    .int(1, ir)
    .string(2, producer)
    .message(7, graph)
    .message(8, new Message().string(1, "").int(2, opset));
}

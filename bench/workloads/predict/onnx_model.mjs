// Writes a network in ONNX's format: as much of protocol buffers and of the format as two small networks need.

/** @param {number} value */
function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** A whole number. @param {number} field @param {number} value */
const int = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);

/** A text, bytes, or a message made of fields. @param {number} field @param {string | Uint8Array | Uint8Array[]} value */
function bytes(field, value) {
  const content = Array.isArray(value) ? Buffer.concat(value) : Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

/** An attribute: one whole number or several. @param {string} name @param {number | number[]} value */
function attribute(name, value) {
  const content = Array.isArray(value)
    ? [...value.map((n) => int(8, n)), int(20, 7)]
    : [int(3, value), int(20, 2)];
  return bytes(5, [bytes(1, name), ...content]);
}

/** An input or output of the graph. @param {number} field @param {string} name @param {(number | string)[]} shape */
function value(field, name, shape) {
  const dims = shape.map((n) => bytes(1, [typeof n === "string" ? bytes(2, n) : int(1, n)]));
  return bytes(field, [bytes(1, name), bytes(2, [bytes(1, [int(1, 1), bytes(2, dims)])])]);
}

/**
 * A network whose operations follow one another, from "x" to "y".
 * @param {readonly { op: string, weights?: string[], attributes?: Record<string, number | number[]> }[]} steps
 * @param {Record<string, { shape: number[], data: Float32Array }>} weights
 * @param {(number | string)[]} inputShape
 * @returns {Uint8Array}
 */
export function onnxModel(steps, weights, inputShape) {
  const name = (/** @type {number} */ i) => (i === 0 ? "x" : i === steps.length ? "y" : `t${i}`);
  const nodes = steps.map(({ op, weights: names = [], attributes = {} }, i) =>
    bytes(1, [
      ...[name(i), ...names].map((input) => bytes(1, input)),
      bytes(2, name(i + 1)),
      bytes(4, op),
      ...Object.entries(attributes).map(([key, setting]) => attribute(key, setting)),
    ]),
  );
  const initializers = Object.entries(weights).map(([key, { shape, data }]) =>
    bytes(5, [
      ...shape.map((n) => int(1, n)),
      int(2, 1),
      bytes(8, key),
      bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    ]),
  );
  const graph = [
    ...nodes,
    bytes(2, "network"),
    ...initializers,
    value(11, "x", inputShape),
    value(12, "y", ["n", 10]),
  ];
  return Buffer.concat([int(1, 8), bytes(7, graph), bytes(8, [int(2, 13)])]);
}

/** Which operators an ONNX file has, those in the bodies of loops included. */

/** The fields of a message whose values are bytes. */
function fieldsOf(message: Uint8Array): { readonly field: number; readonly bytes: Uint8Array }[] {
  const found: { field: number; bytes: Uint8Array }[] = [];
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  while (at < message.length) {
    const key = varint();
    if (key % 8 === 0) varint();
    else if (key % 8 === 1) at += 8;
    else if (key % 8 === 5) at += 4;
    else {
      const length = varint();
      found.push({ field: Math.floor(key / 8), bytes: message.subarray(at, at + length) });
      at += length;
    }
  }
  return found;
}

const inside = (message: Uint8Array, field: number): Uint8Array[] =>
  fieldsOf(message)
    .filter((it) => it.field === field)
    .map(({ bytes }) => bytes);

function ofGraph(graph: Uint8Array): string[] {
  return inside(graph, 1).flatMap((node) => [
    ...inside(node, 4).map((name) => new TextDecoder().decode(name)),
    ...inside(node, 5)
      .flatMap((attribute) => inside(attribute, 6))
      .flatMap(ofGraph),
  ]);
}

/** The names of all operators in order. */
export function operatorsOf(file: Uint8Array): string[] {
  return inside(file, 7).flatMap(ofGraph);
}

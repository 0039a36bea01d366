/** Messages in the wire format of protocol buffers, written field by field. */

type Field = readonly number[] | Uint8Array;

const text = /* @__PURE__ */ new TextEncoder();

/** A whole number that is not negative, seven bits to a byte. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** A message in the making; fields come in the order in which they are added. */
export class Message {
  readonly #parts: Field[] = [];
  #length = 0;

  #add(part: Field): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }

  #key(field: number, type: number): this {
    return this.#add(varint(field * 8 + type));
  }

  /** An integer or an enum, not negative. */
  int(field: number, value: number): this {
    return this.#key(field, 0).#add(varint(value));
  }

  float(field: number, value: number): this {
    return this.#key(field, 5).#add(new Uint8Array(new Float32Array([value]).buffer));
  }

  double(field: number, value: number): this {
    return this.#key(field, 1).#add(new Uint8Array(new Float64Array([value]).buffer));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#key(field, 2).#add(varint(value.length)).#add(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, text.encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encode());
  }

  encode(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}

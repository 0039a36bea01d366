/** Lists WebAssembly modules in the manner of the text format, as far as this project's own modules go. */
import { type Instruction, opcodes } from "./opcodes.ts";

const names: ReadonlyMap<number, Instruction> = new Map(
  Object.entries(opcodes).map(([name, code]) => [code, name as Instruction]),
);

const types: Readonly<Record<number, string>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
};

/** Reads what `ByteWriter` writes. */
class Reader {
  readonly #view: DataView;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    return this.#view.getUint8(this.at++);
  }

  unsigned(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return value;
    }
  }

  signed(): bigint {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) return BigInt.asIntN(Number(shift), value);
    }
  }

  float(bytes: 4 | 8): string {
    const value = bytes === 4 ? this.#view.getFloat32(this.at, true) : this.#view.getFloat64(this.at, true);
    this.at += bytes;
    return Object.is(value, -0) ? "-0" : String(value);
  }

  hex(bytes: number): string {
    const words: string[] = [];
    for (let i = 0; i < bytes; i += 4)
      words.push(
        `0x${this.#view
          .getUint32(this.at + i, true)
          .toString(16)
          .padStart(8, "0")}`,
      );
    this.at += bytes;
    return words.join(" ");
  }

  text(): string {
    const bytes = Array.from({ length: this.unsigned() }, () => this.byte());
    return new TextDecoder().decode(Uint8Array.from(bytes));
  }

  /** A list whose length comes first. */
  list<T>(item: () => T): T[] {
    return Array.from({ length: this.unsigned() }, item);
  }

  /** The part of so many bytes that comes next, which is then behind. */
  part(bytes: Uint8Array): Reader {
    const length = this.unsigned();
    const part = new Reader(bytes, this.at, this.at + length);
    this.at += length;
    return part;
  }
}

interface Signature {
  readonly params: readonly string[];
  readonly results: readonly string[];
}

/** What follows the code of an instruction. */
function operands(name: Instruction, reader: Reader, call: (index: number) => string): string {
  if (name === "block" || name === "loop" || name === "if") {
    reader.byte();
    return "";
  }
  if (name === "call") return ` ${call(reader.unsigned())}`;
  if (name.startsWith("local.") || name.startsWith("br")) return ` ${reader.unsigned()}`;
  if (name === "i32.const" || name === "i64.const") return ` ${reader.signed()}`;
  if (name === "f32.const") return ` ${reader.float(4)}`;
  if (name === "f64.const") return ` ${reader.float(8)}`;
  if (name === "v128.const") return ` i32x4 ${reader.hex(16)}`;
  if (name === "memory.copy") {
    reader.at += 2;
    return "";
  }
  if (/\.(load|store|atomic)/.test(name)) {
    reader.unsigned();
    const offset = reader.unsigned();
    const lane = name.endsWith("_lane") ? ` ${reader.byte()}` : "";
    return `${offset === 0 ? "" : ` offset=${offset}`}${lane}`;
  }
  return name.endsWith("_lane") ? ` ${reader.byte()}` : "";
}

function functionBody(reader: Reader, first: number, call: (index: number) => string): string[] {
  const locals: string[] = [];
  for (const [count, type] of reader.list(() => [reader.unsigned(), reader.byte()] as const))
    for (let i = 0; i < count; i++) locals.push(types[type]!);
  const lines = locals.length === 0 ? [] : [`    (local ${locals.join(" ")}) ;; from ${first} on`];
  let depth = 2;
  while (!reader.done) {
    const head = reader.byte();
    const code = head === 0xfc || head === 0xfd || head === 0xfe ? head * 4096 + reader.unsigned() : head;
    const name = names.get(code);
    if (name === undefined) throw new Error(`no instruction has the code 0x${code.toString(16)}`);
    if (name === "end" || name === "else") depth--;
    // The last one ends the function.
    if (!(name === "end" && reader.done))
      lines.push(`${"  ".repeat(depth)}${name}${operands(name, reader, call)}`);
    if (name === "block" || name === "loop" || name === "if" || name === "else") depth++;
  }
  return lines;
}

/** The functions of a module, with their names; instructions stand in lines, as the machine's stack takes them. */
export function disassemble(bytes: Uint8Array): string {
  const reader = new Reader(bytes, 8);
  let signatures: Signature[] = [];
  let kinds: number[] = [];
  let bodies: Reader[] = [];
  const imported: { readonly name: string; readonly signature: number }[] = [];
  const memories: string[] = [];
  const exported: string[] = [];
  const called = new Map<number, string>();
  const values = (r: Reader): string[] => r.list(() => types[r.byte()]!);
  while (!reader.done) {
    const id = reader.byte();
    const section = reader.part(bytes);
    if (id === 1) {
      signatures = section.list(() => {
        section.byte();
        return { params: values(section), results: values(section) };
      });
    } else if (id === 2) {
      section.list(() => {
        const name = `"${section.text()}" "${section.text()}"`;
        if (section.byte() === 0) return imported.push({ name, signature: section.unsigned() });
        const flags = section.byte();
        const limits = [section.unsigned(), ...((flags & 1) === 1 ? [section.unsigned()] : [])];
        const shared = (flags & 2) === 2 ? " shared" : "";
        return memories.push(`  (import ${name} (memory ${limits.join(" ")}${shared}))`);
      });
    } else if (id === 3) kinds = section.list(() => section.unsigned());
    else if (id === 7) {
      section.list(() => {
        const name = section.text();
        const what = section.byte() === 0 ? "func" : "memory";
        return exported.push(`  (export "${name}" (${what} ${section.unsigned()}))`);
      });
    } else if (id === 10) bodies = section.list(() => section.part(bytes));
    else if (id === 0 && section.text() === "name") {
      section.byte();
      const map = section.part(bytes);
      map.list(() => called.set(map.unsigned(), map.text()));
    }
  }
  const show = ({ params, results }: Signature): string =>
    (params.length > 0 ? ` (param ${params.join(" ")})` : "") +
    (results.length > 0 ? ` (result ${results.join(" ")})` : "");
  const call = (index: number): string => {
    const name = imported[index]?.name ?? called.get(index);
    return name === undefined ? String(index) : `${index} ;; ${name}`;
  };
  const functions = bodies.flatMap((body, i) => {
    const index = imported.length + i;
    const signature = signatures[kinds[i]!]!;
    const head = `  (func (;${index};)${show(signature)} ;; ${called.get(index) ?? ""}`.trimEnd();
    return [head, ...functionBody(body, signature.params.length, call), "  )"];
  });
  const imports = imported.map(
    ({ name, signature }, i) => `  (import ${name} (func (;${i};)${show(signatures[signature]!)}))`,
  );
  return ["(module", ...imports, ...memories, ...functions, ...exported, ")"].join("\n");
}

/** Assembles WebAssembly modules: a memory with data, functions, imported ones too, exports, and names for profilers. */
import { ByteWriter } from "./bytes.ts";
import { type Instruction, opcodes } from "./opcodes.ts";

/** The type of a local, a parameter or a result. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

const typeCodes: { readonly [T in ValueType]: number } = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Instructions that read or write memory, or wait for others to do so. */
export type MemoryInstruction = Extract<
  Instruction,
  `${string}.load${string}` | `${string}.store${string}` | `${string}.atomic.${string}`
>;
/** Instructions that name a lane of a vector. */
export type LaneInstruction = Extract<Instruction, `${string}_lane`> & `${"i" | "f"}${string}`;
/** Instructions that name a local, a function or a label. */
export type IndexInstruction = "local.get" | "local.set" | "local.tee" | "call" | "br" | "br_if";
/** Instructions of a code alone. */
export type PlainInstruction = Exclude<
  Instruction,
  | MemoryInstruction
  | LaneInstruction
  | IndexInstruction
  | `${string}.const`
  | "block"
  | "loop"
  | "if"
  | "memory.copy"
>;

/** The alignment that an access may count on, as a power of two: that of the elements it touches. */
function alignment(instruction: MemoryInstruction): number {
  if (instruction.includes("16")) return 1;
  if (instruction.includes("store64")) return 1;
  if (instruction.includes("8")) return instruction.startsWith("v128") ? 2 : 0;
  return instruction.startsWith("f64") ? 3 : 2;
}

/** The code of one function, written instruction by instruction. */
export class FunctionBuilder {
  readonly index: number;
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly #code: ByteWriter = new ByteWriter();
  readonly #locals: ValueType[] = [];

  constructor(index: number, name: string, params: readonly ValueType[], results: readonly ValueType[]) {
    this.index = index;
    this.name = name;
    this.params = params;
    this.results = results;
  }

  /** A new local variable; parameters are the first ones. */
  local(type: ValueType): number {
    return this.params.length + this.#locals.push(type) - 1;
  }

  #op(instruction: Instruction): void {
    const code = opcodes[instruction];
    if (code < 256) return this.#code.byte(code);
    this.#code.byte(code >> 12);
    this.#code.unsigned(code & 0xfff);
  }

  op(instruction: PlainInstruction): void {
    this.#op(instruction);
  }

  indexed(instruction: IndexInstruction, index: number): void {
    this.#op(instruction);
    this.#code.unsigned(index);
  }

  get(local: number): void {
    this.indexed("local.get", local);
  }

  set(local: number): void {
    this.indexed("local.set", local);
  }

  tee(local: number): void {
    this.indexed("local.tee", local);
  }

  /** A load or store at the address on the stack plus `offset`; some also name a lane. */
  memory(instruction: MemoryInstruction, offset: number, lane?: number): void {
    this.#op(instruction);
    this.#code.unsigned(alignment(instruction));
    this.#code.unsigned(offset);
    if (lane !== undefined) this.#code.byte(lane);
  }

  lane(instruction: LaneInstruction, lane: number): void {
    this.#op(instruction);
    this.#code.byte(lane);
  }

  i32(value: number): void {
    this.#op("i32.const");
    this.#code.signed(value | 0);
  }

  /** A 64-bit constant that int32 holds. */
  i64(value: number): void {
    this.#op("i64.const");
    this.#code.signed(value | 0);
  }

  f32(value: number): void {
    this.#op("f32.const");
    this.#code.float32(value);
  }

  f64(value: number): void {
    this.#op("f64.const");
    this.#code.float64(value);
  }

  /** A vector constant of 16 bytes. */
  v128(bytes: ArrayLike<number>): void {
    this.#op("v128.const");
    this.#code.append(bytes);
  }

  /** Copies memory; takes target, source and number of bytes from the stack. */
  copy(): void {
    this.#op("memory.copy");
    this.#code.append([0, 0]);
  }

  /** Begins a block without results. */
  begin(kind: "block" | "loop" | "if"): void {
    this.#op(kind);
    this.#code.byte(0x40);
  }

  end(): void {
    this.#op("end");
  }

  /** The body as the code section holds it: runs of locals of one type, then the instructions. */
  body(): Uint8Array {
    const runs: [number, ValueType][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    const out = new ByteWriter();
    out.unsigned(runs.length);
    for (const [count, type] of runs) {
      out.unsigned(count);
      out.byte(typeCodes[type]);
    }
    out.append(this.#code.bytes());
    out.byte(opcodes.end);
    return out.bytes();
  }
}

/** The memory that a module imports. Sizes are in pages of 64 KiB; a shared memory needs a maximum. */
export interface MemoryImport {
  readonly module: string;
  readonly name: string;
  readonly initial: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

/** A memory that a module has for itself, and lets the host see. */
export interface OwnMemory {
  /** The name that the host finds it by. */
  readonly exported: string;
  readonly pages: number;
  /** What lies in it at the start, by address. */
  readonly data: readonly { readonly address: number; readonly bytes: Uint8Array }[];
}

/** A module under construction. */
export class ModuleBuilder {
  /** Functions of the host; they come first in the numbering. */
  readonly #imports: { readonly module: string; readonly what: FunctionBuilder }[] = [];
  readonly #functions: FunctionBuilder[] = [];
  readonly #exports: [string, FunctionBuilder][] = [];
  readonly #memory: MemoryImport | undefined;
  readonly #own: OwnMemory | undefined;
  readonly #named: boolean;

  /** @param options `named`: whether the functions' names are kept for profilers. Default true. */
  constructor(memory?: MemoryImport | OwnMemory, { named = true }: { readonly named?: boolean } = {}) {
    if (memory !== undefined && "pages" in memory) this.#own = memory;
    else this.#memory = memory;
    this.#named = named;
  }

  /** A new function; functions are numbered in the order in which they are made. */
  function(name: string, params: readonly ValueType[], results: readonly ValueType[]): FunctionBuilder {
    const made = new FunctionBuilder(this.#imports.length + this.#functions.length, name, params, results);
    this.#functions.push(made);
    return made;
  }

  /** A function that the host gives, to be called only. All of them must be named before the first function is made. */
  import(module: string, name: string, params: readonly ValueType[]): FunctionBuilder {
    if (this.#functions.length > 0) throw new Error("imports come before functions");
    const what = new FunctionBuilder(this.#imports.length, name, params, []);
    this.#imports.push({ module, what });
    return what;
  }

  /** Makes a function visible to the host. */
  export(name: string, what: FunctionBuilder): void {
    this.#exports.push([name, what]);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter();
    out.append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const section = (id: number, write: (s: ByteWriter) => void): void => {
      const s = new ByteWriter();
      write(s);
      out.byte(id);
      out.sized(s);
    };
    const signatures = new Map<string, number>();
    const signature = (f: FunctionBuilder): string => `${f.params.join()}>${f.results.join()}`;
    for (const f of [...this.#imports.map(({ what }) => what), ...this.#functions]) {
      if (!signatures.has(signature(f))) signatures.set(signature(f), signatures.size);
    }
    section(1, (s) => {
      s.unsigned(signatures.size);
      for (const key of signatures.keys()) {
        s.byte(0x60);
        for (const side of key.split(">")) {
          const types = side === "" ? [] : (side.split(",") as ValueType[]);
          s.unsigned(types.length);
          for (const type of types) s.byte(typeCodes[type]);
        }
      }
    });
    const memory = this.#memory;
    const imports = this.#imports.length + Number(memory !== undefined);
    if (imports > 0) {
      section(2, (s) => {
        s.unsigned(imports);
        for (const { module, what } of this.#imports) {
          s.name(module);
          s.name(what.name);
          s.byte(0);
          s.unsigned(signatures.get(signature(what))!);
        }
        if (memory === undefined) return;
        s.name(memory.module);
        s.name(memory.name);
        s.byte(2);
        s.byte((memory.maximum === undefined ? 0 : 1) | (memory.shared === true ? 2 : 0));
        s.unsigned(memory.initial);
        if (memory.maximum !== undefined) s.unsigned(memory.maximum);
      });
    }
    section(3, (s) => {
      s.unsigned(this.#functions.length);
      for (const f of this.#functions) s.unsigned(signatures.get(signature(f))!);
    });
    const own = this.#own;
    if (own !== undefined) {
      section(5, (s) => {
        s.unsigned(1);
        s.byte(0);
        s.unsigned(own.pages);
      });
    }
    section(7, (s) => {
      s.unsigned(this.#exports.length + Number(own !== undefined));
      if (own !== undefined) {
        s.name(own.exported);
        s.byte(2);
        s.unsigned(0);
      }
      for (const [name, f] of this.#exports) {
        s.name(name);
        s.byte(0);
        s.unsigned(f.index);
      }
    });
    section(10, (s) => {
      s.unsigned(this.#functions.length);
      for (const f of this.#functions) {
        const body = f.body();
        s.unsigned(body.length);
        s.append(body);
      }
    });
    if (own !== undefined && own.data.length > 0) {
      section(11, (s) => {
        s.unsigned(own.data.length);
        for (const { address, bytes } of own.data) {
          s.byte(0);
          s.byte(opcodes["i32.const"]);
          s.signed(address);
          s.byte(opcodes.end);
          s.unsigned(bytes.length);
          s.append(bytes);
        }
      });
    }
    if (!this.#named) return out.bytes();
    section(0, (s) => {
      s.name("name");
      s.byte(1);
      const names = new ByteWriter();
      names.unsigned(this.#functions.length);
      for (const f of this.#functions) {
        names.unsigned(f.index);
        names.name(f.name);
      }
      s.sized(names);
    });
    return out.bytes();
  }
}

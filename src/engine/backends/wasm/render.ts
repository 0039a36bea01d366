/** Prints programs of the loop IR as WebAssembly modules. */
import type { Buffer } from "../../compiler/loop_ir/expr.ts";
import type { Kernel, Program, Step } from "../../compiler/loop_ir/stmt.ts";
import { type FunctionBuilder, ModuleBuilder, type ValueType } from "./assembler.ts";
import type { Features } from "./features.ts";
import { type Context, Lowering, newContext } from "./lower.ts";
import { Printer } from "./printer.ts";
import type { Block, Variable } from "./values.ts";

/** Kernels share a function up to so many values: enough to save calls, little enough to compile quickly. */
const functionSize = 3000;

/** One call after the other; each takes the table and the arena. */
type Calls = FunctionBuilder[];

/** Kernels that will share a function. */
interface Group {
  readonly names: string[];
  readonly roots: Block[];
  size: number;
  /** The number of the only kernel, if there is a profile. */
  mark?: number;
}

const typesOf = (variables: readonly Variable[]): ValueType[] => variables.map((v) => v.type);

/** Numbers the kernels of a program that is to be profiled; each says its number when it has run. */
export type KernelNumber = (kernel: Kernel) => number;

/** Prints the functions of one program. */
class Renderer {
  readonly module: ModuleBuilder = new ModuleBuilder({ module: "env", name: "memory", initial: 1 });
  readonly #context: Context;
  readonly #numbered: KernelNumber | undefined;
  readonly #mark: FunctionBuilder | undefined;

  constructor(program: Program, features: Features, numbered: KernelNumber | undefined) {
    this.#context = newContext(program.places, features.relaxedSimd);
    this.#numbered = numbered;
    if (numbered !== undefined) this.#mark = this.module.import("env", "mark", ["i32"]);
  }

  #function(name: string): FunctionBuilder {
    return this.module.function(name, ["i32", "i32"], []);
  }

  /** Functions for some steps. */
  steps(steps: readonly Step[]): Calls {
    const calls: Calls = [];
    let group: Group | undefined;
    const finish = (): void => {
      if (group !== undefined) calls.push(this.#group(group));
      group = undefined;
    };
    for (const step of steps) {
      if (step.kind === "loop") {
        finish();
        calls.push(this.#loop(step.count, step.index, this.steps(step.body)));
        continue;
      }
      const { scanner } = this.#context;
      const name = step.kind === "kernel" ? step.kernel.name : "copy";
      const body = step.kind === "kernel" ? step.kernel.body : [];
      if (this.#numbered !== undefined) finish();
      const lowering = new Lowering(this.#context, name, scanner.body(body), "hot");
      if (step.kind === "kernel") lowering.body(body);
      else lowering.copy(step.from, step.to);
      if (group !== undefined && group.size + lowering.size > functionSize) finish();
      group ??= { names: [], roots: [], size: 0 };
      group.names.push(name);
      group.roots.push(lowering.root);
      group.size += lowering.size;
      if (step.kind === "kernel" && this.#numbered !== undefined) {
        group.mark = this.#numbered(step.kernel);
        finish();
      }
    }
    finish();
    return calls;
  }

  #group(group: Group): FunctionBuilder {
    for (const outlined of this.#context.outlined.splice(0)) {
      const { name, params, results, root } = outlined;
      const f = this.module.function(name, typesOf(params), typesOf(results));
      outlined.index = f.index;
      new Printer(f).print(root, results);
    }
    const f = this.#function(group.names.join("; "));
    const printer = new Printer(f);
    for (const root of group.roots) printer.print(root);
    if (group.mark !== undefined) {
      f.i32(group.mark);
      f.indexed("call", this.#mark!.index);
    }
    return f;
  }

  /** A function that makes each call in turn. */
  sequence(name: string, calls: Calls): FunctionBuilder {
    const f = this.#function(name);
    for (const callee of calls) this.#call(f, callee);
    return f;
  }

  #call(f: FunctionBuilder, callee: FunctionBuilder): void {
    f.get(0);
    f.get(1);
    f.indexed("call", callee.index);
  }

  /** A function that runs some calls as often as a count in memory says, with the round's number stored before each. */
  #loop(count: Buffer, index: Buffer, calls: Calls): FunctionBuilder {
    const body = calls.length === 1 ? calls[0]! : this.sequence("round", calls);
    const f = this.#function("loop");
    const [round, rounds, at] = [f.local("i32"), f.local("i32"), f.local("i32")];
    this.#address(f, count);
    f.memory("i32.load", 0);
    f.set(rounds);
    this.#address(f, index);
    f.set(at);
    f.begin("block");
    f.get(rounds);
    f.i32(0);
    f.op("i32.le_s");
    f.indexed("br_if", 0);
    f.begin("loop");
    f.get(at);
    f.get(round);
    f.memory("i32.store", 0);
    this.#call(f, body);
    f.get(round);
    f.i32(1);
    f.op("i32.add");
    f.tee(round);
    f.get(rounds);
    f.op("i32.ne");
    f.indexed("br_if", 0);
    f.end();
    f.end();
    return f;
  }

  #address(f: FunctionBuilder, buffer: Buffer): void {
    const place = this.#context.places.get(buffer);
    if (place === undefined) throw new Error(`buffer ${buffer.id} of a loop has no place`);
    if (place.space === "slot") {
      f.get(0);
      f.memory("i32.load", 4 * place.slot);
    } else {
      f.get(1);
      f.i32(place.offset);
      f.op("i32.add");
    }
  }
}

/**
 * Prints a program as a module that imports `env.memory` and exports `run(table, arena)`.
 *
 * `table` is the address of the slots' addresses, four bytes each; `arena` is the address of the program's temporaries.
 * Addresses must be multiples of 16, those of buffers at least 65536.
 *
 * @param numbered if given, the module also imports `env.mark(number)` and calls it after each kernel
 */
export function render(
  program: Program,
  features: Features,
  numbered?: KernelNumber,
): Uint8Array<ArrayBuffer> {
  const renderer = new Renderer(program, features, numbered);
  renderer.module.export("run", renderer.sequence("run", renderer.steps(program.steps)));
  return renderer.module.bytes();
}

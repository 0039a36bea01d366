/** Prints programs of the loop IR as WebAssembly modules. */
import type { Buffer } from "../../compiler/loop_ir/expr.ts";
import type { Kernel, Program, Step, Stmt } from "../../compiler/loop_ir/stmt.ts";
import { allAtOnce, type Stages } from "../../graph/stages.ts";
import { type FunctionBuilder, ModuleBuilder, type ValueType } from "./assembler.ts";
import { addBarrier } from "./barrier.ts";
import { own } from "./control.ts";
import type { Features } from "./features.ts";
import { type Context, Lowering, newContext } from "./lower.ts";
import { Printer } from "./printer.ts";
import { type Least, leastWorthwhile, type Part, shareProgram } from "./sharing.ts";
import { Twins } from "./twins.ts";
import type { Block, Variable } from "./values.ts";

/** Kernels share a function up to so many values: enough to save calls, little enough to compile quickly. */
const functionSize = 3000;

/** One call after the other; each takes the table, the arena, the thread's block, and addresses of buffers. */
type Calls = Call[];

interface Call {
  readonly callee: FunctionBuilder;
  /** Whether the first thread alone makes it. */
  readonly first: boolean;
  readonly given: readonly Buffer[];
}

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
const everyone = (callee: FunctionBuilder, given: readonly Buffer[] = []): Call => {
  return { callee, first: false, given };
};

/** Prints the functions of one program. */
export class Renderer {
  readonly module: ModuleBuilder;
  readonly #context: Context;
  readonly #numbered: KernelNumber | undefined;
  readonly #mark: FunctionBuilder | undefined;
  readonly #twins: Twins;
  /** Functions for kernels that are alike. */
  readonly #common: Map<string, FunctionBuilder> = new Map();
  #barrier: FunctionBuilder | undefined;

  constructor(module: ModuleBuilder, context: Context, numbered?: KernelNumber) {
    this.module = module;
    this.#context = context;
    this.#numbered = numbered;
    this.#twins = new Twins(context.places, context.scanner);
    if (numbered !== undefined) this.#mark = module.import("env", "mark", ["i32"]);
  }

  /** @param given how many addresses it takes besides those that all do */
  #function(name: string, given = 0): FunctionBuilder {
    return this.module.function(name, new Array<ValueType>(3 + given).fill("i32"), []);
  }

  /** Functions for some steps, all of them for one thread. */
  *steps(steps: readonly Step[]): Stages<Calls> {
    const calls: Calls = [];
    const groups = this.#grouping(calls);
    const { scanner } = this.#context;
    for (const step of steps) {
      yield;
      if (step.kind === "loop") {
        groups.finish();
        calls.push(everyone(this.#loop(step, yield* this.steps(step.body))));
        continue;
      }
      if (step.kind === "copy") {
        const lowering = new Lowering(this.#context, "copy", scanner.body([]), "hot");
        lowering.copy(step.from, step.to, false);
        groups.add("copy", lowering);
        continue;
      }
      const { name, body } = step.kernel;
      groups.kernel(name, body, (lowering) => lowering.body(body), this.#numbered?.(step.kernel));
    }
    groups.finish();
    return calls;
  }

  /** Functions for the parts of a program that threads share. */
  *parts(parts: readonly Part[]): Stages<Calls> {
    const calls: Calls = [];
    const groups = this.#grouping(calls);
    const { scanner } = this.#context;
    for (const part of parts) {
      yield;
      if (part.kind === "shared") {
        groups.kernel(part.name, part.body, (lowering) => lowering.share(part.shares));
      } else if (part.kind === "copy") {
        const lowering = new Lowering(this.#context, "copy", scanner.body([]), "hot");
        lowering.copy(part.from, part.to, true);
        groups.add("copy", lowering);
      } else {
        groups.finish();
        if (part.kind === "first") {
          const own = yield* this.steps(part.steps);
          calls.push(...own.map((call) => ({ ...call, first: true })));
        } else if (part.kind === "barrier") {
          this.#barrier ??= addBarrier(this.module);
          calls.push(everyone(this.#barrier));
        } else calls.push(everyone(this.#loop(part, yield* this.parts(part.body))));
      }
    }
    groups.finish();
    return calls;
  }

  /** Collects kernels into functions. */
  #grouping(calls: Calls): {
    add(name: string, lowering: Lowering, number?: number): void;
    /** Adds a kernel, or a call of the function that it has in common with others. */
    kernel(name: string, body: readonly Stmt[], lower: (it: Lowering) => void, number?: number): void;
    finish(): void;
  } {
    let group: Group | undefined;
    const finish = (): void => {
      if (group !== undefined) calls.push(everyone(this.#group(group)));
      group = undefined;
    };
    /** A kernel with a number has a function of its own. */
    const add = (name: string, { size, root }: Lowering, number?: number): void => {
      if (number !== undefined || (group !== undefined && group.size + size > functionSize)) finish();
      group ??= { names: [], roots: [], size: 0 };
      group.names.push(name);
      group.roots.push(root);
      group.size += size;
      if (number === undefined) return;
      group.mark = number;
      finish();
    };
    const kernel = (
      name: string,
      body: readonly Stmt[],
      lower: (it: Lowering) => void,
      number?: number,
    ): void => {
      const twin = this.#twins.of(body);
      const lowered = (): Lowering => {
        const facts = this.#context.scanner.body(body);
        const lowering = new Lowering(this.#context, name, facts, "hot", twin?.given);
        lower(lowering);
        return lowering;
      };
      if (twin === undefined) return add(name, lowered(), number);
      finish();
      let callee = this.#common.get(twin.key);
      if (callee === undefined) {
        const { root, size } = lowered();
        callee = this.#group({ names: [name], roots: [root], size }, twin.given.length);
        this.#common.set(twin.key, callee);
      }
      calls.push(everyone(callee, twin.given));
    };
    return { add, kernel, finish };
  }

  /** Looks for kernels that are alike among all steps of a program. */
  compareSteps(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.kind === "loop") this.compareSteps(step.body);
      else if (step.kind === "kernel") this.#twins.add(step.kernel.name, step.kernel.body, "alone");
    }
  }

  /** The same for the parts of a program that threads share. */
  compareParts(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.kind === "loop") this.compareParts(part.body);
      else if (part.kind === "first") this.compareSteps(part.steps);
      else if (part.kind === "shared") this.#twins.add(part.name, part.body, "shared");
    }
  }

  #group(group: Group, given = 0): FunctionBuilder {
    for (const outlined of this.#context.outlined.splice(0)) {
      const { name, params, results, root } = outlined;
      const f = this.module.function(name, typesOf(params), typesOf(results));
      outlined.index = f.index;
      new Printer(f).print(root, results);
    }
    const f = this.#function(group.names.join("; "), given);
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
    let thread: number | undefined;
    if (calls.some((call) => call.first)) {
      // Read once: after the last barrier the thread's block may serve another program.
      thread = f.local("i32");
      f.get(2);
      f.memory("i32.load", own.thread);
      f.set(thread);
    }
    for (const call of calls) {
      if (call.first && thread !== undefined) {
        f.get(thread);
        f.op("i32.eqz");
        f.begin("if");
        this.#call(f, call);
        f.end();
      } else this.#call(f, call);
    }
    return f;
  }

  #call(f: FunctionBuilder, { callee, given }: Pick<Call, "callee" | "given">): void {
    for (let param = 0; param < 3; param++) f.get(param);
    for (const buffer of given) this.#address(f, buffer);
    f.indexed("call", callee.index);
  }

  /** A function that runs some calls as often as a count in memory says, with the round's number stored before each. */
  #loop(
    { count, index, condition }: Pick<Extract<Step, { kind: "loop" }>, "count" | "index" | "condition">,
    calls: Calls,
  ): FunctionBuilder {
    const [only] = calls;
    const body = calls.length === 1 && only?.first === false ? only : everyone(this.sequence("round", calls));
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
    if (condition !== undefined) {
      this.#address(f, condition);
      f.memory("i32.load8_u", 0);
      f.op("i32.eqz");
      f.indexed("br_if", 1);
    }
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
      return;
    }
    const isPrivate = place.space === "private";
    f.get(isPrivate ? 2 : 1);
    f.i32(isPrivate ? own.memory + place.offset : place.offset);
    f.op("i32.add");
  }
}

/** A program as a module. */
export interface Rendered {
  readonly code: Uint8Array<ArrayBuffer>;
  /** Operations that threads share in one call or could, roughly; 0 if it is not worth it. */
  readonly sharedWork: number;
}

/** How a program is printed. */
export interface RenderOptions {
  /** If given, the module also imports `env.mark(number)` and calls it after each kernel; one thread runs all of it. */
  readonly numbered?: KernelNumber | undefined;
  /** The pages that a memory which threads share may have; undefined for a memory of one thread. */
  readonly maximum?: number | undefined;
  /** What threads are to share. */
  readonly least?: Least | undefined;
}

/**
 * Prints a program as a module that imports `env.memory` and exports `run(table, arena, own)`.
 *
 * `table` is the address of the slots' addresses, four bytes each; `arena` is the address of the program's temporaries;
 * `own` is the address of what the calling thread has for itself, as `control.ts` describes it. Addresses must be
 * multiples of 16, those of buffers at least 65536.
 */
export function render(program: Program, features: Features, options: RenderOptions = {}): Rendered {
  return allAtOnce(renderInStages(program, features, options));
}

/** The same in parts. */
export function* renderInStages(
  program: Program,
  features: Features,
  { numbered, maximum, least = leastWorthwhile }: RenderOptions = {},
): Stages<Rendered> {
  const context = newContext(program.places, features.relaxedSimd);
  const memory = { module: "env", name: "memory", initial: 1 };
  const module = new ModuleBuilder(maximum === undefined ? memory : { ...memory, maximum, shared: true });
  const renderer = new Renderer(module, context, numbered);
  const shared = numbered === undefined ? shareProgram(program, context.scanner, least) : undefined;
  const alone = shared === undefined || maximum === undefined;
  // Each kernel that is profiled is a function of its own.
  if (numbered === undefined) {
    if (alone) renderer.compareSteps(program.steps);
    else renderer.compareParts(shared.parts);
  }
  const calls = yield* alone ? renderer.steps(program.steps) : renderer.parts(shared.parts);
  module.export("run", renderer.sequence("run", calls));
  yield;
  return { code: module.bytes(), sharedWork: shared?.work ?? 0 };
}

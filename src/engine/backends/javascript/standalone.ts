/** Programs as plain JavaScript: the loops of the loop IR over one ArrayBuffer. It needs nothing of its host. */
import type { Buffer, Expr, Register } from "../../compiler/loop_ir/expr.ts";
import type { Index } from "../../compiler/loop_ir/index_expr.ts";
import type { Kernel, Step, Stmt } from "../../compiler/loop_ir/stmt.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import { addressOf, type Layout, type Leaving, layOut, type Placed, type Standalone } from "../standalone.ts";
import { Expressions, prelude, registerName, views } from "./expressions.ts";

/** Hosts keep so many sums of a loop in registers, if each is a value of its own. */
const target = { fused: false, sums: 2 };

/** Code, and the fixed numbers, which it expects in `B` from `dataAddress` on before the first call. */
export interface Script {
  readonly code: string;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly dataAddress: number;
}

/** Functions as JavaScript: each is called by its name, and `memory` is the ArrayBuffer of all of them. */
export function script(functions: readonly Leaving[]): Standalone<Script> {
  const dataAddress = 0;
  const layout = layOut(functions, dataAddress, 0, target);
  const kinds = {
    B: "Uint8",
    C: "Int8",
    H: "Uint16",
    S: "Int16",
    I: "Int32",
    U: "Uint32",
    F: "Float32",
    D: "Float64",
  };
  const head = [
    `const memory = new ArrayBuffer(${layout.bytes});`,
    ...Object.entries(kinds).map(([name, kind]) => `const ${name} = new ${kind}Array(memory);`),
    prelude,
  ];
  const printer = new ScriptPrinter(layout);
  for (const program of layout.programs) printer.program(program);
  const code = [...head, ...printer.lines].join("\n");
  return {
    code: { code, data: layout.data, dataAddress },
    inputs: layout.inputs,
    outputs: layout.outputs,
  };
}

/** Whether lanes of a value come from other lanes of what it reads. */
function crossesLanes(expr: Expr, seen: Set<Expr> = new Set()): boolean {
  if (expr.kind === "extract") return true;
  if (seen.has(expr)) return false;
  seen.add(expr);
  if (expr.kind === "op" || expr.kind === "pack") return expr.args.some((arg) => crossesLanes(arg, seen));
  return expr.kind === "splat" && crossesLanes(expr.arg, seen);
}

function registersIn(stmts: readonly Stmt[], out: Set<Register> = new Set()): Set<Register> {
  for (const stmt of stmts) {
    if (stmt.kind === "set") out.add(stmt.register);
    else if (stmt.kind === "for" || stmt.kind === "if") registersIn(stmt.body, out);
  }
  return out;
}

class ScriptPrinter {
  readonly lines: string[] = [];
  readonly #layout: Layout;
  #address: (buffer: Buffer) => number = () => 0;
  #kernels = 0;
  #names = { count: 0 };
  #indent = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  #line(text: string): void {
    this.lines.push("  ".repeat(this.#indent) + text);
  }

  #block(head: string, body: () => void): void {
    this.#line(`${head} {`);
    this.#indent++;
    body();
    this.#indent--;
    this.#line("}");
  }

  program(placed: Placed): void {
    this.#address = (buffer) => addressOf(this.#layout, placed, buffer);
    const calls: string[] = [];
    this.#steps(placed.compiled.program.steps, calls);
    this.#block(`function ${placed.name}()`, () => {
      for (const call of calls) this.#line(call);
    });
  }

  /** Prints the kernels of some steps, and gives the lines that run them. */
  #steps(steps: readonly Step[], calls: string[]): void {
    for (const step of steps) {
      if (step.kind === "kernel") {
        calls.push(`${this.#kernel(step.kernel)}();`);
      } else if (step.kind === "copy") {
        const [from, to] = [this.#address(step.from), this.#address(step.to)];
        const bytes = step.from.size * byteWidth(step.from.dtype);
        calls.push(`B.copyWithin(${to}, ${from}, ${from + bytes});`);
      } else {
        const word = (buffer: Buffer): string =>
          `${views[buffer.dtype]}[${this.#address(buffer) / byteWidth(buffer.dtype)}]`;
        const goesOn = step.condition === undefined ? "" : ` && ${word(step.condition)}`;
        calls.push(`for (let n = 0, count = ${word(step.count)}; n < count${goesOn}; n++) {`);
        calls.push(`  ${word(step.index)} = n;`);
        const inner: string[] = [];
        this.#steps(step.body, inner);
        calls.push(...inner.map((call) => `  ${call}`), "}");
      }
    }
  }

  #kernel(kernel: Kernel): string {
    const name = `k${this.#kernels++}`;
    this.#names = { count: 0 };
    this.#line(`// ${kernel.name}`);
    this.#block(`function ${name}()`, () => {
      for (const register of registersIn(kernel.body)) {
        const zero = register.type === "bool" ? "false" : "0";
        const lanes = Array.from(
          { length: register.lanes },
          (_, lane) => `${registerName(register, lane)} = ${zero}`,
        );
        this.#line(`let ${lanes.join(", ")};`);
      }
      this.#body(kernel.body);
    });
    return name;
  }

  #body(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.#stmt(stmt);
  }

  #expressions(...roots: (Expr | Index)[]): Expressions {
    return new Expressions(this.#address, (line) => this.#line(line), this.#names, roots);
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case "for": {
        const { name } = stmt.variable;
        const head = `for (let ${name} = ${stmt.begin}; ${name} < ${stmt.end}; ${name} += ${stmt.step})`;
        return this.#block(head, () => this.#body(stmt.body));
      }
      case "if": {
        const condition = this.#expressions(stmt.condition).value(stmt.condition);
        return this.#block(`if (${condition})`, () => this.#body(stmt.body));
      }
      case "set": {
        const { register, value } = stmt;
        let lanes = this.#expressions(value).lanes(value);
        if (register.lanes > 1 && crossesLanes(value)) {
          // None may be replaced before all are read.
          lanes = lanes.map((text) => {
            const name = `t${this.#names.count++}`;
            this.#line(`const ${name} = ${text};`);
            return name;
          });
        }
        lanes.forEach((text, lane) => {
          this.#line(`${registerName(register, lane)} = ${text};`);
        });
        return;
      }
      case "store": {
        const { buffer, index, value } = stmt;
        const expressions = this.#expressions(value, ...(value.lanes > 1 ? [index, index] : [index]));
        // All lanes are read before the first is written.
        let lanes = expressions.lanes(value);
        if (lanes.length > 1) {
          lanes = lanes.map((text) => {
            const name = `t${this.#names.count++}`;
            this.#line(`const ${name} = ${text};`);
            return name;
          });
        }
        lanes.forEach((text, lane) => {
          this.#line(`${expressions.element(buffer, index, lane)} = ${text};`);
        });
        return;
      }
      case "barrier":
      // One thread alone never waits.
    }
  }
}

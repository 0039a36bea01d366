/** What registers and buffers hold at the point of a function that is being lowered. */
import type { Buffer, Register } from "../../compiler/loop_ir/expr.ts";
import { valueType } from "./operations.ts";
import type { Facts } from "./scan.ts";
import type { Scope, Value, Variable } from "./values.ts";

/** Registers and the versions of buffers, with the loops that are open and change them. */
export class State {
  readonly #scope: Scope;
  readonly #loops: { readonly facts: Facts; readonly depth: number }[] = [];
  readonly #values: Map<Register, Value> = new Map();
  readonly #variables: Map<Register, Variable> = new Map();
  readonly #versions: Map<Buffer, number> = new Map();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** The local variable of a register. */
  variable(register: Register): Variable {
    let variable = this.#variables.get(register);
    if (variable === undefined) {
      variable = { type: valueType(register.type, register.lanes), local: -1 };
      this.#variables.set(register, variable);
    }
    return variable;
  }

  /** Keeps a register in a variable that exists already, such as a parameter. */
  bind(register: Register, variable: Variable): void {
    this.#variables.set(register, variable);
  }

  /** What a register holds now. */
  read(register: Register): Value {
    let value = this.#values.get(register);
    if (value === undefined) {
      const variable = this.variable(register);
      const level = this.#level((facts) => facts.assigned.has(register));
      value = this.#scope.leaf(variable.type, { kind: "variable", variable }, level);
      this.#values.set(register, value);
    }
    return value;
  }

  /** In which loop a buffer changes, and a text that tells its contents now from those before. */
  memory(buffer: Buffer): { readonly level: number; readonly version: string } {
    const level = this.#level((facts) => facts.stored.has(buffer));
    return { level, version: `@${buffer.id}.${this.#versions.get(buffer) ?? 0}` };
  }

  /** The depth of the innermost open loop that changes something. */
  #level(changes: (facts: Facts) => boolean): number {
    return this.#loops.findLast(({ facts }) => changes(facts))?.depth ?? 0;
  }

  assign(register: Register): void {
    this.#values.delete(register);
  }

  store(buffer: Buffer): void {
    this.#versions.set(buffer, (this.#versions.get(buffer) ?? 0) + 1);
  }

  /** Forgets what a statement changes. */
  forget(facts: Facts): void {
    for (const register of facts.assigned) this.assign(register);
    for (const buffer of facts.stored) this.store(buffer);
  }

  /** Runs `body` inside of a loop. What the loop changes is unknown in its first round already, and afterwards. */
  inLoop(facts: Facts, depth: number, body: () => void): void {
    this.forget(facts);
    this.#loops.push({ facts, depth });
    body();
    this.#loops.pop();
    this.forget(facts);
  }
}

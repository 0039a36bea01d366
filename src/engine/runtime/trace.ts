/**
 * Traces: what a function does to tensors and variables while it is compiled. Inside a trace, reading a variable makes an
 * input of the program and assigning one makes an output that takes over the variable's memory.
 */
import { apply, parameter } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import type { Variable } from "./variable.ts";

/** One function being traced. Traces nest: a loop's body is traced inside the function that has the loop. */
export class Trace {
  readonly parent: Trace | undefined;
  /** The parameter that stands for each variable's value at the start. */
  readonly reads: Map<Variable, Node> = new Map();
  protected readonly current: Map<Variable, Node> = new Map();

  constructor(parent: Trace | undefined) {
    this.parent = parent;
  }

  /** The node of a variable's present value. */
  read(variable: Variable): Node {
    let node = this.current.get(variable);
    if (node === undefined) {
      node = parameter(variable);
      this.reads.set(variable, node);
      this.current.set(variable, node);
    }
    return node;
  }

  assign(variable: Variable, node: Node): void {
    // The program takes over the variable's memory, so it is an input even if nobody reads it.
    const before = this.read(variable);
    // Outside of programs a value is read as a number that came from nowhere: gradients end there, and so they do here. A
    // generator's gradient does not go through the update of the critic before it.
    this.current.set(variable, node === before ? node : apply("stop_gradient", node));
  }

  /** The variables that have another value at the end than at the start. */
  assigned(): Map<Variable, Node> {
    return new Map([...this.current].filter(([v, node]) => this.reads.get(v) !== node));
  }
}

/**
 * Values that stand for variables while a function runs: it reads and changes them, and the variables stay as they are.
 * Like a trace it is where variables are read and assigned; but nothing is compiled, and gradients flow through.
 */
export class StandIns extends Trace {
  /** Where variables that have no value here are read. */
  #outer: Trace | undefined;

  /** @param values of variables; those that have none begin with their present value */
  constructor(values: Iterable<readonly [Variable, Node]> = []) {
    super(undefined);
    for (const [variable, node] of values) this.current.set(variable, node);
  }

  override read(variable: Variable): Node {
    return this.current.get(variable) ?? this.#outer?.read(variable) ?? variable.leaf();
  }

  override assign(variable: Variable, node: Node): void {
    this.current.set(variable, node);
  }

  /** The value that a variable was given or assigned here. */
  get(variable: Variable): Node | undefined {
    return this.current.get(variable);
  }

  /** Runs a function with these values. Compiled functions that it calls become part of it. */
  run<R>(fn: () => R): R {
    this.#outer = active;
    return within(this, fn);
  }
}

let active: Trace | undefined;

/** Runs a function inside of a trace, or outside of all of them. */
function within<R>(trace: Trace | undefined, fn: () => R): R {
  const outer = active;
  active = trace;
  try {
    return fn();
  } finally {
    active = outer;
  }
}

/** The innermost trace, if any. */
export function currentTrace(): Trace | undefined {
  return active;
}

let differentiated = 0;

/**
 * Whether compiled functions are to become part of what calls them, because that is traced, or because a gradient is
 * taken: the results of a program do not tell how they were computed.
 */
export function isInlining(): boolean {
  return active !== undefined || differentiated > 0;
}

/** Runs a function of which the gradient will be taken. */
export function differentiating<R>(fn: () => R): R {
  differentiated++;
  try {
    return fn();
  } finally {
    differentiated--;
  }
}

/** Runs a function inside a new trace. If it throws, the trace is dropped and nothing has changed. */
export function traced<R>(fn: () => R): { trace: Trace; result: R } {
  const trace = new Trace(active);
  return { trace, result: within(trace, fn) };
}

/**
 * Runs a function outside of every trace: its operations are eager, and what it assigns to variables stays. For what must
 * happen once although it is first needed while something is traced, such as making the weights of a layer.
 */
export function untraced<R>(fn: () => R): R {
  return within(undefined, fn);
}

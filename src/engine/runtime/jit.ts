/** Compiles functions of tensors: trace once per kind of arguments, then run the program. */
import type { Argument, Executable } from "../backends/backend.ts";
import { allAtOnce, type Stages } from "../graph/stages.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { inBreaths } from "./breath.ts";
import { compileOnceInStages } from "./compile_once.ts";
import { backend } from "./device.ts";
import { evaluate, leaf, toCurrentDevice } from "./evaluate.ts";
import { inspecting } from "./inspector.ts";
import { activeStopwatch } from "./stopwatch.ts";
import { Tensor } from "./tensor.ts";
import { isInlining } from "./trace.ts";
import { Slot, type Traced, traceFunction } from "./traced_function.ts";
import { isPlainObject, treeChildren, treeMap } from "./tree.ts";

/** A traced function with its program. */
interface Compiled extends Traced {
  readonly executable: Executable;
}

/** What `jit` gives. */
export interface Jitted<A extends readonly unknown[], R> {
  (...args: A): R;
  /**
   * Compiles for arguments of some shapes without running, in parts: whoever holds a page's thread can let it draw between
   * two of them. The function itself is traced in the first part.
   */
  prepare(...args: A): Stages<void>;
  /**
   * The same without holding the calling thread up, where the host has another one for programs: then the result is a
   * promise. What cannot be traced throws at once. Variables that it assigns can be read after `settle`.
   */
  aside(...args: A): R | Promise<R>;
}

/**
 * Compiles a function of tensors. It runs once, on abstract tensors, for each combination of shapes, dtypes and other
 * arguments; from then on its program runs instead. Variables that it assigns are updated in place.
 *
 * Arguments and results are tensors or arrays and plain objects of them; other argument values count as constants, and
 * a call with other constants compiles again.
 *
 * @param fn must do all its numeric work with tensors; a read (`dataSync`) inside throws StateError
 * @param options `name` for profiles
 *
 * @example
 * ```ts
 * const norm = jit((x: Tensor) => sqrt(x.multiply(x).sum()));
 * norm(tensor([3, 4])).item(); // → 5
 * ```
 */
export function jit<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options: { name?: string } = {},
): Jitted<A, R> {
  const cache = new Map<string, Compiled>();
  const identities = new WeakMap<object, number>();
  let objects = 0;
  const describe = (value: unknown): string => {
    if ((typeof value === "object" && value !== null) || typeof value === "function") {
      let id = identities.get(value);
      if (id === undefined) identities.set(value, (id = objects++));
      return `#${id}`;
    }
    if (typeof value === "string") return JSON.stringify(value);
    return Object.is(value, -0) ? "number:-0" : `${typeof value}:${String(value)}`;
  };

  function* compiledFor(args: A, tensors: Tensor[]): Stages<Compiled> {
    const on = backend();
    const key = `${on.name}${activeStopwatch() ? " profiled" : ""}${inspecting.key}|${signature(args, tensors, describe)}`;
    let compiled = cache.get(key);
    if (compiled === undefined) {
      const done = traceFunction(fn, args);
      yield;
      const { donations } = done;
      const executable = yield* compileOnceInStages(done.graph, on, { donations, ...options });
      compiled = { ...done, executable };
      cache.set(key, compiled);
    }
    return compiled;
  }

  const run = (...args: A): R => {
    // Inside a trace the function is simply part of what is traced.
    if (isInlining()) return fn(...args);
    const tensors: Tensor[] = [];
    return call(allAtOnce(compiledFor(args, tensors)), tensors) as R;
  };
  function* prepare(...args: A): Stages<void> {
    yield* compiledFor(args, []);
  }
  const aside = (...args: A): R | Promise<R> => {
    if (isInlining() || backend().elsewhere === undefined) return run(...args);
    const tensors: Tensor[] = [];
    const stages = compiledFor(args, tensors);
    const { done, value } = stages.next();
    if (done) return callAside(value, tensors) as R | Promise<R>;
    return inBreaths(stages).then((compiled) => callAside(compiled, tensors) as R | Promise<R>);
  };
  return Object.assign(run, { prepare, aside });
}

/** What a program depends on in its arguments; notes the tensors on the way, in the order of `treeLeaves`. */
function signature(tree: unknown, tensors: Tensor[], describe: (leaf: unknown) => string): string {
  if (tree instanceof Tensor) {
    tensors.push(tree);
    return `${tree.dtype}[${tree.shape.join()}]`;
  }
  if (Array.isArray(tree)) {
    let out = "[";
    for (const item of tree) out += `${signature(item, tensors, describe)},`;
    return `${out}]`;
  }
  if (!isPlainObject(tree)) {
    const children = treeChildren(tree);
    if (children === undefined) return describe(tree);
    // Two classes may have the same parts.
    const kind = describe(Object.getPrototypeOf(tree));
    return `<${kind} ${children.map((child) => signature(child, tensors, describe)).join()}>`;
  }
  let out = "{";
  for (const key of Object.keys(tree).sort()) out += `${key}:${signature(tree[key], tensors, describe)},`;
  return `${out}}`;
}

function call(compiled: Compiled, tensors: readonly Tensor[]): unknown {
  return outputOf(compiled, compiled.executable.run(argumentsOf(compiled, tensors)));
}

function callAside(compiled: Compiled, tensors: readonly Tensor[]): unknown {
  const results = compiled.executable.runAside?.(() => argumentsOf(compiled, tensors));
  return results === undefined
    ? call(compiled, tensors)
    : results.then((values) => outputOf(compiled, values));
}

/** What a program is called with, at the moment of its call. */
function argumentsOf(compiled: Compiled, tensors: readonly Tensor[]): Argument[] {
  const nodes = tensors.map((t) => t.node);
  const values: Argument[] = evaluate(
    compiled.captures.length === 0 ? nodes : [...nodes, ...compiled.captures],
  );
  const inputs: Argument[] = [];
  for (let i = 0; i < nodes.length; i++) inputs.push(toCurrentDevice(values[i]!));
  for (const variable of compiled.variables) inputs.push(variable.memory);
  for (let i = nodes.length; i < values.length; i++) inputs.push(toCurrentDevice(values[i]!));
  for (const variable of compiled.assigned) variable.beforeChange();
  return inputs;
}

function outputOf(compiled: Compiled, results: readonly (TypedArray | undefined)[]): unknown {
  return treeMap((value) => {
    if (!(value instanceof Slot)) return value;
    return new Tensor(leaf(results[value.at]!, compiled.graph.results[value.at]!));
  }, compiled.output);
}

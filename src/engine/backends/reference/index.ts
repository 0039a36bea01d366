/** The reference backend: an interpreter that is slow and obviously right, which all others are tested against. */
import type { Graph, Node } from "../../graph/node.ts";
import { arrayFrom, arrayOf, isHalf, type TypedArray } from "../../tensor/dtype.ts";
import { DTypeError, ShapeError, StateError, show, ValueError } from "../../tensor/errors.ts";
import { sizeOf } from "../../tensor/shape.ts";
import {
  type Argument,
  type Backend,
  type CompileOptions,
  type Executable,
  isDeviceArray,
} from "../backend.ts";
import { evaluator } from "./evaluate.ts";
import { ReferenceArray } from "./reference_array.ts";

/**
 * Makes the reference backend. Inside a primitive it computes in float64 and rounds once
 * (16-bit floats by way of float32).
 *
 * @example
 * ```ts
 * const memory = createReferenceBackend().allocate("float32", 2);
 * memory.write(Float32Array.of(1, 2));
 * Array.from(memory.read()); // → [1, 2]
 * ```
 */
export function createReferenceBackend(): Backend {
  const backend: Backend = {
    name: "reference",
    compile,
    allocate: (dtype, size) => new ReferenceArray(backend, dtype, size),
  };
  return backend;
}

function compile(graph: Graph, options: CompileOptions = {}): Executable {
  const name = options.name ?? "graph";
  const donations = graph.results.map((_, i) => options.donations?.[i]);
  donations.forEach((param, i) => {
    if (param !== undefined) checkDonation(name, graph, i, param);
  });
  const evaluate = evaluator(graph);
  return {
    run(args) {
      if (args.length !== graph.params.length) {
        throw new ValueError(`${name}: expected ${graph.params.length} arguments. Received: ${args.length}`);
      }
      const targets = donations.map((param) => {
        const arg = param === undefined ? undefined : args[param]!;
        if (arg === undefined || isDeviceArray(arg)) return arg;
        throw new StateError(
          `${name}: argument ${param} gives its memory to a result, so it must be a device array`,
        );
      });
      const results = evaluate(graph.params.map((param, i) => elements(name, i, param, args[i]!)));
      return results.map((values, i) => {
        const target = targets[i];
        if (target === undefined) return values.slice();
        target.write(values);
        return undefined;
      });
    },
  };
}

/** A parameter can only hold a result of its own type. */
function checkDonation(name: string, { params, results }: Graph, result: number, param: number): void {
  const [from, to] = [params[param], results[result]!];
  if (from !== undefined && from.dtype === to.dtype && sizeOf(from.shape) === sizeOf(to.shape)) return;
  throw new ValueError(`${name}: parameter ${param} cannot take result ${result}, which is of another type`);
}

/** An argument's elements, after checking that the parameter can hold them. */
function elements(name: string, i: number, param: Node, arg: Argument): TypedArray {
  const values = isDeviceArray(arg) ? arg.read() : arg;
  if (!(values instanceof arrayOf(param.dtype))) {
    throw new DTypeError(`${name}: argument ${i} is ${param.dtype}. Received: ${show(values)}`);
  }
  if (values.length !== sizeOf(param.shape)) {
    throw new ShapeError(
      `${name}: argument ${i} has ${sizeOf(param.shape)} elements. Received: ${values.length}`,
    );
  }
  return isHalf(param.dtype) ? arrayFrom(param.dtype, values) : values;
}

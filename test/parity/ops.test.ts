// keras.ops against real Keras: values, shapes, dtypes and gradients of every recorded call that the engine has dtypes for.
import { describe, expect, test } from "vitest";
import { isFloat, Tensor, type TensorLike, vjp } from "../../src/engine/index.ts";
import * as ops from "../../src/keras/ops/index.ts";
import { snakeToCamel } from "../../src/keras/saving/config.ts";
import {
  type ArrayRecord,
  expectClose,
  fixtureNames,
  isArrayRecord,
  loadFixture,
  recordToTensor,
} from "./fixtures.ts";

interface Case {
  readonly id: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly output: unknown;
  readonly cotangent?: unknown;
  readonly grad_args?: readonly unknown[];
  readonly err64?: number;
  readonly grad_err64?: number;
  readonly compare?: string;
  readonly jax_backend?: unknown;
  readonly jax_backend_dtype?: string;
  readonly jax_grad_args?: readonly unknown[];
}

type Fn = (...args: unknown[]) => unknown;

/** Functions whose optional arguments are customarily given by position. */
const positional: Readonly<Record<string, readonly string[]>> = {
  arange: ["start", "stop", "step"],
  multiHot: ["inputs", "num_classes"],
  where: ["condition", "x1", "x2"],
};

/** Cases that are not tried, and why. */
const untried: Readonly<Record<string, string>> = {
  "cast/5": "there is no float16",
  "cast/7": "there is no bfloat16",
  "dtype/4": "there is no float16",
  "saturate_cast/1": "there is no int8",
  "size/2": "there is no int64, and the size is a number here",
  "where/4": "there is no int64",
};

function decode(x: unknown): unknown {
  if (isArrayRecord(x)) return recordToTensor(x);
  if (Array.isArray(x)) return x.map(decode);
  if (typeof x !== "object" || x === null || !("py" in x)) return x;
  const { py, value } = x as { py: string; value?: unknown };
  return py === "ellipsis" ? "..." : py === "newaxis" ? null : value;
}

/** The positional arguments of a case. A slice alone is an index of one item. */
function argumentsOf(c: Case): unknown[] {
  const alone = (x: unknown): boolean => typeof x === "object" && x !== null && "py" in x && x.py === "slice";
  return c.args.map((x) => (alone(x) ? [decode(x)] : decode(x)));
}

/** The call that a case records, with its arguments in our order. */
function call(name: string, signature: string, c: Case, args: readonly unknown[]): unknown {
  const parameters = signature
    .slice(1, signature.lastIndexOf(")"))
    .split(/,\s*(?![^(]*\))/)
    .map((p) => p.trim());
  const required: unknown[] = [];
  const options: Record<string, unknown> = {};
  const fixed = positional[name];
  let next = 0;
  for (const parameter of parameters) {
    if (parameter === "*" || parameter.startsWith("**") || parameter === "") continue;
    if (parameter.startsWith("*")) {
      required.push(...args.slice(next));
      next = args.length;
      continue;
    }
    const [key, fallback] = parameter.split("=") as [string, string?];
    const given = next < args.length ? args[next++] : key in c.kwargs ? decode(c.kwargs[key]) : undefined;
    if (fixed?.includes(key) ?? fallback === undefined) required.push(given);
    else if (given !== undefined) options[snakeToCamel(key)] = given;
  }
  const fn = (ops as unknown as Record<string, Fn>)[name]!;
  return Object.keys(options).length === 0 ? fn(...required) : fn(...required, options);
}

function expectSame(actual: unknown, expected: unknown, c: Case, checkDType: boolean): void {
  const alternative = c.jax_backend;
  if (isArrayRecord(expected)) {
    const t = actual as Tensor;
    const tolerance = { rtol: Math.max(1e-5, 4 * (c.err64 ?? 0)), atol: Math.max(1e-6, 4 * (c.err64 ?? 0)) };
    try {
      expectClose(t, expected, c.compare === "shape" ? { rtol: Number.POSITIVE_INFINITY } : tolerance);
    } catch (error) {
      if (!isArrayRecord(alternative)) throw error;
      expectClose(t, alternative, tolerance);
    }
    if (checkDType && c.compare !== "value") expect([expected.dtype, c.jax_backend_dtype]).toContain(t.dtype);
  } else if (Array.isArray(expected)) {
    const list = actual as readonly unknown[];
    expect(list.length).toBe(expected.length);
    expected.forEach((e, i) => {
      expectSame(list[i], e, c, checkDType);
    });
  } else expect(actual instanceof Tensor ? actual.item() : actual).toEqual(expected);
}

describe.each(fixtureNames("ops"))("ops.%s", (snake) => {
  const fixture = loadFixture<Case>("ops", snake);
  const name = snakeToCamel(snake);
  const signature = fixture.signature ?? "(x)";

  test.for(fixture.cases.filter((c) => !Object.hasOwn(untried, c.id)))("$id", (c) => {
    // JavaScript cannot tell 2.0 from 2, so what a whole float promotes to is not asked.
    const exact = !JSON.stringify([c.args, c.kwargs]).includes('"py"');
    expectSame(call(name, signature, c, argumentsOf(c)), c.output, c, exact);
    if (isArrayRecord(c.cotangent) && c.grad_args !== undefined) expectGradient(name, signature, c);
  });
});

function expectGradient(name: string, signature: string, c: Case): void {
  const places: number[] = [];
  const inputs: Tensor[] = [];
  const args = argumentsOf(c);
  args.forEach((a, i) => {
    if (a instanceof Tensor && isFloat(a.dtype)) {
      places.push(i);
      inputs.push(a);
    }
  });
  const [, pull] = vjp(
    (...given) => {
      const all = [...args];
      places.forEach((at, k) => {
        all[at] = given[k];
      });
      return call(name, signature, c, all) as Tensor;
    },
    ...(inputs as TensorLike[]),
  );
  const slopes = pull(recordToTensor(c.cotangent as ArrayRecord));
  const factor = Math.max(1e-5, 4 * (c.grad_err64 ?? 0));
  places.forEach((at, k) => {
    const expected = c.grad_args![at];
    if (!isArrayRecord(expected)) return;
    const other = c.jax_grad_args?.[at];
    try {
      expectClose(slopes[k]!, expected, { rtol: factor, atol: Math.max(1e-6, factor) });
    } catch (error) {
      if (!isArrayRecord(other)) throw error;
      expectClose(slopes[k]!, other, { rtol: factor, atol: Math.max(1e-6, factor) });
    }
  });
}

/** Gradients of functions of tensors. */
import { gradients as gradientNodes, vjpGraph } from "../autodiff/grad.ts";
import { apply } from "../graph/build.ts";
import { setCustomGradient } from "../graph/custom_gradient.ts";
import { topological } from "../graph/node.ts";
import { isFloat } from "../tensor/dtype.ts";
import { DTypeError, ShapeError, StateError, show, ValueError } from "../tensor/errors.ts";
import { sameShape, showShape } from "../tensor/shape.ts";
import { isForgetful } from "./evaluate.ts";
import { Tensor, type TensorHolder, type TensorLike, toTensor, wrap } from "./tensor.ts";
import { differentiating } from "./trace.ts";

/**
 * The gradients of a scalar with respect to tensors that it was computed from. Outside of `jit` whatever came out of a
 * compiled function counts as a constant; `grad` and `valueAndGrad` look into compiled functions.
 *
 * @param y a float scalar
 * @param xs float tensors or variables; where y does not depend on one, its gradient is zero
 * @throws ShapeError when y is no scalar, DTypeError for integers, ValueError for what is no tensor
 *
 * @example
 * ```ts
 * const w = new Variable([1, 2], "float32");
 * const loss = w.value.multiply(w.value).sum();
 * gradients(loss, [w]).map((g) => g.arraySync()); // → [[2, 4]]
 * ```
 */
export function gradients(y: Tensor, xs: readonly (Tensor | TensorHolder)[]): Tensor[] {
  if (y.ndim !== 0)
    throw new ShapeError(
      `gradients: expected a scalar. Received shape ${showShape(y.shape)}; sum it, or use vjp`,
    );
  const tensors = xs.map(heldTensor);
  checkFloats("gradients", [y, ...tensors]);
  checkRemembered(y, tensors);
  return gradientNodes(
    y.node,
    tensors.map((x) => x.node),
  ).map((n, i) => wrap(n, y, tensors[i]!));
}

/** A tensor itself, or that of a variable. A number is refused: nothing can have been computed from it. */
function heldTensor(x: Tensor | TensorHolder): Tensor {
  if (x instanceof Tensor) return x;
  if (typeof x === "object" && x !== null && x.value instanceof Tensor) return x.value;
  throw new ValueError(`gradients: expected tensors or variables to differentiate by. Received: ${show(x)}`);
}

function checkFloats(where: string, tensors: readonly Tensor[]): void {
  for (const t of tensors) {
    if (!isFloat(t.dtype))
      throw new DTypeError(`${where}: only floats have gradients. Received a tensor of ${t.dtype}`);
  }
}

/** Refuses to call a gradient zero only because the way from x to y has been forgotten. */
function checkRemembered(y: Tensor, xs: readonly Tensor[]): void {
  const nodes = new Set(topological([y.node]));
  if (xs.every((x) => nodes.has(x.node)) || ![...nodes].some(isForgetful)) return;
  throw new StateError(
    "gradients: y was computed by so many single operations that how it depends on x has been forgotten. " +
      "Compute it inside of jit, or use grad or valueAndGrad inside of jit.",
  );
}

/** A fresh node for an argument, so that its gradient does not mix with that of an equal argument. */
function mark(x: Tensor): Tensor {
  return wrap(apply("identity", x.node), x);
}

/** Options of `grad` and `valueAndGrad`. */
export interface GradOptions {
  /** The position of the argument to differentiate by, or several. Default 0. */
  readonly argnums?: number | readonly number[];
}

type FloatFunction = (...args: Tensor[]) => Tensor;

/**
 * The function that gives a scalar function's value and its gradient.
 *
 * @param fn from tensors to a float scalar
 * @param options `argnums`: which argument (default 0); several give an array of gradients
 *
 * @example
 * ```ts
 * const [value, slope] = valueAndGrad((x) => x.multiply(x))(tensor(3, { dtype: "float32" }));
 * [value.item(), slope[0]!.item()]; // → [9, 6]
 * ```
 */
export function valueAndGrad(
  fn: FloatFunction,
  options: GradOptions = {},
): (...args: TensorLike[]) => [Tensor, Tensor[]] {
  const argnums = options.argnums ?? 0;
  const list = typeof argnums === "number" ? [argnums] : argnums;
  return (...args) => {
    const tensors = args.map((a) => toTensor(a));
    for (const n of list) {
      const given = tensors[n];
      if (given === undefined)
        throw new ValueError(`grad: there is no argument ${n}; the function was called with ${args.length}`);
      tensors[n] = mark(given);
    }
    const wrt = list.map((n) => tensors[n]!);
    const value = differentiating(() => fn(...tensors));
    return [value, gradients(value, wrt)];
  };
}

/**
 * The function that gives a scalar function's gradient with respect to one argument. It can be differentiated again.
 *
 * @param fn from tensors to a float scalar
 * @param options `argnums`: which argument (default 0)
 *
 * @example
 * ```ts
 * const cubed = (x: Tensor) => x.multiply(x).multiply(x);
 * grad(grad(cubed))(tensor(2, { dtype: "float32" })).item(); // → 12
 * ```
 */
export function grad(
  fn: FloatFunction,
  options: { argnums?: number } = {},
): (...args: TensorLike[]) => Tensor {
  const both = valueAndGrad(fn, options);
  return (...args) => both(...args)[1][0]!;
}

/**
 * A function's value, and the function from a cotangent of the value to the cotangents of the arguments.
 *
 * @example
 * ```ts
 * const [y, pull] = vjp((x) => x.multiply(x), tensor([1.5, 2]));
 * pull([1, 10])[0]!.arraySync(); // → [3, 40]
 * ```
 */
export function vjp(fn: FloatFunction, ...args: TensorLike[]): [Tensor, (cotangent: TensorLike) => Tensor[]] {
  const marked = args.map((a) => mark(toTensor(a)));
  const y = differentiating(() => fn(...marked));
  checkFloats("vjp", [y, ...marked]);
  // Kept now: reading a tensor makes it forget how it was computed.
  const results = [y.node];
  const wrt = marked.map((m) => m.node);
  const pull = (cotangent: TensorLike): Tensor[] => {
    const ct = toTensor(cotangent, y.dtype);
    if (ct.shape.join() !== y.shape.join()) {
      throw new ShapeError(
        `vjp: the cotangent has the shape of the value, ${showShape(y.shape)}. Received: ${showShape(ct.shape)}`,
      );
    }
    return vjpGraph(results, [ct.node], wrt).map((n) => wrap(n, y, ct));
  };
  return [y, pull];
}

/**
 * A function with a gradient of its own making, in place of that of the operations it is made of.
 *
 * @param fn gives the value and the function from the value's cotangent to the arguments' cotangents (an array, or one for
 *   the only argument)
 *
 * @example
 * ```ts
 * const doubled = customGradient((x) => [x.multiply(2), (upstream) => upstream.multiply(100)]);
 * grad((x) => doubled(x))(tensor(1.5)).item(); // → 100
 * ```
 */
export function customGradient(
  fn: (...args: Tensor[]) => readonly [value: Tensor, pull: (upstream: Tensor) => Tensor | readonly Tensor[]],
): (...args: TensorLike[]) => Tensor {
  return (...args) => {
    const tensors = args.map((a) => toTensor(a));
    const [value, pull] = fn(...tensors);
    const marked = mark(value);
    setCustomGradient(marked.node, {
      args: tensors.map((t) => t.node),
      pull(cotangent) {
        const given = pull(wrap(cotangent));
        const list = Array.isArray(given) ? (given as readonly Tensor[]) : [given as Tensor];
        if (list.length !== tensors.length) {
          throw new ValueError(
            `customGradient: expected ${tensors.length} cotangents, one for each argument. Received: ${list.length}`,
          );
        }
        return tensors.map((t, i) => {
          if (!isFloat(t.dtype)) return undefined;
          const slope = toTensor(list[i]!, t.dtype);
          if (!sameShape(slope.shape, t.shape)) {
            throw new ShapeError(
              `customGradient: the cotangent of argument ${i} has shape ${showShape(t.shape)}. Received: ${showShape(slope.shape)}`,
            );
          }
          return slope.node;
        });
      },
    });
    return marked;
  };
}

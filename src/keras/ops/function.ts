/** A graph of operations as an operation. */
import {
  isPlainObject,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  type Tree,
  toTensor,
  treeLeaves,
  ValueError,
} from "../../engine/index.ts";
import { OperationGraph, type RunOperation } from "../backend/graph.ts";
import { KerasTensor, mapShapes, type ShapeTree } from "../backend/keras_tensor.ts";
import { symbolicLeaves } from "../backend/node.ts";
import { Operation } from "../backend/operation.ts";
import { mapInOrder, pack, type SymbolicTree } from "../backend/symbolic_tree.ts";

/** Tensors for symbolic tensors. */
type ValuesOf<Out> = Out extends KerasTensor ? Tensor : { readonly [K in keyof Out]: ValuesOf<Out[K]> };

interface KerasFunction<Out extends SymbolicTree = KerasTensor> {
  /** Computes the outputs for inputs of the same structure. */
  (inputs: Tree<TensorLike>): ValuesOf<Out>;
  (inputs: SymbolicTree): Out;
}

/**
 * The operations between symbolic inputs and outputs as one function. Unlike a model it is no layer: it holds no weights of
 * its own and cannot be trained.
 *
 * @throws ValueError when there are no inputs or outputs, when the outputs do not come from the inputs, or when a call has
 *   another structure than the inputs; ShapeError when shapes do not fit
 *
 * @example
 * ```ts
 * const [a, b] = [new KerasTensor([null, 2]), new KerasTensor([null, 2])];
 * const fn = new keras.Function([a, b], ops.sigmoid(a.add(b)));
 * fn([np.array([[1, -1]]), np.array([[-1, 1]])]).arraySync(); // → [[0.5, 0.5]]
 * ```
 */
class KerasFunction<Out extends SymbolicTree = KerasTensor> extends Operation {
  static readonly className: string = "Function";
  readonly #graph: OperationGraph;
  readonly #inputs: SymbolicTree;
  readonly #outputs: SymbolicTree;

  /**
   * @param inputs symbolic tensors: one, or several in arrays and objects
   * @param outputs the same
   * @param options `name`: what it is called (default: automatic)
   */
  constructor(inputs: SymbolicTree, outputs: Out, options: { readonly name?: string | null } = {}) {
    super(options.name ?? null);
    for (const [what, tree] of Object.entries({ inputs, outputs })) {
      const wrong = treeLeaves(tree).find((x) => !(x instanceof KerasTensor));
      if (wrong === undefined && treeLeaves(tree).length > 0) continue;
      throw new ValueError(
        `Function: expected ${what} to be one or more symbolic tensors. Received: ${show(wrong ?? tree)}`,
      );
    }
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#graph = new OperationGraph(symbolicLeaves(inputs), symbolicLeaves(outputs));
  }

  /** The steps of the graph, in order. */
  get operations(): readonly Operation[] {
    return this.#graph.operations;
  }

  /** The symbolic inputs, in a flat list. */
  get inputs(): readonly KerasTensor[] {
    return this.#graph.inputs as readonly KerasTensor[];
  }

  /** The symbolic outputs, in a flat list. */
  get outputs(): readonly KerasTensor[] {
    return this.#graph.outputs as readonly KerasTensor[];
  }

  override call(inputs: Tree<TensorLike>): ValuesOf<Out> {
    const values = this.#valuesOf(inputs, (x) => toTensor(x as TensorLike));
    return this.#run(values, (operation, args) => operation.apply(...args)) as ValuesOf<Out>;
  }

  override computeOutputSpec(inputs: SymbolicTree): unknown {
    const values = this.#valuesOf(inputs, (x) => x as KerasTensor);
    return this.#run(values, (operation, args) => operation.computeOutputSpec(...args));
  }

  /** The shapes of the outputs for shapes of the inputs. */
  computeOutputShape(inputShape: ShapeTree): ShapeTree {
    let at = 0;
    const inputs = mapShapes(
      inputShape,
      (shape) => new KerasTensor(shape, { dtype: this.inputs[at++]!.dtype }),
    );
    return mapInOrder(this.computeOutputSpec(inputs) as SymbolicTree, (x) => x.shape) as ShapeTree;
  }

  #run(values: readonly unknown[], run: RunOperation): unknown {
    return pack(this.#outputs, this.#graph.run(values, run));
  }

  /** The inputs in a flat list, each in the place of a symbolic one. */
  #valuesOf(inputs: unknown, enter: (x: unknown) => Tensor | KerasTensor): (Tensor | KerasTensor)[] {
    const values: (Tensor | KerasTensor)[] = [];
    const match = (want: SymbolicTree, x: unknown): boolean => {
      if (want instanceof KerasTensor) {
        if (x === null || x === undefined || isPlainObject(x)) return false;
        const value = enter(x);
        checkShape(want, value);
        return values.push(value) > 0;
      }
      if (Array.isArray(want)) {
        const list = want as readonly SymbolicTree[];
        return Array.isArray(x) && x.length === list.length && list.every((w, i) => match(w, x[i]));
      }
      const members = Object.entries(want).sort(([a], [b]) => (a < b ? -1 : 1));
      return (
        isPlainObject(x) &&
        Object.keys(x).length === members.length &&
        members.every(([key, w]) => match(w as SymbolicTree, x[key]))
      );
    };
    if (match(this.#inputs, inputs)) return values;
    throw new ValueError(
      `Function "${this.name}" was called with an invalid input structure. ` +
        `Expected: ${show(mapInOrder(this.#inputs, (x) => x.name))}. Received: ${show(inputs)}`,
    );
  }
}

function checkShape(want: KerasTensor, x: Tensor | KerasTensor): void {
  const fits =
    want.ndim === x.ndim &&
    want.shape.every((n, axis) => n === null || x.shape[axis] === null || n === x.shape[axis]);
  if (fits) return;
  throw new ShapeError(
    `Function: expected shape ${showShape(want.shape)} for input "${want.name}". Received: ${showShape(x.shape)}`,
  );
}

export { KerasFunction as Function };

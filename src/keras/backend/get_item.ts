/** `x[…]` as a step of a graph. */
import { type IndexSpec, isPlainObject, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { learnClass } from "../saving/serialization_lib.ts";
import { type KerasArguments, Operation } from "./operation.ts";
import { SymbolicTensor } from "./symbolic_tensor.ts";

/** A slice as configs hold it. */
interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/** Picks elements by an index that is a list of positions, slices, new axes and `"..."`. */
export class GetItem extends Operation {
  static readonly className: string = "GetItem";
  static readonly module: string = "keras.src.ops.numpy";

  constructor(name: string | null = null) {
    super(name);
    learnClass(GetItem);
  }

  override call(x: TensorLike, index: readonly IndexSpec[]): Tensor {
    return toTensor(x).at(...index);
  }

  override computeOutputSpec(x: unknown, index: readonly IndexSpec[]): unknown {
    const found = super.computeOutputSpec(x, index) as SymbolicTensor;
    if (
      !(x instanceof SymbolicTensor) ||
      !index.every((i) => i === null || typeof i !== "object" || isSlice(i))
    ) {
      return found;
    }
    // Of an axis of unknown length, a slice has an unknown length, even if it asks for some.
    const named = index.filter((i) => i !== null && i !== "...").length;
    const axes: (number | null)[] = [];
    let axis = 0;
    for (const item of index.includes("...") ? index : [...index, "..." as const]) {
      if (item === null) axes.push(1);
      else if (item === "...") for (let n = x.shape.length - named; n > 0; n--) axes.push(x.shape[axis++]!);
      else if (typeof item === "number") axis++;
      else axes.push(x.shape[axis++]!);
    }
    const shape = found.shape.map((n, i) => (axes[i] === null ? null : n));
    return found.like(shape, found.dtype);
  }

  override kerasArguments([x, index]: readonly unknown[]): KerasArguments {
    const key = (index as readonly IndexSpec[]).map((item) => {
      if (item === "...") return { class_name: "__ellipsis__", config: {} };
      if (!Array.isArray(item)) return item;
      const [start = null, stop = null, step = null] = item as readonly (number | null)[];
      return { class_name: "__slice__", config: { start, stop, step } };
    });
    return { args: [x, key.length === 1 ? key[0] : key], kwargs: {} };
  }

  override argumentsFromKeras({ args, kwargs }: KerasArguments): readonly unknown[] {
    const [x, key = kwargs.key] = args;
    const index = (Array.isArray(key) ? key : [key]).map((item: unknown) => {
      if (!isPlainObject(item)) return item;
      const { start, stop, step } = item as unknown as Slice;
      return [start, stop, step];
    });
    return [x, index];
  }
}

function isSlice(x: IndexSpec): boolean {
  return Array.isArray(x) && x.every((n) => n === null || n === undefined || typeof n === "number");
}

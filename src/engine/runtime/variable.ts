/** Mutable values that programs read and update in place. */
import type { DeviceArray } from "../backends/backend.ts";
import type { Node } from "../graph/node.ts";
import type { DType, TypedArray } from "../tensor/dtype.ts";
import { DisposedError, ShapeError } from "../tensor/errors.ts";
import { checkShape, type Shape, sameShape, showShape, sizeOf } from "../tensor/shape.ts";
import { backend } from "./device.ts";
import { hostValue, leaf, setValue } from "./evaluate.ts";
import { Tensor, type TensorLike, toTensor } from "./tensor.ts";
import { currentTrace, untraced } from "./trace.ts";

/** An initial value that is made when it is first needed: a variable that is assigned before it is read never makes it. */
export interface DeferredValue {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Gives a value of that shape; which one must not depend on when it is asked for. */
  make(): TensorLike;
}

/** Stands for a variable's memory until it is needed. */
class Deferred {
  readonly make: () => TensorLike;

  constructor(make: () => TensorLike) {
    this.make = make;
  }
}

/**
 * A mutable tensor of fixed shape and dtype that lives on the device.
 *
 * Inside `jit` reading `value` makes an input of the program, and `assign` an output that overwrites the variable's
 * memory when the program runs.
 *
 * @example
 * ```ts
 * const v = new Variable([1, 2, 3]);
 * v.assign(v.value.multiply(2));
 * v.value.arraySync(); // → [2, 4, 6]
 * ```
 */
export class Variable {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Undefined once it is disposed. */
  #memory: DeviceArray | Deferred | undefined;
  /**
   * The leaf that was handed out for the present value. Held strongly: what a WeakRef points to stays alive until the
   * host's event loop turns, so that a long synchronous loop would pile up old values.
   */
  #leaf: Node | undefined;

  /**
   * @param value the initial value, or what makes it when it is first needed
   * @param dtype default: that of the value
   */
  constructor(value: TensorLike | DeferredValue, dtype?: DType) {
    if (isDeferred(value)) {
      this.shape = checkShape(value.shape, "Variable");
      this.dtype = value.dtype;
      this.#memory = new Deferred(() => value.make());
      return;
    }
    const initial = toTensor(value, dtype);
    this.shape = initial.shape;
    this.dtype = initial.dtype;
    this.#memory = this.#write(hostValue(initial.node));
  }

  /** New memory with values. */
  #write(values: TypedArray): DeviceArray {
    const memory = backend().allocate(this.dtype, sizeOf(this.shape));
    memory.write(values);
    return memory;
  }

  /** The present value. */
  get value(): Tensor {
    const trace = currentTrace();
    return new Tensor(trace === undefined ? this.leaf() : trace.read(this));
  }

  /**
   * Replaces the value. Gradients do not go through an assignment, but for values that stand for the variable (`StandIns`).
   *
   * @throws ShapeError when the shape differs; the dtype is converted
   */
  assign(value: TensorLike): this {
    const next = toTensor(value, this.dtype);
    if (!sameShape(next.shape, this.shape)) {
      throw new ShapeError(
        `assign: the variable has shape ${showShape(this.shape)}. Received: ${showShape(next.shape)}`,
      );
    }
    const trace = currentTrace();
    if (trace !== undefined) trace.assign(this, next.node);
    else {
      const values = hostValue(next.node);
      this.beforeChange();
      if (this.#memory instanceof Deferred) this.#memory = this.#write(values);
      else this.memory.write(values);
    }
    return this;
  }

  /** Adds to the value in place. */
  assignAdd(value: TensorLike): this {
    return this.assign(this.value.add(value));
  }

  /** Subtracts from the value in place. */
  assignSub(value: TensorLike): this {
    return this.assign(this.value.subtract(value));
  }

  /** Gives a function that brings the present value back; a value that nobody has needed yet is not made for that. */
  keep(): () => void {
    const deferred = this.#memory;
    if (!(deferred instanceof Deferred)) {
      const { value } = this;
      return () => void this.assign(value);
    }
    return () => {
      if (this.#memory === deferred) return;
      this.dispose();
      this.#memory = deferred;
    };
  }

  /** Gives the device memory back; using the variable afterwards throws DisposedError. */
  dispose(): void {
    if (this.#memory === undefined) return;
    this.beforeChange();
    if (!(this.#memory instanceof Deferred)) this.#memory.dispose();
    this.#memory = undefined;
  }

  /** The device memory; for the runtime, which calls `beforeChange` before a program writes to it. */
  get memory(): DeviceArray {
    if (this.#memory === undefined)
      throw new DisposedError(`This variable of shape ${showShape(this.shape)} was disposed.`);
    if (this.#memory instanceof Deferred) return (this.#memory = this.#initialMemory(this.#memory));
    if (this.#memory.device !== backend()) {
      const moved = this.#write(this.#memory.read());
      this.beforeChange();
      this.#memory.dispose();
      this.#memory = moved;
    }
    return this.#memory;
  }

  #initialMemory({ make }: Deferred): DeviceArray {
    // The value lasts; what traces the variable for a program must not make it anew in each run.
    return untraced(() => {
      const initial = toTensor(make(), this.dtype);
      if (sameShape(initial.shape, this.shape)) return this.#write(hostValue(initial.node));
      throw new ShapeError(
        `The variable has shape ${showShape(this.shape)}, but its initial value has ${showShape(initial.shape)}.`,
      );
    });
  }

  /** A leaf of the graph with the present value. */
  leaf(): Node {
    this.#leaf ??= leaf(this.memory, this);
    return this.#leaf;
  }

  /** Tensors that were read before keep the old value: it is copied out if there may be any. */
  beforeChange(): void {
    if (this.#leaf !== undefined && this.#memory !== undefined && !(this.#memory instanceof Deferred))
      setValue(this.#leaf, this.#memory.read());
    this.#leaf = undefined;
  }
}

function isDeferred(value: TensorLike | DeferredValue): value is DeferredValue {
  return typeof value === "object" && value !== null && "make" in value;
}

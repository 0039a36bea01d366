/** Complex numbers: a pair of tensors. */
import {
  broadcastShapes,
  broadcastTo,
  DTypeError,
  defineDisplay,
  defineTreeNode,
  formatComplex,
  isFloat,
  type NestedArray,
  promote,
  type Shape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";

/** The dtypes of complex numbers, whose parts are float32 or float64. */
export type ComplexDType = "complex64" | "complex128";

/** Whatever is complex numbers, or real ones. */
export type ComplexLike = ComplexTensor | TensorLike;

/** A part as a tensor of float32 or float64. */
function part(x: TensorLike): Tensor {
  const t = toTensor(x);
  return t.dtype === "float64" ? t : t.astype("float32");
}

/**
 * An array of complex numbers. Functions of `ops` that have a meaning for complex numbers take it, among them arithmetic,
 * `matmul`, `abs`, `angle`, `conj` and `exp`; `jit` takes and gives it; gradients go through to its parts.
 *
 * @param real the real parts
 * @param imag the imaginary parts; both are broadcast
 * @throws ShapeError when the parts cannot be broadcast together
 *
 * @example
 * ```ts
 * const z = new ComplexTensor([1, 2], [0.5, -1]);
 * String(z); // → [1.+0.5j 2.-1.j ]
 * String(z.multiply(z)); // → [0.75+1.j 3.  -4.j]
 * [z.dtype, z.shape]; // → ["complex64", [2]]
 * ```
 */
export class ComplexTensor {
  readonly real: Tensor;
  readonly imag: Tensor;

  constructor(real: TensorLike, imag: TensorLike) {
    const [re, im] = [part(real), part(imag)];
    const dtype = promote(re.dtype, im.dtype);
    const shape = broadcastShapes(re.shape, im.shape, "ComplexTensor");
    const brought = (x: Tensor): Tensor => {
      const same = x.astype(dtype);
      return x.shape.join() === shape.join() ? same : broadcastTo(same, shape);
    };
    this.real = brought(re);
    this.imag = brought(im);
  }

  /** Complex numbers as they are, real ones with imaginary parts of 0. */
  static from(x: ComplexLike): ComplexTensor {
    return x instanceof ComplexTensor ? x : new ComplexTensor(x, 0);
  }

  get dtype(): ComplexDType {
    return this.real.dtype === "float64" ? "complex128" : "complex64";
  }

  get shape(): Shape {
    return this.real.shape;
  }

  get ndim(): number {
    return this.real.ndim;
  }

  get size(): number {
    return this.real.size;
  }

  /** Both parts with a function applied, which treats all elements alike or only moves them. */
  map(fn: (part: Tensor) => Tensor): ComplexTensor {
    return new ComplexTensor(fn(this.real), fn(this.imag));
  }

  /** @throws DTypeError for a dtype of real numbers: take `real`, or `ops.abs` */
  astype(dtype: ComplexDType): ComplexTensor {
    if (dtype !== "complex64" && dtype !== "complex128") {
      throw new DTypeError(
        `astype: complex numbers become "complex64" or "complex128"; take their .real for real ones. Received: ${String(dtype)}`,
      );
    }
    return this.map((x) => x.astype(dtype === "complex64" ? "float32" : "float64"));
  }

  reshape(shape: Shape): ComplexTensor {
    return this.map((x) => x.reshape(shape));
  }

  transpose(axes?: readonly number[]): ComplexTensor {
    return this.map((x) => x.transpose(axes));
  }

  conj(): ComplexTensor {
    return new ComplexTensor(this.real, this.imag.multiply(-1));
  }

  negative(): ComplexTensor {
    return this.map((x) => x.multiply(-1));
  }

  add(other: ComplexLike): ComplexTensor {
    const { real, imag } = ComplexTensor.from(other);
    return new ComplexTensor(this.real.add(real), this.imag.add(imag));
  }

  subtract(other: ComplexLike): ComplexTensor {
    return this.add(ComplexTensor.from(other).negative());
  }

  multiply(other: ComplexLike): ComplexTensor {
    return this.#product(other, (a, b) => a.multiply(b));
  }

  matmul(other: ComplexLike): ComplexTensor {
    return this.#product(other, (a, b) => a.matmul(b));
  }

  #product(other: ComplexLike, times: (a: Tensor, b: Tensor) => Tensor): ComplexTensor {
    const [{ real: a, imag: b }, { real: c, imag: d }] = [this, ComplexTensor.from(other)];
    return new ComplexTensor(times(a, c).subtract(times(b, d)), times(a, d).add(times(b, c)));
  }

  divide(other: ComplexLike): ComplexTensor {
    const { real: c, imag: d } = ComplexTensor.from(other);
    const size = c.multiply(c).add(d.multiply(d));
    return this.multiply(new ComplexTensor(c.divide(size), d.multiply(-1).divide(size)));
  }

  /** The numbers as nested arrays of pairs `[real, imag]`. */
  async array(): Promise<NestedArray> {
    const [re, im] = await Promise.all([this.real.array(), this.imag.array()]);
    return pairs(re, im);
  }

  /** The same at once, where the backend can. */
  arraySync(): NestedArray {
    return pairs(this.real.arraySync(), this.imag.arraySync());
  }

  toString(): string {
    const [re, im] = [this.real.dataSync(), this.imag.dataSync()];
    return formatComplex(re, im, this.shape, this.real.dtype);
  }
}

defineDisplay(ComplexTensor.prototype, { text: String });
defineTreeNode(ComplexTensor.prototype, {
  children: ({ real, imag }) => [real, imag],
  with: ([real, imag]) => complexWith(real, imag),
});

/** A pair again, of tensors or of what stands for them while a tree is gone through. */
function complexWith(real: unknown, imag: unknown): ComplexTensor {
  const isPart = (x: unknown): x is Tensor =>
    typeof x === "object" && x !== null && "dtype" in x && isFloat((x as Tensor).dtype) && "astype" in x;
  if (isPart(real) && isPart(imag)) return new ComplexTensor(real, imag);
  return Object.assign(Object.create(ComplexTensor.prototype), { real, imag }) as ComplexTensor;
}

function pairs(re: NestedArray, im: NestedArray): NestedArray {
  if (!Array.isArray(re)) return [re, im] as NestedArray;
  return re.map((x, i) => pairs(x, (im as NestedArray[])[i]!)) as NestedArray;
}

/** A bound on how strongly a layer can amplify. */
import {
  all,
  divide,
  equal,
  loop,
  matmul,
  StateError,
  show,
  stopGradient,
  type Tensor,
  transpose,
  ValueError,
  where,
} from "../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import { Variable } from "../../backend/variable.ts";
import { TruncatedNormal } from "../../initializers/truncated_normal.ts";
import { normalize } from "../../ops/nn_losses.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments } from "../call_inputs.ts";
import { Wrapper } from "../core/wrapper.ts";
import { InputSpec } from "../input_spec.ts";
import type { AnyLayer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link SpectralNormalization}. */
export interface SpectralNormalizationOptions extends LayerOptions {
  /** How many steps of power iteration each call makes. Default 1. */
  readonly powerIterations?: number;
}

/**
 * Wraps a layer with a kernel (or embeddings): each call while training divides the kernel by an estimate of its largest
 * singular value, so that the layer does not amplify (Miyato et al., 2018).
 *
 * Input and output: those of the wrapped layer. Weights: those of the wrapped layer, and `vectorU`, the estimate of the
 * singular vector.
 *
 * Input: that of the layer inside. Output: that of the layer inside.
 *
 * @throws ValueError unless `powerIterations` is a positive whole number
 *
 * @example
 * ```ts
 * const layer = new SpectralNormalization(new Dense(1, { kernelInitializer: "ones" }), { powerIterations: 2 });
 * layer([[0.5, 0.5, 1, 1]], { training: true }).arraySync(); // → [[1.5]]
 * ```
 */
export class SpectralNormalization extends Wrapper {
  static override readonly className: string = "SpectralNormalization";
  readonly powerIterations: number;
  /** The weight that is normalized, and the estimate; there once the layer is built. */
  kernel: Variable | undefined;
  vectorU: Variable | undefined;

  /**
   * @param layer the layer to wrap
   * @param options `powerIterations` (default 1), and those of every layer
   */
  constructor(layer: AnyLayer, options: SpectralNormalizationOptions = {}) {
    super(layer, baseOptions("SpectralNormalization", options, ["powerIterations"]));
    this.powerIterations = options.powerIterations ?? 1;
    if (!(Number.isSafeInteger(this.powerIterations) && this.powerIterations > 0)) {
      throw new ValueError(
        "SpectralNormalization: expected powerIterations to be a positive whole number. " +
          `Received: powerIterations=${show(options.powerIterations)}`,
      );
    }
  }

  override build(inputShape: ShapeTree): void {
    super.build(inputShape);
    const kernel = this.#kernelInside();
    this.kernel = kernel;
    this.inputSpec = new InputSpec({ minNdim: 1, axes: { [-1]: (inputShape as KerasShape).at(-1) ?? null } });
    this.vectorU = this.addWeight({
      name: "vector_u",
      shape: [1, kernel.shape.at(-1)],
      initializer: new TruncatedNormal({ stddev: 0.02 }),
      trainable: false,
      dtype: kernel.dtype,
    });
  }

  #kernelInside(): Variable {
    const { kernel } = this.layer as { readonly kernel?: unknown };
    const found =
      kernel instanceof Variable ? kernel : this.layer.weights.find((v) => v.name === "embeddings");
    if (found !== undefined) return found;
    throw new StateError(
      `SpectralNormalization: the layer "${this.layer.name}" has no kernel and no embeddings to normalize.`,
    );
  }

  override call(x: Tensor, { training }: CallArguments): Tensor {
    if (training) this.#normalize();
    const output = this.layer(x, { training }) as Tensor;
    // The layer inside has attached its mask to what it gave.
    return output.dtype === x.dtype ? output : output.astype(x.dtype);
  }

  /** Divides the kernel by its largest singular value; a kernel of zeros stays. */
  #normalize(): void {
    const kernel = this.kernel!;
    const before = kernel.value;
    const matrix = before.reshape(-1, before.shape.at(-1)!);
    const old = this.vectorU!.value;
    const step = (from: Tensor): [u: Tensor, v: Tensor] => {
      const v = normalize(matmul(from, transpose(matrix)), { axis: null });
      return [normalize(matmul(v, matrix), { axis: null }), v];
    };
    let [u, v] = step(old);
    // One body for all further rounds: a program of many rounds would take long to compile.
    const further = this.powerIterations - 1;
    if (further > 0) [u, v] = loop(further, [u, v], (_, from) => step(from));
    [u, v] = [stopGradient(u), stopGradient(v)];
    const sigma = matmul(matmul(v, matrix), transpose(u)).reshape([]);
    const empty = all(equal(before, 0));
    this.vectorU!.assign(where(empty, old, u));
    kernel.assign(where(empty, before, divide(before, where(empty, 1, sigma))));
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    return this.layer.computeOutputShape(inputShape);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), power_iterations: this.powerIterations };
  }
}

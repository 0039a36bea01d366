/** What the padding layers share. */
import { type DType, type Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { pad } from "../../ops/numpy_pad.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import type { LayerOptions } from "../layer_options.ts";
import { firstSpatialAxis, mapSpatial, type Pair, pairsPerAxis } from "./spatial.ts";

/** Zeros around any number of axes of space. */
export abstract class BaseZeroPadding extends Layer {
  readonly padding: Pair | readonly Pair[];
  readonly dataFormat: DataFormat;
  readonly #pairs: readonly Pair[];

  constructor(where: string, rank: number, padding: unknown, dataFormat: unknown, options: LayerOptions) {
    super(options);
    this.#pairs = pairsPerAxis(padding, rank, where, "padding");
    this.padding = rank === 1 ? this.#pairs[0]! : this.#pairs;
    this.dataFormat = standardizeDataFormat(dataFormat, where);
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
  }

  override call(x: Tensor): Tensor {
    const first = firstSpatialAxis(this.dataFormat);
    return pad(
      x,
      x.shape.map((_, i) => this.#pairs[i - first] ?? [0, 0]),
    );
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return mapSpatial(inputShape, this.dataFormat, this.#pairs.length, (n, axis) => {
      const [before, behind] = this.#pairs[axis]!;
      return before + n + behind;
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), padding: this.padding, data_format: this.dataFormat };
  }
}

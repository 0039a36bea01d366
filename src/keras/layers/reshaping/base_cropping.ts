/** What the cropping layers share. */
import { type DType, ShapeError, show, showShape, type Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import type { LayerOptions } from "../layer_options.ts";
import { firstSpatialAxis, mapSpatial, type Pair, pairsPerAxis } from "./spatial.ts";

/** Cropping of any number of axes of space. */
export abstract class BaseCropping extends Layer {
  readonly cropping: Pair | readonly Pair[];
  protected readonly format: DataFormat;
  readonly #pairs: readonly Pair[];

  constructor(where: string, rank: number, cropping: unknown, dataFormat: unknown, options: LayerOptions) {
    super(options);
    this.#pairs = pairsPerAxis(cropping, rank, where, "cropping");
    this.cropping = rank === 1 ? this.#pairs[0]! : this.#pairs;
    this.format = standardizeDataFormat(dataFormat, where);
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
  }

  override call(x: Tensor): Tensor {
    this.computeOutputShape(x.shape);
    const first = firstSpatialAxis(this.format);
    return x.at(
      ...x.shape.map((n, i): [number, number] => {
        const [before, behind] = this.#pairs[i - first] ?? [0, 0];
        return [before, n - behind];
      }),
    );
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return mapSpatial(inputShape, this.format, this.#pairs.length, (n, axis) => {
      const [before, behind] = this.#pairs[axis]!;
      if (before + behind < n) return n - before - behind;
      throw new ShapeError(
        `Layer "${this.name}": cropping must leave something of each axis. ` +
          `Received: cropping=${show(this.cropping)}, input shape ${showShape(inputShape)}`,
      );
    });
  }

  override getConfig(): Config {
    const format = this.#pairs.length === 1 ? {} : { data_format: this.format };
    return { ...super.getConfig(), cropping: this.cropping, ...format };
  }
}

/** The base of models: layers that can be trained and shown. */
import { checkOptions, didYouMean, IndexError, show, type Tensor, ValueError } from "../../engine/index.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import type { AnyLayer } from "../layers/layer.ts";
import { Trainer } from "../trainers/trainer.ts";
import { type SummaryOptions, summaryText } from "../utils/summary_utils.ts";

/** Options of `summary`. */
export interface ModelSummaryOptions extends SummaryOptions {
  /** What is called with the whole text. Default `console.log`. */
  readonly printFn?: ((text: string) => void) | null;
}

/**
 * Base class of models, to extend: define layers in the constructor and compute in `call`.
 *
 * @param options `name` (default: automatic), `trainable` (default true), `dtype` and what else layers take
 *
 * @example
 * ```ts
 * import type { Tensor } from "tsuno/engine";
 *
 * class Twice extends Model {
 *   readonly hidden = new layers.Dense(4, { activation: "relu" });
 *   readonly last = new layers.Dense(1);
 *   override call(x: Tensor): Tensor {
 *     return this.last(this.hidden(x));
 *   }
 * }
 * const model = new Twice();
 * model([[1, 2, 3]]).shape; // → [1, 1]
 * model.countParams(); // → 21
 * ```
 */
export abstract class Model<Out extends Tensors = Tensor> extends Trainer<Out> {
  static override readonly module: string = "keras";

  /** The layers that the model is made of. */
  get layers(): AnyLayer[] {
    return [...this.sublayers()];
  }

  /**
   * A layer of the model.
   *
   * @param nameOrIndex its name, or its place in `layers` (negative: counted from the end)
   * @throws ValueError when no layer has that name, IndexError when there is no such place
   */
  getLayer(nameOrIndex: string | number): AnyLayer {
    const { layers } = this;
    if (typeof nameOrIndex === "number") {
      const layer = Number.isInteger(nameOrIndex) ? layers.at(nameOrIndex) : undefined;
      if (layer !== undefined) return layer;
      throw new IndexError(
        `getLayer: there is no layer ${nameOrIndex}; model "${this.name}" has ${layers.length} layers`,
      );
    }
    const found = layers.find((layer) => layer.name === nameOrIndex);
    if (found !== undefined) return found;
    const names = layers.map((layer) => layer.name);
    throw new ValueError(
      `getLayer: no layer ${show(nameOrIndex)} in model "${this.name}".${didYouMean(String(nameOrIndex), names)} ` +
        `Its layers are: ${names.join(", ")}`,
    );
  }

  /**
   * Prints a table of the layers with their output shapes and numbers of parameters.
   *
   * @param options `lineLength` (default: 88, or less on a narrow terminal), `positions` (where columns end, as fractions),
   *   `printFn` (default `console.log`; gets the whole text), `expandNested` (default false: whether the layers of models
   *   inside are listed), `showTrainable` (default false), `layerRange` (names, or patterns, of the first and the last layer)
   */
  summary(options: ModelSummaryOptions = {}): void {
    checkOptions("summary", options, [
      ...["lineLength", "positions", "printFn", "expandNested", "showTrainable", "layerRange"],
    ]);
    const { printFn, ...rest } = options;
    const text = summaryText(this, rest);
    if (printFn) printFn(text);
    else console.log(text);
  }
}

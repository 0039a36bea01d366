/** Quantizes the layers of a model. */
import { checkOptions, UnsupportedError } from "../../engine/index.ts";
import { InputLayer } from "../layers/core/input_layer.ts";
import type { AnyLayer } from "../layers/layer.ts";
import type { QuantizeOptions } from "../layers/quantize_options.ts";
import { printMsg } from "../utils/io_utils.ts";

/** Options of a model's `quantize`. */
export interface ModelQuantizeOptions extends QuantizeOptions {
  /** Which layers: those whose name one of the patterns finds, or the function accepts. Default: all. */
  readonly filters?: string | RegExp | readonly (string | RegExp)[] | ((layer: AnyLayer) => boolean) | null;
  /** Whether a line says what was done. Default true. */
  readonly verbose?: boolean;
}

/** What `quantize` has done with each layer, by its path. */
export interface QuantizationReport {
  readonly mode: string;
  readonly quantized: readonly { readonly path: string; readonly policy: string }[];
  readonly skipped: readonly {
    readonly path: string;
    readonly reason: "filtered" | "quantized already" | "no support";
  }[];
}

function accepts(layer: AnyLayer, filters: ModelQuantizeOptions["filters"]): boolean {
  if (filters === undefined || filters === null) return true;
  if (typeof filters === "function") return filters(layer);
  const patterns = typeof filters === "string" || filters instanceof RegExp ? [filters] : filters;
  return patterns.some((pattern) => new RegExp(pattern).test(layer.name));
}

/** Quantizes those of the layers that know how and that the filters let through. */
export function quantizeLayers(
  layers: readonly AnyLayer[],
  mode: string,
  options: ModelQuantizeOptions,
): QuantizationReport {
  checkOptions("quantize", options, ["config", "typeCheck", "filters", "verbose"]);
  const { filters, verbose = true, ...own } = options;
  const quantized: { path: string; policy: string }[] = [];
  const skipped: QuantizationReport["skipped"][number][] = [];
  for (const layer of layers) {
    if (layer instanceof InputLayer) continue;
    const { path } = layer;
    if (!accepts(layer, filters)) skipped.push({ path, reason: "filtered" });
    else if (layer.quantizationMode !== null) skipped.push({ path, reason: "quantized already" });
    else {
      try {
        layer.quantize(mode, own);
        quantized.push({ path, policy: layer.dtypePolicy.name });
      } catch (error) {
        if (!(error instanceof UnsupportedError)) throw error;
        skipped.push({ path, reason: "no support" });
      }
    }
  }
  if (verbose)
    printMsg(`quantize("${mode}"): ${quantized.length} layers, ${skipped.length} left as they are`);
  return { mode, quantized, skipped };
}

/** Quantizes the layers of a model. */
import { checkOptions, show, UnsupportedError, ValueError } from "../../engine/index.ts";
import { InputLayer } from "../layers/core/input_layer.ts";
import { readQuantizationConfig } from "../layers/core/quantization/quantization.ts";
import type { AnyLayer } from "../layers/layer.ts";
import type { QuantizeOptions } from "../layers/quantize_options.ts";
import type {
  CalibratedLayer,
  CalibratingConfig,
  QuantizationLayerStructure,
} from "../quantizers/calibration.ts";
import { type QuantizationConfig, resolveQuantization } from "../quantizers/quantization_config.ts";
import { QuantizationReport } from "../quantizers/quantization_report.ts";
import { printMsg } from "../utils/io_utils.ts";

/** Options of a model's `quantize`. */
export interface ModelQuantizeOptions extends QuantizeOptions {
  /** Which layers: those whose name one of the patterns finds, or the function accepts. Default: all. */
  readonly filters?: string | RegExp | readonly (string | RegExp)[] | ((layer: AnyLayer) => boolean) | null;
  /** Whether the report is printed. Default true. */
  readonly verbose?: boolean;
}

/** What the quantization of a model's layers needs to know of the model. */
interface Quantizable {
  /** All layers, those of models inside too, without these models. */
  readonly layers: readonly AnyLayer[];
  structure(mode: string): QuantizationLayerStructure | null;
}

function accepts(layer: AnyLayer, filters: ModelQuantizeOptions["filters"]): boolean {
  if (filters === undefined || filters === null) return true;
  if (typeof filters === "function") return filters(layer);
  const patterns = typeof filters === "string" || filters instanceof RegExp ? [filters] : filters;
  return patterns.some((pattern) => new RegExp(pattern).test(layer.name));
}

function checkFilters(filters: unknown): void {
  const isPattern = (x: unknown): boolean => typeof x === "string" || x instanceof RegExp;
  const fine =
    filters === undefined || filters === null || typeof filters === "function" || isPattern(filters);
  if (fine || (Array.isArray(filters) && filters.every(isPattern))) return;
  throw new ValueError(
    `quantize: expected filters to be a pattern, several, or a function. Received: filters=${show(filters)}`,
  );
}

function calibrates(config: QuantizationConfig): config is CalibratingConfig {
  return config.mode === "gptq" || config.mode === "awq";
}

/** Quantizes those of the layers that know how and that the filters let through. */
export function quantizeLayers(
  model: Quantizable,
  mode: string | null | undefined,
  options: ModelQuantizeOptions,
): QuantizationReport {
  checkOptions("quantize", options, ["config", "typeCheck", "filters", "verbose"]);
  const { filters, verbose = true, typeCheck = true } = options;
  checkFilters(filters);
  const config = resolveQuantization(
    mode,
    readQuantizationConfig({ quantizationConfig: options.config ?? null }),
  );
  const calibrating = calibrates(config) ? config : undefined;
  // Whatever may be missing is found before a layer changes.
  const structure = calibrating?.check(
    calibrating.quantizationLayerStructure ?? model.structure(config.mode),
  );
  const samples = calibrating?.samples();
  const covered = new Set<unknown>(structure?.sequentialBlocks.flatMap((block) => block.flattenLayers()));
  const report = new QuantizationReport(config.mode);
  for (const layer of model.layers) {
    if (layer instanceof InputLayer) continue;
    const { path } = layer;
    const waits = "calibrationTarget" in layer && covered.has(layer);
    if (structure !== undefined && !waits) report.addSkipped(path, QuantizationReport.SKIP_OUTSIDE_STRUCTURE);
    else if (!accepts(layer, filters)) report.addSkipped(path, QuantizationReport.SKIP_FILTERED);
    else if (layer.built && layer.quantizationMode !== null)
      report.addSkipped(path, QuantizationReport.SKIP_ALREADY_QUANTIZED);
    else {
      try {
        layer.quantize(config.mode, { config, typeCheck });
        report.addQuantized(path, config.mode, layer.dtypePolicy.name);
      } catch (error) {
        if (!(error instanceof UnsupportedError)) throw error;
        report.addSkipped(path, QuantizationReport.SKIP_NO_SUPPORT);
      }
    }
  }
  if (calibrating && structure && samples) calibrating.calibrate(structure, samples, verbose);
  const warning = report.summaryWarning();
  if (verbose && warning !== null) console.warn(warning);
  if (verbose) printMsg(report.render());
  return report;
}

export type { CalibratedLayer };

/** What a call of a model's `quantize` has done. */

/** Why a layer was not quantized. */
export type SkipReason =
  | "no quantize support"
  | "filtered out"
  | "already quantized"
  | "outside quantization structure";

/**
 * What a call of a model's `quantize` has done with each layer.
 *
 * @param mode in which layers were quantized
 *
 * @example
 * ```ts
 * const report = new QuantizationReport("int8");
 * report.addQuantized("net/dense", "int8", "int8_from_float32");
 * report.addSkipped("net/relu", QuantizationReport.SKIP_NO_SUPPORT);
 * [report.numQuantized, report.skippedByReason("no quantize support")]; // → [1, ["net/relu"]]
 * ```
 */
export class QuantizationReport {
  static readonly SKIP_NO_SUPPORT: "no quantize support" = "no quantize support" as const;
  static readonly SKIP_FILTERED: "filtered out" = "filtered out" as const;
  static readonly SKIP_ALREADY_QUANTIZED: "already quantized" = "already quantized" as const;
  static readonly SKIP_OUTSIDE_STRUCTURE: "outside quantization structure" =
    "outside quantization structure" as const;
  readonly mode: string | null;
  /** The path of each layer that was quantized, the mode, and its policy. */
  readonly quantized: [path: string, mode: string, scheme: string][] = [];
  /** The path of each other layer, and why. */
  readonly skipped: [path: string, reason: SkipReason][] = [];
  readonly errors: [path: string, message: string][] = [];

  constructor(mode: string | null = null) {
    this.mode = mode;
  }

  addQuantized(path: string, mode: string, scheme: string): void {
    this.quantized.push([path, mode, scheme]);
  }

  addSkipped(path: string, reason: SkipReason): void {
    this.skipped.push([path, reason]);
  }

  addError(path: string, error: unknown): void {
    this.errors.push([path, error instanceof Error ? error.message : String(error)]);
  }

  get numQuantized(): number {
    return this.quantized.length;
  }

  get numSkipped(): number {
    return this.skipped.length;
  }

  get numErrors(): number {
    return this.errors.length;
  }

  /** The paths of the layers that were left as they are for a reason. */
  skippedByReason(reason: SkipReason): string[] {
    return this.skipped.flatMap(([path, why]) => (why === reason ? [path] : []));
  }

  /** What is worth a warning, with a few examples; null where nothing is. */
  summaryWarning(maxExamples = 5): string | null {
    const examples = (paths: readonly string[]): string =>
      paths
        .slice(0, maxExamples)
        .map((path) => `'${path}'`)
        .join(", ") + (paths.length > maxExamples ? ", ..." : "");
    const unsupported = this.skippedByReason(QuantizationReport.SKIP_NO_SUPPORT);
    if (unsupported.length + this.errors.length === 0) return null;
    const parts = ["`model.quantize()`:"];
    if (unsupported.length > 0) {
      parts.push(`${unsupported.length} layer(s) have no quantization (e.g. ${examples(unsupported)}).`);
    }
    if (this.errors.length > 0) {
      parts.push(
        `${this.errors.length} layer(s) had errors (e.g. ${examples(this.errors.map(([p]) => p))}).`,
      );
    }
    parts.push(
      `Quantized ${this.numQuantized} layer(s) in mode '${this.mode}'. See \`model.quantizationSummary()\` and the report that was returned.`,
    );
    return parts.join(" ");
  }

  /** The whole report, a line for each layer. */
  render(): string {
    const list = <T>(title: string, items: readonly T[], line: (item: T) => string): string[] => [
      `${title} ${items.length} layer(s):`,
      ...(items.length === 0 ? ["  (none)"] : items.map((item) => `  - ${line(item)}`)),
    ];
    return [
      `Quantization report (mode='${this.mode}')`,
      "=".repeat(65),
      ...list("Quantized", this.quantized, ([path, mode, scheme]) => `${path} (${mode}): ${scheme}`),
      ...list("Skipped", this.skipped, ([path, reason]) => `${path}: ${reason}`),
      ...(this.errors.length > 0 ? list("Errors on", this.errors, ([p, message]) => `${p}: ${message}`) : []),
    ].join("\n");
  }

  toString(): string {
    return `QuantizationReport(mode='${this.mode}', quantized=${this.numQuantized}, skipped=${this.numSkipped}, errors=${this.numErrors})`;
  }
}

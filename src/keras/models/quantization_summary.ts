/** What the quantized layers of a model take, as text. */
import { byteWidth } from "../../engine/index.ts";
import type { AnyLayer } from "../layers/layer.ts";

const narrow: readonly (string | null)[] = ["int4", "gptq", "awq"];

/** For each quantized layer its policy and the memory of its largest weight, as Keras counts it, and all together. */
export function quantizationSummary(name: string, layers: readonly AnyLayer[]): string {
  const rows = layers.flatMap((layer) => {
    const { quantizationMode: mode, weights } = layer;
    if (layer.flattenLayers().length !== 1 || mode === null || weights.length === 0) return [];
    const sizeOf = (w: (typeof weights)[number]): number => w.shape.reduce((n, m) => n * m, 1);
    const largest = weights.reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));
    const bytes = sizeOf(largest) * byteWidth(largest.dtype);
    // Where two numbers share a byte there are twice as many.
    const params = sizeOf(largest) * (narrow.includes(mode) ? 2 : 1);
    return [{ path: layer.path, policy: layer.dtypePolicy.name, dtype: largest.dtype, bytes, params }];
  });
  const total = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((n, row) => n + of(row), 0);
  const title = [`Quantization summary for '${name}'`, "=".repeat(65)];
  if (rows.length === 0) return [...title, "No quantized layers found."].join("\n");
  const [bytes, params] = [total((row) => row.bytes), total((row) => row.params)];
  return [
    ...title,
    ...rows.flatMap((row) => [
      `Layer: ${row.path}`,
      `  dtype policy : ${row.policy}`,
      `  weight store : ${row.dtype} (${row.bytes} bytes)`,
    ]),
    "-".repeat(65),
    `Quantized layers : ${rows.length}`,
    `Quantized params : ${params}`,
    `Weight storage   : ${bytes} bytes quantized vs ${params * 4} bytes float32 (${((params * 4) / bytes).toFixed(2)}x smaller)`,
  ].join("\n");
}

/** A small network of dense layers as a picture: its neurons, and its weights as they stand. */
import type { Tensor } from "../../engine/index.ts";

const [width, height, margin] = [320, 190, 16];
/** Larger networks would be a blur. */
const [mostNeurons, mostWeights, mostLayers] = [32, 700, 7];

/** One dense layer between two rows of neurons. */
export interface DrawnLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row by row, one row for each input. */
  readonly kernel: ArrayLike<number>;
  readonly bias: ArrayLike<number> | undefined;
}

/**
 * The layers of a model whose weights are those of dense layers one behind the other, if there are so few that they can be
 * drawn. It goes by the shapes of the weights alone.
 */
export async function drawnLayers(weights: readonly Tensor[]): Promise<DrawnLayer[] | undefined> {
  const pairs: { kernel: Tensor; bias: Tensor | undefined }[] = [];
  for (let i = 0; i < weights.length; ) {
    const [kernel, next] = [weights[i]!, weights[i + 1]];
    if (kernel.shape.length !== 2) return undefined;
    const before = pairs.at(-1)?.kernel.shape[1] ?? kernel.shape[0];
    if (kernel.shape[0] !== before) return undefined;
    const bias = next?.shape.length === 1 && next.shape[0] === kernel.shape[1] ? next : undefined;
    pairs.push({ kernel, bias });
    i += bias === undefined ? 1 : 2;
  }
  const neurons = pairs.flatMap(({ kernel }) => kernel.shape);
  const count = pairs.reduce((sum, { kernel }) => sum + kernel.size, 0);
  if (pairs.length === 0 || pairs.length >= mostLayers) return undefined;
  if (count > mostWeights || Math.max(...neurons) > mostNeurons) return undefined;
  return await Promise.all(
    pairs.map(async ({ kernel, bias }) => ({
      inputs: kernel.shape[0]!,
      outputs: kernel.shape[1]!,
      kernel: await kernel.data(),
      bias: await bias?.data(),
    })),
  );
}

/** Blue for positive, orange for negative numbers, the stronger the larger they are. */
function paint(value: number, largest: number): string {
  const strength = Math.min(1, Math.abs(value) / (largest || 1));
  return `stroke="${value < 0 ? "#ff7f0e" : "#2f83c5"}" stroke-opacity="${(0.08 + 0.92 * strength).toFixed(2)}" stroke-width="${(0.4 + 2.2 * strength).toFixed(1)}"`;
}

/** The layers as SVG. */
export function networkDrawing(layers: readonly DrawnLayer[]): string {
  const rows = [layers[0]!.inputs, ...layers.map(({ outputs }) => outputs)];
  const x = (row: number): number => margin + (row / (rows.length - 1)) * (width - 2 * margin);
  const y = (row: number, i: number): number => {
    const gap = Math.min(26, (height - 2 * margin) / Math.max(1, rows[row]! - 1));
    return height / 2 + (i - (rows[row]! - 1) / 2) * gap;
  };
  const size = Math.min(7, 75 / Math.max(...rows));
  const parts: string[] = [];
  layers.forEach(({ inputs, outputs, kernel }, row) => {
    const largest = Array.from(kernel).reduce((max, w) => Math.max(max, Math.abs(w)), 0);
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) {
        const w = kernel[i * outputs + j]!;
        parts.push(
          `<line x1="${x(row).toFixed(1)}" y1="${y(row, i).toFixed(1)}" x2="${x(row + 1).toFixed(1)}" y2="${y(row + 1, j).toFixed(1)}" ${paint(w, largest)}/>`,
        );
      }
    }
  });
  rows.forEach((count, row) => {
    const bias = row === 0 ? undefined : layers[row - 1]!.bias;
    const largest =
      bias === undefined ? 1 : Array.from(bias).reduce((max, b) => Math.max(max, Math.abs(b)), 0);
    for (let i = 0; i < count; i++) {
      const ring = bias === undefined ? 'stroke="currentColor"' : paint(bias[i]!, largest);
      parts.push(
        `<circle cx="${x(row).toFixed(1)}" cy="${y(row, i).toFixed(1)}" r="${size.toFixed(1)}" fill="#8884" ${ring}/>`,
      );
    }
  });
  const label = `a network of ${rows.join(", ")} neurons`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" style="max-width:100%;height:auto" role="img" aria-label="${label}">${parts.join("")}</svg>`;
}

/** `tsuno inspect`: what a file holds. */
import type { Tensor } from "../engine/index.ts";
import { openFile } from "./open.ts";

/** What is told of an array. */
export interface Statistics {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly zeros: number;
  /** NaN and infinities, which the other numbers leave out. */
  readonly notFinite: number;
}

function statistics(name: string, array: Tensor): Statistics {
  let [min, max, sum, squares, zeros, count] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    0,
    0,
    0,
  ];
  const values = array.dataSync();
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    if (value === 0) zeros++;
  }
  const mean = sum / count;
  for (const value of values) if (Number.isFinite(value)) squares += (value - mean) ** 2;
  const notFinite = values.length - count;
  const { shape, dtype } = array;
  return { name, shape, dtype, min, max, mean, std: Math.sqrt(squares / count), zeros, notFinite };
}

const number = (x: number): string => (Number.isFinite(x) ? String(Number(x.toPrecision(5))) : "-");

/** Columns that are as wide as they must be; the first one is text. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/**
 * What a file holds, as text or as JSON.
 *
 * @param write takes the lines
 */
export async function inspect(
  path: string,
  options: { readonly json: boolean },
  write: (text: string) => void,
): Promise<void> {
  const { format, model, arrays, notes = {} } = await openFile(path);
  const told = [...arrays].map(([name, array]) => statistics(name, array));
  const config: unknown =
    model === undefined ? undefined : JSON.parse(model.toJson().replaceAll("NaN", "null"));
  if (options.json) {
    write(
      JSON.stringify(
        { file: path, format, metadata: notes, arrays: told, ...(model && { config }) },
        null,
        2,
      ),
    );
    return;
  }
  write(`${path}: ${format}`);
  if (model !== undefined) {
    write("");
    model.summary({ printFn: write, expandNested: true });
    write("Configuration:");
    write(JSON.stringify(config, null, 2));
  }
  for (const [name, text] of Object.entries(notes)) write(`${name}: ${text}`);
  if (told.length === 0) return;
  write("");
  const head = [
    model === undefined ? "array" : "weight",
    "shape",
    "dtype",
    "min",
    "max",
    "mean",
    "std",
    "zeros",
    "not finite",
  ];
  const rows = told.map((s) => [
    s.name,
    `(${s.shape.join(", ")}${s.shape.length === 1 ? "," : ""})`,
    s.dtype,
    ...[s.min, s.max, s.mean, s.std].map(number),
    String(s.zeros),
    String(s.notFinite),
  ]);
  write(table([head, ...rows]));
  const total = [...arrays.values()].reduce((sum, { size }) => sum + size, 0);
  write(`${told.length} arrays, ${total.toLocaleString("en-US")} numbers`);
}

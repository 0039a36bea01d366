/** `np.loadtxt`, `np.genfromtxt` and `np.savetxt`: tables of numbers as text, such as CSV. */
import {
  checkOptions,
  type DType,
  FileError,
  show,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { readSource, type Source } from "../../files/source.ts";
import { type Target, writeTarget } from "../../files/target.ts";

/** Options of {@link loadtxt}. */
export interface LoadTextOptions {
  /** The dtype of the values. Default `"float64"`, as in NumPy. */
  readonly dtype?: DType;
  /** What stands between two numbers. Default: white space. */
  readonly delimiter?: string | null;
  /** What begins a comment. Default `"#"`; null: nothing does. */
  readonly comments?: string | null;
  /** Lines to leave out at the beginning. Default 0. */
  readonly skiprows?: number;
  /** The columns to read, from 0; negative ones count from the end. Default: all. */
  readonly usecols?: number | readonly number[] | null;
  /** Rows to read at most. Default: all. */
  readonly maxRows?: number | null;
  /** The least number of axes, 0 to 2. Default 0. */
  readonly ndmin?: number;
}

/** Options of {@link genfromtxt}. */
export interface GenFromTextOptions extends Omit<LoadTextOptions, "skiprows" | "ndmin"> {
  /** Lines to leave out at the beginning. Default 0. */
  readonly skipHeader?: number;
  /** Lines to leave out at the end. Default 0. */
  readonly skipFooter?: number;
  /** What missing or unreadable numbers become. Default NaN. */
  readonly fillingValues?: number;
}

const shared = ["dtype", "delimiter", "comments", "usecols", "maxRows"];

/** The rows of a table, as texts; empty lines and comments are left out. */
function rowsOf(text: string, options: LoadTextOptions & { readonly skipEnd?: number }): string[][] {
  const { delimiter = null, comments = "#", skiprows = 0, skipEnd = 0, maxRows = null } = options;
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  const rows: string[][] = [];
  for (const line of lines.slice(skiprows, lines.length - skipEnd)) {
    if (maxRows !== null && rows.length >= maxRows) break;
    const end = comments === null || comments === "" ? -1 : line.indexOf(comments);
    const content = (end < 0 ? line : line.slice(0, end)).trim();
    if (content === "") continue;
    rows.push(
      delimiter === null ? content.split(/\s+/) : content.split(delimiter).map((item) => item.trim()),
    );
  }
  return rows;
}

function numberOf(text: string): number | undefined {
  const found = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf(inity)?|nan)$/i.exec(text);
  if (found === null) return undefined;
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

/** The wanted columns of a row. */
function pick(row: readonly string[], usecols: LoadTextOptions["usecols"], at: string): readonly string[] {
  if (usecols === undefined || usecols === null) return row;
  const columns = typeof usecols === "number" ? [usecols] : usecols;
  return columns.map((column) => {
    const item = row.at(column);
    if (item === undefined)
      throw new FileError(`${at} has ${row.length} columns; there is no column ${column}`);
    return item;
  });
}

/**
 * A table of numbers from a text file.
 *
 * @param file a path, a URL, bytes, a `File`, … (see `Source`)
 * @param options `dtype` (default `"float64"`), `delimiter` (white space), `comments` (`"#"`), `skiprows` (0), `usecols`,
 *   `maxRows`, `ndmin` (0)
 * @returns one row for each line; axes of length 1 are left out, down to `ndmin`
 * @throws FileError when something is no number, or a row has another length; the message names row and column
 *
 * @example
 * ```ts
 * const csv = new TextEncoder().encode("# x, y\n1, 2\n3, 4\n");
 * (await np.loadtxt(csv, { delimiter: "," })).arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export async function loadtxt(file: Source, options: LoadTextOptions = {}): Promise<Tensor> {
  checkOptions("loadtxt", options, [...shared, "skiprows", "ndmin"]);
  const { dtype = "float64", ndmin = 0 } = options;
  if (![0, 1, 2].includes(ndmin))
    throw new ValueError(`np.loadtxt: ndmin is 0, 1 or 2. Received: ${show(ndmin)}`);
  const text = new TextDecoder().decode(await readSource(file, "np.loadtxt"));
  const rows = rowsOf(text, options).map((row, r) => pick(row, options.usecols, `np.loadtxt: row ${r + 1}`));
  const width = rows[0]?.length ?? 0;
  const numbers = new Float64Array(rows.length * width);
  rows.forEach((row, r) => {
    if (row.length !== width) {
      throw new FileError(
        `np.loadtxt: row ${r + 1} has ${row.length} columns, the first one ${width}. np.genfromtxt or usecols may help`,
      );
    }
    row.forEach((item, c) => {
      const value = numberOf(item);
      if (value === undefined)
        throw new FileError(`np.loadtxt: row ${r + 1}, column ${c + 1}: ${show(item)} is no number`);
      numbers[r * width + c] = value;
    });
  });
  return table(numbers, rows.length, width, ndmin).astype(dtype);
}

/**
 * A table of numbers from a text file in which some may be missing.
 *
 * @param file as for `loadtxt`
 * @param options as for `loadtxt`, and `skipHeader` (0), `skipFooter` (0), `fillingValues` (NaN)
 * @throws FileError when rows have different lengths
 *
 * @example
 * ```ts
 * const csv = new TextEncoder().encode("a,b\n1,\nx,4\n");
 * (await np.genfromtxt(csv, { delimiter: ",", skipHeader: 1, fillingValues: 0 })).arraySync(); // → [[1, 0], [0, 4]]
 * ```
 */
export async function genfromtxt(file: Source, options: GenFromTextOptions = {}): Promise<Tensor> {
  checkOptions("genfromtxt", options, [...shared, "skipHeader", "skipFooter", "fillingValues"]);
  const { dtype = "float64", skipHeader = 0, skipFooter = 0, fillingValues = Number.NaN } = options;
  const text = new TextDecoder().decode(await readSource(file, "np.genfromtxt"));
  const rows = rowsOf(text, { ...options, skiprows: skipHeader, skipEnd: skipFooter });
  const width = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd >= 0)
    throw new FileError(
      `np.genfromtxt: row ${odd + 1} has ${rows[odd]!.length} columns, the first one ${width}`,
    );
  const picked = rows.map((row, r) => pick(row, options.usecols, `np.genfromtxt: row ${r + 1}`));
  const numbers = Float64Array.from(picked.flat(), (item) => numberOf(item) ?? fillingValues);
  return table(numbers, rows.length, picked[0]?.length ?? 0, 0).astype(dtype);
}

/** Rows and columns as NumPy shapes them: axes of length 1 fall away, but for the last `ndmin`. */
function table(numbers: Float64Array, rows: number, columns: number, ndmin: number): Tensor {
  if (rows === 0) return tensor(numbers, { shape: ndmin === 2 ? [0, 1] : [0] });
  const flat = tensor(numbers, { shape: [rows, columns] });
  if (ndmin === 2 || (rows > 1 && columns > 1)) return flat;
  return rows * columns === 1 && ndmin === 0 ? flat.reshape() : flat.reshape(rows * columns);
}

/** Options of {@link savetxt}. */
export interface SaveTextOptions {
  /** How numbers are written: `"%.18e"` (default), `"%d"`, `"%.3f"`, `"%g"`, …, one for all or one for each column. */
  readonly fmt?: string | readonly string[];
  /** What stands between numbers. Default `" "`. */
  readonly delimiter?: string;
  /** What ends a line. Default `"\n"`. */
  readonly newline?: string;
  /** A line before the numbers, as a comment. Default: none. */
  readonly header?: string;
  /** A line after the numbers, as a comment. Default: none. */
  readonly footer?: string;
  /** What comments begin with. Default `"# "`. */
  readonly comments?: string;
}

/** One number, as C's printf writes it. */
function printf(format: string, value: number): string {
  const found = /^%([-+ 0]*)(\d*)(?:\.(\d+))?([dieEfFgG])$/.exec(format);
  if (found === null)
    throw new ValueError(
      `np.savetxt: fmt is a format such as "%.18e", "%d" or "%8.3f". Received: ${show(format)}`,
    );
  const [, flags = "", width = "", digits, kind = "e"] = found;
  const precision = digits === undefined ? 6 : Number(digits);
  let text: string;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  else if (kind === "d" || kind === "i") text = String(Math.trunc(value));
  else if (kind.toLowerCase() === "f") text = value.toFixed(precision);
  else if (kind.toLowerCase() === "e") text = exponential(value, precision);
  else text = general(value, precision === 0 ? 1 : precision);
  if (kind === "E" || kind === "G") text = text.toUpperCase();
  if (value >= 0 && flags.includes("+")) text = `+${text}`;
  else if (value >= 0 && flags.includes(" ")) text = ` ${text}`;
  if (flags.includes("-")) return text.padEnd(Number(width));
  if (!flags.includes("0") || !Number.isFinite(value)) return text.padStart(Number(width));
  const sign = /^[-+ ]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(Number(width) - sign.length, "0");
}

/** C writes exponents with two digits at least. */
function exponential(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([-+])(\d)$/, "e$10$2");
}

/** The shorter of the two forms, without trailing zeros. */
function general(value: number, precision: number): string {
  if (value === 0) return "0";
  const exponent = Number(value.toExponential(precision - 1).split("e")[1]);
  if (exponent >= -4 && exponent < precision) {
    const fixed = value.toFixed(Math.max(0, precision - 1 - exponent));
    return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
  }
  return exponential(value, precision - 1).replace(/\.?0+e/, "e");
}

/**
 * Writes numbers as a text file, one line for each row.
 *
 * @param file a path or any other target
 * @param x one or two axes
 * @param options `fmt` (default `"%.18e"`), `delimiter` (`" "`), `newline` (`"\n"`), `header`, `footer`, `comments` (`"# "`)
 * @throws ValueError when there are more axes, or the format is not known
 *
 * @example
 * ```ts
 * await np.savetxt("/tmp/table.csv", [[1, 2.5], [3, 4]], { delimiter: ",", fmt: "%g", header: "x,y" });
 * (await np.loadtxt("/tmp/table.csv", { delimiter: "," })).arraySync(); // → [[1, 2.5], [3, 4]]
 * ```
 */
export async function savetxt(file: Target, x: TensorLike, options: SaveTextOptions = {}): Promise<void> {
  checkOptions("savetxt", options, ["fmt", "delimiter", "newline", "header", "footer", "comments"]);
  const {
    fmt = "%.18e",
    delimiter = " ",
    newline = "\n",
    header = "",
    footer = "",
    comments = "# ",
  } = options;
  const t = toTensor(x);
  if (t.ndim < 1 || t.ndim > 2)
    throw new ValueError(`np.savetxt: expected one or two axes. Received: shape (${t.shape.join(", ")})`);
  const columns = t.ndim === 1 ? 1 : t.shape[1]!;
  const formats = typeof fmt === "string" ? new Array<string>(columns).fill(fmt) : fmt;
  if (formats.length !== columns)
    throw new ValueError(
      `np.savetxt: expected ${columns} formats, one for each column. Received: ${formats.length}`,
    );
  const values = t.dataSync();
  const comment = (text: string): string[] =>
    text === "" ? [] : text.split("\n").map((line) => comments + line);
  const lines = comment(header);
  for (let r = 0; r < t.shape[0]!; r++) {
    lines.push(formats.map((format, c) => printf(format, values[r * columns + c]!)).join(delimiter));
  }
  lines.push(...comment(footer));
  const text = lines.map((line) => line + newline).join("");
  await writeTarget(file, new TextEncoder().encode(text), "np.savetxt");
}

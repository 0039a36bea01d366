/** Writes what training logs into a file. */
import { checkOptions } from "../../engine/index.ts";
import { Callback, type Logs } from "./callback.ts";
import { hostFiles } from "./host_files.ts";

/** Options of {@link CSVLogger}. */
export interface CSVLoggerOptions {
  /** What stands between values. Default `","`. */
  readonly separator?: string;
  /** Whether lines are added to a file that is there already. Default false: it is written anew. */
  readonly append?: boolean;
}

/**
 * Writes the values of each epoch as a line of a CSV file.
 *
 * @example
 * ```ts
 * const callback = new CSVLogger("training.csv", { append: true });
 * callback.filename; // → "training.csv"
 * ```
 */
export class CSVLogger extends Callback {
  override readonly passive: boolean = true;
  readonly filename: string;
  readonly separator: string;
  readonly append: boolean;
  #keys: string[] | undefined;
  #needsHeader = true;

  /**
   * @param filename where the file is
   * @param options `separator` (default `","`), `append` (default false)
   */
  constructor(filename: string, options: CSVLoggerOptions = {}) {
    super();
    checkOptions("CSVLogger", options, ["separator", "append"]);
    this.filename = filename;
    this.separator = options.separator ?? ",";
    this.append = options.append ?? false;
  }

  /** @throws UnsupportedError where there are no files */
  override onTrainBegin(): void {
    const fs = hostFiles("CSVLogger");
    this.#keys = undefined;
    this.#needsHeader = !(
      this.append &&
      fs.existsSync(this.filename) &&
      fs.readFileSync(this.filename, "utf8") !== ""
    );
    if (!this.append) fs.writeFileSync(this.filename, "");
  }

  #line(cells: readonly (string | number)[]): string {
    const quoted = (cell: string): string =>
      /["\r\n]/.test(cell) || cell.includes(this.separator) ? `"${cell.replaceAll('"', '""')}"` : cell;
    return `${cells.map((cell) => quoted(String(cell))).join(this.separator)}\r\n`;
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    if (this.#keys === undefined) {
      const keys = Object.keys(logs).sort();
      // The first epoch may come without a validation that later ones have.
      this.#keys = keys.some((key) => key.startsWith("val_"))
        ? keys
        : [...keys, ...keys.map((key) => `val_${key}`)];
    }
    const header = this.#needsHeader ? this.#line(["epoch", ...this.#keys]) : "";
    this.#needsHeader = false;
    hostFiles("CSVLogger").appendFileSync(
      this.filename,
      header + this.#line([epoch, ...this.#keys.map((key) => logs[key] ?? "NA")]),
    );
  }
}

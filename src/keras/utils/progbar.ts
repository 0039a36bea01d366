/** The progress bar of training. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import { type Output, standardOutput } from "./io_utils.ts";

/** Options of {@link Progbar}. */
export interface ProgbarOptions {
  /** How many characters the bar has. Default 20. */
  readonly width?: number;
  /** 0: nothing, 1 (the default): a bar, 2: a line at the end. */
  readonly verbose?: 0 | 1 | 2;
  /** How many seconds pass between two drawings, at least. Default 0.05. */
  readonly interval?: number;
  /** Values that are shown as they are; others are averaged over the steps. Default: none. */
  readonly statefulMetrics?: readonly string[] | null;
  /** Values that are averaged over the steps; others are shown as they are. */
  readonly statelessMetrics?: readonly string[] | null;
  /** What a step is called. Default `"step"`. */
  readonly unitName?: string;
  /** Where the bar is drawn. Default: standard output. */
  readonly output?: Output;
}

const names = ["width", "verbose", "interval", "statefulMetrics", "statelessMetrics", "unitName", "output"];

/** Python's `%.4e`: exponents have two digits at least. */
function exponential(value: number): string {
  return value.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2");
}

function named(value: number): string | undefined {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return undefined;
}

/** A value with four digits, as Keras shows it. */
function digits(value: number, large: boolean): string {
  return named(value) ?? (large ? value.toFixed(4) : exponential(value));
}

/** A duration that is still to come: `12s`, `1:05`, `1:00:05`. */
function remaining(seconds: number): string {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  if (seconds > 3600)
    return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  if (seconds > 60) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.trunc(seconds)}s`;
}

/**
 * A bar that shows how far work has got, how long a step takes and what its values are. On a terminal it is drawn again
 * and again in the same line; elsewhere only its last state is written.
 *
 * @example
 * ```ts
 * const bar = new Progbar(3, { verbose: 0 });
 * for (let step = 1; step <= 3; step++) bar.update(step, [["loss", 1 / step]]);
 * bar.target; // → 3
 * ```
 */
export class Progbar {
  /** How many steps there are; null if that is not known. */
  target: number | null;
  readonly #width: number;
  readonly #verbose: number;
  readonly #interval: number;
  readonly #averages: (name: string) => boolean;
  readonly #unitName: string;
  readonly #output: Output;
  #start: number;
  readonly #values = new Map<string, { sum: number; count: number }>();
  #seen = 0;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  #afterFirstStep: number | undefined;
  #drawnWidth = 0;

  /**
   * @param target how many steps there are; null if that is not known
   * @param options `width` (default 20), `verbose` (default 1), `interval` (default 0.05), `statefulMetrics`,
   *   `statelessMetrics`, `unitName` (default `"step"`), `output`
   * @throws ValueError when both lists of metrics are given
   */
  constructor(target: number | null, options: ProgbarOptions = {}) {
    checkOptions("Progbar", options, names);
    const { statefulMetrics, statelessMetrics } = options;
    if (statefulMetrics && statelessMetrics) {
      throw new ValueError(
        `Progbar: only one of statefulMetrics and statelessMetrics can be given. Received: statefulMetrics=${show(statefulMetrics)}, statelessMetrics=${show(statelessMetrics)}`,
      );
    }
    this.target = target;
    this.#width = options.width ?? 20;
    this.#verbose = options.verbose ?? 1;
    this.#interval = options.interval ?? 0.05;
    this.#averages = statelessMetrics
      ? (name) => statelessMetrics.includes(name)
      : (name) => !statefulMetrics?.includes(name);
    this.#unitName = options.unitName ?? "step";
    this.#output = options.output ?? standardOutput;
    this.#start = this.#output.now();
  }

  /** Counts time that passed before the bar was made, in seconds. */
  beganBefore(seconds: number): void {
    this.#start -= seconds;
  }

  /**
   * Shows a number of steps.
   *
   * @param current how many steps are done
   * @param values names and values
   * @param finalize whether this is the last time. Default: when `current` reaches the target
   */
  update(
    current: number,
    values: readonly (readonly [string, number])[] = [],
    finalize?: boolean | null,
  ): void {
    const last = finalize ?? (this.target !== null && current >= this.target);
    for (const [name, value] of values) this.#note(name, value, current, last);
    this.#seen = current;
    const now = this.#output.now();
    const perStep = this.#stepDuration(current, now);
    if (this.#verbose === 1) {
      // The state in between is worth nothing where it cannot be written over.
      if (!last && (now - this.#lastDrawn < this.#interval || !this.#output.dynamic)) return;
      this.#draw(current, now, perStep, last);
    } else if (this.#verbose === 2 && last && this.target) {
      const spent = `${(now - this.#start).toFixed(0)}s`;
      const list = this.#list((average) => average > 1e-3);
      this.#output.write(`${this.#count(current)} - ${spent} - ${this.#time(perStep)}${list}\n`);
    }
    this.#lastDrawn = now;
  }

  /** Shows `n` more steps. */
  add(n: number, values: readonly (readonly [string, number])[] = []): void {
    this.update(this.#seen + n, values);
  }

  #note(name: string, value: number, current: number, last: boolean): void {
    const known = this.#values.get(name);
    if (last || known === undefined || !this.#averages(name)) {
      const count = last || !this.#averages(name) ? 1 : Math.max(current - this.#seen, 1);
      this.#values.set(name, { sum: value * count, count });
      return;
    }
    const count = Math.max(current - this.#seen, 1);
    known.sum += value * count;
    known.count += count;
  }

  #count(current: number): string {
    const target = String(this.target);
    return `${String(current).padStart(target.length)}/${target}`;
  }

  #time(perStep: number): string {
    const unit = this.#unitName;
    if (perStep >= 1 || perStep === 0) return `${perStep.toFixed(0)}s/${unit}`;
    if (perStep >= 1e-3) return `${(perStep * 1e3).toFixed(0)}ms/${unit}`;
    return `${(perStep * 1e6).toFixed(0)}us/${unit}`;
  }

  #list(isLarge: (average: number) => boolean): string {
    return [...this.#values]
      .map(([name, { sum, count }]) => {
        const average = sum / Math.max(1, count);
        return ` - ${name}: ${digits(average, isLarge(average))}`;
      })
      .join("");
  }

  #draw(current: number, now: number, perStep: number, last: boolean): void {
    const { dynamic } = this.#output;
    const style = (code: number, text: string): string =>
      dynamic && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
    const known = this.target !== null && this.target > 0;
    const time =
      known && !last ? remaining(perStep * (this.target! - current)) : `${(now - this.#start).toFixed(0)}s`;
    const info = ` ${this.#time(perStep)}${this.#list((average) => Math.abs(average) > 1e-3)}`;
    let line: string;
    let width: number;
    if (known) {
      const count = this.#count(current);
      const done = Math.min(this.#width, Math.floor((this.#width * current) / this.target!));
      const [full, empty] = ["━".repeat(done), "━".repeat(this.#width - done)];
      line = `${style(1, count)} ${style(32, full)}${style(37, empty)} ${style(1, time)}${info}`;
      width = count.length + 1 + this.#width + 1 + time.length + info.length;
    } else {
      const count = `${String(current).padStart(7)}/Unknown`;
      line = `${count} ${style(1, time)}${info}`;
      width = count.length + 1 + time.length + info.length;
    }
    const back = dynamic ? "\r" : "";
    const rest = dynamic ? " ".repeat(Math.max(0, this.#drawnWidth - width)) : "";
    this.#output.write(`${back}${line}${rest}${last ? "\n" : ""}`);
    this.#drawnWidth = width;
  }

  /** Seconds per step, the first one, which compiles, being left out when possible. */
  #stepDuration(current: number, now: number): number {
    if (current === 0) return 0;
    const first = this.#afterFirstStep;
    if (current === 1) this.#afterFirstStep = now;
    if (first !== undefined && current > 1) return (now - first) / (current - 1);
    return (now - this.#start) / current;
  }
}

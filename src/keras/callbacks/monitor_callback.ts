/** What callbacks share that watch one value of the logs. */
import { show, ValueError } from "../../engine/index.ts";
import { Callback, type Logs } from "./callback.ts";

/** Whether smaller or larger values are better; `"auto"` finds it out by the metric. */
export type MonitorMode = "auto" | "min" | "max";

/** Options of callbacks that watch one value. */
export interface MonitorOptions {
  /** The name of the value. Default `"val_loss"`. */
  readonly monitor?: string;
  /** Whether the metric should become small (`"min"`) or large (`"max"`). Default `"auto"`: as its name says. */
  readonly mode?: MonitorMode;
  /** Changes smaller than this do not count as better. */
  readonly minDelta?: number;
}

/** A callback that watches one value of the logs. */
export abstract class MonitorCallback extends Callback {
  readonly monitor: string;
  readonly mode: MonitorMode;
  readonly minDelta: number;
  /** The best value so far. */
  best: number | null = null;
  #upwards: boolean | undefined;

  constructor(where: string, options: MonitorOptions) {
    super();
    const { monitor = "val_loss", mode = "auto", minDelta = 0 } = options;
    if (!["auto", "min", "max"].includes(mode)) {
      throw new ValueError(`${where}: mode is "auto", "min" or "max". Received: mode=${show(mode)}`);
    }
    if (!Number.isFinite(minDelta))
      throw new ValueError(`${where}: minDelta is a finite number. Received: minDelta=${show(minDelta)}`);
    this.monitor = monitor;
    this.mode = mode;
    this.minDelta = Math.abs(minDelta);
  }

  #direction(): boolean {
    if (this.mode !== "auto") return this.mode === "max";
    const name = this.monitor.replace(/^val_/, "");
    if (name === "loss") return false;
    const metric = this.model.metrics.find((m) => m.name === name);
    if (metric?.direction !== undefined) return metric.direction === "up";
    throw new ValueError(
      `${this.constructor.name}: it is not known whether ${show(this.monitor)} should become larger or smaller. Set mode to "max" or "min".`,
    );
  }

  /** Whether a value is better than another by at least `minDelta`; everything is better than nothing. */
  protected isImprovement(value: number, reference: number | null): boolean {
    this.#upwards ??= this.#direction();
    if (reference === null) return true;
    return this.#upwards ? value - this.minDelta > reference : value + this.minDelta < reference;
  }

  /** The watched value; a warning if it is not there. */
  protected monitored(logs: Logs, what: string): number | undefined {
    const value = logs[this.monitor];
    if (value === undefined) {
      const known = Object.keys(logs).join(",");
      console.warn(
        `${what} conditioned on metric \`${this.monitor}\` which is not available. Available metrics are: ${known}`,
      );
    }
    return value;
  }
}

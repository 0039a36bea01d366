/** A number that the reader moves. */
import { checkOptions, show, ValueError } from "../engine/index.ts";
import { ask } from "./ask.ts";

/** Options of {@link slider}. */
export interface SliderOptions {
  /** The smallest value. */
  readonly min: number;
  /** The greatest value. */
  readonly max: number;
  /** What it begins with. Default: the middle. */
  readonly value?: number;
  /** Distance between two positions. Default: 1 between whole numbers, else a hundredth of the range. */
  readonly step?: number;
  /** Whether equal distances are equal factors, as learning rates want it. Default false. */
  readonly log?: boolean;
}

/** Positions of a logarithmic slider for each power of ten. */
const positionsPerDecade = 10;
/** More positions than a slider has pixels help nobody. */
const mostPositions = 2000;

/** Every value that a slider can have. */
function valuesOf({ min, max, step, log = false }: SliderOptions): number[] {
  const whole = Number.isInteger(min) && Number.isInteger(max) && max - min > 1 && max - min <= 1000;
  const [from, to] = log ? [Math.log10(min), Math.log10(max)] : [min, max];
  const by = log ? 1 / positionsPerDecade : (step ?? (whole ? 1 : (max - min) / 100));
  return Array.from({ length: Math.floor((to - from) / by + 1e-9) + 1 }, (_, i) => {
    const at = from + i * by;
    // As many digits as are meant: 3 · 0.1 is 0.3.
    return log ? Number((10 ** at).toPrecision(2)) : Number(at.toPrecision(12));
  });
}

function check(where: string, options: SliderOptions): void {
  checkOptions(where, options, ["min", "max", "value", "step", "log"]);
  const { min, max, step, value, log } = options;
  if (!(Number.isFinite(min) && Number.isFinite(max) && min < max))
    throw new ValueError(`${where}: expected numbers min < max. Received: ${show(min)} and ${show(max)}`);
  if (log && !(min > 0))
    throw new ValueError(`${where}: a logarithmic slider begins above 0. Received min: ${show(min)}`);
  if (log && step !== undefined)
    throw new ValueError(`${where}: a logarithmic slider takes no step. Received: ${show(step)}`);
  if (step !== undefined && !(step <= max - min && (max - min) / step <= mostPositions))
    throw new ValueError(
      `${where}: expected a step that gives 2 to ${mostPositions} positions from ${min} to ${max}. ` +
        `Received: ${show(step)}`,
    );
  if (value !== undefined && !(value >= min && value <= max))
    throw new ValueError(`${where}: expected a value from ${min} to ${max}. Received: ${show(value)}`);
}

/**
 * A slider under the cell. In Tsuno Studio the cell runs again when the reader moves it; elsewhere it is the number that it
 * begins with.
 *
 * @param name its label
 * @param options `min`, `max`, `value` (default: the middle), `step` (default: 1 between whole numbers, else a hundredth of the
 *   range), `log` (default false)
 * @returns the number at which it stands
 * @throws ValueError for a range without numbers, or a value outside of it
 * @example
 * ```ts
 * slider("neurons", { min: 1, max: 100, value: 20 }); // → 20
 * slider("learning rate", { min: 1e-4, max: 1, log: true }); // → 0.01
 * slider("noise", { min: 0, max: 1, value: 3 }); // → throws ValueError: slider "noise": expected a value from 0 to 1. Received: 3
 * ```
 */
export function slider(name: string, options: SliderOptions): number {
  check(`slider ${show(name)}`, options);
  const { min, max, log = false } = options;
  const values = valuesOf(options);
  const middle = values[Math.floor((values.length - 1) / 2)]!;
  return ask(
    { kind: "slider", name, values },
    options.value ?? middle,
    (given): given is number => typeof given === "number" && given >= min && given <= max,
    (value) => `${name}: ${value}   (from ${min} to ${max}${log ? ", logarithmic" : ""})`,
  );
}

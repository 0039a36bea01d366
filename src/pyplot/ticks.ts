/** Where ticks stand and how they are labelled: matplotlib's rules for linear and logarithmic axes. */

/** Positions of ticks with their texts; minor ticks carry an empty text. */
export interface TickLabel {
  readonly value: number;
  readonly label: string;
  readonly minor: boolean;
}

/** The ticks of an axis, and what stands once at its end ("1e6", "+2.5e3"). */
export interface AxisTicks {
  readonly ticks: readonly TickLabel[];
  readonly offsetText: string;
}

const NICE_STEPS = [1, 2, 2.5, 5, 10] as const;
const MINUS = "−";

const decade = (value: number): number => Math.floor(Math.log10(value));

/** Removes the dust that sums of decimal steps gather. */
const clean = (value: number): number => Number(value.toPrecision(15));

/**
 * Nice positions covering [low, high] with at most `bins` steps of 1, 2, 2.5 or 5 times a power of ten;
 * the outermost may lie just outside.
 *
 * @param nice other steps than these, from 1 to 10
 * @param least how many positions must lie within
 */
export function linearPositions(
  low: number,
  high: number,
  bins: number,
  nice: readonly number[] = NICE_STEPS,
  least: number = 2,
): number[] {
  const steps = [...nice.slice(0, -1).map((step) => clean(step / 10)), ...nice, 10 * nice[1]!];
  const span = high - low;
  const middle = (low + high) / 2;
  // Far from zero, steps are counted from a round number nearby, or rounding would swallow them.
  const offset = Math.abs(middle) / span < 100 ? 0 : Math.sign(middle) * 10 ** decade(Math.abs(middle));
  const scale = 10 ** decade(span / bins);
  const [from, to] = [low - offset, high - offset];
  const wanted = steps.findIndex((step) => step * scale >= span / bins);
  for (let i = wanted; i >= 0; i--) {
    const step = steps[i]! * scale;
    const start = Math.floor(from / step + 1e-10);
    const end = Math.ceil(to / step - 1e-10);
    const all = Array.from({ length: end - start + 1 }, (_, k) => clean((start + k) * step + offset));
    if (all.filter((value) => within(value, low, high)).length >= least) return all;
  }
  return [low, high];
}

/** The part that all labels share, worth factoring out when it saves four digits; otherwise 0. */
function commonOffset(positions: readonly number[]): number {
  const first = Math.min(...positions);
  const last = Math.max(...positions);
  if (positions.length === 0 || first === last || (first <= 0 && last >= 0)) return 0;
  const [small, large] = [Math.abs(first), Math.abs(last)].sort((a, b) => a - b) as [number, number];
  const sign = Math.sign(first);
  const top = Math.ceil(Math.log10(large));
  const digits = (value: number, power: number): number => Math.floor(value / 10 ** power);
  const lowest = top - 20;
  let power = top;
  while (power > lowest && digits(small, power) === digits(large, power)) power--;
  power++;
  if ((large - small) / 10 ** power <= 1e-2) {
    power = top;
    while (power > lowest && digits(large, power) - digits(small, power) <= 1) power--;
    power++;
  }
  return digits(large, power) >= 1000 ? sign * digits(large, power) * 10 ** power : 0;
}

const signed = (text: string): string => text.replace(/^-/, MINUS);

/** Labels all positions with the same number of decimals, factoring out powers of ten and offsets as matplotlib does. */
export function linearLabels(
  positions: readonly number[],
  low: number,
  high: number,
): { labels: string[]; offsetText: string } {
  const offset = commonOffset(positions);
  const greatest = Math.max(0, ...positions.map(Math.abs));
  const order = offset !== 0 ? decade(high - low) : greatest === 0 ? 0 : decade(greatest);
  const exponent = order <= -5 || order >= 6 ? order : 0;
  const scaled = positions.map((value) => (value - offset) / 10 ** exponent);
  const sample = positions.length < 2 ? [...scaled, low / 10 ** exponent, high / 10 ** exponent] : scaled;
  const range = Math.max(...sample) - Math.min(...sample) || Math.max(...sample.map(Math.abs)) || 1;
  const rangeOrder = decade(range);
  const tolerance = 1e-3 * 10 ** rangeOrder;
  let decimals = Math.max(0, 3 - rangeOrder);
  const exactWith = (n: number): boolean =>
    scaled.every((value) => Math.abs(value - Number(value.toFixed(n))) < tolerance);
  while (decimals > 0 && exactWith(decimals - 1)) decimals--;
  const labels = scaled.map((value) => {
    const text = value.toFixed(decimals);
    return signed(Number(text) === 0 ? text.replace("-", "") : text);
  });
  const factor = exponent === 0 ? "" : `1e${signed(String(exponent))}`;
  const shift = offset === 0 ? "" : `${offset > 0 ? "+" : ""}${shortNumber(offset)}`;
  return { labels, offsetText: factor + shift };
}

function shortNumber(value: number): string {
  const [mantissa, exponent] = value.toExponential(10).split("e") as [string, string];
  const power = Number(exponent);
  return `${Number(mantissa)}${power === 0 ? "" : `e${power}`}`.replaceAll("-", MINUS);
}

/** Whether a value lies on the axis, rounding aside. */
function within(value: number, low: number, high: number): boolean {
  const slack = (high - low) * 1e-10;
  return value >= low - slack && value <= high + slack;
}

/** Ticks of a linear axis. */
export function linearTicks(low: number, high: number, bins: number): AxisTicks {
  const positions = linearPositions(low, high, bins).filter((value) => within(value, low, high));
  const { labels, offsetText } = linearLabels(positions, low, high);
  return { ticks: positions.map((value, i) => ({ value, label: labels[i]!, minor: false })), offsetText };
}

const SUPERSCRIPT_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten as it is written. */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT_DIGITS[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** The remainder of the powers to label when only every `stride`-th is: most labels first, then those that hit 10⁰. */
function bestRemainder(first: number, last: number, stride: number): number {
  const count = (remainder: number): number =>
    Math.floor((last - remainder) / stride) - Math.ceil((first - remainder) / stride) + 1;
  let best = 0;
  for (let remainder = 1; remainder < stride; remainder++) {
    if (count(remainder) > count(best)) best = remainder;
  }
  return best;
}

/** Ticks of a logarithmic axis: powers of ten, with minor ticks between them unless decades are skipped. */
export function logTicks(low: number, high: number, bins: number): AxisTicks {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-10), Math.floor(Math.log10(high) + 1e-10)];
  const decades = Math.log10(high) - Math.log10(low);
  const stride = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, bins)));
  const remainder = bestRemainder(first, last, stride);
  const ticks: TickLabel[] = [];
  for (let power = first - 1; power <= last; power++) {
    const value = 10 ** power;
    if (power >= first && (power - remainder) % stride === 0) {
      ticks.push({ value, label: powerOfTen(power), minor: false });
    }
    if (stride > 1) continue;
    for (let digit = 2; digit <= 9; digit++) {
      const at = clean(digit * value);
      if (at < low || at > high) continue;
      // With hardly a decade in view the powers alone would leave the axis without numbers.
      const named = decades <= 0.4 || (decades <= 1 && [2, 3, 4, 6].includes(digit));
      ticks.push({ value: at, label: named ? `${digit}×${powerOfTen(power)}` : "", minor: true });
    }
  }
  return { ticks, offsetText: "" };
}

/** The ticks that a user fixed, with texts of their own or formatted ones. */
export function fixedTicks(
  values: readonly number[],
  labels: readonly string[] | undefined,
  low: number,
  high: number,
): AxisTicks {
  const all = values.map((value, i) => ({ value, label: labels?.[i] ?? "", minor: false }));
  const ticks = all.filter(({ value }) => within(value, low, high));
  if (labels !== undefined) return { ticks, offsetText: "" };
  const formatted = linearLabels(
    ticks.map(({ value }) => value),
    low,
    high,
  );
  return {
    ticks: ticks.map((tick, i) => ({ ...tick, label: formatted.labels[i]! })),
    offsetText: formatted.offsetText,
  };
}

/** A training as notebooks show it: a line of figures and the curves so far, as text, HTML and data. */
import type { MimeBundle } from "../../files/notebook.ts";
import type { Logs } from "./callback.ts";
import type { Insight } from "./insight.ts";
import { insightDrawings } from "./insight_drawing.ts";
import { type DrawnLayer, networkDrawing } from "./network_drawing.ts";

/** How far a training has come. */
export interface TrainingState {
  /** Epochs that have begun. */
  readonly epoch: number;
  /** Epochs that were done before this call of `fit`. */
  readonly firstEpoch: number;
  readonly epochs: number;
  /** Batches of this epoch that are done. */
  readonly step: number;
  readonly steps: number | null;
  /** Samples of an epoch, if that is known. */
  readonly samples?: number | undefined;
  readonly seconds: number;
  readonly finished: boolean;
  readonly latest: Logs;
  /** The epochs that the values belong to, counted from 1. */
  readonly at: readonly number[];
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** The network as it stands, if it is small and of dense layers. */
  readonly layers?: readonly DrawnLayer[] | undefined;
  /** What goes on inside of the model. */
  readonly insight?: Insight | undefined;
}

/** The MIME type of a {@link TrainingState}, for hosts that draw it themselves. */
export const trainingType = "application/vnd.tsuno.training+json";

/** Of a metric, and of the same with `val_`; both are seen on light and on dark. */
const colors = ["#2f83c5", "#ff7f0e"];

const [width, height] = [320, 190];
const [left, right, top, bottom] = [46, 8, 22, 22];

/** Four digits, or an exponent. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return value !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential(2)
    : value.toFixed(size < 10 ? 4 : 1);
}

function rate(value: number): string {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US");
}

function duration(seconds: number): string {
  if (seconds < 1) return `${(1000 * seconds).toFixed(0)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120
    ? `${minutes} min ${Math.floor(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

/** The part of the work that is done, from 0 to 1. */
function share(state: TrainingState): number {
  const whole = Math.max(1, state.epochs - state.firstEpoch);
  const inEpoch = state.steps === null || state.steps === 0 ? 1 : Math.min(1, state.step / state.steps);
  return Math.min(1, Math.max(0, (state.epoch - 1 - state.firstEpoch + inEpoch) / whole));
}

/** The multiples of a step in a range. */
function multiples(step: number, from: number, to: number): number[] {
  const room = 1e-9 * (to - from);
  const first = Math.ceil((from - room) / step);
  const count = Math.floor((to + room) / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

/** Marks of an axis: as few round numbers in its range as there can be, but two at least. */
function marks(from: number, to: number): number[] {
  const power = 10 ** Math.floor(Math.log10(to - from));
  const tries = [5, 2, 1, 0.5, 0.2].map((n) => multiples(n * power, from, to));
  return tries.find((found) => found.length >= 2) ?? [from];
}

/** Marks of an axis that goes by powers of ten, whose range is given as such: whole powers, or round numbers between them. */
function logMarks(from: number, to: number): number[] {
  const whole = multiples(Math.max(1, Math.round((to - from) / 4)), from, to).map((v) => 10 ** v);
  if (whole.length >= 2) return whole;
  const between = [1, 2, 5].flatMap((n) =>
    multiples(1, Math.floor(from), Math.ceil(to)).map((v) => n * 10 ** v),
  );
  return between.filter((v) => v >= 10 ** from && v <= 10 ** to).sort((a, b) => a - b);
}

/** One chart: a metric and its `val_` twin. */
function chart(state: TrainingState, name: string, twin: string | undefined): string {
  const names = twin === undefined ? [name] : [name, twin];
  const points = names.flatMap((n) => state.values[n]!.filter(Number.isFinite));
  const positive = points.every((v) => v > 0);
  // A loss that falls by powers of ten is read on a scale of them.
  const logarithmic = positive && points.length > 0 && Math.max(...points) > 50 * Math.min(...points);
  const scale = logarithmic ? Math.log10 : (v: number): number => v;
  let [low, high] = [Math.min(...points.map(scale)), Math.max(...points.map(scale))];
  if (!(high > low))
    [low, high] = [(Number.isFinite(low) ? low : 0) - 0.5, (Number.isFinite(high) ? high : 0) + 0.5];
  const [first, last] = [state.at[0] ?? 1, Math.max(state.at.at(-1) ?? 1, (state.at[0] ?? 1) + 1)];
  const x = (epoch: number): number => left + ((epoch - first) / (last - first)) * (width - left - right);
  const y = (v: number): number =>
    height - bottom - ((scale(v) - low) / (high - low)) * (height - top - bottom);
  const line = (values: readonly number[], color: string): string => {
    const path = values
      .map((v, i) => (Number.isFinite(v) ? `${x(state.at[i]!).toFixed(1)},${y(v).toFixed(1)}` : ""))
      .filter((p) => p !== "");
    if (path.length === 1) {
      const [cx, cy] = path[0]!.split(",");
      return `<circle cx="${cx}" cy="${cy}" r="2.5" fill="${color}"/>`;
    }
    return `<polyline points="${path.join(" ")}" fill="none" stroke="${color}" stroke-width="1.5"/>`;
  };
  const rows = logarithmic ? logMarks(low, high) : marks(low, high);
  const grid = rows.map((v) => {
    const at = y(v).toFixed(1);
    const label =
      Math.abs(v) >= 1e4 || (v !== 0 && Math.abs(v) < 1e-3) ? v.toExponential(0) : String(+v.toPrecision(3));
    return `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="currentColor" stroke-opacity=".15"/><text x="${left - 5}" y="${at}" dy=".32em" text-anchor="end">${label}</text>`;
  });
  const ends = [first, last].map(
    (epoch, i) =>
      `<text x="${x(epoch).toFixed(1)}" y="${height - 6}" text-anchor="${i === 0 ? "start" : "end"}">${epoch}</text>`,
  );
  const legend = names.map(
    (n, i) =>
      `<tspan fill="${colors[i]}" font-weight="700">${i > 0 ? "&#160;&#160;" : ""}━ </tspan><tspan font-weight="600">${escape(n)}</tspan>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" style="max-width:100%;height:auto" font-family="system-ui,sans-serif" font-size="10" fill="currentColor" role="img" aria-label="${escape(names.join(", "))}"><text x="${left}" y="13" font-size="11">${legend.join("")}</text>${grid.join("")}${ends.join("")}${names.map((n, i) => line(state.values[n]!, colors[i]!)).join("")}</svg>`;
}

/** Words of the line above the curves; `%` stands for a time. */
export interface TrainingWords {
  readonly inAll: string;
  readonly left: string;
  readonly batches: string;
  readonly samples: string;
}

const english: TrainingWords = { inAll: "% in all", left: "% left", batches: "batches", samples: "samples" };

/** The state in one line. */
function summary(state: TrainingState, words: TrainingWords): string {
  const timed = (phrase: string, seconds: number): string => phrase.replace("%", duration(seconds));
  const parts = [`Epoch ${state.epoch}/${state.epochs}`];
  if (state.steps !== null && state.steps > 1 && !state.finished && state.epochs - state.firstEpoch < 20)
    parts.push(`batch ${state.step}/${state.steps}`);
  const done = share(state);
  if (state.finished) parts.push(timed(words.inAll, state.seconds));
  else if (done > 0 && state.seconds > 0.5)
    parts.push(timed(words.left, (state.seconds / done) * (1 - done)));
  const before = state.epoch - 1 - state.firstEpoch;
  const steps = before * (state.steps ?? 0) + state.step;
  const perStep = state.samples !== undefined && state.steps ? state.samples / state.steps : undefined;
  if (state.seconds > 0 && steps > 0) {
    const [count, unit] = perStep === undefined ? [steps, words.batches] : [steps * perStep, words.samples];
    parts.push(`${rate(count / state.seconds)} ${unit}/s`);
  }
  return parts.join(" · ");
}

const latestOf = ({ latest }: TrainingState): string[] =>
  Object.entries(latest).map(([name, value]) => `${name}: ${figure(value)}`);

/** A training in one line. */
export function trainingText(state: TrainingState, words: TrainingWords = english): string {
  return [summary(state, words), ...latestOf(state)].join(" - ");
}

/**
 * What a notebook shows of a training.
 *
 * @param words those of the line above the curves. Default: English
 *
 * @example
 * ```ts
 * const state = { epoch: 1, firstEpoch: 0, epochs: 2, step: 4, steps: 4, seconds: 0.2, finished: false };
 * trainingView({ ...state, latest: { loss: 0.5 }, at: [1], values: { loss: [0.5] } }).then((view) => view["text/plain"]);
 * // → Epoch 1/2 · batch 4/4 · 20.0 batches/s - loss: 0.5000
 * ```
 */
export async function trainingView(
  state: TrainingState,
  words: TrainingWords = english,
): Promise<MimeBundle> {
  const line = summary(state, words);
  const names = Object.keys(state.values).filter((n) => !n.startsWith("val_"));
  // What only validation gives stands alone.
  const alone = Object.keys(state.values).filter((n) => n.startsWith("val_") && !names.includes(n.slice(4)));
  names.sort((a, b) => Number(b === "loss") - Number(a === "loss"));
  const charts = [...names, ...alone]
    .slice(0, 6)
    .map((n) => chart(state, n, `val_${n}` in state.values ? `val_${n}` : undefined));
  if (state.layers !== undefined) charts.push(networkDrawing(state.layers));
  if (state.insight !== undefined) charts.push(...(await insightDrawings(state.insight)));
  const { layers: _layers, insight: _insight, ...data } = state;
  const percent = (100 * share(state)).toFixed(1);
  const bar = `<div style="height:4px;border-radius:2px;background:rgba(128,128,128,.25)"><div style="height:4px;border-radius:2px;width:${percent}%;background:${state.finished ? "#2ca02c" : colors[0]}"></div></div>`;
  const figures = latestOf(state).map(escape).join(" &#160; ");
  return {
    "text/plain": trainingText(state, words),
    "text/html": `<div style="max-width:1000px;font-family:system-ui,sans-serif;font-size:13px;line-height:1.5"><div>${escape(line)}</div>${bar}<div style="font-variant-numeric:tabular-nums">${figures}</div><div style="display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,280px),1fr));align-items:start;gap:8px">${charts.join("")}</div></div>`,
    [trainingType]: data,
  };
}

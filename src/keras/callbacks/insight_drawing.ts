/** Pictures of what goes on inside of a model: spreads of weights and gradients, the function that it has become. */
import type { CurveInsight, Histogram, Insight, PlaneInsight } from "./insight.ts";

const [width, height] = [320, 190];
const [blue, orange] = ["#2f83c5", "#ff7f0e"];
/** Colours of classes; all are seen on light and on dark. */
const classes = [
  blue,
  orange,
  "#2ca02c",
  "#d62728",
  "#9467bd",
  "#8c564b",
  "#e377c2",
  "#7f7f7f",
  "#bcbd22",
  "#17becf",
];

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

const short = (value: number): string => String(Number(value.toPrecision(2)));

function svg(label: string, content: string, tall = height): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" width="${width}" height="${tall}" style="max-width:100%;height:auto" font-family="system-ui,sans-serif" font-size="10" fill="currentColor" role="img" aria-label="${escape(label)}">${content}</svg>`;
}

/** A histogram in a box; its range stands below. */
function bars({ low, high, counts }: Histogram, left: number, top: number, color: string): string {
  const [wide, tall] = [104, 26];
  const most = Math.max(...counts, 1);
  const step = wide / counts.length;
  const path = counts
    .map((count, i) => {
      const up = (tall * count) / most;
      return count === 0
        ? ""
        : `M${(left + i * step).toFixed(1)} ${top + tall}v${(-up).toFixed(1)}h${(step - 0.5).toFixed(1)}v${up.toFixed(1)}z`;
    })
    .join("");
  const ends = `<text x="${left}" y="${top + tall + 9}" font-size="8" opacity=".7">${short(low)}</text><text x="${left + wide}" y="${top + tall + 9}" font-size="8" opacity=".7" text-anchor="end">${short(high)}</text>`;
  return `<path d="${path}" fill="${color}"/><path d="M${left} ${top + tall}h${wide}" stroke="currentColor" stroke-opacity=".3"/>${ends}`;
}

function histograms(layers: Insight["layers"]): string {
  const row = 42;
  const title = (name: string, x: number, color: string): string =>
    `<text x="${x}" y="11" font-size="11" font-weight="600" fill="${color}">${name}</text>`;
  const known = layers.some(({ gradients }) => gradients !== undefined);
  const titles = title("weights", 100, blue) + (known ? title("gradients", 212, orange) : "");
  const rows = layers.map(({ name, weights, gradients }, i) => {
    const top = 18 + i * row;
    const label = name.length > 15 ? `${name.slice(0, 14)}…` : name;
    return `<text x="0" y="${top + 20}">${escape(label)}</text>${bars(weights, 100, top, blue)}${gradients === undefined ? "" : bars(gradients, 212, top, orange)}`;
  });
  return svg("weights and gradients of the layers", titles + rows.join(""), 20 + row * layers.length);
}

function curveDrawing({ x, curves, samples }: CurveInsight): string {
  const ys = [...curves.flat(), ...samples.map(([, y]) => y)].filter(Number.isFinite);
  if (ys.length === 0) return "";
  let [low, high] = [Math.min(...ys), Math.max(...ys)];
  if (high === low) [low, high] = [low - 0.5, high + 0.5];
  const [left, right] = [x[0]!, x.at(-1)!];
  const px = (v: number): string => (10 + ((v - left) / (right - left)) * (width - 20)).toFixed(1);
  const py = (v: number): string => (height - 10 - ((v - low) / (high - low)) * (height - 32)).toFixed(1);
  const dots = samples
    .filter(([, y]) => Number.isFinite(y))
    .map(
      ([sx, sy]) => `<circle cx="${px(sx)}" cy="${py(sy)}" r="2.2" fill="currentColor" fill-opacity=".35"/>`,
    );
  const lines = curves.map((values, k) => {
    const points = values.flatMap((v, i) => (Number.isFinite(v) ? [`${px(x[i]!)},${py(v)}`] : []));
    return `<path d="M${points.join("L")}" fill="none" stroke="${classes[k % classes.length]}" stroke-width="2"/>`;
  });
  return svg(
    "the function that the model has become",
    `<text x="10" y="13" font-size="11" font-weight="600" fill="${blue}">y(x)</text>${dots.join("")}${lines.join("")}`,
  );
}

const channels = (color: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

/** The colour of a place, with its opacity: the class and how sure it is, or where a number lies in its range. */
function paint(plane: PlaneInsight): (place: number) => readonly number[] {
  const { outputs, values } = plane;
  if (outputs > 1) {
    return (place) => {
      const row = Array.from({ length: outputs }, (_, k) => values[place * outputs + k]!);
      const best = row.indexOf(Math.max(...row));
      const sum = row.reduce((a, b) => a + Math.abs(b), 0) || 1;
      return [
        ...channels(classes[best % classes.length]!),
        Math.round(200 * Math.min(1, Math.abs(row[best]!) / sum)),
      ];
    };
  }
  const all = Array.from(values).filter(Number.isFinite);
  // Chances have their own scale; the middle of other numbers is the middle of their range.
  const chances = all.every((v) => v >= 0 && v <= 1);
  const [low, high] = chances ? [0, 1] : [Math.min(...all), Math.max(...all)];
  return (place) => {
    const t = (2 * (values[place]! - low)) / (high - low || 1) - 1;
    return [...channels(t < 0 ? blue : orange), Math.round(200 * Math.min(1, Math.abs(t) || 0))];
  };
}

async function planeDrawing(plane: PlaneInsight): Promise<string> {
  const { side, left, right, bottom, top, samples, outputs } = plane;
  const { base64, encodePng } = await import("../../files/png.ts");
  const pixels = new Uint8ClampedArray(4 * side * side);
  const colorOf = paint(plane);
  for (let place = 0; place < side * side; place++) {
    // Pictures begin above, the plane below.
    const row = side - 1 - Math.floor(place / side);
    pixels.set(colorOf(place), 4 * (row * side + (place % side)));
  }
  const image = base64(await encodePng(pixels, side, side));
  const [wide, tall] = [width - 20, height - 16];
  const targets = [...new Set(samples.map(([, , target]) => target))].sort((a, b) => a - b);
  const [least, most] = [targets[0] ?? 0, targets.at(-1) ?? 1];
  const colorOfTarget = (target: number): string =>
    outputs > 1 ? classes[target % classes.length]! : target < (least + most) / 2 ? blue : orange;
  const dots = samples.map(([x, y, target]) => {
    const cx = 10 + ((x - left) / (right - left)) * wide;
    const cy = 8 + ((top - y) / (top - bottom)) * tall;
    const fill = Number.isFinite(target) ? colorOfTarget(target) : "currentColor";
    return `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="2.4" fill="${fill}" stroke="#fff" stroke-width=".6"/>`;
  });
  return svg(
    "what the model says of each place in the plane",
    `<image x="10" y="8" width="${wide}" height="${tall}" preserveAspectRatio="none" href="data:image/png;base64,${image}"/>${dots.join("")}`,
  );
}

/** All that has been found, as pictures. */
export async function insightDrawings({ layers, curve, plane }: Insight): Promise<string[]> {
  return [
    ...(curve === undefined ? [] : [curveDrawing(curve)]),
    ...(plane === undefined ? [] : [await planeDrawing(plane)]),
    ...(layers.length === 0 ? [] : [histograms(layers)]),
  ].filter((drawing) => drawing !== "");
}

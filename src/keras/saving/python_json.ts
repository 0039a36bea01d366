/** JSON as Python writes it: with NaN and infinities. What comes from files is checked before anything looks at it. */
import { ValueError } from "../../engine/index.ts";

/** Deeper structures are refused: whatever goes through them must not run out of stack. */
const deepest = 1000;
const mark = "\u0000number:";
const names = ["NaN", "Infinity", "-Infinity"];

/**
 * What a text of JSON says. Keys that could change objects in JavaScript are left out.
 *
 * @param where what reads, for messages
 * @throws ValueError when it is no JSON, or too deep
 */
export function parseJson(text: string, where: string): unknown {
  let depth = 0;
  let most = 0;
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN|[[\]{}]/gs, (found) => {
    if (found === "[" || found === "{") most = Math.max(most, ++depth);
    else if (found === "]" || found === "}") depth--;
    return names.includes(found) ? JSON.stringify(mark + found) : found;
  });
  if (most > deepest)
    throw new ValueError(`${where}: the JSON is more than ${deepest} levels deep: refused.`);
  try {
    return JSON.parse(plain, (key, value: unknown) => {
      if (key === "__proto__") return undefined;
      return typeof value === "string" && value.startsWith(mark) ? Number(value.slice(mark.length)) : value;
    });
  } catch (cause) {
    throw new ValueError(`${where}: the text is no JSON.`, { cause });
  }
}

/** Options that Keras wants to be floats: there, 0 and 0.0 are not the same. */
const floats: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...["learning_rate", "initial_learning_rate", "end_learning_rate", "decay_rate", "power", "t_mul", "m_mul"],
  ...["momentum", "rho", "beta_1", "beta_2", "epsilon", "weight_decay", "ema_momentum", "initial_scale"],
  ...["clipnorm", "clipvalue", "global_clipnorm", "loss_scale_factor", "initial_accumulator_value"],
  ...[
    "rate",
    "dropout",
    "recurrent_dropout",
    "negative_slope",
    "alpha",
    "gamma",
    "beta",
    "delta",
    "threshold",
  ],
  ...["l1", "l2", "stddev", "minval", "maxval", "gain", "label_smoothing"],
]);

/** A value as JSON that Python reads: numbers that are not finite have its names, floats have a point. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (key, x: unknown) => {
    if (typeof x !== "number") return x;
    if (!Number.isFinite(x)) return mark + String(x);
    return floats.has(key) && Number.isSafeInteger(x) ? `${mark}${x}.0` : x;
  });
  return text.replaceAll(/"\\u0000number:([^"]*)"/g, "$1");
}

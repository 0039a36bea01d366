/** Python's `str.format` for names of files: `"{epoch:02d}-{val_loss:.2f}"`. */
import { show, ValueError } from "../../engine/index.ts";

const specification = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?(,|_)?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/;

/**
 * A text in which `{name}` and `{name:format}` stand for values; `{{` and `}}` are braces.
 *
 * @throws ValueError when there is no value of a name, or a format means nothing
 *
 * @example
 * ```ts
 * formatPython("{epoch:03d}-{loss:.2f}.keras", { epoch: 7, loss: 0.128 }); // → 007-0.13.keras
 * ```
 */
export function formatPython(template: string, values: Readonly<Record<string, number | string>>): string {
  return template.replace(
    /\{\{|\}\}|\{([^{}:!]*)(?::([^{}]*))?\}|[{}]/g,
    (found, name?: string, format = "") => {
      if (found === "{{" || found === "}}") return found[0]!;
      if (name === undefined) throw new ValueError(`Single ${show(found)} encountered in ${show(template)}`);
      if (!Object.hasOwn(values, name)) {
        throw new ValueError(
          `Failed to format this text: ${show(template)}. There is no ${show(name)}; there are: ${Object.keys(values).join(", ")}`,
        );
      }
      return formatValue(values[name]!, format as string);
    },
  );
}

function formatValue(value: number | string, format: string): string {
  const parts = specification.exec(format);
  if (parts === null) throw new ValueError(`Invalid format specifier ${show(format)}`);
  const [, fill, align, sign = "", , zero, width = "0", grouping, precision, type] = parts;
  let text = typeof value === "string" ? value : formatNumber(value, type, precision, grouping);
  if (typeof value === "number" && sign !== "" && sign !== "-" && !text.startsWith("-")) text = sign + text;
  const missing = Number(width) - text.length;
  if (missing <= 0) return text;
  const padding = (fill ?? (zero === undefined ? " " : "0")).repeat(missing);
  const side = align ?? (zero === undefined ? (typeof value === "string" ? "<" : ">") : "=");
  if (side === "<") return text + padding;
  if (side === "^") return padding.slice(0, missing >> 1) + text + padding.slice(missing >> 1);
  const signed = side === "=" && /^[+\- ]/.test(text) ? 1 : 0;
  return text.slice(0, signed) + padding + text.slice(signed);
}

function formatNumber(
  value: number,
  type: string | undefined,
  precision: string | undefined,
  grouping: string | undefined,
): string {
  const digits = precision === undefined ? 6 : Number(precision);
  let text: string;
  switch (type) {
    case "d":
    case "n":
      if (!Number.isInteger(value))
        throw new ValueError(`Format "d" is for whole numbers. Received: ${value}`);
      text = String(value);
      break;
    case "x":
      text = value.toString(16);
      break;
    case "X":
      text = value.toString(16).toUpperCase();
      break;
    case "o":
      text = value.toString(8);
      break;
    case "b":
      text = value.toString(2);
      break;
    case "%":
      text = `${(value * 100).toFixed(digits)}%`;
      break;
    case "f":
    case "F":
      text = value.toFixed(digits);
      break;
    case "e":
    case "E": {
      const [mantissa, exponent] = value.toExponential(digits).split("e") as [string, string];
      text = `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
      if (type === "E") text = text.toUpperCase();
      break;
    }
    case undefined:
    case "g":
    case "G":
      text =
        precision === undefined && type === undefined ? String(value) : general(value, Math.max(1, digits));
      break;
    default:
      throw new ValueError(`Format ${show(type)} is not for numbers. Received: ${value}`);
  }
  return grouping === undefined ? text : text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, grouping);
}

/** So many significant digits, without zeros at the end. */
function general(value: number, digits: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -4 || exponent >= digits) {
    const [mantissa, power] = value.toExponential(digits - 1).split("e") as [string, string];
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return `${short}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  }
  const fixed = value.toFixed(Math.max(0, digits - 1 - exponent));
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

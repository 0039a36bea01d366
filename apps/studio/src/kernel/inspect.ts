/** Values as text, about as consoles print them. */

type Custom = (depth: number, options: object) => unknown;

const lineWidth = 80;

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** What an object says of itself to consoles. */
function ownWords(value: object): string | undefined {
  for (const symbol of ["nodejs.util.inspect.custom", "Deno.customInspect"]) {
    const custom = (value as Record<symbol, unknown>)[Symbol.for(symbol)];
    if (typeof custom === "function") return String((custom as Custom).call(value, 2, {}));
  }
  return undefined;
}

/** Parts in brackets, on one line if that is short enough. */
function bracketed(open: string, parts: readonly string[], close: string, indent: string): string {
  if (parts.length === 0) return open + close;
  const line = `${open} ${parts.join(", ")} ${close}`;
  if (line.length + indent.length <= lineWidth && !line.includes("\n")) return line;
  // Many short ones share lines.
  if (parts.length > 6 && parts.every((part) => part.length <= 24 && !part.includes("\n"))) {
    const lines = [""];
    for (const part of parts) {
      const longer = lines.at(-1) === "" ? part : `${lines.at(-1)}, ${part}`;
      if (longer.length + indent.length <= lineWidth - 3) lines[lines.length - 1] = longer;
      else lines.push(part);
    }
    return `${open}\n${lines.map((one) => `${indent}  ${one}`).join(",\n")}\n${indent}${close}`;
  }
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(",\n")}\n${indent}${close}`;
}

/**
 * A value as text.
 *
 * @param depth how many levels of nesting are written out
 */
export function inspect(
  value: unknown,
  depth = 3,
  indent = "",
  above: readonly object[] = [],
  quoted = true,
): string {
  if (typeof value === "string") return quoted ? JSON.stringify(value) : value;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    return `[${isClass ? "class" : "Function"} ${value.name === "" ? "(anonymous)" : value.name}]`;
  }
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  const own = ownWords(value);
  if (own !== undefined) return own;
  if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (above.includes(value)) return "[Circular]";
  const name = (value.constructor as { name?: string } | undefined)?.name ?? "";
  const inside = [...above, value];
  const show = (part: unknown): string => inspect(part, depth - 1, `${indent}  `, inside);
  const some = <T>(list: readonly T[], print: (item: T) => string): string[] => {
    const most = 100;
    const parts = list.slice(0, most).map(print);
    if (list.length > most) parts.push(`… ${list.length - most} more`);
    return parts;
  };
  if (depth <= 0) return Array.isArray(value) ? `[Array(${value.length})]` : `[${name || "Object"}]`;
  if (Array.isArray(value)) return bracketed("[", some(value, show), "]", indent);
  if (ArrayBuffer.isView(value) && "length" in value) {
    const list = value as unknown as ArrayLike<number | bigint>;
    const most = 100;
    const parts = Array.from({ length: Math.min(most, list.length) }, (_, i) => String(list[i]));
    if (list.length > most) parts.push(`… ${list.length - most} more`);
    return `${name}(${list.length}) ${bracketed("[", parts, "]", indent)}`;
  }
  if (value instanceof Map) {
    const parts = some([...value], ([k, v]) => `${show(k)} => ${show(v)}`);
    return `Map(${value.size}) ${bracketed("{", parts, "}", indent)}`;
  }
  if (value instanceof Set)
    return `Set(${value.size}) ${bracketed("{", some([...value], show), "}", indent)}`;
  const entries = Object.entries(value);
  const parts = some(entries, ([k, v]) => `${key(k)}: ${show(v)}`);
  const title = name === "Object" || name === "" ? "" : `${name} `;
  return title + bracketed("{", parts, "}", indent);
}

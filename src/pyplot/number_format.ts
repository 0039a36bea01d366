/** Numbers as Python's `%` writes them. */
import { show, ValueError } from "../engine/tensor/errors.ts";

/**
 * A number in one of the forms `%d`, `%.1f`, `%1.1f%%`.
 *
 * @throws ValueError for another format
 */
export function formatted(where: string, format: string, value: number): string {
  const text = format.replace(
    /%%|%(\d*)(?:\.(\d+))?([dif])/g,
    (match, width: string, digits: string, kind: string) => {
      if (match === "%%") return "%";
      const written = kind === "f" ? value.toFixed(Number(digits ?? 6)) : String(Math.trunc(value));
      return written.padStart(Number(width || 0));
    },
  );
  if (text === format)
    throw new ValueError(`${where} must be a format such as "%1.1f%%". Received: ${show(format)}`);
  return text;
}

/** How inputs ask the notebook for their values, and what they do where nobody can answer. */
import { type Control, notebook } from "../files/notebook.ts";

/**
 * The value that the user has given to a control, or `value` where notebooks have no controls: Jupyter shows a line that
 * says so, programs outside of notebooks show nothing.
 *
 * @param control what the notebook shows
 * @param value what it begins with
 * @param accepts whether what the notebook gives is a value of this control; what it remembers may come from an older one
 * @param line the value in words, and where to change it
 */
export function ask<T>(
  control: Control,
  value: T,
  accepts: (given: unknown) => given is T,
  line: (value: T) => string,
): T {
  const host = notebook();
  if (host?.input !== undefined) {
    const given = host.input(control, value);
    return accepts(given) ? given : value;
  }
  void host?.display({ "text/plain": line(value) });
  return value;
}

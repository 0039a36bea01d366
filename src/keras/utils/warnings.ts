/** Warnings that say a thing once, as Python's do. */

const said = new Set<string>();

/** Prints a warning, unless it was printed before. */
export function warnOnce(text: string): void {
  if (said.has(text)) return;
  said.add(text);
  console.warn(text);
}

// Walks the syntax trees of the parser.

/** A node of a syntax tree, or an object like one. */
export type SyntaxNode = Readonly<Record<string, unknown>>;

/** Whether a value is a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "type" in value;
}

/** Calls `enter` on a node and everything below it, in the order of the text. */
export function visit(value: unknown, enter: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, enter);
  } else if (isNode(value)) {
    enter(value);
    for (const child of Object.values(value)) visit(child, enter);
  }
}

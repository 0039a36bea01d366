// Finds the examples in docstrings and Markdown pages, and turns each into a program that checks itself: a comment
// `// → text` after a statement says what its value must look like. CONTRIBUTING.md explains the notation.
import { parseSync } from "rolldown/utils";
import { visit } from "./syntax.ts";

/** A piece of documentation that can be run. */
export interface DocExample {
  /** Where it stands, as `src/keras/layers/core/dense.ts:24`. */
  readonly name: string;
  readonly code: string;
}

/** The `@example` blocks of the docstrings of a TypeScript file. */
export function docstringExamples(file: string, text: string): DocExample[] {
  const examples: DocExample[] = [];
  for (const comment of parseSync(file, text, { lang: "ts" }).comments) {
    if (comment.type !== "Block" || !comment.value.startsWith("*")) continue;
    const firstLine = lineOf(text, comment.start);
    const lines = comment.value.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    for (let at = 0; at < lines.length; at++) {
      if (!/^@example\b/.test(lines[at] ?? "")) continue;
      const end = lines.findIndex((line, i) => i > at && /^@[a-z]/i.test(line));
      const code = withoutFences(lines.slice(at + 1, end < 0 ? lines.length : end));
      examples.push({ name: `${file}:${firstLine + at}`, code });
    }
  }
  return examples;
}

/** The ```` ```ts ```` blocks of a Markdown page. */
export function markdownExamples(file: string, text: string): DocExample[] {
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(({ index, 1: code = "" }) => ({
    name: `${file}:${lineOf(text, index)}`,
    code,
  }));
}

/** If an example has fences, what stands between them; else all of it. */
function withoutFences(lines: readonly string[]): string {
  if (!lines.some((line) => line.startsWith("```"))) return lines.join("\n");
  let inside = false;
  const code: string[] = [];
  for (const line of lines) {
    if (line.startsWith("```")) inside = !inside;
    else if (inside) code.push(line);
  }
  return code.join("\n");
}

/** A module of the package and the names that it exports. */
export interface Exports {
  readonly specifier: string;
  readonly names: readonly string[];
  /** The only name stands for the module as a whole. */
  readonly namespace?: boolean;
  /** The names are of types alone. */
  readonly types?: boolean;
}

/** The example with imports of the names that it uses and does not declare; the first module that has one gives it. */
export function addImports(example: DocExample, modules: readonly Exports[]): DocExample {
  const used = new Set<string>();
  const declared = new Set<string>();
  const program = parseSync("example.ts", example.code, { lang: "ts" }).program;
  // The types of parameters stand inside of what declares the parameters.
  const inTypes = new Set<unknown>();
  visit(program, (node) => {
    if (node["type"] === "TSTypeAnnotation") visit(node, (inner) => inTypes.add(inner));
  });
  visit(program, (node) => {
    if (node["type"] === "Identifier") used.add(String(node["name"]));
    for (const field of bindings[String(node["type"])] ?? []) {
      visit(node[field], (inner) => {
        if (inner["type"] === "Identifier" && !inTypes.has(inner)) declared.add(String(inner["name"]));
      });
    }
  });
  let imports = "";
  for (const { specifier, names, namespace, types } of modules) {
    const wanted = names.filter((name) => used.has(name) && !declared.has(name));
    for (const name of wanted) declared.add(name);
    if (wanted.length === 0) continue;
    imports += `import ${types ? "type " : ""}${namespace ? `* as ${wanted[0]}` : `{ ${wanted.join(", ")} }`} from "${specifier}"; `;
  }
  return { name: example.name, code: imports + example.code };
}

/** Where each kind of declaration keeps the names that it declares. */
const bindings: Readonly<Record<string, readonly string[]>> = {
  ImportSpecifier: ["local"],
  ImportNamespaceSpecifier: ["local"],
  ImportDefaultSpecifier: ["local"],
  VariableDeclarator: ["id"],
  FunctionDeclaration: ["id", "params"],
  ArrowFunctionExpression: ["params"],
  ClassDeclaration: ["id"],
};

/**
 * The example with its expectations made into calls of the object that `docChecker` makes, which it finds as
 * `globalThis.docChecker`.
 */
export function instrument({ name, code }: DocExample): string {
  const { program, comments, errors } = parseSync("example.ts", code, { lang: "ts" });
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${name}: ${error.message}`);
  const edits: { start: number; end: number; text: string }[] = [];
  for (const [i, comment] of comments.entries()) {
    if (comment.type !== "Line" || !comment.value.trimStart().startsWith("→")) continue;
    const statement = program.body.findLast(({ end }) => end <= comment.start);
    const around = program.body.some(({ start, end }) => start < comment.start && comment.end <= end);
    if (statement === undefined || around) {
      throw new SyntaxError(`${name}: "→" stands after a statement that is not inside another one`);
    }
    const expected = JSON.stringify(expectation(code, comments.slice(i)));
    const check = (value: string): string => `await docChecker.check(async () => (${value}), ${expected});`;
    const { start, end } = statement;
    const source = code.slice(start, end);
    if (statement.type === "ExpressionStatement" && source.startsWith("console.log(")) {
      edits.push({
        start,
        end,
        text: `docChecker.forget(); ${source}\ndocChecker.checkPrinted(${expected});`,
      });
    } else if (statement.type === "ExpressionStatement") {
      const { expression } = statement;
      edits.push({ start, end, text: check(code.slice(expression.start, expression.end)) });
    } else if (
      statement.type === "VariableDeclaration" &&
      statement.declarations[0]?.id.type === "Identifier"
    ) {
      edits.push({ start, end, text: `${source} ${check(statement.declarations[0].id.name)}` });
    } else {
      throw new SyntaxError(`${name}: "→" stands after an expression, a variable or console.log`);
    }
  }
  let out = code;
  for (const { start, end, text } of edits.toReversed()) out = out.slice(0, start) + text + out.slice(end);
  return `const docChecker = (globalThis as any).docChecker; const console = docChecker.console;\n${out}\nexport {};\n`;
}

/** The text after the arrow, with the comment lines that go on directly below it. */
function expectation(
  code: string,
  comments: readonly { value: string; start: number; end: number }[],
): string {
  const parts: string[] = [];
  let end: number | undefined;
  for (const comment of comments) {
    const text = comment.value.trim();
    const goesOn =
      end !== undefined && /^[ \t]*\n[ \t]*$/.test(code.slice(end, comment.start)) && text[0] !== "→";
    if (end !== undefined && !goesOn) break;
    parts.push(text.replace(/^→\s*/, ""));
    end = comment.end;
  }
  return parts.join("\n");
}

/** Compares what an example gives with what it says. */
export class DocChecker {
  readonly #printed: string[] = [];
  readonly console: { log: (...values: unknown[]) => void } = {
    log: (...values) => void this.#printed.push(values.map(String).join(" ")),
  };

  forget(): void {
    this.#printed.length = 0;
  }

  checkPrinted(expected: string): void {
    requireMatch([this.#printed.join("\n")], expected);
  }

  async check(compute: () => Promise<unknown>, expected: string): Promise<void> {
    const failure = /^throws (\w+)(?:: (.*))?$/s.exec(expected);
    if (failure === null) {
      requireMatch(await renderings(await compute()), expected);
      return;
    }
    const [, name = "", shortened = ""] = failure;
    const message = shortened.replace(/\s*…$/, "");
    const thrown = await compute().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(thrown instanceof Error && thrown.constructor.name === name && thrown.message.includes(message))) {
      throw new Error(
        `expected: ${expected}\nreceived: ${thrown === undefined ? "no error" : String(thrown)}`,
      );
    }
  }
}

function requireMatch(received: readonly string[], expected: string): void {
  if (received.some((text) => looksLike(text, expected))) return;
  throw new Error(`expected: ${expected}\nreceived: ${[...new Set(received)].join("\n      or: ")}`);
}

/** The ways in which a value may be written: as it prints, or as JSON; a tensor's JSON is that of its array. */
async function renderings(value: unknown): Promise<string[]> {
  const plain = hasArray(value) ? await value.array() : value;
  const json = JSON.stringify(plain, (_, part: unknown) =>
    ArrayBuffer.isView(part) ? [...iterate(part)] : part,
  );
  return [
    String(value),
    ...(json === undefined ? [] : [json, json.replaceAll('"', ""), json.replace(/"(\w+)":/g, "$1:")]),
  ];
}

function hasArray(value: unknown): value is { array: () => unknown } {
  return typeof value === "object" && value !== null && "array" in value && typeof value.array === "function";
}

function iterate(view: ArrayBufferView): Iterable<unknown> {
  return Symbol.iterator in view ? (view as ArrayBufferView & Iterable<unknown>) : [];
}

/**
 * Whether a text is as expected: white space does not count, a number counts to the digits that are written, and `…`
 * at the end stands for whatever follows.
 */
export function looksLike(received: string, expected: string): boolean {
  const open = /…\s*$/.test(expected);
  const wanted = tokens(expected.replace(/…\s*$/, ""));
  const found = tokens(received);
  if (open ? found.length < wanted.length : found.length !== wanted.length) return false;
  return wanted.every((token, i) => sameToken(found[i] ?? "", token));
}

const number = /-?\d+(?:\.\d*)?(?:e[+-]?\d+)?/i;

function tokens(text: string): string[] {
  return text.match(new RegExp(`${number.source}|[A-Za-z_]+|\\S`, "gi")) ?? [];
}

function sameToken(received: string, expected: string): boolean {
  if (received === expected) return true;
  if (!number.test(expected) || !number.test(received)) return false;
  const [, decimals = "", exponent = "0"] = /^-?\d+\.?(\d*)(?:e(.*))?$/i.exec(expected) ?? [];
  const value = Number(expected);
  const written = decimals === "" ? 0 : 0.5000001 * 10 ** (Number(exponent) - decimals.length);
  return Math.abs(Number(received) - value) <= written + 1e-6 * Math.abs(value);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

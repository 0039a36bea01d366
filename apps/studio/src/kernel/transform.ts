/**
 * Cells as programs. What a cell declares at its top becomes a property of the global object, so that later cells see it and
 * a cell may be run again; its last expression is its value. Everything is replaced where it stands: lines keep their numbers.
 */
import { type Node, parse } from "acorn";
import { transform } from "sucrase";

/** A cell that can be run. */
export interface PreparedCell {
  /** The body of an async function with the parameter `$import`. */
  readonly code: string;
  /** Names that must be there before it runs. */
  readonly names: readonly string[];
}

interface Named extends Node {
  readonly name: string;
}

interface Statement extends Node {
  readonly kind?: string;
  readonly declarations?: readonly (Node & { readonly id: Node; readonly init: Node | null })[];
  readonly declaration?: Statement | null;
  readonly id?: Named;
  readonly source?: Node & { readonly value: string };
  readonly specifiers?: readonly (Node & { readonly local: Named; readonly imported?: Named })[];
}

/** Names that a pattern binds. */
function namesOf(pattern: Node): string[] {
  const node = pattern as Node & Record<string, unknown>;
  switch (node.type) {
    case "Identifier":
      return [(node as unknown as Named).name];
    case "ObjectPattern":
      return (node["properties"] as (Node & { value?: Node; argument?: Node })[]).flatMap((p) =>
        namesOf((p.value ?? p.argument)!),
      );
    case "ArrayPattern":
      return (node["elements"] as (Node | null)[]).flatMap((e) => (e === null ? [] : namesOf(e)));
    case "AssignmentPattern":
      return namesOf(node["left"] as Node);
    case "RestElement":
      return namesOf(node["argument"] as Node);
    default:
      return [];
  }
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Makes a cell's TypeScript runnable.
 *
 * @throws SyntaxError with the line in the message
 */
export function prepareCell(source: string): PreparedCell {
  const { code } = transform(source, {
    transforms: ["typescript"],
    disableESTransforms: true,
    keepUnusedImports: true,
  });
  const program = parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowAwaitOutsideFunction: true,
  });
  const edits: Edit[] = [];
  const names: string[] = [];
  /** Assignments that must come first: functions may be called before they are written. */
  let hoisted = "";

  const declare = (node: Statement): void => {
    if (node.type === "VariableDeclaration") {
      const [first, ...rest] = node.declarations!;
      // `const` and white space go; each declaration becomes an assignment.
      edits.push({ from: node.start, to: first!.start, text: "" });
      for (const d of [first!, ...rest]) {
        names.push(...namesOf(d.id));
        edits.push({ from: d.start, to: d.start, text: "(" });
        edits.push({ from: d.end, to: d.end, text: d.init === null ? " = undefined)" : ")" });
      }
    } else if (node.type === "FunctionDeclaration") {
      const { name } = node.id!;
      names.push(name);
      hoisted += `globalThis.${name} = ${name};`;
    } else if (node.type === "ClassDeclaration") {
      const { name } = node.id!;
      names.push(name);
      edits.push({ from: node.start, to: node.start, text: `(globalThis.${name} = ` });
      edits.push({ from: node.end, to: node.end, text: ");" });
    }
  };

  const body = program.body as unknown as Statement[];
  body.forEach((node, i) => {
    if (node.type === "ImportDeclaration") {
      const parts = node.specifiers!.map((s) => {
        names.push(s.local.name);
        if (s.type === "ImportNamespaceSpecifier") return `(${s.local.name} = $m);`;
        const from = s.type === "ImportDefaultSpecifier" ? "default" : s.imported!.name;
        return `(${s.local.name} = $m[${JSON.stringify(from)}]);`;
      });
      const checked = node.specifiers!.flatMap((s) =>
        s.type === "ImportSpecifier" ? [JSON.stringify(s.imported!.name)] : [],
      );
      // An import over several lines leaves its line ends behind.
      const ends = "\n".repeat(code.slice(node.start, node.end).split("\n").length - 1);
      edits.push({
        from: node.start,
        to: node.end,
        text: `{ const $m = await $import(${JSON.stringify(node.source!.value)}, [${checked.join(", ")}]); ${parts.join(" ")} }${ends}`,
      });
      return;
    }
    const exported = node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration";
    if (exported && node.declaration) {
      edits.push({ from: node.start, to: node.declaration.start, text: "" });
      declare(node.declaration);
      return;
    }
    if (i === body.length - 1 && node.type === "ExpressionStatement") {
      const end = code[node.end - 1] === ";" ? node.end - 1 : node.end;
      edits.push({ from: node.start, to: node.start, text: "return (" });
      edits.push({ from: end, to: end, text: ")" });
      return;
    }
    declare(node);
  });

  let out = "";
  let at = 0;
  // Sorting is stable, so that edits at one place keep their order.
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    out += code.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  out += code.slice(at);
  return { code: hoisted + out, names };
}
